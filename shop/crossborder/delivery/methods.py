"""One method judged: refused with reasons, or priced and dated. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shop.crossborder.delivery.calendars import Calendar, Estimate, estimate
from shop.crossborder.delivery.goods import Goods, Origin, Reason, Refusal, flagged
from shop.crossborder.delivery.parcels import Limits, Parcel, misfits, split
from shop.crossborder.delivery.tariffs import Band, Priced, from_origin, price
from shop.crossborder.delivery.zones import Area
from shop.crossborder.money import text


@dataclass(frozen=True)
class Method:
    """A delivery method as the day's rows describe it; ``bands`` by zone id, ``flat`` when it has no bands at all."""

    code: str
    names: Mapping[str, str]
    carrier: str
    tracked: bool
    days: tuple[int, int]
    cut_off: int
    limits: Limits
    refuses: frozenset[str]
    flat: Band | None
    surcharge: Decimal
    bands: Mapping[int, Sequence[Band]] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return the method's name in the language, else in English, else its code."""
        return str(self.names.get(language) or self.names.get("en") or self.code)


@dataclass(frozen=True)
class DeliveryOption:
    """A method that takes the order: ``amount`` in the market's currency, grams, and the days it may arrive."""

    code: str
    name: str
    names: Mapping[str, str]
    carrier: str
    tracked: bool
    currency: str
    amount: Decimal
    free_above: Decimal | None
    chargeable_g: int
    parcels: int
    days_from: int
    days_to: int
    earliest: date
    latest: date
    certain: bool

    @property
    def refused(self) -> bool:
        """False: it can be chosen."""
        return False

    def as_json(self) -> dict[str, Any]:
        """Return the option as JSON-ready data, amounts as text."""
        mark = self.free_above
        return {
            "code": self.code,
            "name": self.name,
            "available": True,
            "carrier": self.carrier,
            "tracked": self.tracked,
            "amount": text(self.amount, self.currency),
            "free_above": None if mark is None else text(mark, self.currency),
            "chargeable_grams": self.chargeable_g,
            "parcels": self.parcels,
            "earliest": self.earliest.isoformat(),
            "latest": self.latest.isoformat(),
            "dates_certain": self.certain,
            "reasons": [],
        }


@dataclass(frozen=True)
class RefusedOption:
    """A method that does not take the order, with every reason in code and in words (``texts``, in order)."""

    code: str
    name: str
    reasons: tuple[Reason, ...]
    texts: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """True: it cannot be chosen."""
        return True

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as JSON-ready data."""
        return {
            "code": self.code,
            "name": self.name,
            "available": False,
            "reasons": [
                {"code": reason.code, "text": words, "skus": list(reason.skus)}
                for reason, words in zip(self.reasons, self.texts, strict=True)
            ],
        }


@dataclass(frozen=True)
class Journey:
    """What is asked of every method: goods by warehouse, and where and when they go."""

    goods: Mapping[Origin, Sequence[Goods]]
    amount: Decimal
    currency: str
    country: str
    postcode: str
    served: bool
    zone: Area | None
    ordered_at: datetime
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offered:
    """What a method asks for a journey: price, parcels, chargeable grams, dates."""

    price: Priced
    parcels: int
    chargeable_g: int
    days: tuple[int, int]
    estimate: Estimate


def _where(method: Method, journey: Journey, areas: Sequence[Area]) -> Reason | None:
    """Return why the method does not go to the address, or None."""
    if not journey.served:
        return Reason(Refusal.DESTINATION_NOT_SERVED)
    if not method.bands:
        return None if method.flat else Reason(Refusal.NO_TARIFF)
    if journey.zone is not None and journey.zone.id in method.bands:
        return None
    country = any(journey.country in area.countries for area in areas if area.id in method.bands)
    known = country and bool(journey.postcode)
    return Reason(Refusal.POSTCODE_EXCLUDED if known else Refusal.DESTINATION_NOT_SERVED)


def judge(
    method: Method, journey: Journey, *, areas: Sequence[Area], calendars: Mapping[str, Calendar]
) -> Offered | tuple[Reason, ...]:
    """Return what the method asks for the journey, or every reason why it does not take it.

    ``calendars`` maps the countries of the warehouses and of the destination to their working days.
    """
    lines = [line for some in journey.goods.values() for line in some]
    reasons = [
        *flagged(lines, journey.blocked, Refusal.BLOCKED_THERE),
        *flagged(lines, method.refuses, Refusal.NOT_CARRIED),
        *misfits(lines, method.limits),
    ]
    where = _where(method, journey, areas)
    if where or reasons:
        return tuple([where, *reasons] if where else reasons)
    parcels = {origin: split(some, method.limits) for origin, some in journey.goods.items()}
    priced = _price(method, journey, parcels)
    if priced is None:
        return (Reason(Refusal.NO_TARIFF),)
    extra = journey.zone.extra_days if journey.zone and method.bands else 0
    days = (method.days[0] + extra, method.days[1] + extra)
    found = [
        estimate(
            journey.ordered_at,
            cut_off=method.cut_off,
            days=days,
            origin=calendars[origin.country],
            destination=calendars[journey.country],
        )
        for origin in parcels
    ]
    every = [one for some in parcels.values() for one in some]
    return Offered(
        price=priced,
        parcels=len(every),
        chargeable_g=sum(one.chargeable_g for one in every),
        days=days,
        # The order is there when its last parcel is.
        estimate=Estimate(
            earliest=max(one.earliest for one in found),
            latest=max(one.latest for one in found),
            certain=all(one.certain for one in found),
        ),
    )


def _price(method: Method, journey: Journey, parcels: Mapping[Origin, Sequence[Parcel]]) -> Priced | None:
    if not method.bands:
        # A flat price is for the order, however many parcels it takes.
        return price(
            [(0, [method.flat])] if method.flat else [],
            goods=journey.amount,
            surcharge=method.surcharge,
            currency=journey.currency,
        )
    bands = method.bands[journey.zone.id] if journey.zone else []
    return price(
        [(one.chargeable_g, from_origin(bands, origin.country)) for origin, some in parcels.items() for one in some],
        goods=journey.amount,
        surcharge=method.surcharge,
        currency=journey.currency,
    )
