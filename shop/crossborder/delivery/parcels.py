"""Units into parcels: first fit, the heaviest units first, each by what a carrier counts it for. Pure.

A unit's sides are those of the packed unit. The volume of a parcel is the sum of its units' volumes; its outline is the
units laid flat on one another, which can always be packed and is therefore safe against a carrier's limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shop.crossborder.delivery.goods import Goods, Reason, Refusal

MM3_IN_CM3 = 1000


@dataclass(frozen=True)
class Limits:
    """What a method takes in one parcel; None: no limit.

    ``max_side_mm`` is the longest side, ``max_girth_mm`` length plus girth (the longest side and twice the two others),
    ``divisor`` cubic centimetres that count as a kilogram (0: only the weight counts).
    """

    max_weight_g: int | None = None
    max_side_mm: int | None = None
    max_girth_mm: int | None = None
    divisor: int = 0


def volumetric_g(volume_mm3: int, divisor: int) -> int:
    """Return the grams that a volume counts for, rounded up; 0 where the method counts no volume."""
    return -(-volume_mm3 * 1000 // (divisor * MM3_IN_CM3)) if divisor else 0


def length_plus_girth(sides: tuple[int, int, int]) -> int:
    """Return the longest side plus twice each of the others, as parcel carriers measure."""
    longest, middle, shortest = sorted(sides, reverse=True)
    return longest + 2 * (middle + shortest)


@dataclass
class Parcel:
    """Units in one parcel: ``units`` maps SKU to number. Weights in grams, sides in millimetres."""

    divisor: int
    units: dict[str, int] = field(default_factory=dict)
    weight_g: int = 0
    volume_mm3: int = 0
    sides: tuple[int, int, int] = (0, 0, 0)

    @property
    def volumetric_g(self) -> int:
        """What its volume counts for."""
        return volumetric_g(self.volume_mm3, self.divisor)

    @property
    def chargeable_g(self) -> int:
        """What the carrier charges: the greater of weight and volumetric weight."""
        return max(self.weight_g, self.volumetric_g)

    def _outline(self, line: Goods) -> tuple[int, int, int]:
        length, width, height = line.sides
        return max(self.sides[0], length), max(self.sides[1], width), self.sides[2] + height

    def takes(self, line: Goods, limits: Limits) -> bool:
        """Return whether one more unit of the line is within the limits."""
        outline = self._outline(line)
        return (
            (limits.max_weight_g is None or self.weight_g + line.weight_g <= limits.max_weight_g)
            and (limits.max_side_mm is None or max(outline) <= limits.max_side_mm)
            and (limits.max_girth_mm is None or length_plus_girth(outline) <= limits.max_girth_mm)
        )

    def put(self, line: Goods) -> None:
        """Lay one unit on top."""
        self.sides = self._outline(line)
        self.units[line.sku] = self.units.get(line.sku, 0) + 1
        self.weight_g += line.weight_g
        self.volume_mm3 += line.volume_mm3


def misfits(goods: Iterable[Goods], limits: Limits) -> list[Reason]:
    """Return why some units alone are more than one parcel may be: too heavy, too large, with their SKUs."""
    lines = list(goods)
    heavy = [one.sku for one in lines if limits.max_weight_g is not None and one.weight_g > limits.max_weight_g]
    large = [
        one.sku
        for one in lines
        if (limits.max_side_mm is not None and max(one.sides) > limits.max_side_mm)
        or (limits.max_girth_mm is not None and length_plus_girth(one.sides) > limits.max_girth_mm)
    ]
    found = [(Refusal.TOO_HEAVY, heavy), (Refusal.TOO_LARGE, large)]
    return [Reason(refusal, skus=tuple(sorted(skus))) for refusal, skus in found if skus]


def split(goods: Iterable[Goods], limits: Limits) -> list[Parcel]:
    """Return the units of one warehouse in parcels within the limits, the same ones in whatever order they come.

    :raises ValueError: a unit alone is more than one parcel may be; ask :func:`misfits` first.
    """
    lines = sorted(
        goods,
        key=lambda one: (-max(one.weight_g, volumetric_g(one.volume_mm3, limits.divisor)), -one.weight_g, one.sku),
    )
    if found := misfits(lines, limits):
        raise ValueError("; ".join(f"{one.code}: {', '.join(one.skus)}" for one in found))
    parcels: list[Parcel] = []
    for line in lines:
        # Units of a line are alike: a parcel that refuses one refuses all that follow.
        place = 0
        for _unit in range(line.quantity):
            while place < len(parcels) and not parcels[place].takes(line, limits):
                place += 1
            if place == len(parcels):
                parcels.append(Parcel(limits.divisor))
            parcels[place].put(line)
    return parcels
