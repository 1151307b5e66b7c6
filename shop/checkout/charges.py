"""What each rule charges in a quote, written out with its source, in the reader's language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_percent

from shop.checkout import landed_words
from shop.crossborder.landed_cost.answer import LandedCost, Step, StepCode
from shop.crossborder.money import LOCALES, display
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import Entry, TaxRate

CHARGES = {
    StepCode.DUTY,
    StepCode.PREFERENCE,
    StepCode.ADDITIONAL_DUTY,
    StepCode.DUTY_PER_ITEM,
    StepCode.FEE,
    StepCode.TAX,
}
RELIEFS = {StepCode.DUTY_WAIVED, StepCode.TAX_WAIVED}


@dataclass(frozen=True)
class ChargeLine:
    """What one rule charges in all: its name and rate written out, and where it is written down."""

    label: str
    amount: str
    source: str
    url: str
    since: str
    confirmed: bool
    tax: bool
    nothing: bool


def rate_text(rate: Decimal, language: str) -> str:
    """Return a fraction as the reader writes per cent, e.g. ``20 %`` or ``5,5 %``."""
    return format_percent(rate, locale=LOCALES.get(language, "en_GB"), decimal_quantization=False)


def by_rule(steps: Iterable[Step], *, codes: set[StepCode]) -> dict[str, Decimal]:
    """Return rule key → what it charges in all, in the order in which the rules were met."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for step in steps:
        if step.code in codes and step.rule:
            found[step.rule] += step.amount
    return dict(found)


def _charge(key: str, amount: Decimal, quote: LandedCost, book: RuleBook, language: str) -> ChargeLine:
    row: Any = book.entries.get(key)
    sources = [book.sources[one] for one in row.sources if one in book.sources] if isinstance(row, Entry) else []
    since = ""
    if isinstance(row, Entry) and row.valid_from:
        since = format_date(row.valid_from, format="long", locale=LOCALES.get(language, "en_GB"))
    return ChargeLine(
        label=landed_words.rule(row, language, rate_text) if row else key,
        amount=display(amount, quote.currency, language),
        source="; ".join(one.title for one in sources),
        url=next((one.url for one in sources if one.url), ""),
        since=since,
        confirmed=isinstance(row, Entry) and row.confirmed,
        tax=isinstance(row, TaxRate),
        nothing=not amount,
    )


def charges(quote: LandedCost, book: RuleBook, language: str) -> tuple[list[ChargeLine], list[ChargeLine]]:
    """Return the taxes by rule, and duty and fees by rule; a rate of nothing is named too."""
    waived = {step.consignment for step in quote.steps if step.code is StepCode.TAX_WAIVED}
    spared = {step.consignment for step in quote.steps if step.code is StepCode.DUTY_WAIVED}
    taxed = [step for step in quote.steps if step.consignment not in waived]
    dutied = [step for step in quote.steps if step.consignment not in spared or step.code is StepCode.FEE]
    found = by_rule(taxed, codes={StepCode.TAX}), by_rule(dutied, codes=CHARGES - {StepCode.TAX})
    taxes, others = ([_charge(key, amount, quote, book, language) for key, amount in one.items()] for one in found)
    return taxes, others


def explanation(quote: LandedCost, book: RuleBook, language: str) -> list[str]:
    """Return the whole quote in sentences: each charge, why it is an estimate if it is, and what else to know."""
    taxes, others = charges(quote, book, language)
    said = [f"{one.label}: {one.amount}" for one in (*others, *taxes)]
    if quote.reasons:
        said += landed_words.reasons(quote.reasons, book)
    return said + landed_words.cautions(quote.cautions, book)
