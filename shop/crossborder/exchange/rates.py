"""A table of exchange rates. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

OLD_AFTER_DAYS = 4


class UnknownCurrency(LookupError):
    """The table has no rate for the currency."""


@dataclass(frozen=True)
class Rates:
    """Units of each currency for one euro, on a day. Cross rates are exact to 28 digits and remembered.

    ``on`` is the day of the newest rate; ``days`` names the currencies whose rate is of an earlier day,
    ``sources`` where each was read.
    """

    kind: str
    on: date
    per_eur: Mapping[str, Decimal]
    days: Mapping[str, date] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    _cross: dict[tuple[str, str], Decimal] = field(default_factory=dict, compare=False, repr=False)

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``, unrounded; a currency for itself is 1.

        :raises UnknownCurrency: naming the currency that the table does not have.
        """
        found = self._cross.get((base, quote))
        if found is None:
            found = self._of(quote) / self._of(base)
            self._cross[base, quote] = found
        return found

    def day_of(self, base: str, quote: str) -> date:
        """Return the day of the pair's rate: that of the older of its two."""
        return min(self.days.get(base, self.on), self.days.get(quote, self.on))

    def source_of(self, base: str, quote: str) -> str:
        """Return where the pair's rates were read; two sources are joined."""
        return "; ".join(dict.fromkeys(self.sources[code] for code in (base, quote) if code in self.sources))

    def _of(self, currency: str) -> Decimal:
        if currency == "EUR":
            return Decimal(1)
        try:
            return self.per_eur[currency]
        except KeyError:
            raise UnknownCurrency(currency) from None
