"""What delivery asks of the goods, and the codes of its refusals. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a method does not take an order; stable codes that the doors word."""

    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    NOT_CARRIED = "not_carried"  # the carrier refuses goods with this flag
    BLOCKED_THERE = "blocked_there"  # a rule of the destination keeps goods with this flag out
    DESTINATION_NOT_SERVED = "destination_not_served"
    POSTCODE_EXCLUDED = "postcode_excluded"
    NO_TARIFF = "no_tariff"


@dataclass(frozen=True, order=True)
class Reason:
    """One refusal. ``flag`` names the property of the goods that it is about, ``skus`` the goods, if any."""

    refusal: Refusal
    flag: str = ""
    skus: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The stable code, e.g. ``too_heavy`` or ``not_carried_battery``."""
        return f"{self.refusal}_{self.flag}" if self.flag else str(self.refusal)


@dataclass(frozen=True)
class Origin:
    """A warehouse that parcels leave from; ``country`` is its ISO 3166-1 alpha-2 code."""

    warehouse_id: int
    country: str


NOWHERE = Origin(0, "")


@dataclass(frozen=True)
class Goods:
    """A line to deliver: units of one SKU, each packed as it is stored.

    ``weight_g`` is grams a unit. ``sides_mm`` are the three sides of the packed unit in millimetres, in any order, or
    None where nobody has measured it: then only its weight counts. ``flags`` are goods flags such as ``battery``.

    :raises ValueError: no units, no weight, or a side that is not above zero.
    """

    sku: str
    quantity: int
    weight_g: int
    sides_mm: tuple[int, int, int] | None = None
    flags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.weight_g < 1:
            raise ValueError(f"{self.sku}: a line needs at least one unit and one gram.")
        if self.sides_mm is not None and min(self.sides_mm) < 1:
            raise ValueError(f"{self.sku}: every side must be at least one millimetre.")

    @property
    def sides(self) -> tuple[int, int, int]:
        """The sides in millimetres, the longest first; zeros where they are not known."""
        longest, middle, shortest = sorted(self.sides_mm or (0, 0, 0), reverse=True)
        return longest, middle, shortest

    @property
    def volume_mm3(self) -> int:
        """The volume of one unit in cubic millimetres; 0 where it is not known."""
        longest, middle, shortest = self.sides
        return longest * middle * shortest


def flagged(goods: Iterable[Goods], flags: Iterable[str], refusal: Refusal) -> list[Reason]:
    """Return one reason for each of ``flags`` that some of the goods bear, in alphabetical order."""
    lines = list(goods)
    return [
        Reason(refusal, flag, tuple(sorted(line.sku for line in lines if flag in line.flags)))
        for flag in sorted(set(flags))
        if any(flag in line.flags for line in lines)
    ]
