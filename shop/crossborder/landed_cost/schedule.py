"""The rules that hold for one destination, route, sending country and day, looked up once and remembered. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import (
    STANDARD,
    Action,
    Combine,
    DutyRate,
    Effect,
    Entry,
    Fee,
    Procedure,
    Restriction,
    TaxRate,
    Threshold,
)

ZERO = Decimal(0)


class Taxes(NamedTuple):
    """The rates on one kind of goods; ``total`` is their sum. Without rows, ``expired`` is the row that was last."""

    rows: tuple[TaxRate, ...]
    total: Decimal
    unconfirmed: tuple[str, ...]
    expired: str


class Additional(NamedTuple):
    """An additional act's duty on goods: ``rate`` of the customs value."""

    row: DutyRate
    rate: Decimal


class Duties(NamedTuple):
    """The duty on one kind of goods from one origin.

    ``base`` is the tariff or, where origin is proven, the preference. ``replacing`` rows stand for everything else
    while the consignment is within their threshold. ``unconfirmed``: rows in doubt that were reckoned with or left out.
    """

    base: DutyRate | None
    preferred: bool
    additional: tuple[Additional, ...]
    replacing: tuple[DutyRate, ...]
    unconfirmed: tuple[str, ...]
    expired: str


class Limits(NamedTuple):
    """The thresholds by what they do."""

    at_sale: tuple[Threshold, ...]
    no_duty: tuple[Threshold, ...]
    no_tax: tuple[Threshold, ...]
    waive_duty: tuple[Threshold, ...]
    waive_tax: tuple[Threshold, ...]
    refuse: tuple[Threshold, ...]
    by_key: dict[str, Threshold]


def _last(rows: Iterable[Any], on: date) -> str:
    """Return the key of the row that ended last before the day, if any did."""
    over = [row for row in rows if row.valid_to and row.valid_to < on]
    return max(over, key=lambda row: row.valid_to).key if over else ""


