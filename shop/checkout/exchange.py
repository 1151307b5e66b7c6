"""Exchange rates for a quote, read only when a rule's amount is in another currency."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from shop.crossborder.exchange import queries
from shop.crossborder.exchange.rates import Rates


class ReferenceRates:
    """The reference rates of a day, in one statement when first asked."""

    def __init__(self, day: date) -> None:
        self.day = day

    @cached_property
    def _table(self) -> Rates:
        return queries.rates(kind="reference", on=self.day)

    @property
    def on(self) -> date:
        """The day of the table, which may be earlier: rates are published on working days."""
        return self._table.on

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``.

        :raises LookupError: the table does not have a currency.
        """
        return self._table.rate(base, quote)

    def day_of(self, base: str, quote: str) -> date:
        """Return the day of that rate."""
        return self._table.day_of(base, quote)
