"""What counts as a quantity of stock."""

from typing import Any

from inventory.stock.errors import BadQuantity

MAX_UNITS = 1_000_000  # a line; far above any real one, and sums of many stay within 32 bits


def units(value: Any, *, least: int = 1) -> int:
    """Return ``value`` if it is a whole number of units between ``least`` and 1,000,000.

    :raises BadQuantity: it is anything else, ``True`` and ``2.0`` included.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadQuantity(f"{value!r} is not a whole number of units.")
    if not least <= value <= MAX_UNITS:
        raise BadQuantity(f"Quantities must be between {least} and {MAX_UNITS:,}, not {value:,}.")
    return value
