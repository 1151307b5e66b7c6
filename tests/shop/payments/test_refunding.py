"""Refunds by line against the simulated Stripe: money, stock and royalties go back once, whatever dies in between."""

from datetime import timedelta
from decimal import Decimal

import pytest
import stripe
from django.utils import timezone

from inventory.models import Balance
from inventory.stock import proofs
from licensing.models import RoyaltyEntry
from shop.checkout import actions as checkout
from shop.models import Order, OrderLine, Payment, Refund
from shop.orders import actions as orders
from shop.payments import actions, gateway, refunding, tasks
from shop.payments.refunding import NotRefundable
from tests import factories as make

pytestmark = pytest.mark.django_db
Reason = Refund.Reason


@pytest.fixture
def paid(stripe_side) -> Order:
    """Three mugs and two scarves, paid: £18 each, delivery £4.95."""
    make.agreement()
    make.tax_rates()
    placed = checkout.place_order(
        basket=make.basket((make.variant("MUG-1"), 3), (make.variant("SCARF-1"), 2)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    )
    stripe_side.press(placed.payment.url, "card")
    actions.reconcile(payment_id=placed.payment.id)
    return Order.objects.get()


def line(order: Order, position: int) -> OrderLine:
    return order.lines.get(position=position)


def refund(order: Order, lines, *, shipping="0", reason=Reason.CANCELLED, key="r-1") -> Refund:
    return refunding.refund(
        order_id=order.id, lines=lines, shipping=Decimal(shipping), reason=reason, cause_key=key, actor="test"
    )


def sent(stripe_side) -> list[int]:
    return [one["amount"] for one in stripe_side.state()["refunds"] if one["status"] == "succeeded"]


def test_units_that_have_not_left_go_back_on_sale(paid, stripe_side):
    mugs = line(paid, 1)
    owed = RoyaltyEntry.objects.get(source=f"order:{paid.number}/1").amount
    row = refund(paid, {mugs.id: 1})
    assert (row.state, row.amount, row.goods, row.shipping) == ("succeeded", Decimal(18), Decimal(18), Decimal(0))
    assert sent(stripe_side) == [1800]
    balance = Balance.objects.get(item=mugs.variant.item)
    assert (balance.on_hand, balance.allocated) == (10, 2)
    entries = RoyaltyEntry.objects.filter(source=f"order:{paid.number}/1")
    assert sum(one.quantity for one in entries) == 2
    assert abs(sum(one.amount for one in entries) - owed * 2 / 3) < Decimal("0.01")
    paid.refresh_from_db()
    assert paid.state == "paid"
    assert proofs.differences() == {}


def test_every_part_together_is_the_whole_and_ends_the_order(paid, stripe_side):
    mugs, scarves = line(paid, 1), line(paid, 2)
    refund(paid, {mugs.id: 2}, key="a")
    refund(paid, {scarves.id: 1}, shipping="4.95", key="b")
    refund(paid, None, key="c")
    assert sum(sent(stripe_side)) == round(paid.total * 100)
    paid.refresh_from_db()
    assert paid.state == "refunded"
    payment = Payment.objects.get()
    assert (payment.state, payment.refunded) == ("refunded", payment.amount)
    assert {(one.on_hand, one.held, one.allocated) for one in Balance.objects.all()} == {(10, 0, 0)}
    assert sum(one.amount for one in RoyaltyEntry.objects.all()) == 0
    assert proofs.differences() == {}


def test_the_same_cause_pays_back_once(paid, stripe_side):
    first = refund(paid, {line(paid, 1).id: 1})
    assert refund(paid, {line(paid, 1).id: 1}).id == first.id
    assert sent(stripe_side) == [1800]


@pytest.mark.parametrize("asked", [{1: 4}, {1: 0}, {9: 1}, {}])
def test_what_cannot_be_paid_back_changes_nothing(paid, stripe_side, asked):
    ids = {position: line(paid, position).id for position in (1, 2)} | {9: 0}
    with pytest.raises(NotRefundable):
        refund(paid, {ids[position]: units for position, units in asked.items()})
    assert (Refund.objects.count(), sent(stripe_side), Payment.objects.get().refunded) == (0, [], 0)


def test_an_unpaid_order_is_not_paid_back(stripe_side):
    make.agreement()
    make.tax_rates()
    order = checkout.place_order(
        basket=make.basket((make.variant("MUG-1"), 1)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    ).order
    with pytest.raises(NotRefundable, match="awaiting_payment"):
        refund(order, None)


def test_what_stands_packed_must_be_unpacked_first(paid, stripe_side):
    mugs = line(paid, 1)
    shipment = orders.pack(
        order_id=paid.id,
        warehouse_id=Balance.objects.filter(item=mugs.variant.item).get().warehouse_id,
        cause_key="p",
        actor="test",
        cause="test",
    )
    with pytest.raises(NotRefundable, match="stands packed"):
        refund(paid, {mugs.id: 1})
    orders.drop_parcel(shipment_id=shipment.id, actor="test", cause="test")
    assert refund(paid, {mugs.id: 1}).state == "succeeded"


def test_goods_that_came_back_are_paid_and_not_put_on_sale_by_the_refund(paid, stripe_side):
    orders.mark_shipped(order_id=paid.id, actor="test", cause="test")
    mugs = line(paid, 1)
    assert refund(paid, {mugs.id: 2}, reason=Reason.RETURNED).amount == Decimal(36)
    assert Balance.objects.get(item=mugs.variant.item).on_hand == 7
    assert sum(one.quantity for one in RoyaltyEntry.objects.filter(source=f"order:{paid.number}/1")) == 1
    paid.refresh_from_db()
    assert paid.state == "shipped"
    with pytest.raises(NotRefundable, match="have left"):
        refunding.refund_in_full(order_id=paid.id, actor="test", cause="asked")


def lose_the_answer(monkeypatch) -> None:
    """Let Stripe do what it is asked, and its answer get lost."""
    service = gateway.client().v1.refunds
    genuine = type(service).create

    def create(self, *args, **kwargs):
        genuine(self, *args, **kwargs)
        raise stripe.APIConnectionError("the line went dead")

    monkeypatch.setattr(type(service), "create", create)


def test_an_answer_that_was_lost_is_asked_for_again_and_paid_once(paid, stripe_side, monkeypatch):
    with monkeypatch.context() as patched:
        lose_the_answer(patched)
        row = refund(paid, {line(paid, 1).id: 1})
    assert (row.state, "dead" in row.last_error) == ("pending", True)
    assert Balance.objects.get(item=line(paid, 1).variant.item).allocated == 2, "it cannot be shipped meanwhile"
    Refund.objects.update(due_at=timezone.now())
    tasks.send_refunds()
    assert Refund.objects.get().state == "succeeded"
    assert sent(stripe_side) == [1800]


def test_after_a_day_stripe_is_asked_before_it_is_told(paid, stripe_side, monkeypatch):
    with monkeypatch.context() as patched:
        lose_the_answer(patched)
        row = refund(paid, {line(paid, 1).id: 1})
    Refund.objects.update(created_at=timezone.now() - timedelta(hours=30))
    told = []
    monkeypatch.setattr(type(gateway.client().v1.refunds), "create", lambda *_args, **_kwargs: told.append(1))
    assert refunding.send(refund_id=row.id).state == "succeeded"
    assert (told, sent(stripe_side)) == ([], [1800])


def test_a_refusal_gives_the_claim_back_and_can_be_tried_again(paid, stripe_side):
    intent = Payment.objects.get().payment_intent
    Payment.objects.update(payment_intent="pi_nobodys")
    row = refunding.refund_in_full(order_id=paid.id, actor="test", cause="asked")
    assert (row.state, Payment.objects.get().refunded) == ("failed", 0)
    assert line(paid, 1).refunded == 0
    Payment.objects.update(payment_intent=intent)
    assert refunding.refund_in_full(order_id=paid.id, actor="test", cause="asked").state == "succeeded"
    paid.refresh_from_db()
    assert (paid.state, sum(sent(stripe_side))) == ("refunded", round(paid.total * 100))
    assert proofs.differences() == {}
