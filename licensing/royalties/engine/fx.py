"""Quotes of exchange rates, as units of the foreign currency for one of the statement's: an amount is divided by them.

An inverse is never stored: rounded, it would lose money (worked example E9).
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from licensing.royalties.engine.amounts import ONE, ZERO
from licensing.royalties.engine.errors import Refused, refuse
from licensing.royalties.engine.terms import Fx, FxFallback, FxMethod

LOOK_BACK = 10  # days


@dataclass(frozen=True)
class Quotes:
    """``daily``: (currency, day) → quote. ``monthly``: (currency, first day of the month) → published average."""

    daily: Mapping[tuple[str, date], Decimal] = field(default_factory=dict)
    monthly: Mapping[tuple[str, date], Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """The rate of one conversion, and what it is called on the statement."""

    label: str
    quote: Decimal


@dataclass(frozen=True)
class Converter:
    """Converts into ``home``; ``statement_date`` and ``payment_date`` only where the method asks for them."""

    home: str
    clause: Fx | None
    quotes: Quotes
    statement_date: date | None = None
    payment_date: date | None = None

    def point(self, currency: str, on: date) -> Point:
        """Return the rate for a sale on a day.

        :raises Refused: the terms name no method, or there is no quote.
        """
        if currency == self.home:
            return Point(self.home, ONE)
        if self.clause is None:
            raise refuse("/fx", "fx-missing", f"Sales are in {currency} and the terms name no way to convert them.")
        label, quote = self._by_method(self.clause.method, currency, on)
        return Point(f"{currency} {label}", quote)

    def _by_method(self, method: FxMethod, currency: str, on: date) -> tuple[str, Decimal]:
        quarter = _quarter(on)
        match method:
            case FxMethod.SALE_DATE:
                found = f"{on}", self._on(currency, on)
            case FxMethod.MONTH_AVERAGE:
                found = f"{on:%Y-%m} average", self._month(currency, on)
            case FxMethod.MONTH_END:
                found = f"{on:%Y-%m} end", self._last(currency, _month_end(on))
            case FxMethod.QUARTER_AVERAGE:
                found = f"{_name(on)} average", _mean([self._month(currency, day) for day in quarter])
            case FxMethod.AVERAGE_OF_MONTH_ENDS:
                found = f"{_name(on)} month ends", _mean([self._last(currency, _month_end(day)) for day in quarter])
            case FxMethod.QUARTER_LAST_DAY:
                found = f"{_name(on)} end", self._last(currency, _month_end(quarter[-1]))
            case FxMethod.STATEMENT_DATE:
                found = self._declared(currency, self.statement_date, "statement date")
            case FxMethod.PAYMENT_DATE:
                found = self._declared(currency, self.payment_date, "payment date")
        return found

    def _declared(self, currency: str, on: date | None, name: str) -> tuple[str, Decimal]:
        if on is None:
            raise refuse("/fx", "fx-date-missing", f"The terms convert at the {name}, which was not given.")
        return f"{name} {on}", self._on(currency, on)

    def _on(self, currency: str, on: date) -> Decimal:
        days = LOOK_BACK if self.clause and self.clause.fallback == FxFallback.PREVIOUS_DAY else 0
        return self._back(currency, on, days)

    def _last(self, currency: str, end: date) -> Decimal:
        # The last day with a quote: the end of a month may be a holiday, whatever the fallback.
        return self._back(currency, end, LOOK_BACK)

    def _back(self, currency: str, on: date, days: int) -> Decimal:
        for back in range(days + 1):
            found = self.quotes.daily.get((currency, on - timedelta(days=back)))
            if found is not None:
                return found
        raise _unknown(currency, f"on {on}")

    def _month(self, currency: str, on: date) -> Decimal:
        published = self.quotes.monthly.get((currency, on.replace(day=1)))
        if published is not None:
            return published
        days = [on.replace(day=number) for number in range(1, _month_end(on).day + 1)]
        found = [self.quotes.daily[currency, day] for day in days if (currency, day) in self.quotes.daily]
        if not found:
            raise _unknown(currency, f"in {on:%Y-%m}")
        return _mean(found)


def _mean(quotes: Sequence[Decimal]) -> Decimal:
    return sum(quotes, ZERO) / len(quotes)


def _unknown(currency: str, when: str) -> Refused:
    return refuse(f"/fx/{currency}", "fx-rate-missing", f"There is no rate for {currency} {when}.")


def _month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _quarter(on: date) -> list[date]:
    first = 3 * ((on.month - 1) // 3) + 1
    return [date(on.year, month, 1) for month in range(first, first + 3)]


def _name(on: date) -> str:
    return f"{on.year}-Q{(on.month - 1) // 3 + 1}"
