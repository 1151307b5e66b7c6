"""Pages of sales say things as people do: dates, reasons and kinds in words, and no button that cannot do anything now."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from shop.models import Dispute, Mail, Order, Payment, Refund
from tests import factories
from tests.admin.conftest import place

MOMENT = datetime(2026, 11, 3, 15, 4, tzinfo=UTC)


def change_page(client, row) -> str:
    name = row._meta.model_name
    return client.get(reverse(f"admin:shop_{name}_change", args=[row.pk])).content.decode()


def test_the_day_comes_first_and_the_clock_has_24_hours():
    assert date_format(MOMENT, "DATETIME_FORMAT") == "3 Nov 2026, 15:04"
    assert date_format(MOMENT.date(), "DATE_FORMAT") == "3 Nov 2026"
    assert date_format(MOMENT.replace(hour=0, minute=0), "TIME_FORMAT") == "00:00"


@pytest.mark.parametrize(
    ("state", "ship", "cancel"),
    [
        ("awaiting_payment", False, True),
        ("payment_failed", False, True),
        ("paid", True, False),
        ("picking", True, False),
        ("partly_shipped", True, False),
        ("shipped", False, False),
        ("delivered", False, False),
        ("refunded", False, False),
        ("expired", False, False),
    ],
)
def test_an_order_offers_what_its_state_allows(manager, agreed, state, ship, cancel):
    order = place(factories.variant("MUG-1"), key="a")
    paid = None if state in {"awaiting_payment", "payment_failed", "expired"} else timezone.now()
    Order.objects.filter(pk=order.pk).update(state=state, paid_at=paid)
    page = change_page(manager, order)
    assert (reverse("admin:shop_order_ship", args=[order.pk]) in page) == ship
    assert (reverse("admin:shop_order_cancel", args=[order.pk]) in page) == cancel
    assert reverse("admin:shop_order_refund_lines", args=[order.pk]) in page


def test_reasons_and_kinds_are_words(manager, agreed):
    order = place(factories.variant("MUG-1"), key="a", pay=True)
    payment = Payment.objects.filter(order=order).first() or Payment.objects.create(
        order=order, state="succeeded", amount=order.total, currency="GBP", charged=order.total, charged_currency="GBP"
    )
    dispute = Dispute.objects.create(
        stripe_id="du_1",
        payment=payment,
        reason="product_not_received",
        state="needs_response",
        amount=Decimal("12.5"),
        currency="GBP",
        opened_at=timezone.now(),
        due_by=timezone.now() + timedelta(days=5, hours=1),
    )
    mail = Mail.objects.filter(kind="order_placed").first() or Mail.objects.first()
    assert str(dispute) == f"{order.number}, product not received"
    assert "product_not_received" not in change_page(manager, payment)
    assert mail is not None
    assert str(mail).startswith(mail.kind.replace("_", " ").capitalize())
    assert mail.kind not in manager.get(reverse("admin:shop_mail_changelist")).context["cl"].result_list[0].kind_text
    assert str(Refund(order=order, amount=Decimal(30), currency="GBP")) == f"{order.number}, £30.00 back"
