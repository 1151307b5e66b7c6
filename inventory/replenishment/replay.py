"""Replays a sales history through the real actions of stock: every order held, committed and shipped, every
cancellation taken back. In chunks, each one transaction together with the note of how far it came: a crash loses at
most the chunk in hand, and nothing is counted twice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inventory.replenishment.history import Invoice, Line
from inventory.replenishment.models import SalesReplay
from inventory.stock import actions as stock
from inventory.stock.errors import OutOfStock
from inventory.stock.models import Balance, Hold, HoldLine, Item, Movement, Warehouse

CHUNK = 40  # invoices in one transaction
CHANNEL = "history"
T = TypeVar("T")


class ReplayBusy(Exception):
    """Another process replays this file into this warehouse."""


@dataclass
class Report:
    """What a replay did so far. Units are whole; values in GBP by country of delivery (ISO code where known)."""

    lines: int = 0
    orders: int = 0
    orders_refused: int = 0
    units: int = 0
    units_refused: int = 0
    stock_outs: Counter[str] = field(default_factory=Counter)
    returns: int = 0
    units_returned: int = 0
    returns_without_sale: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    value: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "stock_outs": dict(self.stock_outs),
            "skipped": dict(self.skipped),
            "value": {country: str(amount) for country, amount in self.value.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Report":
        """Return the report that ``as_json`` wrote."""
        report = cls()
        for name, value in kept.items():
            match name:
                case "stock_outs" | "skipped":
                    setattr(report, name, Counter(value))
                case "value":
                    report.value.update({country: Decimal(amount) for country, amount in value.items()})
                case _:
                    setattr(report, name, value)
        return report


def open_replay(*, digest: str, name: str, warehouse: Warehouse) -> SalesReplay:
    """Return the note of this file's replay into this warehouse: where it stopped, or a new one."""
    replay, _created = SalesReplay.objects.get_or_create(
        digest=digest, warehouse=warehouse, defaults={"name": name[:200]}
    )
    return replay


def receive_opening(
    *,
    replay: SalesReplay,
    units: Mapping[str, tuple[str, int]],
    at: datetime | None,
    flat: int | None = None,
    batch: int = 500,
) -> int:
    """Put opening stock on the shelf: SKU → (description, units), or ``flat`` units of each; return the units received.

    ``at`` is when it was there, before the first sale. Items that nobody counted yet are made. Repeating receives
    nothing.
    """
    received = 0
    for skus in _chunks(sorted(units), batch):
        with transaction.atomic():
            items, _balances = _balances_of({sku: units[sku][0] for sku in skus}, replay.warehouse)
            for sku in skus:
                quantity = units[sku][1] if flat is None else flat
                key = f"replay:{replay.id}:opening:{sku}"
                if quantity > 0 and not Movement.objects.filter(cause_key=key).exists():
                    stock.receive(
                        item=items[sku],
                        warehouse=replay.warehouse,
                        quantity=min(quantity, stock.MAX_UNITS),
                        cause=f"replay:{replay.id} opening stock",
                        cause_key=key,
                        actor="replay",
                        occurred_at=at,
                    )
                    received += quantity
    return received


def run(
    *,
    replay: SalesReplay,
    invoices: Iterable[Invoice],
    progress: Callable[[Report], None] = lambda _report: None,
    pace: Callable[[Invoice], None] | None = None,
    chunk: int = CHUNK,
) -> Report:
    """Replay ``invoices`` (those after ``replay.position``) and return the report of the whole file.

    ``progress`` is told after each chunk; ``pace`` is asked before each invoice and may take its time.

    :raises ReplayBusy: another process is at the same file and warehouse.
    """
    report = Report.from_json(replay.report)
    shelf: dict[str, tuple[Item, int]] = {}
    for batch in _chunks(invoices, 1 if pace else chunk):
        if pace:
            pace(batch[0])
        _one_chunk(replay, batch, report, shelf)
        progress(report)
    SalesReplay.objects.filter(id=replay.id).update(finished_at=timezone.now())
    return report


@transaction.atomic
def _one_chunk(
    replay: SalesReplay, batch: Sequence[Invoice], report: Report, shelf: dict[str, tuple[Item, int]]
) -> None:
    """Replay one chunk. ``shelf`` remembers SKU → (item, balance id) from one chunk to the next."""
    now = SalesReplay.objects.select_for_update(skip_locked=True, of=("self",)).filter(id=replay.id).first()
    if now is None or now.position >= batch[0].first:
        raise ReplayBusy(f"{replay} is being replayed by another process.")
    wanted = {line.sku: line.description for invoice in batch for line in invoice.lines if not line.skipped}
    unseen = {sku: text for sku, text in wanted.items() if sku not in shelf}
    if unseen:
        made, ids = _balances_of(unseen, replay.warehouse)
        shelf.update({sku: (made[sku], ids[sku]) for sku in unseen})
    items = {sku: shelf[sku][0] for sku in wanted}
    balances = {shelf[sku][1] for sku in wanted}
    # All rows of the chunk in key order first: orders inside one transaction must not lock them in their own orders.
    list(
        Balance.objects.filter(id__in=balances)
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("id", flat=True)
    )
    for invoice in batch:
        if invoice.is_cancellation:
            _take_back(replay, invoice, items, report)
        else:
            _sell(replay, invoice, items, report)
        for line in invoice.lines:
            if line.skipped:
                report.skipped[line.skipped] += 1
        report.lines += len(invoice.lines)
    now.position = batch[-1].last
    now.report = report.as_json()
    now.finished_at = None
    now.save(update_fields=["position", "report", "finished_at"])


