"""Which warehouse sends which goods of a basket, as far as can be told before the stock is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from inventory.stock import queries as stock
from inventory.stock.sourcing import Pick, Place, propose, rank
from shop.catalogue.models import Variant
from shop.crossborder.landed_cost.money import apportion, minor_unit
from shop.crossborder.landed_cost.request import Consignment, Line
from shop.crossborder.models import Market, MarketWarehouse, Registration


@dataclass(frozen=True)
class Wanted:
    """Goods to be sent: ``unit_price`` in the market's currency, ``discount`` off the whole line."""

    variant: Variant
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Sending:
    """What one warehouse sends: position in the list of what is wanted, and units of it."""

    place: Place
    units: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Sources:
    """Where a market's goods can come from, the best first, and its seller's registrations (kind → number)."""

    places: tuple[Place, ...]
    registrations: dict[str, str]


def sources(market: Market, *, destination: str, on: date) -> Sources:
    """Return the market's warehouses that may ship to a country (ISO code), and what its seller is registered for.

    One statement. Of several numbers of a kind (national VAT in member states) one is kept: the engine asks whether
    there is one.
    """
    numbers = Registration.objects.filter(seller=OuterRef("market__seller"), valid__contains=on)
    rows = (
        MarketWarehouse.objects.filter(market=market)
        .order_by("rank")
        .select_related("warehouse")
        .annotate(
            numbers=ArraySubquery(
                numbers.order_by("kind", "-jurisdiction").values(pair=JSONObject(kind="kind", number="number"))
            )
        )
    )
    served = list(rows)
    found = [Place(one.id, one.country, one.kind, tuple(one.serves)) for one in (row.warehouse for row in served)]
    by_id = {place.id: place for place in found}
    return Sources(
        places=tuple(by_id[one] for one in rank(found, destination=destination)),
        registrations={pair["kind"]: pair["number"] for pair in served[0].numbers} if served else {},
    )


def send(wanted: Sequence[Wanted], places: Sequence[Place]) -> list[Sending]:
    """Return who sends what: the plan the stock would follow now. One statement.

    What no warehouse has, or that cannot be told, is left to the first: placing the order asks the stock itself.
    """
    demand: dict[int, int] = {}
    for one in wanted:
        demand[one.variant.item_id] = demand.get(one.variant.item_id, 0) + one.quantity
    warehouses = [place.id for place in places]
    offers = stock.available_by_place(item_ids=list(demand), warehouse_ids=warehouses)
    picks, short = propose(demand=demand, offers=offers, warehouses=warehouses)
    if short or not picks:
        picks = [Pick(item, warehouses[0], quantity) for item, quantity in demand.items()]
    left = {(pick.item_id, pick.warehouse_id): pick.quantity for pick in picks}
    found: list[Sending] = []
    for place in places:
        units = []
        for number, one in enumerate(wanted):
            taken = min(left.get((one.variant.item_id, place.id), 0), one.quantity - _sent(found, number))
            if taken:
                left[one.variant.item_id, place.id] -= taken
                units.append((number, taken))
        if units:
            found.append(Sending(place, tuple(units)))
    return found


def _sent(sendings: Sequence[Sending], number: int) -> int:
    return sum(units for one in sendings for position, units in one.units if position == number)


def consignments(
    wanted: Sequence[Wanted],
    sendings: Sequence[Sending],
    *,
    shipping: Decimal,
    currency: str,
    seller_country: str,
    registrations: dict[str, str],
    route: str = "",
) -> tuple[Consignment, ...]:
    """Return the consignments as the landed-cost engine takes them; delivery is shared out by value."""
    unit = minor_unit(currency)
    values = [sum((wanted[n].unit_price * units for n, units in one.units), Decimal(0)) for one in sendings]
    shares = _discounts(wanted, sendings, unit)
    return tuple(
        Consignment(
            lines=tuple(_line(wanted[number], units, shares[one.place.id, number]) for number, units in one.units),
            shipping=share,
            currency=currency,
            seller_country=seller_country or one.place.country,
            from_country=one.place.country,
            registrations=registrations,
            bonded=one.place.kind == "bonded",
            route=route,
        )
        for one, share in zip(sendings, apportion(shipping, values, unit), strict=True)
    )


def _discounts(wanted: Sequence[Wanted], sendings: Sequence[Sending], unit: Decimal) -> dict[tuple[int, int], Decimal]:
    """Share each line's discount out over its parts by units; return (warehouse, line) → amount."""
    shares: dict[tuple[int, int], Decimal] = {}
    for number, one in enumerate(wanted):
        parts = [(place.place.id, units) for place in sendings for position, units in place.units if position == number]
        amounts = apportion(one.discount, [Decimal(units) for _place, units in parts], unit) if parts else []
        shares |= {(place, number): amount for (place, _units), amount in zip(parts, amounts, strict=True)}
    return shares


def _line(one: Wanted, units: int, discount: Decimal) -> Line:
    variant = one.variant
    return Line(
        sku=variant.sku,
        hs=variant.hs_code,
        origin=variant.origin,
        quantity=units,
        unit_price=one.unit_price,
        discount=discount,
        category=variant.product.category,
        weight_g=variant.weight_g,
        flags=frozenset(variant.flags),
    )
