"""What lies outside the licence: flagged, never dropped, still owed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from licensing.royalties.engine.amounts import ZERO
from licensing.royalties.engine.lines import Flag, Line
from licensing.royalties.engine.terms import Scope


def last_day_of_sell_off(scope: Scope) -> date:
    """Return the last day on which stock may be sold off: expiry on 31 December and 90 days end on 31 March."""
    return scope.term_until + timedelta(days=scope.sell_off_days)


def flags_of(
    lines: Sequence[Line], scope: Scope, *, sold_before: Mapping[str, int], sold_off_before: Mapping[str, int]
) -> dict[str, dict[Flag, Decimal]]:
    """Return line id → flag → share of the line that it concerns (1: all of it).

    ``sold_before`` are the units of each SKU in earlier statements, ``sold_off_before`` those after the term's end.
    Lines are counted by date and id, so that their order does not matter.
    """
    sold = dict(sold_before)
    sold_off = dict(sold_off_before)
    found: dict[str, dict[Flag, Decimal]] = {}
    for line in sorted(lines, key=lambda one: (one.sold_on, one.id)):
        flags: dict[Flag, Decimal] = {}
        if scope.territories is not None and line.territory not in scope.territories:
            flags[Flag.OUT_OF_TERRITORY] = Decimal(1)
        if scope.channels is not None and line.channel not in scope.channels:
            flags[Flag.OUT_OF_CHANNEL] = Decimal(1)
        if not line.approved:
            flags[Flag.UNAPPROVED] = Decimal(1)
        if line.sold_on < scope.term_from:
            flags[Flag.BEFORE_TERM] = Decimal(1)
        cap = scope.unit_caps.get(line.sku)
        if cap is not None and line.units > 0:
            _flag(flags, Flag.OVER_CAP, line, room=cap - sold.get(line.sku, 0))
        sold[line.sku] = sold.get(line.sku, 0) + line.units
        if line.sold_on > scope.term_until:
            _sell_off(flags, line, scope, sold_off)
        found[line.id] = flags
    return found


def _sell_off(flags: dict[Flag, Decimal], line: Line, scope: Scope, sold_off: dict[str, int]) -> None:
    late = line.sold_on > last_day_of_sell_off(scope)
    flags[Flag.AFTER_SELL_OFF if late else Flag.SELL_OFF] = Decimal(1)
    if scope.declared_stock is not None and line.units > 0:
        declared = scope.declared_stock.get(line.sku, 0)
        _flag(flags, Flag.UNDECLARED_STOCK, line, room=declared - sold_off.get(line.sku, 0))
    sold_off[line.sku] = sold_off.get(line.sku, 0) + line.units


def _flag(flags: dict[Flag, Decimal], flag: Flag, line: Line, *, room: int) -> None:
    over = line.units - max(room, 0)
    if over > 0:
        flags[flag] = Decimal(over) / line.units if line.units else ZERO
