"""What makes a rate doubtful: a jump, or age. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shop.crossborder.exchange.rates import OLD_AFTER_DAYS

LARGEST_MOVE = Decimal("0.10")  # of the rate before


def move(before: Decimal, after: Decimal) -> Decimal:
    """Return the change as a fraction of the rate before: 0.1 is a tenth more, -0.1 a tenth less."""
    return (after - before) / before


def jumps(before: Decimal | None, after: Decimal) -> bool:
    """Tell whether a rate moved more than 10 %. Without a rate before there is nothing to compare with."""
    return before is not None and abs(after - before) > LARGEST_MOVE * before


def moved(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the currencies that moved more than 10 % between two tables, with the change as a fraction."""
    return {code: move(before[code], rate) for code, rate in after.items() if jumps(before.get(code), rate)}


def is_old(on: date, today: date) -> bool:
    """Tell whether a table is older than the longest gap between working days: four days, at Easter."""
    return (today - on).days > OLD_AFTER_DAYS
