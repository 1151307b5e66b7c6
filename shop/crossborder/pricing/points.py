"""Price points: the amounts that a market likes to ask, and rounding to them."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum


class Rounding(StrEnum):
    """Which point an amount between two goes to; on a point it stays."""

    NEAREST = "nearest"  # half up
    UP = "up"


@dataclass(frozen=True)
class PricePoints:
    """The points ``step`` × n + ending, above zero. Step 1 and endings 0, 0.95: 0.95, 1.00, 1.95, 2.00, …

    :raises ValueError: the step is not above zero, there is no ending, or one is not in [0, step).
    """

    step: Decimal
    endings: tuple[Decimal, ...]
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        if not self.step.is_finite() or self.step <= 0:
            raise ValueError(f"A step of price points is above zero, not {self.step}.")
        if not self.endings:
            raise ValueError("Price points need at least one ending; 0 for whole steps.")
        for ending in self.endings:
            if not ending.is_finite() or not 0 <= ending < self.step:
                raise ValueError(f"An ending is at least 0 and below the step {self.step}, not {ending}.")

    def __contains__(self, amount: Decimal) -> bool:
        """Whether the amount is a price point."""
        return amount > 0 and any((amount - ending) % self.step == 0 for ending in self.endings)

    def _around(self, amount: Decimal) -> tuple[Decimal | None, Decimal]:
        """Return the last point at or below the amount (None below the first), and the first at or above it."""
        whole = (amount / self.step).to_integral_value(ROUND_FLOOR) * self.step
        near = [whole + shift + ending for shift in (-self.step, Decimal(0), self.step) for ending in self.endings]
        points = sorted(point for point in near if point > 0)
        below = [point for point in points if point <= amount]
        return (below[-1] if below else None), next(point for point in points if point >= amount)


def to_point(amount: Decimal, points: PricePoints) -> Decimal:
    """Round an amount to a price point: never zero or less, and never further than one step.

    :raises ValueError: the amount is not above zero.
    """
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"Only an amount above zero has a price point, not {amount}.")
    below, above = points._around(amount)  # noqa: SLF001 (same module)
    if below is None or points.rounding is Rounding.UP:
        return above
    return below if amount - below < above - amount else above
