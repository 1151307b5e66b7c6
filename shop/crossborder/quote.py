"""The quote: goods, shipping and tax, each figure with the rule behind it. Pure: no database, no clock.

A missing or unconfirmed rule makes the whole quote an ESTIMATE with the reason; never a silent zero (DESIGN law 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shop.crossborder.money import round_money, text


class Kind(StrEnum):
    """Whether the figures bind us."""

    FINAL = "FINAL"
    ESTIMATE = "ESTIMATE"


class Notice(StrEnum):
    """Why a quote is an estimate; stable codes, worded by the doors."""

    TAX_RULE_MISSING = "tax_rule_missing"
    TAX_RULE_UNCONFIRMED = "tax_rule_unconfirmed"


@dataclass(frozen=True)
class Rule:
    """A dated tax rate as it stood on the day; ``rate`` is a fraction."""

    id: int
    jurisdiction: str
    regime: str
    category: str
    name: str
    rate: Decimal
    valid_from: date | None
    source: str
    confirmed: bool


@dataclass(frozen=True)
class Line:
    """Goods to be quoted: ``unit_price`` in the quote's currency, tax included or not as the market says.

    ``discount`` is taken off the whole line.
    """

    sku: str
    category: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """What the whole line costs."""
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True)
class QuotedLine:
    """A line with its amount and the tax on its goods (its share of shipping's tax is in the quote's total)."""

    sku: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    tax: Decimal
    rule: Rule | None


@dataclass(frozen=True)
class Quote:
    """What the buyer pays. ``total`` = goods + shipping (+ tax where prices exclude it)."""

    kind: Kind
    currency: str
    country: str
    tax_included: bool
    goods: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal
    lines: tuple[QuotedLine, ...]
    notices: tuple[Notice, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the quote as JSON-ready data, amounts as text: what an order keeps and the API shows."""
        rules = {line.rule.id: line.rule for line in self.lines if line.rule}
        return {
            "kind": str(self.kind),
            "incoterm": "DDP" if self.kind == Kind.FINAL else "DAP",
            "currency": self.currency,
            "country": self.country,
            "tax_included": self.tax_included,
            "goods": text(self.goods, self.currency),
            "shipping": text(self.shipping, self.currency),
            "tax": text(self.tax, self.currency),
            "total": text(self.total, self.currency),
            "lines": [
                {
                    "sku": line.sku,
                    "quantity": line.quantity,
                    "unit_price": text(line.unit_price, self.currency),
                    "amount": text(line.amount, self.currency),
                    "tax": text(line.tax, self.currency),
                    "tax_rule": line.rule.id if line.rule else None,
                }
                for line in self.lines
            ],
            "rules": [
                {
                    "id": rule.id,
                    "name": rule.name,
                    "jurisdiction": rule.jurisdiction,
                    "regime": rule.regime,
                    "category": rule.category,
                    "rate": str(rule.rate.normalize()),
                    "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
                    "source": rule.source,
                    "confirmed": rule.confirmed,
                }
                for rule in rules.values()
            ],
            "notices": [str(notice) for notice in self.notices],
        }


def _tax(amount: Decimal, rule: Rule | None, *, included: bool, currency: str) -> Decimal:
    if rule is None:
        return Decimal(0)
    share = rule.rate / (1 + rule.rate) if included else rule.rate
    return round_money(amount * share, currency)


def apportion(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split an amount by weight, each part rounded half up, the last part taking the remainder."""
    total = sum(weights, Decimal(0))
    if not total:
        return [Decimal(0)] * (len(weights) - 1) + [amount]
    parts = [round_money(amount * weight / total, currency) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]


def make_quote(
    *,
    lines: Sequence[Line],
    shipping: Decimal,
    rules: Sequence[Rule],
    country: str,
    currency: str,
    tax_included: bool,
) -> Quote:
    """Quote the lines delivered to ``country`` (ISO 3166-1 alpha-2) under the rules in force.

    Of the rules, the one for a line's category is used, else the one for every other category (empty category).

    :raises ValueError: no lines, a quantity below 1, or a price not above zero.
    """
    if not lines or any(line.quantity < 1 or line.unit_price <= 0 or line.amount < 0 for line in lines):
        raise ValueError("A quote needs lines with a quantity of at least 1 and a price above zero.")
    by_category = {rule.category: rule for rule in rules}
    chosen = [by_category.get(line.category) or by_category.get("") for line in lines]
    amounts = [line.amount for line in lines]
    quoted = tuple(
        QuotedLine(
            sku=line.sku,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=amount,
            tax=_tax(amount, rule, included=tax_included, currency=currency),
            rule=rule,
        )
        for line, amount, rule in zip(lines, amounts, chosen, strict=True)
    )
    # Shipping is taxed as the goods it carries: split by value, each part at its line's rate.
    shipping_tax = sum(
        (
            _tax(part, rule, included=tax_included, currency=currency)
            for part, rule in zip(apportion(shipping, amounts, currency), chosen, strict=True)
        ),
        Decimal(0),
    )
    goods = sum(amounts, Decimal(0))
    tax = sum((line.tax for line in quoted), Decimal(0)) + shipping_tax
    notices = []
    if any(rule is None for rule in chosen):
        notices.append(Notice.TAX_RULE_MISSING)
    if any(rule is not None and not rule.confirmed for rule in chosen):
        notices.append(Notice.TAX_RULE_UNCONFIRMED)
    return Quote(
        kind=Kind.ESTIMATE if notices else Kind.FINAL,
        currency=currency,
        country=country,
        tax_included=tax_included,
        goods=goods,
        shipping=shipping,
        tax=tax,
        total=goods + shipping + (Decimal(0) if tax_included else tax),
        lines=quoted,
        notices=tuple(notices),
    )
