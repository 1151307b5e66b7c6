"""From sales to a statement: the fixed order of operations of a royalty agreement.

Normalised lines → scope (flag, never drop) → base → deductions → rate → tiers → earned → late returns → reserve →
recoupment → guarantee → fund → taxes. Every line keeps a trace of what was applied to it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from licensing.royalties.engine import deductions, scope
from licensing.royalties.engine.amounts import ZERO, minor_unit, rounded, rounded_parts
from licensing.royalties.engine.bases import base_of
from licensing.royalties.engine.earning import Earned, Sale, bucket_of, by_rule, earn
from licensing.royalties.engine.errors import refuse
from licensing.royalties.engine.fx import Converter
from licensing.royalties.engine.lines import Line, LineResult
from licensing.royalties.engine.rates import rule_for
from licensing.royalties.engine.settling import Totals, contract_year, settle
from licensing.royalties.engine.statement import Bucket, Request, Statement
from licensing.royalties.engine.terms import Accumulator, PerUnit, Rule, Terms, Tiers, Unnamed, Version
from licensing.royalties.engine.tiers import Count


def calculate(request: Request) -> Statement:
    """Calculate a period. The same request gives the same statement, bit for bit; the order of lines is of no matter.

    :raises Refused: naming the line and field, or the clause, that cannot be calculated; nothing is half done.
    """
    terms = _terms_at(request, request.end).terms
    currency = terms.currency
    sales, returns = _sales(request)
    counts = _counts(request, terms)
    earned = [one for rule in by_rule(sales) for one in earn(rule, counts, request)]
    buckets, royalties = _rounded(earned, currency)
    late = [_late(one, request, currency) for one in returns]
    funds = _funds(sales, currency)
    results = [
        *(_result(one, royalties[one.sale.line.id], funds.get(one.sale.line.id, ZERO)) for one in earned),
        *late,
    ]
    totals = Totals(
        earned=sum((bucket.royalty for bucket in buckets), ZERO),
        adjustments=sum((one.royalty for one in late), ZERO),
        sales=sum((royalties[one.sale.line.id] for one in earned if not one.sale.line.returned), ZERO),
        fund=sum((one.fund for one in results), ZERO),
    )
    return settle(request, terms, totals, results=results, buckets=buckets, counts=counts, sales=sales)


def _terms_at(request: Request, on: date) -> Version:
    found = [version for version in request.versions if version.since <= on]
    if not found:
        raise refuse("/versions", "no-terms", f"No version of the terms is in force on {on}.")
    return max(found, key=lambda version: version.since)


def _sales(request: Request) -> tuple[list[Sale], list[Line]]:
    """Return the lines that are calculated at the terms of their day, and the returns that name their sale."""
    seen: set[str] = set()
    late: list[Line] = []
    by_group: dict[tuple[int, str], list[Line]] = defaultdict(list)
    versions: dict[int, Version] = {}
    for line in sorted(request.lines, key=lambda one: (one.sold_on, one.id)):
        if line.id in seen:
            raise refuse(f"line {line.id}", "line-twice", "Two lines have this id.")
        seen.add(line.id)
        if not request.begin <= line.sold_on <= request.end:
            raise refuse(f"line {line.id}, sold_on", "outside-period", f"{line.sold_on} is not in the period.")
        version = _terms_at(request, line.sold_on)
        if line.returned and line.original:
            late.append(line)
            continue
        if line.returned and version.terms.unnamed_returns == Unnamed.REFUSE:
            raise refuse(f"line {line.id}, original", "original-missing", "A return must name the sale it takes back.")
        versions[version.number] = version
        by_group[version.number, line.currency].append(line)
    found: list[Sale] = []
    for (number, _currency), group in sorted(by_group.items()):
        found += _group(request, versions[number], group)
    return found, late


def _group(request: Request, version: Version, lines: Sequence[Line]) -> list[Sale]:
    """Return the sales of one version and currency, with bases, deductions and exchange rates."""
    terms = version.terms
    rules = {line.id: rule_for(terms.rules, line) for line in lines}
    bases = {line.id: base_of(line, rules[line.id].base) if _on_base(rules[line.id]) else ZERO for line in lines}
    rulings = deductions.rule_on(lines, bases, terms, request.opening.year)
    converter = Converter(terms.currency, terms.fx, request.quotes, request.statement_date, request.payment_date)
    flags = scope.flags_of(
        lines, terms.scope, sold_before=request.opening.sold, sold_off_before=request.opening.sold_off
    )
    return [
        Sale(
            line=line,
            version=version,
            rule=rules[line.id],
            base=bases[line.id],
            ruling=rulings[line.id],
            net=bases[line.id] - sum(rulings[line.id].allowed.values(), ZERO),
            point=converter.point(line.currency, line.sold_on),
            flags=flags[line.id],
        )
        for line in lines
    ]


def _on_base(rule: Rule) -> bool:
    return not isinstance(rule.value, PerUnit)


def _counts(request: Request, terms: Terms) -> dict[tuple[str, str], Count]:
    """Return the counts towards tiers that still hold: those of a period or year that is over start anew."""
    kept = {}
    rules = {rule.id: rule.value for rule in terms.rules}
    for (rule, together), count in request.opening.counts.items():
        value = rules.get(rule)
        if not isinstance(value, Tiers) or value.accumulator == Accumulator.STATEMENT_PERIOD:
            continue
        year = request.opening.year_of
        if value.accumulator == Accumulator.CONTRACT_YEAR and year != contract_year(request, terms):
            continue
        kept[rule, together] = count
    return kept


def _rounded(earned: Sequence[Earned], currency: str) -> tuple[list[Bucket], dict[str, Decimal]]:
    """Round each bucket once, and share the cents out to its lines."""
    groups: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for one in earned:
        groups[one.bucket][one.sale.line.id] = one.exact
    buckets: list[Bucket] = []
    royalties: dict[str, Decimal] = {}
    for key, exact in sorted(groups.items()):
        parts = rounded_parts(exact, unit=minor_unit(currency))
        royalties |= parts
        buckets.append(Bucket(key, tuple(sorted(exact)), sum(exact.values(), ZERO), sum(parts.values(), ZERO)))
    return buckets, royalties


def _funds(sales: Sequence[Sale], currency: str) -> dict[str, Decimal]:
    """Return line id → contribution to the marketing fund, rounded by rule and exchange rate like the royalty."""
    groups: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for sale in sales:
        clause = sale.version.terms.fund
        if clause is not None:
            groups[bucket_of(sale)][sale.line.id] = sale.net_home * clause.rate
    found: dict[str, Decimal] = {}
    for exact in groups.values():
        found |= rounded_parts(exact, unit=minor_unit(currency))
    return found


def _late(line: Line, request: Request, currency: str) -> LineResult:
    """Credit a return at the terms of its sale: its rate and its exchange rate, never today's."""
    original = request.originals.get(line.original)
    if original is None:
        raise refuse(f"line {line.id}, original", "original-unknown", f"No earlier line {line.original!r} is known.")
    taken = -sum(one.units for one in request.lines if one.original == line.original and one.returned)
    if taken > original.left:
        raise refuse(
            f"line {line.id}, units",
            "return-exceeds-sale",
            f"{original.left} units of {line.original} can come back, not {taken}.",
        )
    version = _terms_at(request, line.sold_on)
    rule = rule_for(version.terms.rules, line)
    net = base_of(line, rule.base) if original.rate is not None else ZERO
    if original.rate is not None:
        royalty = rounded(net * original.rate / original.fx, currency)
    else:
        royalty = rounded(line.units * (original.per_unit or ZERO), currency)
    return LineResult(
        line=line,
        version=version.number,
        rule="original",
        base=net,
        allowed={},
        disallowed={},
        net=net,
        fx=original.fx,
        rate=original.rate,
        per_unit=original.per_unit,
        royalty=royalty,
        fund=rounded(net * original.fund_rate / original.fx, currency),
        flags={},
        trace=({"step": "return", "of": line.original, "rate": str(original.rate), "fx": str(original.fx)},),
    )


def _result(one: Earned, royalty: Decimal, fund: Decimal) -> LineResult:
    sale = one.sale
    trace = [
        {"step": "terms", "version": str(sale.version.number), "rule": sale.rule.id, "clause": sale.rule.clause},
        {"step": "base", "basis": sale.rule.base.value, "value": str(sale.base)},
        *({"step": "deduction", "kind": kind, "allowed": str(sale.ruling.allowed[kind]), "claimed": str(claimed)} for kind, claimed in sorted(sale.line.deductions.items())),  # noqa: E501
        {"step": "fx", "rate": str(sale.point.quote), "point": sale.point.label},
        dict(one.how),
        {"step": "round", "bucket": one.bucket, "exact": str(one.exact), "value": str(royalty)},
    ]  # fmt: skip
    return LineResult(
        line=sale.line,
        version=sale.version.number,
        rule=sale.rule.id,
        base=sale.base,
        allowed=sale.ruling.allowed,
        disallowed=sale.ruling.disallowed,
        net=sale.net,
        fx=sale.point.quote,
        rate=one.rate,
        per_unit=one.per_unit,
        royalty=royalty,
        fund=fund,
        flags=sale.flags,
        trace=tuple(trace),
    )
