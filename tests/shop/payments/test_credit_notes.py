"""Refunds that went back have their credit notes, by a sweep; the command proves that both are equal."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.models import Invoice, Order, Payment, Refund
from shop.orders.documents import invoicing
from shop.payments import crediting
from tests import factories as make
from tests.shop.orders.documents.invoiced import mug, paid, seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    make.agreement()
    seller()
    order = paid((mug(), 2))
    invoicing.sweep()
    return order


def went_back(
    order: Order, *, units: int = 1, shipping: str = "0", state=Refund.State.SUCCEEDED, ago: int = 2
) -> Refund:
    """A refund of mugs at £18 that was settled some hours ago."""
    goods = Decimal(18) * units
    row = Refund.objects.create(
        order=order,
        payment=Payment.objects.get(order=order),
        cause_key=str(uuid4()),
        state=state,
        reason=Refund.Reason.RETURNED,
        actor="test",
        currency=order.currency,
        amount=goods + Decimal(shipping),
        goods=goods,
        shipping=Decimal(shipping),
        duty=0,
        fees=0,
        tax_on_top=0,
        settled_at=timezone.now() - timedelta(hours=ago),
    )
    row.lines.create(order_line=order.lines.get(), quantity=units, amount=goods, tax=Decimal(3) * units)
    return row


def check() -> str:
    out = StringIO()
    call_command("check_invoices", stdout=out)
    return out.getvalue()


def refused() -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="faults"):
        call_command("check_invoices", stdout=out)
    return out.getvalue()


def test_the_sweep_credits_what_went_back(order):
    row = went_back(order, shipping="4.95")
    went_back(order, state=Refund.State.FAILED)
    assert "£22.95 went back, £0.00 is credited" in refused()
    assert crediting.sweep() == 1
    note = Invoice.objects.get(refund_id=row.id)
    assert (note.total, note.content["facts"][3][1]) == (Decimal("-22.95"), "goods returned")
    assert crediting.sweep() == 0
    assert check().startswith("2 invoices and credit notes: numbered without gaps")


def test_a_refund_in_the_stead_of_one_that_failed_after_all_needs_no_second_note(order):
    first = went_back(order)
    crediting.sweep()
    Refund.objects.filter(pk=first.pk).update(state=Refund.State.FAILED)
    assert "£0.00 went back, £18.00 is credited" in refused()
    went_back(order)
    assert crediting.sweep() == 0
    assert "without gaps" in check()


def test_money_sent_back_without_a_sale_has_no_note(order):
    order.events.create(to_state="paid_without_stock", actor="test", cause="test")
    went_back(order)
    assert not crediting.pending().exists()


def test_the_command_names_an_order_without_its_invoice_and_sums_that_differ(order):
    other = paid((mug("MUG-2"), 1))
    Order.objects.filter(pk=other.pk).update(paid_at=timezone.now() - timedelta(hours=2))
    assert f"Order {other.number} was paid and has no invoice." in refused()
    invoicing.sweep()
    Order.objects.filter(pk=other.pk).update(goods=other.goods + 1, total=other.total + 1)
    number = Invoice.objects.get(order=other).number
    assert f"Invoice {number} is over" in refused()


def test_the_command_names_a_gap(order):
    invoice = Invoice.objects.get()
    invoice.pk, invoice.sequence, invoice.number = None, 3, f"VML-{invoice.year}-000003"
    invoice.order = paid((mug("MUG-3"), 2))
    invoice.save(force_insert=True)
    said = refused()
    assert "2 documents are numbered 1 to 3" in said
    assert "the counter stands at 1, the last document is 3" in said
