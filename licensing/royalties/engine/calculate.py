"""From sales to a statement: the fixed order of operations of a royalty agreement.

Normalised lines → scope (flag, never drop) → base → deductions → rate → tiers → earned → late returns → reserve →
recoupment → guarantee → fund → taxes. Every line keeps a trace of what was applied to it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from licensing.royalties.engine import deductions, pools, scope, tiers
from licensing.royalties.engine.amounts import ZERO, minor_unit, rounded, rounded_parts
from licensing.royalties.engine.bases import base_of
from licensing.royalties.engine.errors import refuse
from licensing.royalties.engine.fx import Converter, Point
from licensing.royalties.engine.lines import Flag, Line, LineResult, Original
from licensing.royalties.engine.rates import rule_for
from licensing.royalties.engine.statement import Bucket, Request, State, Statement
from licensing.royalties.engine.tax import taxed
from licensing.royalties.engine.terms import (
    Accumulator,
    GreaterOf,
    GuaranteeTest,
    Percent,
    PerUnit,
    Rule,
    Terms,
    Tiers,
    TierScope,
    Unnamed,
    Version,
)
from licensing.royalties.engine.tiers import Count


@dataclass(frozen=True)
class _Sale:
    """A line with what was found out about it so far."""

    line: Line
    version: Version
    rule: Rule
    base: Decimal
    ruling: deductions.Ruling
    net: Decimal
    point: Point
    flags: Mapping[Flag, Decimal]

    @property
    def net_home(self) -> Decimal:
        return self.net / self.point.quote


@dataclass(frozen=True)
class _Earned:
    """What a line earned before it was rounded with its bucket."""

    sale: _Sale
    bucket: str
    exact: Decimal
    rate: Decimal | None
    per_unit: Decimal | None
    how: Mapping[str, str]


def calculate(request: Request) -> Statement:
    """Calculate a period. The same request gives the same statement, bit for bit; the order of lines is of no matter.

    :raises Refused: naming the line and field, or the clause, that cannot be calculated; nothing is half done.
    """
    terms = _terms_at(request, request.end).terms
    currency = terms.currency
    sales, returns = _sales(request)
    counts = _counts(request, terms)
    earned = [one for rule in _by_rule(sales) for one in _earn(rule, counts, request)]
    buckets, royalties = _rounded(earned, currency)
    late = [_late(one, request, currency) for one in returns]
    funds = _funds(sales, currency)
    results = [
        *(_result(one, royalties[one.sale.line.id], funds.get(one.sale.line.id, ZERO)) for one in earned),
        *late,
    ]
    totals = _Totals(
        earned=sum((bucket.royalty for bucket in buckets), ZERO),
        adjustments=sum((one.royalty for one in late), ZERO),
        sales=sum((royalties[one.sale.line.id] for one in earned if not one.sale.line.returned), ZERO),
        fund=sum((one.fund for one in results), ZERO),
    )
    return _settle(request, terms, totals, results=results, buckets=buckets, counts=counts, sales=sales)


@dataclass(frozen=True)
class _Totals:
    earned: Decimal
    adjustments: Decimal
    sales: Decimal
    fund: Decimal


def _terms_at(request: Request, on: object) -> Version:
    found = [version for version in request.versions if version.since <= on]  # type: ignore[operator]
    if not found:
        raise refuse("/versions", "no-terms", f"No version of the terms is in force on {on}.")
    return max(found, key=lambda version: version.since)


def _sales(request: Request) -> tuple[list[_Sale], list[Line]]:
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
    found: list[_Sale] = []
    for (number, _currency), group in sorted(by_group.items()):
        found += _group(request, versions[number], group)
    return found, late


def _group(request: Request, version: Version, lines: Sequence[Line]) -> list[_Sale]:
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
        _Sale(
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


def _by_rule(sales: Sequence[_Sale]) -> list[list[_Sale]]:
    """Return the sales by version and rule; tiers also by what they count together."""
    groups: dict[tuple[int, str, str], list[_Sale]] = defaultdict(list)
    for sale in sales:
        groups[sale.version.number, sale.rule.id, _counted_with(sale)].append(sale)
    return [group for _key, group in sorted(groups.items())]


def _counted_with(sale: _Sale) -> str:
    value = sale.rule.value
    if not isinstance(value, Tiers):
        return ""
    return {
        TierScope.AGREEMENT: "",
        TierScope.CATEGORY: sale.line.category,
        TierScope.PROPERTY: sale.line.property_code,
        TierScope.SKU: sale.line.sku,
    }[value.scope]


def _counts(request: Request, terms: Terms) -> dict[tuple[str, str], Count]:
    """Return the counts towards tiers that still hold: those of a period or year that is over start anew."""
    kept = {}
    rules = {rule.id: rule.value for rule in terms.rules}
    for (rule, together), count in request.opening.counts.items():
        value = rules.get(rule)
        if not isinstance(value, Tiers) or value.accumulator == Accumulator.STATEMENT_PERIOD:
            continue
        year = request.opening.year_of
        if value.accumulator == Accumulator.CONTRACT_YEAR and year != _year(request, terms):
            continue
        kept[rule, together] = count
    return kept


def _year(request: Request, terms: Terms) -> object:
    """Return the first day of the contract year that the period lies in."""
    starts = terms.year_starts
    this = request.begin.replace(month=starts.month, day=starts.day)
    return this if this <= request.begin else this.replace(year=this.year - 1)


def _earn(group: Sequence[_Sale], counts: dict[tuple[str, str], Count], request: Request) -> list[_Earned]:
    """Return what each sale of one rule earned, in full precision; counts towards tiers are moved on."""
    value = group[0].rule.value
    if isinstance(value, Tiers):
        return _tiered(group, value, counts)
    if isinstance(value, Percent):
        return [_percent(sale, value) for sale in group]
    if isinstance(value, PerUnit):
        return [_per_unit(sale, value, request) for sale in group]
    return _greater(group, value, request)


def _bucket(sale: _Sale) -> str:
    return f"v{sale.version.number}/{sale.rule.id}/{sale.point.label}"


def _percent(sale: _Sale, value: Percent) -> _Earned:
    return _Earned(
        sale, _bucket(sale), sale.net_home * value.rate, value.rate, None, {"step": "rate", "rate": str(value.rate)}
    )


def _per_unit(sale: _Sale, value: PerUnit, request: Request) -> _Earned:
    terms = sale.version.terms
    converter = Converter(terms.currency, terms.fx, request.quotes, request.statement_date, request.payment_date)
    point = converter.point(value.currency, sale.line.sold_on)
    units = 0 if sale.line.free else sale.line.units
    how = {"step": "per unit", "amount": str(value.amount), "currency": value.currency, "units": str(units)}
    return _Earned(
        sale,
        f"v{sale.version.number}/{sale.rule.id}/{point.label}",
        units * value.amount / point.quote,
        None,
        value.amount / point.quote,
        how,
    )


def _greater(group: Sequence[_Sale], value: GreaterOf, request: Request) -> list[_Earned]:
    """Return the greater of both, line by line or over the whole: the clause says which."""
    pairs = [(_percent(sale, value.percent), _per_unit(sale, value.per_unit, request)) for sale in group]
    if value.by_line:
        chosen = [max(pair, key=lambda one: one.exact) for pair in pairs]
    else:
        first = sum((percent.exact for percent, _unit in pairs), ZERO)
        second = sum((unit.exact for _percent_of, unit in pairs), ZERO)
        chosen = [pair[0] if first >= second else pair[1] for pair in pairs]
    # One bucket for both, so that the whole is rounded once.
    return [_Earned(one.sale, _bucket(one.sale), one.exact, one.rate, one.per_unit, one.how) for one in chosen]


def _tiered(group: Sequence[_Sale], value: Tiers, counts: dict[tuple[str, str], Count]) -> list[_Earned]:
    """Return each sale's part of what the bucket earned: by its net, so that the order of lines is of no matter."""
    key = (group[0].rule.id, _counted_with(group[0]))
    before = counts.get(key, Count())
    net = sum((sale.net_home for sale in group), ZERO)
    units = Decimal(sum(sale.line.units for sale in group if value.count_free_goods or not sale.line.free))
    royalty = tiers.due(value, before, net=net, units=units)
    counts[key] = before.plus(net=net, units=units, royalty=royalty)
    label = f"v{group[0].version.number}/{group[0].rule.id}/tiers{f' {key[1]}' if key[1] else ''}"
    rate = royalty / net if net else None
    how = {"step": "tiers", "counted": str(before.net), "mode": value.mode.value, "royalty": str(royalty)}
    return [
        _Earned(
            sale,
            label,
            royalty * sale.net_home / net if net else royalty / len(group),
            rate,
            None,
            how,
        )
        for sale in group
    ]


