"""Which rule a sale falls under."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from licensing.royalties.engine.bases import GROSS
from licensing.royalties.engine.errors import Fault, refuse
from licensing.royalties.engine.lines import Line
from licensing.royalties.engine.terms import Rule

# Condition of a rule → what of a line it looks at.
CONDITIONS = {
    "property": "property_code",
    "sku": "sku",
    "category": "category",
    "territory": "territory",
    "channel": "channel",
    "customer_class": "customer_class",
    "sale_type": "sale_type",
}


def matches(rule: Rule, line: Line) -> bool:
    """Tell whether a sale meets every condition of a rule."""
    if any(getattr(line, CONDITIONS[name]) not in accepted for name, accepted in rule.conditions.items()):
        return False
    if (rule.sold_from and line.sold_on < rule.sold_from) or (rule.sold_until and line.sold_on > rule.sold_until):
        return False
    if rule.price_from is None and rule.price_until is None:
        return True
    price = _unit_price(line)
    return (
        price is not None
        and (rule.price_from is None or price >= rule.price_from)
        and (rule.price_until is None or price <= rule.price_until)
    )


def _unit_price(line: Line) -> Decimal | None:
    gross = line.amounts.get(GROSS)
    return gross / line.units if gross is not None and line.units else None


def rule_for(rules: Sequence[Rule], line: Line) -> Rule:
    """Return the rule with the highest priority, then the most conditions. Ties were refused with the terms.

    :raises Refused: no rule matches.
    """
    found = [rule for rule in rules if matches(rule, line)]
    if not found:
        raise refuse(f"line {line.id}", "no-rate", "No rate rule of the terms matches this sale.")
    return max(found, key=lambda rule: (rule.priority, rule.specificity))


def ties(rules: Sequence[Rule]) -> Iterable[Fault]:
    """Yield every pair of rules that could both match one sale with nothing to prefer one of them."""
    for (_, first), (index, second) in combinations(enumerate(rules), 2):
        same_rank = (first.priority, first.specificity) == (second.priority, second.specificity)
        if same_rank and _can_both_match(first, second):
            yield Fault(
                f"/rates/{index}/priority",
                "rate-tie",
                f"A sale can match {first.id} and {second.id} with as many conditions: give one a higher priority.",
            )


def _can_both_match(first: Rule, second: Rule) -> bool:
    for name in first.conditions.keys() & second.conditions.keys():
        if not first.conditions[name] & second.conditions[name]:
            return False
    return _overlap((first.sold_from, first.sold_until), (second.sold_from, second.sold_until)) and _overlap(
        (first.price_from, first.price_until), (second.price_from, second.price_until)
    )


def _overlap(first: tuple[Any, Any], second: tuple[Any, Any]) -> bool:
    (low, high), (other_low, other_high) = first, second
    return not (
        (high is not None and other_low is not None and high < other_low)
        or (other_high is not None and low is not None and other_high < low)
    )
