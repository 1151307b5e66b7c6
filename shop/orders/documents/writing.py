"""Amounts, dates and names as a document's reader expects them, in characters that the fonts have. Pure."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from shop.crossborder.customs.glyphs import missing, printable
from shop.crossborder.money import LOCALES, display, locale_of, round_money

# Language → what typst calls it.
TYPESET = {
    "en": {"lang": "en", "region": "GB"},
    "fr": {"lang": "fr", "region": "FR"},
    "zh-hans": {"lang": "zh", "region": "CN"},
    "ja": {"lang": "ja", "region": "JP"},
}
COLON = {"en": ": ", "fr": "\u00a0: ", "zh-hans": "：", "ja": "："}
GETA = "〓"  # what Japanese printers put where they have no type
HANGUL = "HANGUL SYLLABLE "
FINER = 2  # decimals beyond the minor unit that a unit price may show


def language_of(code: str) -> str:
    """Return the language in which a document is written: the order's, English where that is none of the four."""
    return code if code in TYPESET else "en"


def _instead(one: str) -> str:
    """Return what is printed for a character that no font has: letters in Latin, where Unicode knows them."""
    named = unicodedata.name(one, "")
    if named.startswith(HANGUL):
        return named.removeprefix(HANGUL).capitalize()
    plain = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    return plain if plain and plain != one and not missing(plain) else GETA


def legible(text: str) -> str:
    """Return the text as it can be printed. A paper that the law wants is never refused for a letter.

    Hangul is spelled in Latin letters; of what has no counterpart, one 〓 stands for a run.
    """
    composed = unicodedata.normalize("NFC", text)
    written = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in composed)
    lacking = set(missing(written))
    if lacking:
        written = "".join(_instead(one) if one in lacking and not one.isspace() else one for one in written)
        written = re.sub(f"{GETA}{{2,}}", GETA, written)
    return printable(written)


def _tidy(text: str) -> str:
    """Return a written number with a real minus and spaces that do not break."""
    return text.replace("-", "−").replace("\u202f", "\u00a0").replace(" ", "\u00a0")


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount with its currency, e.g. ``£18.00`` or ``−18,00 €``."""
    return _tidy(display(amount, currency, language))


def figure(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount without its currency, as a table has it: ``1,234.50``."""
    digits = "0" * get_currency_precision(currency)
    pattern = f"#,##0.{digits}" if digits else "#,##0"
    locale = locale_of(language, currency)
    return _tidy(
        format_currency(round_money(amount, currency), currency, pattern, locale=locale, currency_digits=False)
    )


def unit_figure(amount: Decimal, currency: str, language: str) -> str:
    """Return a price of one unit, with as many decimals as it needs up to two beyond the minor unit."""
    least = get_currency_precision(currency)
    exact = amount.quantize(Decimal(1).scaleb(-least - FINER), rounding="ROUND_HALF_UP")
    pattern = "#,##0." + "0" * least + "#" * FINER
    return _tidy(format_decimal(exact, pattern, locale=locale_of(language, currency)))


def percent(rate: Decimal, language: str) -> str:
    """Return a fraction as the reader writes per cent, e.g. ``20%`` or ``5,5 %``."""
    return _tidy(format_percent(rate, locale=LOCALES[language_of(language)], decimal_quantization=False))


def day(when: date, language: str) -> str:
    """Return a date written out, e.g. ``23 November 2026`` or ``2026年11月23日``."""
    return str(format_date(when, format="long", locale=LOCALES[language_of(language)])).replace(" ", "\u00a0")


def country(code: str, language: str) -> str:
    """Return a country's name in the language (CLDR), or its code where there is none."""
    return legible(str(Locale.parse(LOCALES[language_of(language)]).territories.get(code, code)))