def _rounded(earned: Sequence[_Earned], currency: str) -> tuple[list[Bucket], dict[str, Decimal]]:
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


def _funds(sales: Sequence[_Sale], currency: str) -> dict[str, Decimal]:
    """Return line id → contribution to the marketing fund, rounded by rule and exchange rate like the royalty."""
    groups: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for sale in sales:
        clause = sale.version.terms.fund
        if clause is not None:
            groups[_bucket(sale)][sale.line.id] = sale.net_home * clause.rate
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


def _result(one: _Earned, royalty: Decimal, fund: Decimal) -> LineResult:
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


def _settle(
    request: Request,
    terms: Terms,
    totals: _Totals,
    *,
    results: Sequence[LineResult],
    buckets: Sequence[Bucket],
    counts: Mapping[tuple[str, str], Count],
    sales: Sequence[_Sale],
) -> Statement:
    """From what was earned to what is paid, and what the next period needs to know."""
    currency, opening = terms.currency, request.opening.balances
    kept = pools.reserve(terms.reserve, opening.held, sales=totals.sales, currency=currency, final=request.final)
    due = totals.earned + totals.adjustments - kept.hold + kept.release
    first = pools.recoup(None, unrecouped=opening.topped_up, credit=opening.credit, amount=due)
    second = pools.recoup(
        terms.advance, unrecouped=opening.unrecouped, credit=ZERO, amount=first.payable or first.credit
    )
    recouped = first.recouped + second.recouped
    year = pools.year_end(terms.year_starts, terms.scope.term_from, end=request.end)
    tested = pools.guarantee(
        terms.guarantee,
        opening.guarantee,
        earned=totals.earned + totals.adjustments,
        paid=second.payable + second.recouped,
        year_days=year,
        term_ends=request.end >= terms.scope.term_until,
        currency=currency,
    )
    crossed = terms.guarantee is not None and terms.guarantee.test == GuaranteeTest.CUMULATIVE
    royalty = second.payable + tested.shortfall
    fund_taxed = terms.fund is not None and terms.fund.taxed
    taxes = taxed(
        terms.tax,
        royalty + totals.fund if fund_taxed else royalty,
        untaxed=ZERO if fund_taxed else totals.fund,
        currency=currency,
    )
    closing = _closing(
        request,
        terms,
        counts,
        sales,
        pools.Balances(
            unrecouped=second.unrecouped,
            topped_up=first.unrecouped + (tested.shortfall if crossed else ZERO),
            credit=second.credit,
            held=kept.held,
            guarantee=tested.state,
        ),
    )
    return Statement(
        currency=currency,
        begin=request.begin,
        end=request.end,
        lines=tuple(sorted(results, key=lambda one: (one.line.sold_on, one.line.id))),
        buckets=tuple(buckets),
        earned=totals.earned,
        adjustments=totals.adjustments,
        held=kept.hold,
        released=kept.release,
        recouped=recouped,
        shortfall=tested.shortfall,
        royalty_payable=royalty,
        fund=totals.fund,
        invoice=royalty + totals.fund,
        taxes=taxes,
        closing=closing,
        originals={
            one.line.id: Original(
                one.line.units, one.rate, one.per_unit, one.fx, terms.fund.rate if terms.fund else ZERO
            )
            for one in results
            if not one.line.returned
        },
    )


