"""Rates of exchange as pricing takes them: any object with ``rate`` and ``on``."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from shop.crossborder.pricing.errors import RateUnknown

ROOM = "shop.crossborder.exchange"


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
    """Return the reference rates in force on that day, from the room that keeps them.

    :raises RateUnknown: this shop keeps no rates, or has none for that day.
    """
    if find_spec(ROOM) is None:
        raise RateUnknown("This shop keeps no rates of exchange: name the rate.")
    try:
        found = import_module(f"{ROOM}.queries").rates(on=on)
    except LookupError as error:
        raise RateUnknown(str(error)) from error
    if found is None:
        raise RateUnknown(f"There are no rates of exchange for {on.isoformat()}: name the rate.")
    return cast("Rates", found)
