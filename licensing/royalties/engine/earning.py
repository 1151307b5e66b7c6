"""What each sale earns by its rule, in full precision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from licensing.royalties.engine import deductions, tiers
from licensing.royalties.engine.amounts import ZERO
from licensing.royalties.engine.fx import Converter, Point
from licensing.royalties.engine.lines import Flag, Line
from licensing.royalties.engine.statement import Request
from licensing.royalties.engine.terms import GreaterOf, Percent, PerUnit, Rule, Tiers, TierScope, Version
from licensing.royalties.engine.tiers import Count


@dataclass(frozen=True)
class Sale:
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
class Earned:
    """What a line earned before it was rounded with its bucket."""

    sale: Sale
    bucket: str
    exact: Decimal
    rate: Decimal | None
    per_unit: Decimal | None
    how: Mapping[str, str]


def by_rule(sales: Sequence[Sale]) -> list[list[Sale]]:
    """Return the sales by version and rule; tiers also by what they count together."""
    groups: dict[tuple[int, str, str], list[Sale]] = defaultdict(list)
    for sale in sales:
        groups[sale.version.number, sale.rule.id, counted_with(sale)].append(sale)
    return [group for _key, group in sorted(groups.items())]


def counted_with(sale: Sale) -> str:
    value = sale.rule.value
    if not isinstance(value, Tiers):
        return ""
    return {
        TierScope.AGREEMENT: "",
        TierScope.CATEGORY: sale.line.category,
        TierScope.PROPERTY: sale.line.property_code,
        TierScope.SKU: sale.line.sku,
    }[value.scope]


def earn(group: Sequence[Sale], counts: dict[tuple[str, str], Count], request: Request) -> list[Earned]:
    """Return what each sale of one rule earned, in full precision; counts towards tiers are moved on."""
    value = group[0].rule.value
    if isinstance(value, Tiers):
        return _tiered(group, value, counts)
    if isinstance(value, Percent):
        return [_percent(sale, value) for sale in group]
    if isinstance(value, PerUnit):
        return [_per_unit(sale, value, request) for sale in group]
    return _greater(group, value, request)


def bucket_of(sale: Sale) -> str:
    return f"v{sale.version.number}/{sale.rule.id}/{sale.point.label}"


def _percent(sale: Sale, value: Percent) -> Earned:
    return Earned(
        sale, bucket_of(sale), sale.net_home * value.rate, value.rate, None, {"step": "rate", "rate": str(value.rate)}
    )


def _per_unit(sale: Sale, value: PerUnit, request: Request) -> Earned:
    terms = sale.version.terms
    converter = Converter(terms.currency, terms.fx, request.quotes, request.statement_date, request.payment_date)
    point = converter.point(value.currency, sale.line.sold_on)
    units = 0 if sale.line.free else sale.line.units
    how = {"step": "per unit", "amount": str(value.amount), "currency": value.currency, "units": str(units)}
    return Earned(
        sale,
        f"v{sale.version.number}/{sale.rule.id}/{point.label}",
        units * value.amount / point.quote,
        None,
        value.amount / point.quote,
        how,
    )


def _greater(group: Sequence[Sale], value: GreaterOf, request: Request) -> list[Earned]:
    """Return the greater of both, line by line or over the whole: the clause says which."""
    pairs = [(_percent(sale, value.percent), _per_unit(sale, value.per_unit, request)) for sale in group]
    if value.by_line:
        chosen = [max(pair, key=lambda one: one.exact) for pair in pairs]
    else:
        first = sum((percent.exact for percent, _unit in pairs), ZERO)
        second = sum((unit.exact for _percent_of, unit in pairs), ZERO)
        chosen = [pair[0] if first >= second else pair[1] for pair in pairs]
    # One bucket for both, so that the whole is rounded once.
    return [Earned(one.sale, bucket_of(one.sale), one.exact, one.rate, one.per_unit, one.how) for one in chosen]


def _tiered(group: Sequence[Sale], value: Tiers, counts: dict[tuple[str, str], Count]) -> list[Earned]:
    """Return each sale's part of what the bucket earned: by its net, so that the order of lines is of no matter."""
    key = (group[0].rule.id, counted_with(group[0]))
    before = counts.get(key, Count())
    net = sum((sale.net_home for sale in group), ZERO)
    units = Decimal(sum(sale.line.units for sale in group if value.count_free_goods or not sale.line.free))
    royalty = tiers.due(value, before, net=net, units=units)
    counts[key] = before.plus(net=net, units=units, royalty=royalty)
    label = f"v{group[0].version.number}/{group[0].rule.id}/tiers{f' {key[1]}' if key[1] else ''}"
    rate = royalty / net if net else None
    how = {"step": "tiers", "counted": str(before.net), "mode": value.mode.value, "royalty": str(royalty)}
    return [
        Earned(
            sale,
            label,
            royalty * sale.net_home / net if net else royalty / len(group),
            rate,
            None,
            how,
        )
        for sale in group
    ]
