"""Currencies: which are known, how many decimals their minor unit has at Stripe, and the smallest and largest charge.

The model is Stripe's page of supported currencies (docs.stripe.com/currencies). The lists are close to it, not a copy:
the smallest charges are the simulator's own and stand in for Stripe's.
"""

from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_symbol, parse_pattern


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


ZERO_DECIMAL = _codes("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE_DECIMAL = _codes("bhd jod kwd omr tnd")
TWO_DECIMAL = _codes(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc "
    "cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr "
    "kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk "
    "php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx usd "
    "uyu uzs wst xcd yer zar zmw"
)
KNOWN = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL
# Where Alipay takes money.
ALIPAY = _codes("aud cad cny eur gbp hkd jpy myr nzd sgd usd")
# Where WeChat Pay takes money.
WECHAT_PAY = _codes("aud cad chf cny dkk eur gbp hkd jpy nok sek sgd usd")
# In minor units; a currency that is not named has only the general floor of one unit here.
SMALLEST = {
    "usd": 50, "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200,
    "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
LARGEST = 99_999_999


def decimals(currency: str) -> int:
    """How many decimals the minor unit of a lower-case currency code has."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def display(amount: int, currency: str, *, locale: str = "en_GB") -> str:
    """The amount, given in minor units, as people of ``locale`` (a CLDR name) write it: ``£12.00``, ``¥1,200``."""
    places = decimals(currency)
    rules = Locale.parse(locale)
    written = str(rules.currency_formats["standard"].pattern)
    if get_currency_symbol(currency.upper(), locale=rules)[-1].isalpha():
        # CLDR's rule: letters do not touch digits.
        written = written.replace("¤#", "¤\xa0#")
    pattern = parse_pattern(written)
    value = Decimal(amount).scaleb(-places)
    pattern.frac_prec = (places, places)
    return str(pattern.apply(value, rules, currency=currency.upper(), currency_digits=False))
