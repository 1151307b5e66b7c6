"""Rates of exchange as pricing takes them: any object with ``rate`` and ``on``."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from shop.crossborder.exchange import queries
from shop.crossborder.pricing.errors import RateUnknown


class Rates(Protocol):
    """Rates of one day."""

    @property
    def on(self) -> date:
        """The day the rates were published for."""

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one of ``base``; an exception when there is none."""


@dataclass(frozen=True)
class OneRate:
    """A single rate that a person names: ``value`` units of ``quote`` for one of ``base``."""

    base: str
    quote: str
    value: Decimal
    on: date

    def rate(self, base: str, quote: str) -> Decimal:
        """Return the rate.

        :raises RateUnknown: another pair was asked for.
        """
        if (base, quote) != (self.base, self.quote):
            raise RateUnknown(f"The rate is for {self.base} to {self.quote}, not {base} to {quote}.")
        return self.value


def latest(on: date) -> Rates:
    """Return the reference rates in force on that day.

    :raises RateUnknown: none are known.
    """
    found = queries.rates(kind="reference", on=on)
    if not found.per_eur:
        raise RateUnknown(f"There are no rates of exchange for {on.isoformat()}: name the rate.")
    return found
