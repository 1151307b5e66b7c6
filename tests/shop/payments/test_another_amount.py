"""Another amount or currency than was asked is never a paid order by itself: a person accepts it or sends it back."""

from decimal import Decimal

import pytest

from inventory.models import Balance
from shop.models import Order, OrderLine, Payment, PaymentCase
from shop.payments import actions, deciding, refunding, tasks
from tests.shop.payments.conftest import our_balance, place

pytestmark = pytest.mark.django_db


def case_of(stripe_side, **asked) -> PaymentCase:
    """Let Stripe have been asked for another sum than our books say, and be paid."""
    placed = place()
    stripe_side.press(placed.payment.url, "card")
    Payment.objects.update(**asked)
    assert "needs a person" in actions.reconcile(payment_id=placed.payment.id)
    assert Order.objects.get().state == "awaiting_payment"
    assert actions.try_again(order_id=placed.order.id) is None, "money of his is here"
    return PaymentCase.objects.get()


def test_accepted_it_pays_the_order_and_goes_back_no_further_than_it_came(stripe_side):
    case = case_of(stripe_side, amount=Decimal("45.00"))
    assert (case.kind, case.facts) == ("amount", "Asked for 45 GBP, paid 40.95 GBP.")
    with pytest.raises(deciding.NotDecidable, match="accept it or send it back"):
        deciding.note_only(case_id=case.pk, actor="ada", note="x")
    assert deciding.accept_amount(case_id=case.pk, actor="ada", note="The rest was waived.").state == "paid"
    row = refunding.refund_in_full(order_id=case.order_id, actor="ada", cause="asked")
    assert (row.state, row.amount) == ("succeeded", Decimal("40.95"))
    assert Order.objects.get().state == "refunded"
    assert our_balance() == stripe_side.balance() == 0


def test_sent_back_it_ends_the_order(stripe_side):
    case = case_of(stripe_side, amount=Decimal("45.00"))
    deciding.send_back(case_id=case.pk, actor="ada", note="Not what was agreed.")
    with pytest.raises(deciding.NotDecidable):
        deciding.accept_amount(case_id=case.pk, actor="bob", note="x")
    tasks.send_refunds()
    assert (Order.objects.get().state, Payment.objects.get().state) == ("cancelled", "mismatch")
    assert Balance.objects.get().held == 0
    assert our_balance() == stripe_side.balance() == 0


def test_another_currency_can_only_go_back(stripe_side):
    case = case_of(stripe_side, currency="EUR")
    assert case.kind == "currency"
    with pytest.raises(deciding.NotDecidable, match="not decided like that"):
        deciding.accept_amount(case_id=case.pk, actor="ada", note="x")
    row = deciding.send_back(case_id=case.pk, actor="ada", note="Sent back.")
    assert (row.currency, row.amount) == ("GBP", Decimal("40.95"))


def test_more_than_was_asked_stays_within_bounds(stripe_side):
    case = case_of(stripe_side, amount=Decimal("30.00"))
    deciding.accept_amount(case_id=case.pk, actor="ada", note="A gift to the museum.")
    refunding.refund(
        order_id=case.order_id,
        lines={OrderLine.objects.get().id: 2},
        shipping=Decimal("4.95"),
        reason="cancelled",
        cause_key="r",
        actor="test",
    )
    assert our_balance() == stripe_side.balance() == 0
