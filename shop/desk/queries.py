"""What the desk shows, read in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.stock.availability import FREE
from inventory.stock.models import Balance, Item
from shop.channels.models import ChannelOrder, Listing
from shop.crossborder.rulebook.queries import count_unconfirmed
from shop.orders.actions import without_news
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.transitions import TO_SHIP
from shop.payments.models import Payment, StripeEvent

RECENT = 8
LOW = 5  # units over all warehouses: from here down an item runs low
SCARCE = 8


@dataclass(frozen=True)
class Takings:
    """Today's paid orders in one currency."""

    currency: str
    orders: int
    amount: Decimal


@dataclass(frozen=True)
class Scarce:
    """An item of which few or no units are left over all warehouses."""

    id: int
    sku: str
    description: str
    free: int


@dataclass(frozen=True)
class Desk:
    """The figures of one day. Counts are of rows; ``units`` are units sold and paid for today."""

    day: date
    placed: int
    takings: Sequence[Takings]
    units: int
    to_ship: int
    without_news: int
    without_stock: int
    mismatches: int
    listings_behind: int
    cases: int
    unprocessed_events: int
    unconfirmed_rules: int
    sold_out: int
    low: int
    scarce: Sequence[Scarce]
    recent: Sequence[Order]


def desk(day: date) -> Desk:
    """Return the figures of ``day``. Twelve statements, however many rows there are."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    today = (start, start + timedelta(days=1))
    # Refunded orders took nothing; all other paid ones did.
    paid = Order.objects.filter(paid_at__gte=today[0], paid_at__lt=today[1]).exclude(state=OrderState.REFUNDED)
    orders = Order.objects.aggregate(
        placed=Count("pk", filter=Q(placed_at__gte=today[0], placed_at__lt=today[1])),
        to_ship=Count("pk", filter=Q(state__in=TO_SHIP)),
        without_stock=Count("pk", filter=Q(state=OrderState.PAID_WITHOUT_STOCK)),
    )
    takings = paid.order_by("currency").values("currency").annotate(orders=Count("pk"), amount=Sum("total"))
    units = OrderLine.objects.filter(order__in=paid.order_by()).aggregate(units=Coalesce(Sum("quantity"), 0))["units"]
    free = Balance.objects.filter(item=OuterRef("pk")).order_by().values("item").annotate(sum=Sum(FREE)).values("sum")
    # A bundle lies nowhere itself; what is short are its components.
    items = Item.objects.filter(components__isnull=True).annotate(free=Coalesce(Subquery(free), 0))
    stock = items.aggregate(
        sold_out=Count("pk", filter=Q(free=0)), low=Count("pk", filter=Q(free__gte=1, free__lte=LOW))
    )
    scarce = items.filter(free__lte=LOW).order_by("free", "sku").values("id", "sku", "description", "free")[:SCARCE]
    behind = Listing.objects.filter(active=True, acknowledged_version__lt=F("desired_version"))
    return Desk(
        day=day,
        placed=orders["placed"],
        takings=[Takings(**row) for row in takings],
        units=units,
        to_ship=orders["to_ship"],
        without_news=without_news().count(),
        without_stock=orders["without_stock"],
        mismatches=Payment.objects.filter(state=Payment.State.MISMATCH).count(),
        listings_behind=behind.count(),
        cases=ChannelOrder.objects.filter(state=ChannelOrder.State.CASE).count(),
        unprocessed_events=StripeEvent.objects.filter(processed_at=None).count(),
        unconfirmed_rules=count_unconfirmed(day),
        sold_out=stock["sold_out"],
        low=stock["low"],
        scarce=[Scarce(**row) for row in scarce],
        recent=list(Order.objects.order_by("-placed_at")[:RECENT]),
    )
