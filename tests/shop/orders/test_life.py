"""An order's life: placed with a hold, paid, shipped, refunded; late money and lost races end in named states."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Balance, Hold
from inventory.stock import actions as stock
from inventory.stock import proofs
from inventory.stock.errors import OutOfStock
from licensing.models import Agreement, RoyaltyEntry
from shop.checkout import actions as checkout
from shop.checkout.errors import CountryNotServed, EmptyBasket, NotForSale, QuoteChanged, UnknownShippingOption
from shop.models import Order
from shop.orders import actions as orders
from shop.orders.transitions import IllegalTransition
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    make.agreement()
    make.tax_rates()


def place(basket, *, key="k", country="GB", **extra) -> Order:
    return checkout.place_order(
        basket=basket,
        email="ada@example.org",
        ship_to=make.address(country),
        shipping_option="standard",
        cause_key=key,
        **extra,
    ).order


def counts(sku: str = "MUG-1") -> tuple[int, int, int]:
    balance = Balance.objects.get(item__sku=sku)
    return balance.on_hand, balance.held, balance.allocated


def test_placing_holds_stock_and_freezes_price_tax_and_royalty_terms(world):
    mug = make.variant("MUG-1")
    order = place(make.basket((mug, 2)))
    line = order.lines.get()
    assert counts() == (10, 2, 0)
    assert (order.state, order.goods, order.shipping, order.total) == (
        "awaiting_payment",
        Decimal("36.00"),
        Decimal("4.95"),
        Decimal("40.95"),
    )
    # 36.00 / 6 and 4.95 / 6 (= 0.825, half up)
    assert (line.tax, order.tax, order.tax_included) == (Decimal("6.00"), Decimal("6.83"), True)
    assert line.royalty_terms["rate"] == "0.0800"
    assert order.quote["rules"]["gb-vat-standard"]["confirmed"] is True
    assert (order.quote["rulebook"], order.tax_in_prices, order.duty) == ("1", Decimal("6.83"), Decimal(0))
    assert order.number.startswith(f"VT-{timezone.now().year}-")
    assert not RoyaltyEntry.objects.exists()


def test_paid_allocates_and_accrues_once(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    for _ in range(2):
        orders.mark_paid(order_id=order.id, actor="test", cause="test")
    entry = RoyaltyEntry.objects.get()
    assert counts() == (10, 0, 2)
    assert (entry.base, entry.rate, entry.amount) == (Decimal("30.00"), Decimal("0.08"), Decimal("2.40"))
    assert entry.source == f"order:{order.number}/1"
    assert [event.to_state for event in order.events.all()] == ["awaiting_payment", "paid"]


def test_terms_are_frozen_at_placing(world):
    order = place(make.basket((make.variant("MUG-1"), 1)))
    Agreement.objects.update(state=Agreement.State.TERMINATED)
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    assert RoyaltyEntry.objects.get().rate == Decimal("0.08")


def test_shipped_then_no_refund(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    orders.mark_shipped(order_id=order.id, actor="test", cause="test")
    assert counts() == (8, 0, 0)
    with pytest.raises(IllegalTransition, match="from shipped to refunded"):
        orders.mark_refunded(order_id=order.id, actor="test", cause="test")


def test_rights_are_asked_again_before_shipping(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    Agreement.objects.update(state=Agreement.State.SUSPENDED)
    with pytest.raises(orders.NotLicensed, match="agreement_inactive"):
        orders.mark_shipped(order_id=order.id, actor="test", cause="test")
    order.refresh_from_db()
    assert order.state == "paid"
    assert counts() == (10, 0, 2)


def test_refund_returns_stock_and_reverses_royalty(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    for _ in range(2):
        orders.mark_refunded(order_id=order.id, actor="test", cause="test")
    assert counts() == (10, 0, 0)
    assert [entry.amount for entry in RoyaltyEntry.objects.order_by("id")] == [Decimal("2.40"), Decimal("-2.40")]
    assert proofs.differences() == {}


def test_unpaid_orders_expire_and_give_back_once(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    Order.objects.filter(id=order.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert orders.expire_unpaid() == 1
    assert orders.expire_unpaid() == 0
    order.refresh_from_db()
    assert order.state == "expired"
    assert counts() == (10, 0, 0)


def test_money_after_expiry_takes_the_units_anew(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    Order.objects.filter(id=order.id).update(expires_at=timezone.now())
    orders.expire_unpaid()
    order = orders.mark_paid(order_id=order.id, actor="test", cause="late")
    assert order.state == "paid"
    assert counts() == (10, 0, 2)


def test_money_after_the_last_unit_went_is_a_named_state(world):
    mug = make.variant("MUG-1", stock_at={"LON": 2})
    late = place(make.basket((mug, 2)), key="late")
    Order.objects.filter(id=late.id).update(expires_at=timezone.now())
    orders.expire_unpaid()
    orders.mark_paid(order_id=place(make.basket((mug, 2)), key="quick").id, actor="test", cause="test")
    late = orders.mark_paid(order_id=late.id, actor="test", cause="late")
    assert late.state == "paid_without_stock"
    assert counts() == (2, 0, 2)
    assert RoyaltyEntry.objects.count() == 1


def test_hold_swept_by_stock_before_the_order(world):
    order = place(make.basket((make.variant("MUG-1"), 2)))
    past = timezone.now() - timedelta(seconds=1)
    Hold.objects.update(expires_at=past)
    stock.expire_due()
    Order.objects.update(expires_at=past)
    assert orders.expire_unpaid() == 1
    order.refresh_from_db()
    assert order.state == "expired"
    assert counts() == (10, 0, 0)


def test_out_of_stock_leaves_nothing_behind(world):
    basket = make.basket((make.variant("MUG-1", stock_at={"LON": 1}), 2))
    with pytest.raises(OutOfStock) as refused:
        place(basket)
    assert (refused.value.shortages[0].sku, refused.value.shortages[0].available) == ("MUG-1", 1)
    assert not Order.objects.exists()
    assert not Hold.objects.exists()
    assert basket.lines.count() == 1


def test_rights_refuse_at_checkout():
    make.agreement(territories=("GB",))
    make.tax_rates()
    basket = make.basket(
        (make.variant("MUG-1", prices={"fr": "20.00"}, stock_at={"LIL": 5}), 1), market_code="fr", language="fr"
    )
    with pytest.raises(NotForSale) as refused:
        place(basket, country="FR")
    assert refused.value.reasons == {"MUG-1": ["out_of_territory"]}
    assert not Order.objects.exists()


def test_same_cause_places_one_order(world):
    mug = make.variant("MUG-1")
    basket = make.basket((mug, 1))
    first = place(basket)
    assert place(basket).id == first.id
    assert counts() == (10, 1, 0)


def test_wrong_basket_country_option_and_total(world):
    mug = make.variant("MUG-1")
    with pytest.raises(EmptyBasket):
        place(make.basket())
    with pytest.raises(CountryNotServed, match="delivers to GB"):
        place(make.basket((mug, 1)), country="FR")
    with pytest.raises(UnknownShippingOption):
        checkout.place_order(
            basket=make.basket((mug, 1)), email="", ship_to=make.address(), shipping_option="drone", cause_key="x"
        )
    with pytest.raises(QuoteChanged) as changed:
        place(make.basket((mug, 1)), expected_total="1.00")
    assert changed.value.total == "22.95"
    assert not Order.objects.exists()


def test_an_unconfirmed_rule_makes_an_estimate_that_is_paid_at_the_door(world):
    mug = make.variant("MUG-1", prices={"jp": "39000"})
    order = place(make.basket((mug, 1), market_code="jp", language="ja"), country="JP")
    assert (order.quote["kind"], order.quote["incoterm"]) == ("ESTIMATE", "DAP")
    assert {one["code"] for one in order.quote["reasons"]} == {"rule_unconfirmed"}
    # Duty and tax are paid at the door: the order charges neither, and says how much to expect.
    assert (order.total, order.duty, order.tax) == (Decimal(39500), Decimal(0), Decimal(0))
    assert order.due_on_delivery == Decimal(order.quote["payable_on_delivery"]) > 0
    assert Decimal(order.quote["total"]) == order.total + order.due_on_delivery


def test_the_database_refuses_totals_that_do_not_add_up(world):
    order = place(make.basket((make.variant("MUG-1"), 1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(id=order.id).update(total=1)
