"""What the consignments of one request share while they are worked out: rates, sums, steps and doubts. Pure."""

from decimal import Decimal
from typing import TYPE_CHECKING

from shop.crossborder.exchange.guards import is_old
from shop.crossborder.landed_cost.answer import Notice, Reason, Step
from shop.crossborder.landed_cost.money import ZERO, minor_unit
from shop.crossborder.landed_cost.request import BadRequest, Fault, Request

if TYPE_CHECKING:
    from shop.crossborder.landed_cost.consignments import Part

ONE = Decimal(1)


class Working:
    """The paper on which one request is worked out."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.currency = request.currency
        self.unit = minor_unit(request.currency)
        self.inclusive = request.prices_include_tax
        self.steps: list[Step] = []
        self.reasons: dict[Notice, None] = {}
        self.cautions: dict[Notice, None] = {}
        self.imports: list[Part] = []
        # What all imported consignments cost, as charged and without the tax that prices contain.
        self.charged_goods = self.charged_shipping = ZERO
        self.net_goods = self.net_shipping = ZERO

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``, unrounded.

        :raises BadRequest: the request's rates do not have it.
        """
        if base == quote:
            return ONE
        fx = self.request.fx
        missing = Fault("/fx", "rate-missing", f"An exchange rate from {base} to {quote} is needed.")
        if fx is None:
            raise BadRequest([missing])
        try:
            found = fx.rate(base, quote)
        except LookupError:
            raise BadRequest([missing]) from None
        day = fx.day_of(base, quote)
        if is_old(day, self.request.on):
            self.reason(Reason.EXCHANGE_RATE_OLD, "", day.isoformat())
        return found

    def reason(self, code: str, rule: str = "", about: str = "") -> None:
        """Note why the answer is an estimate, once."""
        self.reasons[Notice(code, rule, about)] = None

    def caution(self, code: str, rule: str = "", about: str = "") -> None:
        """Note what somebody should know, once."""
        self.cautions[Notice(code, rule, about)] = None

    def value_imports(self) -> None:
        """Sum up all imported consignments: thresholds look at the purchase, not at the parcel."""
        self.charged_goods = sum((part.charged_goods for part in self.imports), ZERO)
        self.charged_shipping = sum((part.charged_shipping for part in self.imports), ZERO)

    def value_without_tax(self) -> None:
        """Sum them up without the tax that prices contain, once each consignment's rules are known."""
        if not self.inclusive:
            self.net_goods, self.net_shipping = self.charged_goods, self.charged_shipping
            return
        self.net_goods = sum((part.goods_sum for part in self.imports), ZERO)
        self.net_shipping = sum((part.shipping_sum for part in self.imports), ZERO)
