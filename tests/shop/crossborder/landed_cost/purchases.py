"""Short ways to write purchases for tests of the landed-cost engine."""

from datetime import date
from decimal import Decimal
from functools import cache

from shop.crossborder.landed_cost.answer import LandedCost
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.json_request import FixedRates
from shop.crossborder.landed_cost.request import Consignment, Line, Request
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.files import INITIAL, read_rows

DAY = date(2026, 11, 22)
# Units for one euro; KRW is 1,400 for a dollar.
FX = FixedRates(
    on=date(2026, 11, 20),
    per_eur={
        "EUR": Decimal(1),
        "GBP": Decimal("0.88"),
        "USD": Decimal("1.1"),
        "KRW": Decimal(1540),
        "CNY": Decimal("7.8"),
        "JPY": Decimal(165),
        "AUD": Decimal("1.7"),
        "NZD": Decimal("1.9"),
        "CAD": Decimal("1.5"),
        "CHF": Decimal("0.94"),
        "SGD": Decimal("1.45"),
        "NOK": Decimal("11.8"),
        "RON": Decimal(5),
    },
)


@cache
def book() -> RuleBook:
    return RuleBook(read_rows(INITIAL))


def line(hs: str, price: str, *, quantity: int = 1, origin: str = "CN", **more) -> Line:
    return Line(sku=more.pop("sku", hs), hs=hs, origin=origin, quantity=quantity, unit_price=Decimal(price), **more)


def purchase(country: str, currency: str, *lines: Line, shipping: str = "0", sender: str = "GB", **more) -> Request:
    registered = {kind: f"{kind}-number" for kind in more.pop("registered", ())}
    consignment = Consignment(
        lines=lines,
        shipping=Decimal(shipping),
        currency=more.pop("priced_in", currency),
        seller_country=more.pop("seller", sender),
        from_country=sender,
        registrations=registered,
        bonded=more.pop("bonded", False),
        route=more.pop("route", ""),
    )
    facts = {"on": DAY, "fx": FX} | more
    return Request(country=country, currency=currency, consignments=(consignment,), **facts)


def cost(*args, of: RuleBook | None = None, **kwargs) -> LandedCost:
    return landed_cost(purchase(*args, **kwargs), of or book())
