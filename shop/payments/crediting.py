"""Credit notes of refunds: a sweep over what has gone back and is not credited yet."""

import structlog
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from shop.crossborder.money import display
from shop.orders.documents.amounts import ZERO
from shop.orders.documents.checks import LATE, credited, invoiced_orders
from shop.orders.documents.crediting import Credit, CreditedLine
from shop.orders.documents.invoicing import credit_note_for
from shop.orders.documents.models import DocumentKind, Invoice
from shop.orders.documents.reading import NoSeller
from shop.orders.models import Order, OrderState
from shop.payments.models import Refund

log = structlog.get_logger("vitrine.payments")
BATCH = 200


def pending() -> QuerySet[Refund]:
    """Return the refunds that succeeded, of invoiced orders, without a credit note; the first settled first."""
    of_refund = Invoice.objects.filter(refund_id=OuterRef("id"))
    return (
        Refund.objects.filter(~Exists(of_refund), state=Refund.State.SUCCEEDED, order__market__seller__isnull=False)
        .exclude(order__events__to_state=OrderState.PAID_WITHOUT_STOCK)  # nothing was sold, nothing invoiced
        .order_by("settled_at")
    )


def credit_of(refund: Refund) -> Credit:
    """Return what the refund gave back, as the credit note wants it."""
    return Credit(
        refund_id=refund.id,
        order_id=refund.order_id,
        tax_included=refund.order.tax_included,
        lines=tuple(
            CreditedLine(line.order_line_id, line.quantity, line.amount, line.tax) for line in refund.lines.all()
        ),
        shipping=refund.shipping,
        duty=refund.duty,
        fees=refund.fees,
        tax_on_top=refund.tax_on_top,
        reason=refund.reason,
    )


def credited_already(refund: Refund) -> bool:
    """Tell whether all that went back on the order is credited: by the note of a refund that failed after all.

    Such a note stays, for it cannot be taken back; the refund that was made in its stead needs none.
    """
    sent = Refund.objects.filter(order_id=refund.order_id, state=Refund.State.SUCCEEDED).aggregate(sum=Sum("amount"))
    notes = Invoice.objects.filter(order_id=refund.order_id, kind=DocumentKind.CREDIT_NOTE).aggregate(sum=Sum("total"))
    return (sent["sum"] or 0) + (notes["sum"] or 0) <= 0


def sweep(*, limit: int = BATCH) -> int:
    """Issue the credit notes that are missing, each in a transaction of its own; return how many."""
    done = 0
    for refund in pending().select_related("order").prefetch_related("lines").iterator(chunk_size=BATCH):
        if credited_already(refund):
            continue
        try:
            done += credit_note_for(credit_of(refund)) is not None
        except (NoSeller, LookupError, ValueError) as refused:
            log.error("no credit note", order=refund.order.number, refund=str(refund.id), why=str(refused))  # noqa: TRY400
        if done == limit:
            break
    return done


def faults() -> list[str]:
    """Return a sentence for each invoiced order whose credit notes are not what went back.

    Refunds of the last hour are left to the sweep.
    """
    settled = timezone.now() - LATE
    sent = dict(
        Refund.objects.filter(
            state=Refund.State.SUCCEEDED, order__in=Order.objects.filter(invoiced_orders()), settled_at__lt=settled
        )
        .order_by()
        .values_list("order_id")
        .annotate(Sum("amount"))
    )
    fresh = set(Refund.objects.filter(settled_at__gte=settled).values_list("order_id", flat=True))
    noted = credited()
    wrong = {order for order in {*sent, *noted} - fresh if sent.get(order, 0) != noted.get(order, 0)}
    return [
        f"Order {order.number}: {display(sent.get(order.id, ZERO), order.currency, 'en')} went back, "
        f"{display(noted.get(order.id, ZERO), order.currency, 'en')} is credited."
        for order in Order.objects.filter(id__in=wrong).order_by("number")
    ]
