"""What happens at Stripe without us: refunds from its dashboard, refunds that fail, disputes. Nothing is lost sight of."""

from decimal import Decimal

import pypdfium2
import pytest
from django.utils import timezone

from inventory.models import Balance
from inventory.stock import proofs
from licensing.models import RoyaltyEntry
from shop.models import Dispute, Order, OrderConsent, OrderLine, Payment, PaymentCase, Refund, StripeEvent
from shop.orders import actions as orders
from shop.payments import actions, deciding, gateway, refunding, tasks
from shop.payments.actions.disputes import NotAnswerable, send_evidence
from shop.payments.evidence import document, facts, texts
from tests.shop.payments.conftest import deliver, our_balance, place, process_inbox

pytestmark = pytest.mark.django_db
WHOLE = Decimal("40.95")


def paid_by(stripe_side, method: str) -> Payment:
    placed = place()
    stripe_side.press(placed.payment.url, method)
    if method == "bacs_debit":
        stripe_side.act(f"sessions/{placed.payment.session_id}/settle")
    assert actions.reconcile(payment_id=placed.payment.id) == "order paid"
    return Payment.objects.get()


@pytest.fixture
def paid(stripe_side) -> Payment:
    return paid_by(stripe_side, "card")


def hear(stripe_side, client, beginning: str) -> None:
    """Hand over the events of a kind, newest first and twice."""
    for event in stripe_side.state()["events"] * 2:
        if event["type"].startswith(beginning):
            assert deliver(client, event).status_code == 200
    process_inbox()


def agree(stripe_side) -> None:
    assert our_balance() == stripe_side.balance()
    assert proofs.differences() == {}


def test_a_refund_from_the_dashboard_is_written_down_once_and_is_a_case(paid, stripe_side, client):
    stripe_side.act(f"charges/{stripe_side.charge_of(paid)['id']}/refund", amount="1000")
    hear(stripe_side, client, "charge.refunded")
    hear(stripe_side, client, "refund.")
    row = Refund.objects.get()
    assert (row.reason, row.state, row.amount, row.other) == ("made_at_stripe", "succeeded", 10, 10)
    case = PaymentCase.objects.get()
    assert (case.kind, case.refund, case.resolved_at) == ("refund_elsewhere", row, None)
    agree(stripe_side)
    # All that is left is what is left of the money.
    rest = refunding.refund_in_full(order_id=paid.order_id, actor="test", cause="asked")
    assert (rest.amount, rest.other) == (WHOLE - 10, Decimal(-10))
    assert Order.objects.get().state == "refunded"
    agree(stripe_side)
    assert our_balance() == 0


def test_a_dashboard_refund_heard_of_before_the_payment_finds_it(stripe_side, client):
    placed = place()
    stripe_side.press(placed.payment.url, "card")
    stripe_side.act(f"charges/{stripe_side.charge_of(placed.payment)['id']}/refund")
    hear(stripe_side, client, "refund.")
    assert Refund.objects.get().amount == WHOLE
    hear(stripe_side, client, "checkout.session.")
    assert Order.objects.get().state == "paid", "a person decides what becomes of it"
    deciding.take_order_back(case_id=PaymentCase.objects.get().pk, actor="ada", note="Agreed by telephone.")
    assert Order.objects.get().state == "refunded"
    assert Balance.objects.get().allocated == 0
    assert sum(one.amount for one in RoyaltyEntry.objects.all()) == 0
    agree(stripe_side)


def test_an_order_of_which_money_is_left_is_not_taken_back(paid, stripe_side, client):
    stripe_side.act(f"charges/{stripe_side.charge_of(paid)['id']}/refund", amount="1000")
    hear(stripe_side, client, "refund.")
    case = PaymentCase.objects.get()
    with pytest.raises(deciding.NotDecidable, match="still here"):
        deciding.take_order_back(case_id=case.pk, actor="ada", note="x")
    with pytest.raises(deciding.NotDecidable, match="Say why"):
        deciding.note_only(case_id=case.pk, actor="ada", note=" ")
    deciding.note_only(case_id=case.pk, actor="ada", note="A gesture, agreed with the buyer.")
    with pytest.raises(deciding.NotDecidable, match="closed by ada"):
        deciding.note_only(case_id=case.pk, actor="bob", note="x")


def test_refunds_of_others_are_nobodys_case(paid, stripe_side, client):
    client_of = gateway.client()
    session = client_of.v1.checkout.sessions.create(
        params={
            "mode": "payment",
            "success_url": "http://127.0.0.1:9/",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 900, "product_data": {"name": "X"}}}
            ],
        }
    )
    stripe_side.press(session.url, "card")
    charge = next(one for one in stripe_side.state()["charges"] if one["amount"] == 900)
    stripe_side.act(f"charges/{charge['id']}/refund")
    hear(stripe_side, client, "refund.")
    assert not Refund.objects.exists()
    assert StripeEvent.objects.get().outcome == "not ours"


