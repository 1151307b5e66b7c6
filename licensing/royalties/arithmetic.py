"""Royalty arithmetic: full precision inside, rounded half up once, at posting. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision


@dataclass(frozen=True)
class Royalty:
    """An earned royalty in ``currency``, with the steps that led to it."""

    base: Decimal
    rate: Decimal
    amount: Decimal
    currency: str
    trace: list[dict[str, str]]


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero) to the currency's minor unit (ISO 4217, as CLDR lists it)."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), rounding=ROUND_HALF_UP)


def earned(*, gross: Decimal, tax: Decimal, rate: Decimal, currency: str) -> Royalty:
    """Return the royalty on net sales: (``gross`` - ``tax``) × ``rate``, amounts in ``currency``."""
    base = gross - tax
    exact = base * rate
    amount = round_money(exact, currency)
    trace = [
        {"step": "base", "rule": "net_sales = gross - tax", "gross": str(gross), "tax": str(tax), "value": str(base)},
        {"step": "rate", "value": str(rate)},
        {"step": "round", "rule": "half up to the minor unit", "exact": str(exact), "value": str(amount)},
    ]
    return Royalty(base=base, rate=rate, amount=amount, currency=currency, trace=trace)
