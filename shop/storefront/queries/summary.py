"""A quote in words: lines, delivery, the tax of each rule, total, and why it is an estimate if it is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_percent
from django.utils.translation import gettext as _

from shop.checkout.quoting import QuotedBasket
from shop.crossborder.money import LOCALES, display, text
from shop.crossborder.quote import Kind, Notice, Rule
from shop.storefront.queries.product import option_text


@dataclass(frozen=True)
class TaxLine:
    """A tax rule that was used, its rate written out, and where it is written down."""

    label: str
    source: str
    since: str


@dataclass(frozen=True)
class SummaryLine:
    """A line of the order."""

    sku: str
    name: str
    option: str
    quantity: int
    amount: str


@dataclass(frozen=True)
class Summary:
    """The quote as the checkout page shows it; ``total_text`` is what the form sends back."""

    lines: list[SummaryLine]
    goods: str
    shipping: str
    shipping_name: str
    tax: str
    tax_included: bool
    taxes: list[TaxLine]
    total: str
    total_text: str
    notices: list[str]


def estimate_notice(code: str) -> str:
    """Return why a quote is an estimate, in words."""
    if code == Notice.TAX_RULE_MISSING:
        return _("We know no tax rate for this country yet, so tax or duty may be asked of you on delivery.")
    return _("The tax rate for this country awaits confirmation, so the tax on your parcel may differ.")


def _date(rule: Rule, language: str) -> str:
    return format_date(rule.valid_from, format="long", locale=LOCALES.get(language, "en_GB")) if rule.valid_from else ""


def rate_text(rate: Decimal, language: str) -> str:
    """Return a fraction as the reader writes per cent, e.g. ``20 %`` or ``5,5 %``."""
    return format_percent(rate, format="#,##0.###\u202f%" if language == "fr" else "#,##0.###%", locale=LOCALES.get(language, "en_GB"))


def _tax_line(rule: Rule, language: str) -> TaxLine:
    return TaxLine(label=f"{rule.name} {rate_text(rule.rate, language)}", source=rule.source, since=_date(rule, language))


def summarise(quoted: QuotedBasket, *, language: str) -> Summary:
    """Write a quote out in the language."""
    quote = quoted.quote
    rules = {line.rule.id: line.rule for line in quote.lines if line.rule}

    def money(amount: Decimal) -> str:
        return display(amount, quote.currency, language)

    names: dict[str, Any] = quoted.option.names
    return Summary(
        lines=[
            SummaryLine(
                sku=line.sku,
                name=row.name,
                option=option_text(row.line.variant.options, language),
                quantity=line.quantity,
                amount=money(line.amount),
            )
            for row, line in zip(quoted.rows, quote.lines, strict=True)
        ],
        goods=money(quote.goods),
        shipping=money(quote.shipping) if quote.shipping else "",
        shipping_name=str(names.get(language) or names.get("en") or quoted.option.code),
        tax=money(quote.tax),
        tax_included=quote.tax_included,
        taxes=[_tax_line(rule, language) for rule in rules.values()],
        total=money(quote.total),
        total_text=text(quote.total, quote.currency),
        notices=[estimate_notice(notice) for notice in quote.notices] if quote.kind == Kind.ESTIMATE else [],
    )
