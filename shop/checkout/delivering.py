"""How a basket travels: every method of its market for an address, and the one that was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.catalogue.models import Variant
from shop.checkout.errors import DeliveryRefused, UnknownShippingOption
from shop.crossborder.delivery.goods import Origin
from shop.crossborder.delivery.methods import DeliveryOption, RefusedOption
from shop.crossborder.delivery.queries import goods_of, options
from shop.crossborder.models import Market

Options = tuple[DeliveryOption | RefusedOption, ...]


@dataclass(frozen=True)
class Delivery:
    """The chosen method, priced and dated, among all methods of the market."""

    option: DeliveryOption
    options: Options

    def frozen(self) -> dict[str, Any]:
        """Return what an order keeps of it beside its quote; nothing of it changes when the method does."""
        return {
            "shipping_option": self.option.code,
            "shipping_name": self.option.name,
            "delivery": self.option.as_json(),
            "standard_delivery": {"code": self.cheapest.code, "amount": str(self.cheapest.amount)},
        }

    @property
    def cheapest(self) -> DeliveryOption:
        """The least expensive delivery that was offered: what a withdrawal gives back (Directive 2011/83/EU, 13(2))."""
        offered = [one for one in self.options if isinstance(one, DeliveryOption)]
        return min([*offered, self.option], key=lambda one: one.amount)


def choose(
    code: str,
    *,
    market: Market,
    language: str,
    country: str,
    postcode: str,
    region: str,
    units: Sequence[tuple[Variant, int]],
    leaving: Mapping[str, Origin],
    goods: Decimal,
) -> Delivery:
    """Return the method named ``code``, else the market's first that takes the goods. Two statements.

    ``leaving`` is SKU → warehouse; ``goods`` is the value of the goods in the market's currency.

    :raises UnknownShippingOption: the market has no such method, or none at all.
    :raises DeliveryRefused: the method does not take these goods to that address, or none of them does.
    """
    found: Options = tuple(
        options(
            market=market,
            country=country,
            postcode=postcode,
            region=region,
            lines=[goods_of(variant, quantity) for variant, quantity in units],
            warehouses_by_line=leaving,
            goods_amount=goods,
            now=timezone.now(),
            language=language,
        )
    )
    if code:
        chosen = next((one for one in found if one.code == code), None)
    else:
        chosen = next((one for one in found if isinstance(one, DeliveryOption)), found[0] if found else None)
    if chosen is None:
        raise UnknownShippingOption(code, [one.code for one in found])
    if isinstance(chosen, RefusedOption):
        raise DeliveryRefused(chosen, found)
    return Delivery(option=chosen, options=found)
