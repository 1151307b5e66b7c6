"""Reading for stock counts: what the books say for a sheet, and what a counted sheet would change."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Coalesce

from inventory.stock.models import Balance, BundleComponent, Item, Warehouse
from inventory.stock.sheets import BookRow, CountedRow

BUNDLE = Exists(BundleComponent.objects.filter(bundle=OuterRef("pk")))


@dataclass(frozen=True)
class Finding:
    """A counted row beside the books: units on hand now, and what forbids to apply it (empty: nothing)."""

    row: CountedRow
    on_hand: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What a sheet would change. ``general`` are troubles of the sheet as a whole."""

    findings: tuple[Finding, ...]
    general: tuple[str, ...] = field(default=())

    @property
    def troubles(self) -> list[tuple[int, str]]:
        """Row number and trouble, 0 for the whole sheet."""
        of_rows = [(one.row.row, text) for one in self.findings for text in one.troubles]
        return [(0, text) for text in self.general] + of_rows

    @property
    def clean(self) -> bool:
        """Whether the sheet can be applied as things are now."""
        return not self.troubles

    @property
    def differences(self) -> list[CountedRow]:
        """The rows that differ from what was expected, the largest differences first."""
        rows = [one.row for one in self.findings if one.row.difference]
        return sorted(rows, key=lambda row: (-abs(row.difference), row.row))

    @property
    def more(self) -> int:
        """Units found beyond what was expected."""
        return sum(max(one.row.difference, 0) for one in self.findings)

    @property
    def fewer(self) -> int:
        """Units missing, as a positive number."""
        return sum(max(-one.row.difference, 0) for one in self.findings)


def sheet_rows(warehouse: Warehouse, *, stocked: bool = False) -> list[BookRow]:
    """Return a row for every item that can be counted, by SKU, or only for those with units on hand. One statement."""
    items = (
        Item.objects.annotate(here=FilteredRelation("balances", condition=Q(balances__warehouse=warehouse)))
        .annotate(units=Coalesce(F("here__on_hand"), 0))
        .order_by("sku")
    )
    items = items.filter(units__gt=0) if stocked else items.exclude(BUNDLE)
    found = items.values_list("sku", "description", "units")
    return [BookRow(sku, description, warehouse.code, units) for sku, description, units in found]


def digest(warehouse: Warehouse, rows: Sequence[CountedRow]) -> str:
    """Return what tells whether two sheets count the same: SHA-256 (hex), whatever the order of their rows."""
    lines = sorted(f"{row.sku}\t{row.expected}\t{row.counted}" for row in rows)
    return hashlib.sha256("\n".join([warehouse.code, *lines]).encode()).hexdigest()


def items_of(rows: Sequence[CountedRow]) -> dict[str, Item]:
    """Return SKU → item, each with ``bundle``: whether it is one. One statement."""
    found = Item.objects.filter(sku__in=[row.sku for row in rows]).annotate(bundle=BUNDLE).order_by()
    return {item.sku: item for item in found}


def compare(
    warehouse: Warehouse, rows: Sequence[CountedRow], items: Mapping[str, Item], balances: Mapping[int, Balance]
) -> tuple[Finding, ...]:
    """Compare rows with the balances (by item id) of their warehouse; a balance that is not there holds nothing."""
    seen: set[str] = set()
    findings = []
    for row in rows:
        item = items.get(row.sku)
        balance = balances.get(item.id) if item else None
        troubles = _troubles(warehouse, row, item, balance)
        if row.sku in seen:
            troubles.append(f"{row.sku} is counted twice.")
        seen.add(row.sku)
        findings.append(Finding(row, balance.on_hand if balance else 0, tuple(troubles)))
    return tuple(findings)


def _troubles(warehouse: Warehouse, row: CountedRow, item: Item | None, balance: Balance | None) -> list[str]:
    troubles = []
    if row.warehouse.casefold() != warehouse.code.casefold():
        troubles.append(f"{row.sku} is a row of warehouse {row.warehouse}, not of {warehouse.code}.")
    if item is None:
        return [*troubles, f"There is no item {row.sku}."]
    if item.bundle:  # type: ignore[attr-defined]
        return [*troubles, f"{row.sku} is a bundle: count what it is made of."]
    if troubles:
        return troubles
    on_hand = balance.on_hand if balance else 0
    moved = on_hand - row.expected
    if moved:
        way = "more" if moved > 0 else "fewer"
        books = f"the sheet expects {row.expected:,}, the books now say {on_hand:,} ({abs(moved):,} {way})"
        return [f"{row.sku}: {books}. Stock moved since the sheet was made; count it again."]
    least = balance.held + balance.allocated + balance.fenced - balance.backorder_limit if balance else 0
    if row.counted < least:
        by = "claimed by holds, orders and units set aside"
        return [f"{row.sku}: {row.counted:,} counted, but {least:,} are {by}. Release or cancel claims first."]
    return []
