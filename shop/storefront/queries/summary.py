"""A quote in words: lines, delivery, what each rule charges, what is paid when, and why it is an estimate."""

from dataclasses import dataclass
from decimal import Decimal

from shop.catalogue.wording import option_text
from shop.checkout import landed_words
from shop.checkout.charges import ChargeLine, charges
from shop.checkout.quoting import QuotedBasket
from shop.crossborder.landed_cost.answer import Kind
from shop.crossborder.landed_cost.request import Incoterm
from shop.crossborder.money import display, text


@dataclass(frozen=True)
class SummaryLine:
    """One quoted line in words."""

    sku: str
    name: str
    option: str
    quantity: int
    amount: str


@dataclass(frozen=True)
class CodeLine:
    """A promotion code and what it took off the goods; empty where it pays the delivery."""

    code: str
    discount: str


@dataclass(frozen=True)
class Summary:
    """The quote as the checkout page shows it; ``total_text`` is what the form sends back.

    Amounts that are nothing are empty. ``total`` is paid now; ``at_the_door`` and ``in_all`` only where something is
    left for the delivery.
    """

    lines: list[SummaryLine]
    goods: str
    shipping: str
    shipping_name: str
    wrapping: str
    gift_wrap: bool
    codes: list[CodeLine]
    duty: str
    fees: str
    tax: str
    tax_included: bool
    taxes: list[ChargeLine]
    charges: list[ChargeLine]
    total: str
    total_text: str
    at_the_door: str
    in_all: str
    estimate: bool
    imported: bool
    charged: bool
    notices: list[str]
    cautions: list[str]


def summarise(quoted: QuotedBasket, *, language: str) -> Summary:
    """Write a quote out in the language."""
    quote = quoted.quote

    def money(amount: Decimal) -> str:
        return display(amount, quote.currency, language)

    taxes, others = charges(quote, quoted.book, language)
    door = quote.payable_on_delivery
    wrapping = min(quoted.wrapping, quote.shipping)
    return Summary(
        lines=[
            SummaryLine(
                sku=line.sku,
                name=row.name,
                option=option_text(row.line.variant.options, language),
                quantity=line.quantity,
                amount=money(line.goods),
            )
            for row, line in quoted.sold
        ],
        goods=money(quote.goods),
        shipping=money(quote.shipping - wrapping) if quote.shipping > wrapping else "",
        wrapping=money(wrapping) if wrapping else "",
        gift_wrap=quoted.gift_wrap,
        codes=[CodeLine(one.code, money(-one.discount) if one.discount else "") for one in quoted.reckoned.applied],
        shipping_name=quoted.delivery.option.name,
        duty=money(quote.duty) if quote.duty else "",
        fees=money(quote.fees) if quote.fees else "",
        tax=money(quote.tax),
        tax_included=quoted.tax_included and quote.incoterm is Incoterm.DDP,
        taxes=taxes,
        charges=others,
        total=money(quote.payable_now),
        total_text=text(quote.payable_now, quote.currency),
        at_the_door=money(door) if door else "",
        in_all=money(quote.total) if door else "",
        estimate=quote.kind is Kind.ESTIMATE,
        charged=bool(quote.duty or quote.tax or quote.fees),
        imported=any(one.imported for one in quote.consignments),
        notices=landed_words.reasons(quote.reasons, quoted.book) if quote.kind is Kind.ESTIMATE else [],
        cautions=landed_words.cautions(quote.cautions, quoted.book),
    )
