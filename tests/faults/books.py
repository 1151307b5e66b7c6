"""After every fault: the shop's books say what Stripe's say, charge by charge, and every unit and royalty is there."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from inventory.models import Balance
from inventory.stock import proofs
from licensing.models import RoyaltyEntry
from shop.crossborder.money import to_minor
from shop.models import Order, OrderLine, Payment, PaymentCase, Refund, StripeEvent

RATE = Decimal("0.08")  # the factories' agreement
KEPT = {"paid", "picking", "partly_shipped", "shipped", "delivered", "completed"}


def books_agree(stripe_side: Any) -> None:
    """Fail with a sentence unless every charge, unit and royalty is accounted for exactly once."""
    stripe = stripe_side.state()
    charges = [one for one in stripe["charges"] if one["status"] == "succeeded"]
    back: dict[str, int] = defaultdict(int)
    for one in stripe["refunds"]:
        if one["status"] in {"succeeded", "pending"}:
            back[one["charge"]] += one["amount"]
    _each_charge(charges, back)
    _none_twice(charges, back)
    _nothing_invented(charges)
    _states()
    _stock()
    _royalties()
    assert not StripeEvent.objects.filter(processed_at=None).exists(), "an event is unprocessed"


def _each_charge(charges: list[dict[str, Any]], back: dict[str, int]) -> None:
    assert len({one["payment_intent"] for one in charges}) == len(charges), "an intent was charged twice"
    for one in charges:
        payment = Payment.objects.filter(payment_intent=one["payment_intent"]).first()
        assert payment, f"charge {one['id']} of {one['amount']} has no payment: an order is lost"
        assert payment.charged is not None, f"charge {one['id']}: our payment says that nothing came ({payment.state})"
        ours = (to_minor(payment.charged, payment.charged_currency), payment.charged_currency.lower())
        assert ours == (one["amount"], one["currency"]), f"charge {one['id']}: ours {ours}, Stripe's {one['amount']}"
        sent = payment.refunds.exclude(state=Refund.State.FAILED).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        assert to_minor(sent, payment.currency) == back[one["id"]] == to_minor(payment.refunded, payment.currency), (
            f"charge {one['id']}: ours sent back {sent} ({payment.refunded}), Stripe {back[one['id']]}"
        )
        held = one["amount"] - back[one["id"]]
        has_order = payment.order.state in KEPT
        has_case = PaymentCase.objects.filter(payment=payment).exists()
        assert held == 0 or has_order or has_case, f"{held} is kept for order {payment.order} ({payment.order.state})"


def _none_twice(charges: list[dict[str, Any]], back: dict[str, int]) -> None:
    kept: dict[str, int] = defaultdict(int)
    for one in charges:
        kept[one["metadata"]["order"]] += one["amount"] - back[one["id"]]
    for order in Order.objects.filter(number__in=kept):
        assert kept[order.number] <= to_minor(order.total, order.currency), f"order {order.number} was charged twice"


def _nothing_invented(charges: list[dict[str, Any]]) -> None:
    known = {one["payment_intent"] for one in charges}
    for payment in Payment.objects.exclude(charged=None):
        assert payment.payment_intent in known, f"payment {payment} was never charged"


def _states() -> None:
    for order in Order.objects.filter(channel="web"):
        paid = order.payments.filter(state__in=["succeeded", "refunded"]).exists()
        assert paid == (order.paid_at is not None), f"order {order.number} is {order.state}, its payment says otherwise"
        if order.state in KEPT:
            assert order.hold is not None
            assert order.hold.state == "committed", f"order {order.number} is paid and has no units"


def _stock() -> None:
    assert proofs.differences() == {}
    promised = (
        OrderLine.objects.filter(order__state__in=KEPT).aggregate(
            units=Sum(F("quantity") - F("cancelled") - F("packed"))
        )["units"]
        or 0
    )
    allocated = Balance.objects.aggregate(units=Sum("allocated"))["units"] or 0
    assert promised == allocated, f"{promised} units are promised to paid orders, {allocated} are allocated"
    assert not Balance.objects.filter(on_hand__lt=F("held") + F("allocated")).exists(), "more is claimed than there is"


def _royalties() -> None:
    for line in OrderLine.objects.select_related("order"):
        source = f"order:{line.order.number}/{line.position}"
        posted = RoyaltyEntry.objects.filter(source=source).aggregate(sum=Sum("amount"), units=Sum("quantity"))
        kept = line.quantity - line.refunded if line.order.state in KEPT else 0
        base = (line.amount - line.tax) / line.quantity * kept
        assert (posted["units"] or 0) == kept, f"{source}: royalties on {posted['units']} units, {kept} are kept"
        assert abs((posted["sum"] or Decimal(0)) - base * RATE) < Decimal("0.01"), f"{source}: {posted['sum']}"
