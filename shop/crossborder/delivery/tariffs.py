"""What a parcel costs: the band of its chargeable weight, steps beyond the last band, surcharge, free above. Pure.

Bands are named by their upper end, which belongs to them: a band up to 500 g holds 500 g and not 501 g. Amounts are in
the currency of the market, which is also the currency of the goods.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.crossborder.money import round_money


@dataclass(frozen=True)
class Band:
    """A tariff row. ``up_to_g`` None: any weight. ``step_amount`` for each begun ``step_g`` beyond the last band.

    ``origin`` is the ISO code of the warehouse's country, empty: from anywhere.
    """

    amount: Decimal
    up_to_g: int | None = None
    step_g: int | None = None
    step_amount: Decimal | None = None
    free_above: Decimal | None = None
    origin: str = ""


def from_origin(bands: Iterable[Band], country: str) -> list[Band]:
    """Return the bands written for parcels from a country, the lightest first; else those from anywhere."""
    every = list(bands)
    own = [one for one in every if one.origin and one.origin == country]
    chosen = own or [one for one in every if not one.origin]
    return sorted(chosen, key=lambda one: (one.up_to_g is None, one.up_to_g or 0))


def band_for(bands: Sequence[Band], grams: int) -> Band | None:
    """Return the band (of those sorted by :func:`from_origin`) that the weight falls into, or None beyond them all.

    The last band also takes heavier parcels where it has steps.
    """
    for band in bands:
        if band.up_to_g is None or grams <= band.up_to_g:
            return band
    last = bands[-1] if bands else None
    return last if last and last.step_g and last.step_amount is not None else None


def band_amount(band: Band, grams: int) -> Decimal:
    """Return what a parcel of this chargeable weight costs in the band, before surcharges; begun steps count whole."""
    if band.up_to_g is None or grams <= band.up_to_g or not band.step_g or band.step_amount is None:
        return band.amount
    return band.amount + -(-(grams - band.up_to_g) // band.step_g) * band.step_amount


@dataclass(frozen=True)
class Priced:
    """What parcels cost together, and from which value of goods they cost nothing (None: always something)."""

    amount: Decimal
    free_above: Decimal | None


def price(
    parcels: Iterable[tuple[int, Sequence[Band]]], *, goods: Decimal, surcharge: Decimal, currency: str
) -> Priced | None:
    """Return what parcels cost, or None when one is beyond its bands.

    Each parcel is its chargeable grams and the bands that hold for it. ``surcharge`` is the carrier's fuel surcharge, a
    fraction of each parcel's amount. Each parcel is rounded by itself, and free when ``goods`` reach its band's mark.
    """
    total, marks = Decimal(0), []
    for grams, bands in parcels:
        band = band_for(bands, grams)
        if band is None:
            return None
        marks.append(band.free_above)
        if band.free_above is None or goods < band.free_above:
            total += round_money(band_amount(band, grams) * (1 + surcharge), currency)
    known = [mark for mark in marks if mark is not None]
    return Priced(amount=total, free_above=max(known) if known and len(known) == len(marks) else None)
