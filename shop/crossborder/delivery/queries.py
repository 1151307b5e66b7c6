"""The delivery methods of a market for an address and its goods: priced and dated, or refused. Two statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q
from django.utils import translation

from inventory.stock.models import Warehouse
from shop.crossborder.delivery import wording
from shop.crossborder.delivery.goods import NOWHERE, Goods, Origin
from shop.crossborder.delivery.holidays import calendar
from shop.crossborder.delivery.methods import DeliveryOption, Journey, Method, Offered, RefusedOption, judge
from shop.crossborder.delivery.parcels import Limits
from shop.crossborder.delivery.tariffs import Band
from shop.crossborder.delivery.zones import Area, zone_of
from shop.crossborder.models import Market, ShippingOption, Zone

MM_IN_CM = 10
BAND = ("amount", "up_to_grams", "step_grams", "step_amount", "free_above", "origin")


def goods_of(variant: Any, quantity: int) -> Goods:
    """Return units of a variant as delivery sees them."""
    sides = (variant.length_mm, variant.width_mm, variant.height_mm)
    return Goods(
        sku=variant.sku,
        quantity=quantity,
        weight_g=variant.weight_g,
        sides_mm=None if None in sides else sides,
        flags=frozenset(variant.flags),
    )


def origins(warehouse_ids: Iterable[int]) -> dict[int, Origin]:
    """Return warehouse id → where its parcels leave from. One statement."""
    rows = Warehouse.objects.filter(id__in=list(warehouse_ids)).values_list("id", "country")
    return {warehouse_id: Origin(warehouse_id, country) for warehouse_id, country in rows}


def areas(market: Market, on: date) -> list[Area]:
    """Return the market's zones of that day. One statement."""
    rows = Zone.objects.filter(market=market, valid__contains=on).order_by("id")
    return [
        Area(
            id=row.id,
            countries=tuple(row.countries),
            postcodes=tuple(row.postcodes),
            regions=tuple(row.regions),
            extra_days=row.extra_days,
        )
        for row in rows
    ]


def methods(market: Market, on: date) -> list[Method]:
    """Return the market's active methods in order, with the tariffs and surcharges of that day. One statement."""
    rows = (
        ShippingOption.objects.filter(market=market, active=True)
        .annotate(
            priced=FilteredRelation("tariffs", condition=Q(tariffs__valid__contains=on)),
            fuelled=FilteredRelation("fuel_surcharges", condition=Q(fuel_surcharges__valid__contains=on)),
        )
        .annotate(
            zone=F("priced__zone_id"),
            fuel=F("fuelled__rate"),
            **{f"band_{name}": F(f"priced__{name}") for name in BAND},
        )
        .order_by("position", "id")
    )
    found: dict[int, ShippingOption] = {}
    bands: dict[int, dict[int, list[Band]]] = {}
    for row in rows:
        facts: Any = row
        found[row.id] = row
        by_zone = bands.setdefault(row.id, {})
        if facts.zone is not None:
            by_zone.setdefault(facts.zone, []).append(
                Band(
                    amount=facts.band_amount,
                    up_to_g=facts.band_up_to_grams,
                    step_g=facts.band_step_grams,
                    step_amount=facts.band_step_amount,
                    free_above=facts.band_free_above,
                    origin=facts.band_origin,
                )
            )
    return [_method(row, bands[row.id]) for row in found.values()]


def _method(row: Any, bands: Mapping[int, Sequence[Band]]) -> Method:
    return Method(
        code=row.code,
        names=row.names,
        carrier=row.carrier,
        tracked=row.tracked,
        days=(row.days_from, row.days_to),
        cut_off=row.cut_off,
        limits=Limits(
            max_weight_g=row.max_weight_g,
            max_side_mm=None if row.max_side_cm is None else row.max_side_cm * MM_IN_CM,
            max_girth_mm=None if row.max_girth_cm is None else row.max_girth_cm * MM_IN_CM,
            divisor=row.volumetric_divisor,
        ),
        refuses=frozenset(row.refuses),
        flat=None if row.amount is None else Band(amount=row.amount, free_above=row.free_above),
        surcharge=row.fuel or Decimal(0),
        bands=bands,
    )


def options(
    *,
    market: Market,
    country: str,
    lines: Iterable[Goods],
    warehouses_by_line: Mapping[str, Origin],
    goods_amount: Decimal,
    now: datetime,
    language: str,
    postcode: str = "",
    region: str = "",
    blocked: Mapping[str, Collection[str]] | None = None,
) -> list[DeliveryOption | RefusedOption]:
    """Return the market's methods in order, each with its price and dates or with its refusals. Two statements.

    ``country`` is an ISO code. ``warehouses_by_line`` maps SKU to the warehouse its units leave from; a SKU that is not
    in it leaves from nowhere in particular and is priced by the rows for any origin. ``goods_amount`` is the value of
    the goods in the market's currency. ``blocked`` maps a goods flag to the countries whose rules keep it out.

    :raises ValueError: there are no lines, or ``now`` has no time zone.
    """
    on = now.date()
    goods = list(lines)
    if not goods:
        raise ValueError("There is nothing to deliver.")
    places = areas(market, on)
    by_origin: dict[Origin, list[Goods]] = {}
    for line in goods:
        by_origin.setdefault(warehouses_by_line.get(line.sku, NOWHERE), []).append(line)
    journey = Journey(
        goods=by_origin,
        amount=goods_amount,
        currency=market.currency,
        country=country,
        postcode=postcode,
        served=country in market.countries,
        zone=zone_of(places, country=country, postcode=postcode, region=region),
        ordered_at=now,
        blocked=frozenset(flag for flag, countries in (blocked or {}).items() if country in countries),
    )
    # Goods from nowhere in particular leave by the working days of where they go.
    calendars = {one.country: calendar(one.country or country) for one in by_origin} | {country: calendar(country)}
    with translation.override(language):
        return [
            _option(method, judge(method, journey, areas=places, calendars=calendars), market.currency, language)
            for method in methods(market, on)
        ]


def _option(method: Method, found: Any, currency: str, language: str) -> DeliveryOption | RefusedOption:
    if not isinstance(found, Offered):
        return RefusedOption(
            code=method.code,
            name=method.name(language),
            reasons=found,
            texts=tuple(wording.sentence(one) for one in found),
        )
    return DeliveryOption(
        code=method.code,
        name=method.name(language),
        names=method.names,
        carrier=method.carrier,
        tracked=method.tracked,
        currency=currency,
        amount=found.price.amount,
        free_above=found.price.free_above,
        chargeable_g=found.chargeable_g,
        parcels=found.parcels,
        days_from=found.days[0],
        days_to=found.days[1],
        earliest=found.estimate.earliest,
        latest=found.estimate.latest,
        certain=found.estimate.certain,
    )
