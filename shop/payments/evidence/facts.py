"""Gathering what the books say of a disputed order: who bought what, what was agreed, how it went, where it is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from shop.alerts.models import Mail
from shop.crossborder.legal.queries import page_in_force
from shop.crossborder.models import LegalPage
from shop.crossborder.models.legal import LegalKind
from shop.crossborder.money import display
from shop.orders import wording
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import LEFT, Shipment
from shop.payments.case_models import Dispute
from shop.payments.models import Payment, Refund

# The pages that were in force when the buyer ordered, in the order in which a bank asks for them.
PAGES = (LegalKind.TERMS, LegalKind.WITHDRAWAL, LegalKind.DELIVERY)


@dataclass(frozen=True)
class Moment:
    """Something that happened: when, and what, in words."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Sold:
    """A line of the order; ``amount`` as the buyer saw it."""

    sku: str
    name: str
    quantity: int
    amount: str


@dataclass(frozen=True)
class Sent:
    """A parcel that left."""

    number: str
    carrier: str
    tracking: str
    left_on: datetime | None
    arrived_on: datetime | None
    holds: str


@dataclass(frozen=True)
class Agreed:
    """A text that the buyer ticked: when, in which language and version, and its words."""

    at: datetime
    language: str
    version: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """Everything that the books know for a bank."""

    dispute: Dispute
    order: Order
    seller: str
    address: list[str]
    lines: list[Sold]
    sums: list[tuple[str, str]]
    quote: list[str]
    agreed: list[Agreed]
    timeline: list[Moment]
    parcels: list[Sent]
    letters: list[Mail]
    pages: list[LegalPage]


def gather(dispute: Dispute) -> Evidence:
    """Return the evidence for a dispute. Thirteen statements at most, however long the order's life was."""
    order = dispute.payment.order
    parcels = list(order.shipments.filter(state__in=LEFT).prefetch_related("lines__order_line").order_by("serial"))
    return Evidence(
        dispute=dispute,
        order=order,
        seller=order.market.seller.legal_name if order.market and order.market.seller else "",
        address=[*wording.address(order.ship_to)],
        lines=[_sold(line, order.currency) for line in order.lines.all()],
        sums=_sums(order, dispute.payment),
        quote=wording.quote(order.quote),
        # Checkout writes them and stands on this room: they are read through the order.
        agreed=[Agreed(one.agreed_at, one.language, one.version, one.text) for one in order.consents.all()],
        timeline=_timeline(order, dispute, parcels),
        parcels=[_sent(one) for one in parcels],
        letters=list(Mail.objects.filter(order_id=order.id, state=Mail.State.SENT).order_by("sent_at")),
        pages=_pages(order),
    )


def _sold(line: OrderLine, currency: str) -> Sold:
    name = ", ".join(filter(None, (line.name, line.option)))
    return Sold(line.sku, name, line.quantity, display(line.amount, currency, "en"))


def _sums(order: Order, payment: Payment) -> list[tuple[str, str]]:
    def money(amount: Decimal) -> str:
        return display(amount, order.currency, "en")

    rows = [
        ("Goods", order.goods),
        ("Delivery", order.shipping),
        ("Duty", order.duty),
        ("Fees", order.fees),
        ("Tax on top", order.tax - order.tax_in_prices),
    ]
    shown = [(name, money(amount)) for name, amount in rows if amount]
    shown.append(("Total", money(order.total)))
    if payment.refunded:
        shown.append(("Paid back", display(payment.refunded, payment.charged_currency or order.currency, "en")))
    return shown


def _sent(parcel: Shipment) -> Sent:
    return Sent(
        number=parcel.number,
        carrier=" ".join(filter(None, (parcel.carrier, parcel.service))),
        tracking=parcel.tracking_number,
        left_on=parcel.shipped_at,
        arrived_on=parcel.delivered_at,
        holds=", ".join(f"{line.quantity} × {line.order_line.sku}" for line in parcel.lines.all() if line.quantity),
    )


def _timeline(order: Order, dispute: Dispute, parcels: list[Shipment]) -> list[Moment]:
    names = dict(OrderState.choices)
    moments = [
        Moment(event.created_at, f"Order: {names.get(event.to_state, event.to_state)}") for event in order.events.all()
    ]
    for parcel in parcels:
        if parcel.shipped_at:
            moments.append(Moment(parcel.shipped_at, f"Parcel {parcel.number} left"))
        if parcel.delivered_at:
            moments.append(Moment(parcel.delivered_at, f"Parcel {parcel.number} arrived"))
    sent_back = order.refunds.filter(state=Refund.State.SUCCEEDED)
    moments += [
        Moment(row.settled_at or row.created_at, f"{display(row.amount, row.currency, 'en')} paid back")
        for row in sent_back
    ]
    moments.append(Moment(dispute.opened_at, f"Dispute opened: {dispute.reason.replace('_', ' ')}"))
    return sorted(moments, key=lambda one: one.at)


def _pages(order: Order) -> list[LegalPage]:
    if order.market is None:
        return []
    on = timezone.localdate(order.placed_at)
    languages = list(dict.fromkeys(["en", order.language]))
    found = (page_in_force(market=order.market, kind=kind, languages=languages, on=on) for kind in PAGES)
    return [page for page in found if page is not None]
