"""Amounts: Decimal and an ISO 4217 code, rounded half up to the minor unit, shown as each language writes them."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.localedata import locale_identifiers
from babel.numbers import format_currency, format_percent, get_currency_precision

# Django's language codes → CLDR locales.
LOCALES = {"en": "en_GB", "fr": "fr_FR", "zh-hans": "zh_Hans_CN", "ja": "ja_JP"}


# Whose habits of writing apply to a currency that is at home in one country: francs are written as the Swiss do.
HOMES = {"AUD": "AU", "CAD": "CA", "CHF": "CH", "NZD": "NZ", "SGD": "SG", "USD": "US"}


@cache
def locale_of(language: str, currency: str) -> str:
    """Return the CLDR locale in which readers of ``language`` expect amounts of the currency."""
    usual = LOCALES.get(language, "en_GB")
    home = f"{usual.split('_')[0]}_{HOMES[currency]}" if currency in HOMES else usual
    return home if home in _known() else usual


@cache
def _known() -> frozenset[str]:
    return frozenset(locale_identifiers())


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units, as Stripe wants it (JPY has none).

    :raises ValueError: the amount has more decimals than the currency.
    """
    minor = amount.scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of minor units.")
    return int(minor)


def text(amount: Decimal, currency: str) -> str:
    """Return the amount as JSON text with exactly the currency's decimals, e.g. ``"18.00"``."""
    return str(round_money(amount, currency))


@lru_cache(maxsize=16_384)
def display(amount: Decimal, currency: str, language: str) -> str:
    """Return the amount as a reader of ``language`` expects it, e.g. ``£18.00`` or ``18,00 €``."""
    # Babel rounds half to even, so round first.
    return format_currency(round_money(amount, currency), currency, locale=locale_of(language, currency))


def minus(percent: int | None, language: str) -> str:
    """Return a reduction by whole per cent as a reader of ``language`` expects it, e.g. ``−18 %``; nothing for none."""
    if not percent:
        return ""
    return "−" + format_percent(Decimal(percent) / 100, locale=LOCALES.get(language, "en_GB"))