def test_a_refund_that_fails_days_later_is_a_case_and_paid_back_again(stripe_side, client):
    payment = paid_by(stripe_side, "bacs_debit")
    line = OrderLine.objects.get()
    row = refunding.refund(
        order_id=payment.order_id, lines={line.id: 1}, reason="cancelled", cause_key="r", actor="test"
    )
    assert row.state == "pending"
    assert payment.order.payments.get().left == WHOLE - 18
    stripe_side.act(f"refunds/{row.stripe_id}/settle")
    hear(stripe_side, client, "refund.updated")
    row.refresh_from_db()
    assert row.state == "succeeded"
    stripe_side.act(f"refunds/{row.stripe_id}/fail")
    hear(stripe_side, client, "refund.failed")
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("failed", "expired_or_canceled_card")
    agree(stripe_side)
    case = PaymentCase.objects.get()
    again = deciding.pay_back_again(case_id=case.pk, actor="ada", note="The buyer gave another account.")
    assert (again.state, again.amount) == ("pending", 18)
    with pytest.raises(deciding.NotDecidable):
        deciding.pay_back_again(case_id=case.pk, actor="ada", note="x")
    stripe_side.act(f"refunds/{again.stripe_id}/settle")
    hear(stripe_side, client, "refund.updated")
    # Units and royalties went back once, though the money was sent twice.
    assert OrderLine.objects.get().cancelled == OrderLine.objects.get().refunded == 1
    assert sum(one.quantity for one in RoyaltyEntry.objects.all()) == 1
    agree(stripe_side)


def disputed(payment: Payment, stripe_side, client) -> Dispute:
    stripe_side.act(f"charges/{stripe_side.charge_of(payment)['id']}/dispute", reason="product_not_received")
    hear(stripe_side, client, "charge.dispute.")
    return Dispute.objects.get()


@pytest.mark.parametrize(("verdict", "state", "kept"), [("win", "won", WHOLE), ("lose", "lost", 0)])
def test_a_dispute_is_answered_and_decided(paid, stripe_side, client, verdict, state, kept):
    orders.mark_shipped(order_id=paid.order_id, actor="test", cause="test")
    dispute = disputed(paid, stripe_side, client)
    assert (dispute.state, dispute.amount, dispute.withdrawn) == ("needs_response", WHOLE, WHOLE)
    assert dispute.due_by > timezone.now()
    agree(stripe_side)
    with pytest.raises(refunding.NotRefundable, match="dispute"):
        refunding.refund(
            order_id=paid.order_id,
            lines={OrderLine.objects.get().id: 1},
            reason="goodwill",
            cause_key="r",
            actor="test",
        )
    known = facts.gather(dispute)
    told = "The parcel was handed over.\n\nSee its number."
    bundle = document.bundle(known, statement=told, on=timezone.localdate())
    send_evidence(dispute_id=dispute.pk, evidence=texts.fields(known, statement=told), bundle=bundle, actor="ada")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.evidence_sent_by) == ("under_review", "ada")
    said = stripe_side.state()["disputes"][0]["evidence"]
    assert "handed over" in said["uncategorized_text"]
    assert said["customer_email_address"] == "ada@example.org"
    assert said["uncategorized_file"] == dispute.evidence_file == stripe_side.state()["files"][0]["id"]
    assert stripe_side.state()["files"][0]["size"] == len(bundle)
    with pytest.raises(NotAnswerable):
        send_evidence(dispute_id=dispute.pk, evidence={}, bundle=bundle, actor="ada")
    older = gateway.client().v1.disputes.retrieve(dispute.stripe_id)
    stripe_side.act(f"disputes/{dispute.stripe_id}/{verdict}")
    hear(stripe_side, client, "charge.dispute.closed")
    assert actions.apply_dispute(older, cause="late") == "an older state"
    dispute.refresh_from_db()
    assert dispute.state == state
    assert PaymentCase.objects.get(kind="dispute").resolved_at
    # What was sold stays sold: units are not booked back, and licences allow no deduction for bad debt.
    assert (Balance.objects.get().on_hand, RoyaltyEntry.objects.count()) == (8, 1)
    agree(stripe_side)
    assert our_balance() == kept


def test_the_bundle_says_what_the_bank_must_know(paid, stripe_side, client, django_assert_max_num_queries):
    Order.objects.update(ship_to={**paid.order.ship_to, "name": "Ada \U0001f98a Łącka 山田"}, email="ada@example.org")
    orders.mark_shipped(order_id=paid.order_id, actor="test", cause="test", tracking_number="RR123456785GB")
    OrderConsent.objects.create(
        order=paid.order, kind="terms", version="terms-2026-01", language="en", text="I have read the terms of sale."
    )
    dispute = disputed(paid, stripe_side, client)
    with django_assert_max_num_queries(14):
        known = facts.gather(Dispute.objects.select_related("payment__order__market__seller").get())
    pdf = document.bundle(known, statement="", on=timezone.localdate())
    assert pdf == document.bundle(known, statement="", on=timezone.localdate())
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    for expected in (
        "I have read the terms of sale.",
        "terms-2026-01",
        paid.order.number,
        dispute.stripe_id,
        "RR123456785GB",
        "£40.95",
        "MUG-1",
        "Łącka",
        "山田",
        "□",
    ):
        assert expected in text


def test_the_books_agree_after_every_sweep(paid, stripe_side):
    for task in (tasks.reconcile_open_sessions, tasks.send_refunds, tasks.refund_paid_without_stock):
        task()
    agree(stripe_side)
