"""Refunds by line, cases and disputes on their pages: what is shown before it is sent, and who may send it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.models import Dispute, Order, Payment, PaymentCase, Refund
from shop.payments import cases, gateway
from tests import factories
from tests.admin.conftest import place
from tests.admin.test_actions import press, said


@pytest.fixture
def order(agreed, settings) -> Order:
    """A paid order for two mugs, and a Stripe that cannot be asked."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_x", "http://127.0.0.1:9"
    gateway.client.cache_clear()
    yield place(factories.variant("MUG-1"), key="a", quantity=2, pay=True)
    gateway.client.cache_clear()


def form_of(order: Order) -> str:
    return reverse("admin:shop_order_refund_lines", args=[order.pk])


def test_what_will_be_paid_back_is_shown_before_it_is_sent_and_sent_once(manager, order):
    line = order.lines.get()
    page = manager.get(form_of(order))
    key = page.context["form"].initial["cause_key"]
    told = {"cause_key": str(key), f"units_{line.pk}": "1", "shipping": "2.50", "reason": "cancelled", "note": "x"}
    shown = manager.post(form_of(order), told)
    assert shown.status_code == 200
    assert (shown.context["total"], Refund.objects.count()) == ("£20.50", 0)
    told["worked_out"] = shown.context["worked_out"]
    for _time in range(2):
        answer = manager.post(form_of(order), told)
    row = Refund.objects.get()
    assert (row.amount, row.shipping, row.actor, row.note) == (Decimal("20.50"), Decimal("2.50"), "mona", "x")
    assert answer.status_code in {200, 302}


@pytest.mark.parametrize(("units", "shipping"), [("3", "0"), ("-1", "0"), ("1", "4.96"), ("", ""), ("x", "0")])
def test_what_cannot_be_paid_back_is_said_on_the_form(manager, order, units, shipping):
    line = order.lines.get()
    key = str(manager.get(form_of(order)).context["form"].initial["cause_key"])
    told = {"cause_key": key, f"units_{line.pk}": units, "shipping": shipping, "reason": "goodwill"}
    answer = manager.post(form_of(order), told)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Refund.objects.exists()


def test_paying_back_takes_a_manager(desk, order):
    assert desk.get(form_of(order)).status_code == 403
    full = reverse("admin:shop_order_refund", args=[order.pk])
    assert desk.post(full, {"_form_submitted": "True"}).status_code == 403
    page = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert "refund-by-line" not in page
    assert not Refund.objects.exists()


def test_a_case_is_counted_in_the_side_bar_and_decided_with_a_reason(manager, order):
    payment = order.payments.get()
    case = cases.open_case(kind="refund_elsewhere", cause_key="c", payment=payment, facts="10 GBP")
    page = manager.get(reverse("admin:shop_paymentcase_changelist"))
    assert page.status_code == 200
    assert "Close" in manager.get(reverse("admin:shop_paymentcase_change", args=[case.pk])).content.decode()
    assert "still here" in said(press(manager, "shop_paymentcase", case, "take-back", note="x"))
    assert said(press(manager, "shop_paymentcase", case, "note", note="Agreed.")).endswith("The case is closed.")
    case.refresh_from_db()
    assert (case.resolved_by, case.resolution) == ("mona", "Agreed.")
    assert not PaymentCase.objects.filter(resolved_at=None).exists()


def test_disputes_are_listed_by_deadline_and_their_evidence_is_a_pdf(manager, order):
    now = timezone.now()
    payment: Payment = order.payments.get()
    rows = [
        Dispute.objects.create(
            payment=payment,
            stripe_id=f"du_{days}",
            state="needs_response",
            reason="fraudulent",
            amount=5,
            currency="GBP",
            withdrawn=5,
            opened_at=now,
            due_by=now + timedelta(days=days),
        )
        for days in (9, 2)
    ]
    page = manager.get(reverse("admin:shop_dispute_changelist"))
    assert [one.stripe_id for one in page.context["cl"].result_list] == ["du_2", "du_9"]
    paper = manager.get(reverse("admin:shop_dispute_bundle", args=[rows[0].pk]))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert "no-store" in paper["Cache-Control"]
    kept = manager.get(reverse("admin:shop_payment_change", args=[payment.pk])).content.decode()
    assert "£30.95" in kept  # 40.95 charged, 10 with the bank
