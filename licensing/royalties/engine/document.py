"""Royalty terms as a JSON document (form “vitrine-royalty-terms/1”; docs/royalty-terms.md shows one in full).

Every clause must be there; ``null`` says that there is none. Numbers are text, so that no digit is lost. Fractions are
fractions (“0.08” is 8 %).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from licensing.royalties.engine.errors import Fault, Refused
from licensing.royalties.engine.rates import CONDITIONS, ties
from licensing.royalties.engine.reading import Node
from licensing.royalties.engine.terms import (
    Accumulator,
    Advance,
    Base,
    Bearing,
    Cap,
    CapPeriod,
    Deduction,
    Fund,
    Fx,
    FxFallback,
    FxMethod,
    GreaterOf,
    Guarantee,
    GuaranteeTest,
    Measure,
    Percent,
    PerUnit,
    Proration,
    Reserve,
    ReturnTier,
    Rule,
    Scope,
    Tax,
    Terms,
    Threshold,
    TierMode,
    Tiers,
    TierScope,
    Unnamed,
    Value,
    Version,
)

FORM = "vitrine-royalty-terms/1"
CURRENCY = r"[A-Z]{3}"
MOST_RULES = 500


class Others(StrEnum):
    """What becomes of a deduction that the terms do not name."""

    DISALLOW = "disallow"
    REFUSE = "refuse"


class Per(StrEnum):
    """Over what the greater of two is taken."""

    LINE = "line"
    TOTAL = "total"


def read_terms(document: Any) -> Terms:
    """Return the terms of one version.

    :raises Refused: with every fault, each at its place (a JSON Pointer).
    """
    faults: list[Fault] = []
    top = Node(document, "", faults)
    if top.raw("form") != FORM:
        top.fault("form", "unknown-form", f"This must be {FORM}.")
    base = top.choice("base", Base)
    deducting = top.required("deductions")
    returns = top.required("returns")
    terms = Terms(
        currency=top.text("currency", pattern=CURRENCY),
        year_starts=_month_and_day(top),
        scope=_scope(top.required("scope")),
        deductions=_deductions(deducting),
        other_deductions=deducting.choice("others", Others) == Others.REFUSE,
        aggregate_caps=tuple(_together(one) for one in deducting.objects("together")),
        rules=tuple(_rules(top, base)),
        unnamed_returns=returns.choice("without_sale", Unnamed),
        fx=top.optional("fx", lambda node: Fx(node.choice("method", FxMethod), node.choice("fallback", FxFallback))),
        guarantee=top.optional("guarantee", _guarantee),
        advance=top.optional("advance", lambda node: Advance(node.number("amount"), node.flag("restore_on_return"))),
        fund=top.optional("fund", lambda node: Fund(node.fraction("rate"), node.flag("taxed"))),
        reserve=top.optional("reserve", _reserve),
        tax=top.optional(
            "tax",
            lambda node: Tax(node.choice("bearing", Bearing), node.fraction("vat"), node.fraction("withholding")),
        ),
    )
    deducting.done()
    returns.done()
    top.done()
    _check(terms, top)
    if faults:
        raise Refused(faults)
    return terms


def read_versions(document: Any) -> tuple[Version, ...]:
    """Return the versions of an agreement: ``{"versions": [{"number", "since", "terms"}, …]}``, or one bare version.

    :raises Refused: with every fault.
    """
    if not isinstance(document, dict) or "versions" not in document:
        return (Version(1, date.min, read_terms(document)),)
    faults: list[Fault] = []
    top = Node(document, "", faults)
    found: list[Version] = []
    for node in top.objects("versions"):
        number, since = node.whole("number"), node.day("since")
        try:
            found.append(Version(number, since, read_terms(node.raw("terms"))))
        except Refused as refused:
            faults += [Fault(f"{node.where}/terms{one.where}", one.code, one.message) for one in refused.faults]
        node.done()
    top.done()
    if not found and not faults:
        top.fault("versions", "no-versions", "At least one version is needed.")
    if len({one.number for one in found}) != len(found) or len({one.since for one in found}) != len(found):
        top.fault("versions", "version-twice", "Two versions have the same number or the same day.")
    if len({one.terms.currency for one in found}) > 1:
        top.fault("versions", "currency-changes", "All versions of an agreement are settled in one currency.")
    if faults:
        raise Refused(faults)
    return tuple(found)


def _month_and_day(top: Node) -> date:
    raw = top.text("contract_year_starts", pattern=r"(0[1-9]|1[0-2])-[0-9]{2}")
    if not raw:
        return date(2001, 1, 1)
    try:
        # A year without 29 February: no contract year begins on a day that most years lack.
        return date(2001, int(raw[:2]), int(raw[3:]))
    except ValueError:
        top.fault("contract_year_starts", "bad-date", "There is no such day in every year.")
        return date(2001, 1, 1)


def _scope(node: Node) -> Scope:
    term = node.required("term")
    made = Scope(
        territories=node.texts("territories"),
        channels=node.texts("channels"),
        term_from=term.day("from"),
        term_until=term.day("until"),
        sell_off_days=node.whole("sell_off_days"),
        declared_stock=node.units("declared_stock"),
        unit_caps=node.units("unit_caps") or {},
    )
    if made.term_until < made.term_from:
        term.fault("until", "term-order", "The term ends before it begins.")
    term.done()
    node.done()
    return made


def _deductions(node: Node) -> dict[str, Deduction]:
    found: dict[str, Deduction] = {}
    named = node.required("named")
    for kind in named.names():
        one = named.required(kind)
        cap = one.object("cap")
        found[kind] = Deduction(
            allowed=one.flag("allowed"),
            cap=cap.fraction("fraction") if cap else None,
            period=cap.choice("period", CapPeriod) if cap else None,
            evidence=one.flag("evidence"),
        )
        if cap is not None:
            cap.done()
        one.done()
    return found


def _together(node: Node) -> Cap:
    kinds = node.texts("kinds") or frozenset()
    made = Cap(tuple(sorted(kinds)), node.fraction("fraction"), node.choice("period", CapPeriod))
    node.done()
    return made


def _rules(top: Node, base: Base) -> list[Rule]:
    nodes = top.objects("rates")
    if not nodes:
        top.fault("rates", "no-rates", "At least one rate is needed.")
    if len(nodes) > MOST_RULES:
        top.fault("rates", "too-many", f"At most {MOST_RULES} rates.")
        nodes = nodes[:MOST_RULES]
    return [_rule(node, base) for node in nodes]


def _rule(node: Node, base: Base) -> Rule:
    when = node.required("when")
    conditions = {}
    for name in CONDITIONS:
        if when.has(name):
            accepted = when.texts(name)
            if accepted is not None:
                conditions[name] = accepted
    made = Rule(
        id=node.text("id", pattern=r"[A-Za-z0-9._-]{1,40}"),
        value=_value(node),
        base=node.choice("base", Base) if node.has("base") else base,
        priority=node.whole("priority"),
        conditions=conditions,
        sold_from=when.day("sold_from") if when.has("sold_from") else None,
        sold_until=when.day("sold_until") if when.has("sold_until") else None,
        price_from=when.number("price_from") if when.has("price_from") else None,
        price_until=when.number("price_until") if when.has("price_until") else None,
        clause=node.text("clause") if node.has("clause") else "",
    )
    when.done()
    node.done()
    return made


def _value(node: Node) -> Value:
    value = node.required("value")
    names = value.names()
    if len(names) != 1 or names[0] not in {"percent", "per_unit", "greater_of", "tiers"}:
        value.fault("", "one-value", "This must have exactly one of percent, per_unit, greater_of, tiers.")
        return Percent(Decimal(0))
    if names == ["percent"]:
        return Percent(value.fraction("percent"))
    inner = value.required(names[0])
    made: Value
    if names == ["per_unit"]:
        made = _per_unit(inner)
    elif names == ["greater_of"]:
        made = GreaterOf(
            Percent(inner.fraction("percent")),
            _per_unit(inner.required("per_unit"), last=True),
            inner.choice("per", Per) == Per.LINE,
        )
    else:
        made = _tiers(inner)
    inner.done()
    return made


def _per_unit(node: Node, *, last: bool = False) -> PerUnit:
    made = PerUnit(node.number("amount"), node.text("currency", pattern=CURRENCY))
    if last:
        node.done()
    return made


def _tiers(node: Node) -> Tiers:
    steps = []
    for one in node.objects("steps"):
        steps.append((one.number("from"), one.fraction("rate")))
        one.done()
    made = Tiers(
        mode=node.choice("mode", TierMode),
        accumulator=node.choice("accumulator", Accumulator),
        measure=node.choice("measure", Measure),
        threshold=node.choice("threshold", Threshold),
        scope=node.choice("scope", TierScope),
        count_free_goods=node.flag("count_free_goods"),
        returns=node.choice("returns", ReturnTier),
        steps=tuple(steps),
    )
    starts = [start for start, _rate in steps]
    if not starts or starts[0] != 0:
        node.fault("steps", "tiers-start", "The first tier begins at 0.")
    if starts != sorted(set(starts)):
        node.fault("steps", "tiers-overlap", "Each tier begins above the one before: these overlap.")
    retroactive = made.mode == TierMode.RETROACTIVE
    if retroactive and made.measure == Measure.ROYALTY:
        node.fault("measure", "tiers-circular", "Retroactive tiers counted in royalties would chase themselves.")
    lasting = made.accumulator != Accumulator.STATEMENT_PERIOD
    if retroactive and lasting and made.returns == ReturnTier.FIRST_TIER:
        node.fault("returns", "tiers-returns", "Only recompute is consistent with retroactive tiers that last.")
    return made


def _guarantee(node: Node) -> Guarantee:
    return Guarantee(node.number("amount"), node.choice("test", GuaranteeTest), node.choice("proration", Proration))


def _reserve(node: Node) -> Reserve:
    rate = node.fraction("rate")
    raw = node.raw("release")
    parts: list[Decimal] = []
    if isinstance(raw, list):
        inner = Node({str(index): one for index, one in enumerate(raw)}, f"{node.where}/release", node.faults)
        parts = [inner.fraction(str(index)) for index in range(len(raw))]
    if sum(parts, Decimal(0)) != 1:
        node.fault("release", "reserve-release", "The releases must sum to 1: what is never released is never paid.")
    return Reserve(rate, tuple(parts))


def _check(terms: Terms, top: Node) -> None:
    """Name what is wrong between clauses."""
    ids = [rule.id for rule in terms.rules]
    for repeated in sorted({one for one in ids if one and ids.count(one) > 1}):
        top.fault("rates", "rate-twice", f"Two rates have the id {repeated}.")
    top.faults += ties(terms.rules)
    _check_kinds(terms, top)


def _check_kinds(terms: Terms, top: Node) -> None:
    known: Sequence[str] = list(terms.deductions)
    for index, cap in enumerate(terms.aggregate_caps):
        for kind in cap.kinds:
            if kind not in known:
                place = f"deductions/together/{index}/kinds"
                top.fault(place, "deduction-unknown", f"{kind} is not among the named deductions.")
