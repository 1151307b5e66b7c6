"""Reading an order for a return: what left, what came back, when the last parcel arrived, and until when it can."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.utils import timezone

from inventory.stock.models import Warehouse
from shop.crossborder.models import LegalKind, LegalPage
from shop.crossborder.protections.excepted import Excepted, Lost, excepted
from shop.crossborder.protections.return_period import Period, is_open, return_period
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import LEFT, Shipment, ShipmentLine, ShipmentState
from shop.payments.models import Refund
from shop.returns.models import ExceptedGoods, ReturnClaim

# What a shopper has paid for and has neither got back nor sent back whole.
SENT = frozenset(
    {OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED, OrderState.RETURNED}
)


@dataclass(frozen=True)
class Returnable:
    """An order line with its units that have left, those in a return already, and those that can still be returned."""

    line: OrderLine
    shipped: int
    claimed: int
    excepted: Excepted | None

    @property
    def left(self) -> int:
        return max(self.shipped - self.claimed, 0)

    @property
    def never(self) -> bool:
        """Whether the law excepts it whatever its state: a person decides."""
        return self.excepted is not None and self.excepted.lost is Lost.ALWAYS

    @property
    def sealed(self) -> bool:
        """Whether the right ends with its seal, which the inspection looks at."""
        return self.excepted is not None and self.excepted.lost is Lost.UNSEALED


def shipped_units(order: Order) -> dict[int, int]:
    """Return order line id → units that have left in parcels. One statement."""
    rows = (
        ShipmentLine.objects.filter(shipment__order=order, shipment__state__in=LEFT)
        .values_list("order_line")
        .annotate(units=Sum("quantity"))
        .order_by()
    )
    return dict(rows)


def returnables(order: Order) -> list[Returnable]:
    """Return the order's lines with what can be returned of each. Four statements."""
    lines = list(order.lines.select_related("variant__product"))
    shipped = shipped_units(order)
    claimed = dict(ReturnClaim.objects.filter(order_line__order=order).values_list("order_line_id", "claimed"))
    kinds = _kinds(lines, order)
    day = timezone.localdate(order.placed_at)
    return [
        Returnable(
            line=line,
            shipped=shipped.get(line.pk, 0),
            claimed=claimed.get(line.pk, 0),
            excepted=next(filter(None, (excepted(kind, order.country, day) for kind in kinds.get(line.pk, []))), None),
        )
        for line in lines
    ]


def _kinds(lines: Iterable[OrderLine], order: Order) -> dict[int, list[str]]:
    """Return order line id → kinds of exception that its goods are of, those without any return first."""
    products = {line.pk: line.variant.product for line in lines}
    rows = list(
        ExceptedGoods.objects.filter(
            Q(product__in={one.pk for one in products.values()})
            | Q(category__in={one.category for one in products.values()}),
            valid__contains=timezone.localdate(order.placed_at),
        )
    )
    return {
        line: sorted(row.kind for row in rows if row.product_id == product.pk or row.category == product.category)
        for line, product in products.items()
    }


def delivered_at(order: Order) -> datetime | None:
    """Return when the last parcel came; None while something is still to leave or to arrive. Two statements."""
    if order.lines.exclude(quantity=F("packed") + F("cancelled")).exists():
        return None
    parcels = Shipment.objects.filter(order=order).exclude(state=ShipmentState.DROPPED)
    arrivals = [parcel.delivered_at for parcel in parcels]
    known = [at for at in arrivals if at]
    return max(known) if known and len(known) == len(arrivals) else None


def informed(order: Order) -> bool:
    """Tell whether the market had its page on withdrawal when the order was placed. One statement.

    A marketplace tells its shoppers itself.
    """
    if order.channel != "web" or order.market_id is None:
        return True
    return LegalPage.objects.filter(
        market=order.market_id, kind=LegalKind.WITHDRAWAL, valid_from__lte=timezone.localdate(order.placed_at)
    ).exists()


def period_of(order: Order) -> Period | None:
    """Return when the order may be undone; None: a person decides. Three statements."""
    placed = timezone.localdate(order.placed_at)
    return return_period(
        order.country,
        contract_on=placed,
        delivered_at=delivered_at(order),
        informed_on=placed if informed(order) else None,
    )


def in_time(order: Order, period: Period | None, moment: datetime) -> bool:
    """Tell whether a word spoken at the moment is in time."""
    return is_open(period, order.country, moment)


def standard_delivery(order: Order) -> Decimal | None:
    """Return what the least expensive delivery cost that was offered for the order; None: it was not kept."""
    kept = order.quote.get("standard_delivery")
    return Decimal(kept["amount"]) if kept else None


def delivery_returned(order: Order) -> Decimal:
    """Return how much of the delivery to the shopper went back already, or is on its way. One statement."""
    refunds = order.refunds.exclude(state=Refund.State.FAILED)
    return refunds.aggregate(sum=Sum("shipping"))["sum"] or Decimal(0)


def return_place(order: Order) -> Warehouse | None:
    """Return where goods of the order are sent: the warehouse they came from if it takes returns, else the market's
    first that does, else any. At most three statements.
    """
    taking = Warehouse.objects.filter(return_address__isnull=False)
    left_from = taking.filter(shipments__order=order).order_by("shipments__serial").first()
    if left_from or order.market is None:
        return left_from or taking.first()
    ranked = taking.filter(marketwarehouse__market=order.market).order_by("marketwarehouse__rank").first()
    return ranked or taking.first()