def _balances_of(wanted: Mapping[str, str], warehouse: Warehouse) -> tuple[dict[str, Item], dict[str, int]]:
    """Return SKU → item and SKU → balance id, made where they are missing. Four statements."""
    Item.objects.bulk_create(
        [Item(sku=sku, description=text) for sku, text in sorted(wanted.items())], ignore_conflicts=True
    )
    items = Item.objects.in_bulk(list(wanted), field_name="sku")
    Balance.objects.bulk_create(
        [Balance(item=item, warehouse=warehouse) for item in items.values()], ignore_conflicts=True
    )
    rows = Balance.objects.filter(item__sku__in=wanted, warehouse=warehouse).values_list("item__sku", "id")
    return items, dict(rows)


def _cause(replay: SalesReplay, invoice: Invoice) -> str:
    return f"order:{invoice.number} (replay {replay.id})"


def _holder(invoice: Invoice) -> str:
    return f"customer:{invoice.customer}" if invoice.customer else f"order:{invoice.number}"


def _sell(replay: SalesReplay, invoice: Invoice, items: Mapping[str, Item], report: Report) -> None:
    goods = [line for line in invoice.lines if not line.skipped]
    demand: dict[int, int] = defaultdict(int)
    skus = {items[line.sku].id: line.sku for line in goods}
    for line in goods:
        demand[items[line.sku].id] += line.quantity
    if not demand:
        return
    while demand:
        try:
            held = stock.hold(
                demand=demand,
                warehouses=[replay.warehouse_id],
                holder=_holder(invoice),
                cause=_cause(replay, invoice),
                cause_key=f"replay:{replay.id}:{invoice.first}",
                channel=CHANNEL,
                expires_at=None,
                actor="replay",
                occurred_at=invoice.sold_at,
            )
        except OutOfStock as error:
            # As a shopper would: what is short leaves the basket, the rest is bought.
            for shortage in error.shortages:
                report.units_refused += demand.pop(shortage.item_id)
                report.stock_outs[skus[shortage.item_id]] += 1
            continue
        stock.commit(hold_id=held.id, actor="replay", occurred_at=invoice.sold_at)
        stock.ship(hold_id=held.id, actor="replay", occurred_at=invoice.sold_at)
        break
    if not demand:
        report.orders_refused += 1
        return
    report.orders += 1
    report.units += sum(demand.values())
    report.value[invoice.country] += _value(goods, demand, items)


def _value(goods: Sequence[Line], sold: Mapping[int, int], items: Mapping[str, Item]) -> Decimal:
    return sum((line.quantity * line.unit_price for line in goods if items[line.sku].id in sold), Decimal(0))


def _take_back(replay: SalesReplay, invoice: Invoice, items: Mapping[str, Item], report: Report) -> None:
    """Take each line back against the customer's latest sales of the item; what no sale explains comes in by itself."""
    for number, line in enumerate(invoice.lines):
        if line.skipped:
            continue
        left = -line.quantity
        report.returns += 1
        report.units_returned += left
        report.value[invoice.country] += line.quantity * line.unit_price
        for hold_id, units in _sales(replay, invoice, items[line.sku]):
            taken = min(left, units)
            stock.return_units(
                hold_id=hold_id,
                item=items[line.sku],
                warehouse=replay.warehouse,
                quantity=taken,
                condition=stock.Condition.FIT,
                cause_key=f"replay:{replay.id}:{invoice.first}:{number}:{hold_id}",
                actor="replay",
                occurred_at=invoice.sold_at,
            )
            left -= taken
            if not left:
                break
        if left:
            report.returns_without_sale += 1
            stock.receive(
                item=items[line.sku],
                warehouse=replay.warehouse,
                quantity=left,
                cause=f"return:{invoice.number} (replay {replay.id})",
                cause_key=f"replay:{replay.id}:{invoice.first}:{number}:rest",
                actor="replay",
                occurred_at=invoice.sold_at,
            )


def _sales(replay: SalesReplay, invoice: Invoice, item: Item) -> list[tuple[Any, int]]:
    """Return (hold id, units not yet returned) of the customer's sales of an item, the latest first. One statement."""
    if not invoice.customer:
        return []
    lines = (
        HoldLine.objects.filter(
            hold__holder=_holder(invoice),
            hold__state=Hold.State.SHIPPED,
            hold__channel=CHANNEL,
            balance__item=item,
            balance__warehouse=replay.warehouse,
            shipped__gt=F("returned"),
        )
        .order_by("-hold__created_at")
        .values_list("hold_id", F("shipped") - F("returned"))
    )
    return list(lines[:20])


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
