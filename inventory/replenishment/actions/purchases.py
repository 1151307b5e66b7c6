"""The life of a purchase order before and beside its deliveries."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.numbering import next_number
from inventory.replenishment.errors import OrderRule, RateMissing, WrongState
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from inventory.stock.models import Item, Warehouse
from inventory.stock.quantities import units

State = PurchaseOrder.State
LARGEST_COST = Decimal(10) ** 10  # a unit cost is kept with ten digits before the point


def check_cost(sku: str, cost: Decimal) -> None:
    """Refuse a unit cost that cannot be kept.

    :raises OrderRule: it is negative, ten thousand million or more, or not a number.
    """
    if not cost.is_finite() or not 0 <= cost < LARGEST_COST:
        raise OrderRule(f"{sku}: a unit cost must be between 0 and {LARGEST_COST:,}, not {cost}.")


def refuse_bundles(item_ids: Collection[int]) -> None:
    """Refuse items that are made of others here: only their components are counted, so only those arrive.

    :raises OrderRule: naming them.
    """
    skus = Item.objects.filter(id__in=item_ids, components__isnull=False).distinct().values_list("sku", flat=True)
    if skus:
        raise OrderRule(f"{', '.join(skus)}: a bundle is not bought; order its components.")


def check_quantity(sku: str, quantity: int, terms: SupplierItem | None) -> None:
    """Refuse a quantity that the supplier does not sell.

    :raises OrderRule: below the minimum or no whole number of cartons.
    """
    if terms is None:
        return
    if quantity < terms.minimum:
        raise OrderRule(f"{sku}: {terms.supplier} sells at least {terms.minimum} units, not {quantity}.")
    if quantity % terms.multiple:
        raise OrderRule(f"{sku}: {terms.supplier} sells multiples of {terms.multiple} units, not {quantity}.")


@transaction.atomic
def draft(
    *,
    supplier: Supplier,
    warehouse: Warehouse,
    lines: Mapping[int, int],
    rate: Decimal | None = None,
    note: str = "",
    actor: str = "",
) -> PurchaseOrder:
    """Draft an order of ``lines`` (item id → units), at the supplier's own prices.

    :raises OrderRule: naming the SKU whose quantity breaks the supplier's terms, or that it does not sell.
    :raises OrderRule: a bundle, or a rate that is not above zero.
    :raises inventory.stock.errors.BadQuantity: a quantity is not a whole number between 1 and 1,000,000.
    """
    if rate is not None and not rate > 0:
        raise OrderRule(f"An exchange rate must be above zero, not {rate}.")
    terms = {one.item_id: one for one in supplier.items.select_related("item", "supplier").filter(item_id__in=lines)}
    foreign = Item.objects.filter(id__in=lines.keys() - terms.keys()).values_list("sku", flat=True)
    if len(terms) < len(lines):
        raise OrderRule(f"{supplier} does not sell {', '.join(foreign) or 'an unknown item'}.")
    for item_id, quantity in lines.items():
        check_quantity(terms[item_id].item.sku, units(quantity), terms[item_id])
    refuse_bundles(lines.keys())
    own = supplier.currency == settings.BASE_CURRENCY
    order = PurchaseOrder.objects.create(
        number=next_number("PO", sequence="purchase_number", year=timezone.localdate().year),
        supplier=supplier,
        warehouse=warehouse,
        currency=supplier.currency,
        rate=Decimal(1) if own else rate,
        note=note[:200],
        created_by=actor[:80],
    )
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(order=order, item_id=item_id, quantity=quantity, unit_cost=terms[item_id].unit_cost)
        for item_id, quantity in lines.items()
    )
    return order


def _lock(order: PurchaseOrder, *allowed: str, verb: str) -> PurchaseOrder:
    now = PurchaseOrder.objects.select_for_update(no_key=True, of=("self",)).select_related("supplier").get(id=order.id)
    if now.state not in allowed:
        raise WrongState(f"{now.number} is {now.get_state_display().lower()}: it cannot be {verb}.")
    return now


def _turn(order: PurchaseOrder, state: str, **fields: object) -> PurchaseOrder:
    order.state = state
    for name, value in fields.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *fields])
    return order


def line_cost(*, supplier: Supplier, item: Item, quantity: int, unit_cost: Decimal | None = None) -> Decimal:
    """Return the unit cost of a line, the supplier's unless told, if the supplier sells such a quantity.

    :raises OrderRule: the quantity breaks the supplier's terms, there is no price, or it is a bundle.
    :raises inventory.stock.errors.BadQuantity: the quantity is not a whole number between 1 and 1,000,000.
    """
    terms = supplier.items.select_related("supplier").filter(item=item).first()
    check_quantity(item.sku, units(quantity), terms)
    refuse_bundles([item.id])
    if unit_cost is None and terms is None:
        raise OrderRule(f"{supplier} has no price for {item.sku}; give one.")
    cost = unit_cost if unit_cost is not None else terms.unit_cost if terms else Decimal(0)
    check_cost(item.sku, cost)
    return cost


@transaction.atomic
def revise(*, order: PurchaseOrder, rate: Decimal | None, expected_on: date | None, note: str) -> PurchaseOrder:
    """Set what a draft says beside its lines. An order in our own currency keeps the rate 1.

    :raises WrongState: the order is no draft.
    :raises OrderRule: the rate is not above zero.
    """
    if rate is not None and not rate > 0:
        raise OrderRule(f"An exchange rate must be above zero, not {rate}.")
    now = _lock(order, State.DRAFT, verb="edited")
    rate = Decimal(1) if now.currency == settings.BASE_CURRENCY else rate
    return _turn(now, State.DRAFT, rate=rate, expected_on=expected_on, note=note[:200])


@transaction.atomic
def set_line(
    *, order: PurchaseOrder, item: Item, quantity: int, unit_cost: Decimal | None = None
) -> PurchaseOrderLine | None:
    """Set what a draft orders of an item (0 takes the line out), at the supplier's price unless told.

    :raises WrongState: the order is no draft.
    :raises OrderRule: the quantity breaks the supplier's terms, there is no price, or it is a bundle.
    """
    now = _lock(order, State.DRAFT, verb="edited")
    if units(quantity, least=0) == 0:
        now.lines.filter(item=item).delete()
        return None
    cost = line_cost(supplier=now.supplier, item=item, quantity=quantity, unit_cost=unit_cost)
    line, _created = PurchaseOrderLine.objects.update_or_create(
        order=now, item=item, defaults={"quantity": quantity, "unit_cost": cost}
    )
    return line


@transaction.atomic
def send(*, order: PurchaseOrder) -> PurchaseOrder:
    """Send a draft: it counts as on its way from now on. Repeating changes nothing.

    :raises WrongState: it is neither draft nor sent.
    :raises OrderRule: it has no lines, or a quantity breaks the supplier's terms of today.
    :raises RateMissing: it is in a foreign currency without a rate.
    """
    now = _lock(order, State.DRAFT, State.SENT, verb="sent")
    if now.state == State.SENT:
        return now
    lines = list(now.lines.select_related("item"))
    if not lines:
        raise OrderRule(f"{now.number} has no lines.")
    terms = {one.item_id: one for one in now.supplier.items.select_related("supplier")}
    for line in lines:
        check_quantity(line.item.sku, line.quantity, terms.get(line.item_id))
    require_rate(now)
    longest = max((terms[line.item_id].lead_time for line in lines if line.item_id in terms), default=None)
    days = now.supplier.lead_time_days if longest is None else longest
    today = timezone.localdate()
    # A date that has passed while the order was a draft says nothing any more.
    expected = now.expected_on if now.expected_on and now.expected_on >= today else today + timedelta(days=days)
    return _turn(now, State.SENT, sent_at=timezone.now(), expected_on=expected)


def require_rate(order: PurchaseOrder) -> Decimal:
    """Return the order's exchange rate.

    :raises RateMissing: it has none and is in a foreign currency.
    """
    if order.currency == settings.BASE_CURRENCY:
        return Decimal(1)
    if order.rate is None:
        raise RateMissing(f"{order.number} is in {order.currency}: give the rate to {settings.BASE_CURRENCY}.")
    return order.rate


@transaction.atomic
def back_to_draft(*, order: PurchaseOrder) -> PurchaseOrder:
    """Take a sent order back for editing. Repeating changes nothing.

    :raises WrongState: something has arrived, or it is over.
    """
    now = _lock(order, State.SENT, State.DRAFT, verb="taken back to draft")
    return now if now.state == State.DRAFT else _turn(now, State.DRAFT, sent_at=None)


@transaction.atomic
def cancel(*, order: PurchaseOrder) -> PurchaseOrder:
    """Cancel an order of which nothing has arrived. Repeating changes nothing.

    :raises WrongState: something has arrived (close it short instead), or it is over.
    """
    now = _lock(order, State.DRAFT, State.SENT, State.CANCELLED, verb="cancelled")
    return now if now.state == State.CANCELLED else _turn(now, State.CANCELLED)


@transaction.atomic
def close_short(*, order: PurchaseOrder) -> PurchaseOrder:
    """Give up what has not arrived of a partly received order. Repeating changes nothing.

    :raises WrongState: nothing has arrived (cancel it instead), or everything has.
    """
    now = _lock(order, State.PARTLY_RECEIVED, State.CLOSED_SHORT, verb="closed short")
    return now if now.state == State.CLOSED_SHORT else _turn(now, State.CLOSED_SHORT)
