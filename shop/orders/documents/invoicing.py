"""Issuing invoices and credit notes: one for an order, one for a refund, each with the next number of its series.

``Order.invoiced`` is a mark for the sweep, set with the invoice; the unique keys of ``Invoice`` are what counts.
"""

from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shop.crossborder.models import Seller
from shop.orders.documents import numbering
from shop.orders.documents.amounts import DoesNotAddUp
from shop.orders.documents.composing import invoice_content
from shop.orders.documents.crediting import Credit, credit_content
from shop.orders.documents.models import DocumentKind, Invoice
from shop.orders.documents.reading import NoSeller, read
from shop.orders.models import Order, OrderState

log = structlog.get_logger("vitrine.orders.documents")
# Marketplaces write their own invoices to their buyers.
OURS = "web"
# Paid, and sold: what was paid for without stock is sent back and was never a sale.
SOLD = (
    OrderState.PAID,
    OrderState.PICKING,
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.COMPLETED,
    OrderState.RETURNED,
)
BATCH = 200


class NothingToInvoice(Exception):
    """The order has no invoice, and is to have none; the message says why."""


def pending() -> QuerySet[Order]:
    """Return the orders that are to have an invoice and have none, the first paid first (index order_to_invoice)."""
    return Order.objects.filter(
        invoiced=False, channel=OURS, state__in=[str(one) for one in SOLD], market__seller__isnull=False
    ).order_by("paid_at")


def sweep(*, limit: int = BATCH) -> int:
    """Issue invoices that are missing, each in a transaction of its own; return how many.

    An order whose invoice cannot be written is logged and does not stop the others.
    """
    done = 0
    for order in pending().only("id", "number").iterator(chunk_size=BATCH):
        try:
            invoice_for(order)
        except (NothingToInvoice, NoSeller, DoesNotAddUp, LookupError, ValueError) as refused:
            log.error("no invoice", order=order.number, why=str(refused))  # noqa: TRY400 (the sentence says it all)
            continue
        done += 1
        if done == limit:
            break
    return done


@transaction.atomic
def invoice_for(order: Order) -> Invoice:
    """Return the order's invoice, issuing it if there is none. Safe to repeat, by any number at once.

    :raises NothingToInvoice: it is not the shop's own order, nobody has paid, or nothing was sold.
    :raises shop.orders.documents.reading.NoSeller: its market names no seller.
    :raises shop.orders.documents.amounts.DoesNotAddUp: its amounts contradict each other.
    """
    locked = _lock(order)
    return _invoice_of(locked)


def _lock(order: Order) -> Order:
    """Lock the order: its documents are written one after the other. Foreign keys to it stay possible."""
    return Order.objects.select_for_update(of=("self",), no_key=True).select_related("market__seller").get(pk=order.pk)


def _invoice_of(order: Order) -> Invoice:
    standing = Invoice.objects.filter(order=order, kind=DocumentKind.INVOICE).first()
    if standing is None:
        _check_sold(order)
        sale = read(order)
        now = timezone.now()
        language = sale.order.language
        taken = numbering.take(seller=sale.seller, kind=DocumentKind.INVOICE, now=now)
        content = invoice_content(sale, number=taken.number, issued_on=timezone.localdate(taken.issued_at))
        standing = _write(order, sale.seller, DocumentKind.INVOICE, taken, content, language=language)
    if not order.invoiced:
        order.invoiced = True
        order.save(update_fields=["invoiced"])
    return standing


def _check_sold(order: Order) -> None:
    if order.channel != OURS:
        raise NothingToInvoice(f"Order {order.number} was sold on {order.channel}, which invoices its buyers itself.")
    if order.paid_at is None:
        raise NothingToInvoice(f"Order {order.number} is not paid.")
    without_stock = order.events.filter(to_state=OrderState.PAID_WITHOUT_STOCK).exists()
    if without_stock:
        raise NothingToInvoice(f"Order {order.number} was paid without stock: nothing was sold.")


def credit_note_for(credit: Credit) -> Invoice | None:
    """Return the credit note of a refund, issuing it if there is none. Safe to repeat, by any number at once.

    The order's invoice is issued first where it is missing. None: nothing was ever invoiced to be corrected, because
    the order was a marketplace's, or its payment was sent back without a sale.

    :raises shop.orders.documents.crediting.TooMuch: more would be credited than was invoiced.
    :raises shop.orders.documents.reading.NoSeller: the market of the order names no seller.
    """
    with transaction.atomic():
        order = _lock(Order(pk=credit.order_id))
        standing = Invoice.objects.filter(refund_id=credit.refund_id).first()
        if standing is not None:
            return standing
        try:
            invoice = _invoice_of(order)
        except NothingToInvoice as reason:
            log.info("no credit note", order=order.number, why=str(reason))
            return None
        before = list(Invoice.objects.filter(order=order, kind=DocumentKind.CREDIT_NOTE))
        taken = numbering.take(seller=invoice.seller, kind=DocumentKind.CREDIT_NOTE, now=timezone.now())
        content = credit_content(
            credit,
            invoice=invoice,
            before=before,
            order_number=order.number,
            number=taken.number,
            issued_on=timezone.localdate(taken.issued_at),
        )
        return _write(
            order,
            invoice.seller,
            DocumentKind.CREDIT_NOTE,
            taken,
            content,
            language=invoice.language,
            corrects=invoice,
            refund_id=credit.refund_id,
        )


def _write(
    order: Order,
    seller: Seller,
    kind: DocumentKind,
    taken: numbering.Taken,
    content: dict[str, Any],
    *,
    language: str,
    **more: Any,
) -> Invoice:
    amounts = content["amounts"]
    made = Invoice.objects.create(
        seller=seller,
        kind=kind,
        year=taken.year,
        sequence=taken.sequence,
        number=taken.number,
        order=order,
        issued_at=taken.issued_at,
        language=language,
        currency=order.currency,
        net=Decimal(amounts["net"]),
        tax=Decimal(amounts["tax"]),
        total=Decimal(amounts["total"]),
        content=content,
        **more,
    )
    log.info("document issued", kind=str(kind), number=made.number, order=order.number, total=str(made.total))
    return made
