"""Which warehouse serves which line. Pure: a plan from what is available now; the write decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Parcels(StrEnum):
    """What to prefer when no single warehouse near the shopper has everything."""

    FEWEST = "fewest"  # the fewest parcels, even from farther away
    NEAREST = "nearest"  # every unit from as near as possible, even in several parcels
    ONE = "one"  # one parcel or nothing


@dataclass(frozen=True)
class Place:
    """A warehouse as sourcing sees it; ``serves`` is empty when it ships everywhere."""

    id: int
    country: str
    kind: str
    serves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Units of one item that one warehouse could promise."""

    balance_id: int
    item_id: int
    warehouse_id: int
    available: int


@dataclass(frozen=True)
class Pick:
    """Units to take from one warehouse."""

    item_id: int
    warehouse_id: int
    quantity: int


# ISO codes of the customs union of the EU's member states (Council Regulation (EU) 952/2013, article 4, by country).
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
# Goods in a bonded warehouse are there for its market alone; a museum's shop floor, which visitors see, gives last.
KIND_RANK = {"bonded": 0, "own": 1, "third_party": 2, "shop": 3}


def _distance(place: Place, destination: str) -> int:
    if place.country == destination:
        return 0
    return 1 if place.country in EU and destination in EU else 2


def rank(places: Iterable[Place], *, destination: str) -> list[int]:
    """Return the ids of the warehouses that may ship to ``destination`` (ISO country), the best first.

    Nearest first (same country, same customs union, elsewhere), then by kind, then in the given order. A warehouse that
    serves named countries only is left out for any other; one bonded for the destination counts as being there.
    """
    eligible = [place for place in places if not place.serves or destination in place.serves]

    def key(place: Place) -> tuple[int, int]:
        bonded = place.kind == "bonded" and destination in place.serves
        distance = 0 if bonded else _distance(place, destination)
        return distance, KIND_RANK.get(place.kind, len(KIND_RANK))

    return [place.id for place in sorted(eligible, key=key)]


def propose(
    *,
    demand: Mapping[int, int],
    offers: Sequence[Offer],
    warehouses: Sequence[int],
    parcels: Parcels = Parcels.FEWEST,
) -> tuple[list[Pick], set[int]]:
    """Choose warehouses for ``demand`` (item id → units); return the picks and the items that cannot be served.

    ``warehouses`` is in order of preference. One warehouse that has everything is always taken first; beyond that
    FEWEST adds whole warehouses, each time the one that covers most units still open, NEAREST serves each line in order
    of preference, and ONE refuses (every item that no shared warehouse has whole counts as short).
    """
    have: dict[int, dict[int, int]] = {warehouse: {} for warehouse in warehouses}
    for offer in offers:
        if offer.warehouse_id in have and offer.available > 0:
            have[offer.warehouse_id][offer.item_id] = offer.available
    for warehouse in warehouses:
        if all(have[warehouse].get(item, 0) >= quantity for item, quantity in demand.items()):
            return [Pick(item, warehouse, quantity) for item, quantity in sorted(demand.items())], set()
    short = {item for item, quantity in demand.items() if sum(stock.get(item, 0) for stock in have.values()) < quantity}
    if not short and parcels == Parcels.ONE:
        best = max(warehouses, key=lambda one: _covered(demand, have[one]), default=None)
        stock = have[best] if best is not None else {}
        short = {item for item, quantity in demand.items() if stock.get(item, 0) < quantity}
    if short:
        return [], short
    return (_nearest if parcels == Parcels.NEAREST else _fewest)(demand, have, warehouses), set()


def _covered(open_units: Mapping[int, int], stock: Mapping[int, int]) -> int:
    return sum(min(quantity, stock.get(item, 0)) for item, quantity in open_units.items())


def _take(open_units: dict[int, int], stock: Mapping[int, int], warehouse: int) -> list[Pick]:
    picks = []
    for item, quantity in sorted(open_units.items()):
        taken = min(quantity, stock.get(item, 0))
        if taken:
            picks.append(Pick(item, warehouse, taken))
            open_units[item] -= taken
    return picks


def _nearest(demand: Mapping[int, int], have: Mapping[int, Mapping[int, int]], warehouses: Sequence[int]) -> list[Pick]:
    open_units = dict(demand)
    return [pick for warehouse in warehouses for pick in _take(open_units, have[warehouse], warehouse)]


def _fewest(demand: Mapping[int, int], have: Mapping[int, Mapping[int, int]], warehouses: Sequence[int]) -> list[Pick]:
    open_units, left, picks = dict(demand), list(warehouses), []
    while any(open_units.values()):
        # max() keeps the first of equals, which is the preferred one.
        best = max(left, key=lambda one: _covered(open_units, have[one]))
        left.remove(best)
        picks += _take(open_units, have[best], best)
    return picks
