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
    """Units of each currency for one euro, on a day. Cross rates are exact to 28 digits and remembered."""

    kind: str
    on: date
    per_eur: Mapping[str, Decimal]
    _cross: dict[tuple[str, str], Decimal] = field(default_factory=dict, compare=False, repr=False)

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``.

        :raises UnknownCurrency: naming the currency that the table does not have.
        """
        found = self._cross.get((base, quote))
        if found is None:
            found = self._cross[base, quote] = self._of(quote) / self._of(base)
        return found

    def _of(self, currency: str) -> Decimal:
        if currency == "EUR":
            return Decimal(1)
        try:
            return self.per_eur[currency]
        except KeyError:
            raise UnknownCurrency(currency) from None