class Schedule:
    """What the book says for goods to ``jurisdiction`` by ``route`` from ``from_country`` on a day."""

    def __init__(self, book: RuleBook, jurisdiction: str, route: str, from_country: str, on: date) -> None:
        self.book = book
        self.on = on
        self.route = route
        self.chain = book.chain(jurisdiction)
        self.tariff_chain = book.tariff_chain(jurisdiction)
        procedures = [row for row in self._rows("procedures") if row.in_force(on)]
        self.procedure: Procedure | None = min(procedures, key=self._nearness, default=None)
        self.limits = self._limits(from_country)
        self.fees: tuple[Fee, ...] = tuple(row for row in self._tariff_rows("fees") if row.in_force(on))
        self._tax_rows: Sequence[TaxRate] = self._nearest_taxes()
        self._duty_rows: list[DutyRate] = self._tariff_rows("duties")
        self._restrictions: list[Restriction] = [
            row
            for row in book.rows["restrictions"]
            if (not row.jurisdiction or row.jurisdiction in self.tariff_chain)
            and (not row.route or row.route == route)
            and row.in_force(on)
        ]
        self.has_restrictions = bool(self._restrictions)
        self._taxes: dict[tuple[str, str], Taxes] = {}
        self._duties: dict[tuple[str, str, bool], Duties] = {}
        self._restricted: dict[tuple[str, str, frozenset[str]], tuple[Restriction, ...]] = {}

    def _rows(self, kind: str) -> list[Any]:
        """Return the rows for this destination and route, in force or not."""
        return [row for row in self.book.rows[kind] if row.jurisdiction in self.chain and row.route == self.route]

    def _tariff_rows(self, kind: str) -> list[Any]:
        return [
            row for row in self.book.rows[kind] if row.jurisdiction in self.tariff_chain and row.route == self.route
        ]

    def _nearness(self, row: Any) -> int:
        return self.tariff_chain.index(row.jurisdiction)

    def _nearest_taxes(self) -> Sequence[TaxRate]:
        """Return the tax rows of the nearest jurisdiction that has any: a province's stand for its country's."""
        rows = self._rows("taxes")
        for code in self.chain:
            if own := [row for row in rows if row.jurisdiction == code]:
                return own
        return ()

    def _limits(self, from_country: str) -> Limits:
        rows: list[Threshold] = [
            row
            for row in self._tariff_rows("thresholds")
            if row.in_force(self.on) and (not row.from_countries or from_country in row.from_countries)
        ]

        def having(*effects: Effect, of: tuple[str, ...] = self.chain) -> tuple[Threshold, ...]:
            return tuple(row for row in rows if row.jurisdiction in of and set(effects) & set(row.effects))

        return Limits(
            at_sale=having(Effect.COLLECT_AT_SALE),
            no_duty=having(Effect.NO_DUTY, of=self.tariff_chain),
            no_tax=having(Effect.NO_TAX),
            waive_duty=having(Effect.WAIVE_DUTY, of=self.tariff_chain),
            waive_tax=having(Effect.WAIVE_TAX),
            refuse=having(Effect.REFUSE_ABOVE, Effect.REFUSE_ABOVE_UNLESS_ONE),
            by_key={row.key: row for row in rows},
        )

    def taxes(self, category: str, hs: str) -> Taxes:
        """Return the tax rates on goods: of each tax the most specific row in force."""
        found = self._taxes.get((category, hs))
        if found is None:
            found = self._taxes[category, hs] = self._find_taxes(category, hs)
        return found

    def _find_taxes(self, category: str, hs: str) -> Taxes:
        fitting = [row for row in self._tax_rows if hs.startswith(row.hs) and row.category in {"", category}]
        best: dict[str, TaxRate] = {}
        for row in fitting:
            if row.in_force(self.on):
                standing = best.get(row.tax)
                if standing is None or (len(row.hs), row.category) > (len(standing.hs), standing.category):
                    best[row.tax] = row
        rows = tuple(best.values())
        return Taxes(
            rows=rows,
            total=sum((row.rate for row in rows), ZERO),
            unconfirmed=tuple(row.key for row in rows if not row.confirmed),
            expired="" if rows else _last(fitting, self.on),
        )

    def duties(self, hs: str, origin: str, *, proven: bool) -> Duties:
        """Return the duty on goods of that code and origin; ``proven``: a preference may be claimed."""
        found = self._duties.get((hs, origin, proven))
        if found is None:
            found = self._duties[hs, origin, proven] = self._find_duties(hs, origin, proven=proven)
        return found

    def _find_duties(self, hs: str, origin: str, *, proven: bool) -> Duties:
        origins = self.book.origins(origin)
        fitting = [row for row in self._duty_rows if hs.startswith(row.hs) and row.origin in origins]
        rows = [row for row in fitting if row.in_force(self.on)]

        def best(kind: Iterable[DutyRate]) -> DutyRate | None:
            # The longer code, then the nearer origin, then the nearer jurisdiction.
            return min(
                kind, key=lambda row: (-len(row.hs), origins.index(row.origin), self._nearness(row)), default=None
            )

        tariff = best(row for row in rows if row.combine is Combine.BASE)
        preference = best(row for row in rows if row.combine is Combine.PREFERENCE) if proven else None
        base = preference or tariff
        additional, doubted = [], []
        for act in sorted({row.act for row in rows if row.combine in {Combine.ADD, Combine.TOP_UP_TO}}):
            row = best(r for r in rows if r.act == act and r.combine in {Combine.ADD, Combine.TOP_UP_TO})
            exempt = best(r for r in rows if r.act == act and r.combine is Combine.EXEMPT)
            if exempt and exempt.confirmed:
                continue
            if exempt:
                # In doubt the shopper is told the higher amount, and that it is an estimate.
                doubted.append(exempt.key)
            if row:
                additional.append(Additional(row, self._rate_of(row, base)))
        replacing = tuple(row for row in rows if row.combine is Combine.REPLACE)
        used: list[Entry] = [row for row in (base, *(one.row for one in additional)) if row]
        return Duties(
            base=base,
            preferred=preference is not None,
            additional=tuple(one for one in additional if one.rate),
            replacing=replacing,
            unconfirmed=(*(row.key for row in used if not row.confirmed), *doubted),
            expired="" if base else _last((row for row in fitting if row.combine is Combine.BASE), self.on),
        )

    @staticmethod
    def _rate_of(row: DutyRate, base: DutyRate | None) -> Decimal:
        rate = row.rate or ZERO
        if row.combine is Combine.TOP_UP_TO:
            return max(rate - ((base.rate if base else None) or ZERO), ZERO)
        return rate

    def restrictions(self, hs: str, origin: str, flags: frozenset[str]) -> tuple[Restriction, ...]:
        """Return the restrictions that goods with these properties meet."""
        key = (hs, origin, flags)
        found = self._restricted.get(key)
        if found is None:
            origins = self.book.origins(origin)
            found = self._restricted[key] = tuple(
                row
                for row in self._restrictions
                if hs.startswith(row.hs)
                and (not row.flag or row.flag == "any" or row.flag in flags)
                and row.origin in origins
            )
        return found

    def permit(self, hs: str, origin: str, flags: frozenset[str]) -> Restriction | None:
        """Return the row that permits goods on the route: the one with the longest code."""
        rows = [row for row in self.restrictions(hs, origin, flags) if row.action is Action.PERMIT]
        return max(rows, key=lambda row: (len(row.hs), row.confirmed), default=None)


def schedule(book: RuleBook, jurisdiction: str, on: date, *, route: str = STANDARD, from_country: str = "") -> Schedule:
    """Return the rules for a destination, made once for each book.

    :raises shop.crossborder.rulebook.book.UnknownJurisdiction: the book does not know it.
    """
    key = (jurisdiction, route, from_country, on)
    found = book.compiled.get(key)
    if found is None:
        if len(book.compiled) > 5_000:  # a long-lived process asked for many days: begin anew
            book.compiled.clear()
        found = book.compiled[key] = Schedule(book, jurisdiction, route, from_country, on)
    return found


def routes(book: RuleBook, jurisdiction: str, on: date) -> tuple[Procedure, ...]:
    """Return the ways into a destination that are in force on the day, the preferred first."""
    key = ("routes", jurisdiction, on)
    found = book.compiled.get(key)
    if found is None:
        chain = book.chain(jurisdiction)
        rows = [row for row in book.rows["procedures"] if row.jurisdiction in chain and row.in_force(on)]
        nearest = min((chain.index(row.jurisdiction) for row in rows), default=0)
        own = [row for row in rows if chain.index(row.jurisdiction) == nearest]
        found = book.compiled[key] = tuple(sorted(own, key=lambda row: row.rank))
    return found
