"""Which rows of the rule book the shop's own quotes need. Pure."""

from collections.abc import Iterable
from typing import Any

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import Place


class Needs:
    """What deliveries of certain goods to certain countries look up.

    ``countries`` are ISO 3166-1 codes, ``hs_codes`` those of the goods; without any, goods of every code are meant.
    """

    def __init__(self, book: RuleBook, *, countries: Iterable[str], hs_codes: Iterable[str]) -> None:
        self.countries = frozenset(countries)
        self.hs_codes = frozenset(hs_codes)
        reached = {*self.countries, *(row.jurisdiction for row in book.rows["places"] if row.country in self.countries)}
        # Rows without a jurisdiction hold everywhere.
        self.jurisdictions = frozenset(
            one for code in reached if code in book.jurisdictions for one in book.chain(code)
        ) | {""}
        self._fits: dict[str, bool] = {"": True}

    def cover(self, row: Any) -> bool:
        """Whether a quote of the shop may depend on the row."""
        if isinstance(row, Place):
            return row.country in self.countries
        if getattr(row, "jurisdiction", None) not in self.jurisdictions:
            return False
        named = getattr(row, "hs", "")
        prefixes = named if isinstance(named, tuple) else (named,)
        return not prefixes or any(self._fit(prefix) for prefix in prefixes)

    def _fit(self, prefix: str) -> bool:
        if prefix not in self._fits:
            # A row may be more exact than the code that a variant has: which of them holds is then open.
            self._fits[prefix] = not self.hs_codes or any(
                code.startswith(prefix) or prefix.startswith(code) for code in self.hs_codes
            )
        return self._fits[prefix]
