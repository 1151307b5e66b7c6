"""Terms and lines for tests: the least that is valid, changed where a test cares."""

from datetime import date
from decimal import Decimal
from typing import Any

from licensing.royalties.engine.lines import Line
from licensing.royalties.engine.statement import Request, Statement
from licensing.royalties.engine.terms import (
    Accumulator,
    Base,
    Measure,
    Percent,
    ReturnTier,
    Rule,
    Scope,
    Terms,
    Threshold,
    TierMode,
    Tiers,
    TierScope,
    Unnamed,
    Version,
)

D = Decimal
SCOPE = Scope(
    territories=None,
    channels=None,
    term_from=date(2026, 1, 1),
    term_until=date(2028, 12, 31),
    sell_off_days=0,
    declared_stock=None,
    unit_caps={},
)


def terms(**changes: Any) -> Terms:
    plain: dict[str, Any] = {
        "currency": "GBP",
        "year_starts": date(2026, 1, 1),
        "scope": SCOPE,
        "deductions": {},
        "other_deductions": False,
        "aggregate_caps": (),
        "rules": (Rule("R1", Percent(D("0.08")), Base.NET_SALES),),
        "unnamed_returns": Unnamed.POOL,
        "fx": None,
        "guarantee": None,
        "advance": None,
        "fund": None,
        "reserve": None,
        "tax": None,
    }
    return Terms(**(plain | changes))


def rule(value: Any, base: Base = Base.NET_SALES, **changes: Any) -> Rule:
    return Rule(changes.pop("id", "R1"), value, base, **changes)


def tiers(mode: str, accumulator: str, *, returns: str, measure: str = "net_sales") -> Tiers:
    return Tiers(
        mode=TierMode(mode),
        accumulator=Accumulator(accumulator),
        measure=Measure(measure),
        threshold=Threshold.INCLUSIVE,
        scope=TierScope.AGREEMENT,
        count_free_goods=False,
        returns=ReturnTier(returns),
        steps=((D(0), D("0.08")), (D(100_000), D("0.10")), (D(250_000), D("0.12"))),
    )


def line(amount: Any, **changes: Any) -> Line:
    """A line of sales of one amount, whatever the base of the terms."""
    value = D(str(amount))
    plain: dict[str, Any] = {
        "id": "L1",
        "sold_on": date(2026, 2, 10),
        "sku": "MUG-1",
        "units": -1 if value < 0 else 1,
        "currency": "GBP",
        "amounts": {"gross_sales": value},
    }
    return Line(**(plain | changes))


def version(of: Terms, number: int = 1, since: date = date(2020, 1, 1)) -> Version:
    return Version(number, since, of)


def request(of: Terms, *lines: Line, **changes: Any) -> Request:
    plain: dict[str, Any] = {
        "versions": (version(of),),
        "begin": date(2026, 1, 1),
        "end": date(2026, 3, 31),
        "lines": lines,
    }
    return Request(**(plain | changes))


def quarters(of: Terms, *nets: Any) -> list[Statement]:
    """Statements of the quarters that follow each other, with one line each (none for zero)."""
    from dataclasses import replace

    from licensing.royalties.engine.calculate import calculate

    found: list[Statement] = []
    begins = [date(2026 + number // 4, 3 * (number % 4) + 1, 1) for number in range(len(nets) + 1)]
    state = request(of).opening
    for number, net in enumerate(nets):
        end = date.fromordinal(begins[number + 1].toordinal() - 1)
        lines = (line(net, id=f"L{number}", sold_on=begins[number]),) if net else ()
        asked = replace(request(of, *lines), begin=begins[number], end=end, opening=state)
        found.append(calculate(asked))
        state = found[-1].closing
    return found
