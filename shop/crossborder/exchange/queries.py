"""Reading exchange rates."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from shop.crossborder.exchange import guards
from shop.crossborder.exchange.rates import Rates
from shop.crossborder.models import ExchangeRate

# A currency that stopped being published has no rate any more, rather than a very old one.
GONE_AFTER_DAYS = 45
ACCEPTED = ExchangeRate.State.ACCEPTED


@dataclass(frozen=True)
class Staleness:
    """The day of the newest accepted rate (None: there is none), its age in days, and whether that is too old."""

    on: date | None
    days: int | None
    old: bool


def rates(*, kind: str, on: date) -> Rates:
    """Return the newest accepted rate of each currency on or before the day. One statement.

    Of a day's two rates the one set by hand counts. Rates of more than 45 days before are left out; the table is empty
    where nothing is known.
    """
    rows = (
        ExchangeRate.objects.filter(kind=kind, state=ACCEPTED, on__lte=on, on__gte=on - timedelta(GONE_AFTER_DAYS))
        # "manual" sorts after "imported".
        .order_by("currency", "-on", "-origin")
        .distinct("currency")
        .values_list("currency", "per_eur", "on", "source")
    )
    found = {currency: (per_eur, day, source) for currency, per_eur, day, source in rows}
    newest = max((day for _rate, day, _source in found.values()), default=on)
    return Rates(
        kind=kind,
        on=newest,
        per_eur={currency: per_eur for currency, (per_eur, _day, _source) in found.items()},
        days={currency: day for currency, (_rate, day, _source) in found.items() if day != newest},
        sources={currency: source for currency, (_rate, _day, source) in found.items()},
    )


def staleness(today: date, *, kind: str = "reference") -> Staleness:
    """Return how old the newest accepted rates are. One statement. No rates at all are too old as well."""
    on = ExchangeRate.objects.filter(kind=kind, state=ACCEPTED, on__lte=today).aggregate(newest=Max("on"))["newest"]
    if on is None:
        return Staleness(None, None, True)
    return Staleness(on, (today - on).days, guards.is_old(on, today))
