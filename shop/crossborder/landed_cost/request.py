"""What is asked of the landed-cost engine. Pure values; :func:`check` says what is wrong with them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import NamedTuple, Protocol

from babel.core import get_global

from shop.crossborder.rulebook.book import FIRST_DAY, LAST_DAY

MAX_LINES = 200
MAX_QUANTITY = 1_000_000
MAX_WEIGHT_G = 100_000_000
# Of a line, delivery or a year's purchases: sums and products stay exact within the 28 digits of Decimal.
MAX_AMOUNT = Decimal(10) ** 14
HS = re.compile(r"(?:0[1-9]|[1-68][0-9]|7[0-689]|9[0-7])[0-9]{4,8}")
CODE = re.compile(r"[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
ZERO = Decimal(0)
AMOUNT = f"must be an amount from zero to below {MAX_AMOUNT:f}."


class Incoterm(StrEnum):
    """Who pays duty and tax: the seller (delivered duty paid) or the shopper at the door (delivered at place)."""

    DDP = "DDP"
    DAP = "DAP"


class Rates(Protocol):
    """A table of exchange rates (``shop.crossborder.exchange.rates.Rates``); ``on`` is its date."""

    @property
    def on(self) -> date:
        """The day of the table."""

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``; raises LookupError for a currency it does not have."""

    def day_of(self, base: str, quote: str) -> date:
        """Return the day of that rate, which may be before the table's."""


class Line(NamedTuple):
    """Goods. ``unit_price`` is in the consignment's currency; ``discount`` is taken off the whole line.

    ``hs``: 6 to 10 digits; ``origin``: the country where the goods were made (ISO 3166-1); ``origin_proven``: the
    seller holds the proof that a preference asks for; ``weight_g``: net weight of one unit in grams.
    """

    sku: str
    hs: str
    origin: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = ZERO
    category: str = ""
    weight_g: int = 0
    flags: frozenset[str] = frozenset()
    origin_proven: bool = False


class Consignment(NamedTuple):
    """What one seller sends from one warehouse. ``shipping`` and prices are in ``currency``.

    ``bonded``: the goods lie in a bonded warehouse of the destination. ``route`` is chosen by the rule book when empty.
    ``registrations``: kind → number, e.g. ``{"IOSS": "IM3720000224"}``.
    """

    lines: tuple[Line, ...]
    shipping: Decimal
    currency: str
    seller_country: str
    from_country: str
    registrations: Mapping[str, str] = {}
    bonded: bool = False
    route: str = ""


class Request(NamedTuple):
    """One purchase. ``on``: the day whose rules hold; ``currency``: in which the answer is.

    ``prices_include_tax``: prices and shipping contain the destination's tax. ``bought_this_year``: what the buyer has
    used of China's yearly allowance, in CNY. ``settled``: the prices were paid elsewhere (a marketplace) and contain
    everything, so that nothing is left for the door whatever is in doubt.
    """

    country: str
    on: date
    currency: str
    consignments: tuple[Consignment, ...]
    postcode: str = ""
    region: str = ""
    prices_include_tax: bool = False
    incoterm: Incoterm = Incoterm.DDP
    fx: Rates | None = None
    bought_this_year: Decimal = ZERO
    settled: bool = False


class Fault(NamedTuple):
    """What is wrong: a JSON pointer to the field, a stable code and a sentence."""

    pointer: str
    code: str
    message: str


class BadRequest(ValueError):
    """The request cannot be answered; ``faults`` names every field."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{one.pointer}: {one.message}" for one in faults))


def check(request: Request) -> list[Fault]:
    """Return what is wrong with the request, in the order of its fields."""
    faults = []
    if not CODE.fullmatch(request.country):
        faults.append(Fault("/country", "invalid", "must be an ISO 3166-1 code of two letters, such as FR."))
    if not FIRST_DAY <= request.on <= LAST_DAY:
        faults.append(Fault("/date", "out-of-book", f"The rule book covers {FIRST_DAY} to {LAST_DAY}."))
    if not known_currency(request.currency):
        faults.append(Fault("/currency", "invalid", "must be an ISO 4217 code, such as EUR."))
    if not _amount(request.bought_this_year):
        faults.append(Fault("/bought_this_year", "invalid", AMOUNT))
    if not request.consignments:
        faults.append(Fault("/consignments", "required", "There is nothing to quote."))
    if sum(len(one.lines) for one in request.consignments) > MAX_LINES:
        faults.append(Fault("/consignments", "too-many-lines", f"A quote has at most {MAX_LINES} lines."))
        return faults
    for number, consignment in enumerate(request.consignments):
        faults += _check_consignment(consignment, f"/consignments/{number}")
    return faults


@cache
def known_currency(code: str) -> bool:
    """Whether ISO 4217 has the code."""
    return bool(CURRENCY.fullmatch(code)) and code in get_global("all_currencies")


def _amount(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value < MAX_AMOUNT


def _check_consignment(one: Consignment, at: str) -> list[Fault]:
    faults = [
        Fault(f"{at}/{field}", "invalid", "must be an ISO 3166-1 code of two letters, such as GB.")
        for field in ("seller_country", "from_country")
        if not CODE.fullmatch(getattr(one, field))
    ]
    if not one.lines:
        faults.append(Fault(f"{at}/lines", "required", "There are no goods in this consignment."))
    if not known_currency(one.currency):
        faults.append(Fault(f"{at}/currency", "invalid", "must be an ISO 4217 code, such as EUR."))
    if not _amount(one.shipping):
        faults.append(Fault(f"{at}/shipping", "invalid", AMOUNT))
    if one.route and one.route != "cbec" and one.bonded:
        faults.append(Fault(f"{at}/route", "contradictory", "Bonded goods use the route cbec."))
    for number, line in enumerate(one.lines):
        faults += _check_line(line, f"{at}/lines/{number}")
    return faults


def _check_line(line: Line, at: str) -> list[Fault]:
    faults: list[Fault] = []
    if not HS.fullmatch(line.hs):
        message = "is required: 6 to 10 digits." if not line.hs else f"{line.hs!r} is no HS code: 6 to 10 digits."
        faults.append(Fault(f"{at}/hs", "invalid" if line.hs else "required", message))
    if not CODE.fullmatch(line.origin):
        message = "The country of origin is required: ISO 3166-1, two letters."
        faults.append(Fault(f"{at}/origin", "invalid" if line.origin else "required", message))
    if not 1 <= line.quantity <= MAX_QUANTITY:
        message = f"must be a whole number between 1 and {MAX_QUANTITY}."
        faults.append(Fault(f"{at}/quantity", "invalid", message))
    if not _amount(line.unit_price) or line.unit_price * max(line.quantity, 1) >= MAX_AMOUNT:
        faults.append(Fault(f"{at}/unit_price", "invalid", AMOUNT))
    elif not line.discount.is_finite() or not 0 <= line.discount <= line.unit_price * line.quantity:
        faults.append(Fault(f"{at}/discount", "invalid", "must be between zero and the line's price."))
    if not 0 <= line.weight_g <= MAX_WEIGHT_G:
        faults.append(Fault(f"{at}/weight_g", "invalid", f"must be between 0 and {MAX_WEIGHT_G} grams."))
    return faults