def _closing(
    request: Request,
    terms: Terms,
    counts: Mapping[tuple[str, str], Count],
    sales: Sequence[_Sale],
    balances: pools.Balances,
) -> State:
    year = _year(request, terms)
    so_far = request.opening.year if request.opening.year_of == year else deductions.YearSoFar()
    gross, allowed = dict(so_far.gross), dict(so_far.allowed)
    sold, sold_off = dict(request.opening.sold), dict(request.opening.sold_off)
    for sale in sales:
        line = sale.line
        gross[line.currency] = gross.get(line.currency, ZERO) + sale.base
        for kind, amount in sale.ruling.allowed.items():
            allowed[line.currency, kind] = allowed.get((line.currency, kind), ZERO) + amount
        for cap in terms.aggregate_caps:
            joined = "+".join(cap.kinds)
            part = sum((sale.ruling.allowed.get(kind, ZERO) for kind in cap.kinds), ZERO)
            if len(cap.kinds) > 1:
                allowed[line.currency, joined] = allowed.get((line.currency, joined), ZERO) + part
        sold[line.sku] = sold.get(line.sku, 0) + line.units
        if line.sold_on > terms.scope.term_until:
            sold_off[line.sku] = sold_off.get(line.sku, 0) + line.units
    return State(
        counts=dict(counts),
        year=deductions.YearSoFar(gross, allowed),
        year_of=year,  # type: ignore[arg-type]
        sold=sold,
        sold_off=sold_off,
        balances=balances,
    )
