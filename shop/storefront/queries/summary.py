"""A quote in words: lines, delivery, the tax of each rule, total, and why it is an estimate if it is."""

from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_percent
from django.utils.translation import gettext as _

from shop.catalogue.wording import option_text
from shop.checkout.quoting import QuotedBasket
from shop.crossborder.money import LOCALES, display, round_money, text
from shop.crossborder.quote import Kind, Notice, Quote, Rule, apportion


@dataclass(frozen=True)
class TaxLine:
    """A tax rule that was used, its rate written out, and where it is written down."""

    label: str
    amount: str
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
    return format_percent(rate, locale=LOCALES.get(language, "en_GB"), decimal_quantization=False)


def _tax_line(rule: Rule, amount: str, language: str) -> TaxLine:
    label = f"{rule.name} {rate_text(rule.rate, language)}"
    return TaxLine(label=label, amount=amount, source=rule.source, since=_date(rule, language))


def tax_by_rule(quote: Quote) -> dict[int, Decimal]:
    """Return rule id → tax under it, in the quote's currency; together they are the quote's tax.

    Delivery is taxed as the goods it carries, so its tax is shared out as the quote shared it.
    """
    shares = apportion(quote.shipping, [line.amount for line in quote.lines], quote.currency)
    found: dict[int, Decimal] = {}
    for line, share in zip(quote.lines, shares, strict=True):
        if line.rule:
            rate = line.rule.rate / (1 + line.rule.rate) if quote.tax_included else line.rule.rate
            tax = line.tax + round_money(share * rate, quote.currency)
            found[line.rule.id] = found.get(line.rule.id, Decimal(0)) + tax
    return found


def summarise(quoted: QuotedBasket, *, language: str) -> Summary:
    """Write a quote out in the language."""
    quote = quoted.quote
    taxed = tax_by_rule(quote)
    rules = {line.rule.id: line.rule for line in quote.lines if line.rule}

    def money(amount: Decimal) -> str:
        return display(amount, quote.currency, language)

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
        shipping_name=quoted.delivery.option.name,
        tax=money(quote.tax),
        tax_included=quote.tax_included,
        taxes=[_tax_line(rule, money(taxed[rule.id]), language) for rule in rules.values()],
        total=money(quote.total),
        total_text=text(quote.total, quote.currency),
        notices=[estimate_notice(notice) for notice in quote.notices] if quote.kind == Kind.ESTIMATE else [],
    )
