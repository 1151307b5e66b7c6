"""Proofs over the books of invoices: numbers without gaps, and sums that equal the orders'. Reads only."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum
from django.utils import timezone

from shop.crossborder.money import display
from shop.orders.documents.invoicing import pending
from shop.orders.documents.models import DocumentCounter, DocumentKind, Invoice

# A sweep issues an invoice within seconds; what has none after this long is stuck.
LATE = timedelta(hours=1)


def series_faults() -> list[str]:
    """Return a sentence for each series with a gap, a number beyond its counter, or dates out of order."""
    found = []
    counters = {
        (row.seller_id, row.kind, row.year): row.last
        for row in DocumentCounter.objects.order_by("seller_id", "kind", "year")
    }
    rows = (
        Invoice.objects.order_by()
        .values("seller_id", "seller__code", "kind", "year")
        .annotate(issued=Count("id"), first=Min("sequence"), last=Max("sequence"))
    )
    for row in rows:
        name = f"{row['seller__code']} {row['kind']} {row['year']}"
        counted = counters.pop((row["seller_id"], row["kind"], row["year"]), 0)
        if row["first"] != 1 or row["issued"] != row["last"]:
            found.append(f"{name}: {row['issued']} documents are numbered {row['first']} to {row['last']}.")
        if counted != row["last"]:
            found.append(f"{name}: the counter stands at {counted}, the last document is {row['last']}.")
    found += [f"{kind} {year} of seller {seller}: the counter stands at {last}, no document is there."
              for (seller, kind, year), last in counters.items()]  # fmt: skip
    earlier = Invoice.objects.filter(
        seller=OuterRef("seller"),
        kind=OuterRef("kind"),
        year=OuterRef("year"),
        sequence=OuterRef("sequence") - 1,
        issued_at__gt=OuterRef("issued_at"),
    )
    found += [
        f"{one.number} is dated before the number that precedes it."
        for one in Invoice.objects.filter(Exists(earlier)).order_by("id")
    ]
    return found


def number_faults() -> list[str]:
    """Return a sentence for each document whose written number is not that of its place in the series."""
    rows = Invoice.objects.order_by("id").values_list("number", "year", "sequence")
    return [
        f"{number} is document {sequence} of {year}: its number does not say so."
        for number, year, sequence in rows.iterator()
        if not number.endswith(f"-{year}-{sequence:06d}")
    ]


def _money(amount: Decimal, invoice: Invoice) -> str:
    return display(amount, invoice.currency, "en")


def sum_faults() -> list[str]:
    """Return a sentence for each document whose sums are not the order's, or not its own content's."""
    found = [
        f"Invoice {one.number} is over {_money(one.total, one)}, its order over {_money(one.order.total, one)}."
        for one in Invoice.objects.filter(kind=DocumentKind.INVOICE)
        .exclude(total=F("order__total"), currency=F("order__currency"))
        .select_related("order")
    ]
    for one in Invoice.objects.iterator():
        amounts = one.content["amounts"]
        lines = sum((Decimal(line["net"]) + Decimal(line["tax"]) for line in amounts["lines"]), Decimal(0))
        if not Decimal(amounts["total"]) == one.total == lines or Decimal(amounts["tax"]) != one.tax:
            found.append(f"{one.number} is over {_money(one.total, one)}, its lines over {_money(lines, one)}.")
    over = Invoice.objects.order_by().values("order__number", "currency").annotate(left=Sum("total")).filter(left__lt=0)
    for row in over:
        amount = display(-row["left"], row["currency"], "en")
        found.append(f"Order {row['order__number']}: {amount} more is credited than was invoiced.")
    return found


def missing_faults() -> list[str]:
    """Return a sentence for each order that was paid long enough ago and has no invoice."""
    late = pending().filter(paid_at__lt=timezone.now() - LATE)
    return [f"Order {number} was paid and has no invoice." for number in late.values_list("number", flat=True)]


def credited() -> dict[Any, Decimal]:
    """Return order id → what its credit notes come to, above zero."""
    rows = Invoice.objects.filter(kind=DocumentKind.CREDIT_NOTE).order_by().values_list("order_id")
    return {order: -total for order, total in rows.annotate(Sum("total"))}


def invoiced_orders() -> Q:
    """Return the condition on orders that have an invoice."""
    return Q(Exists(Invoice.objects.filter(order=OuterRef("pk"), kind=DocumentKind.INVOICE)))
