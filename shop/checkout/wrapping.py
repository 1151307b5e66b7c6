"""Gift wrap: its price of the day, and how its money is treated.

Wrapping is charged with delivery, as a part of that amount. Both are incidental expenses that the supplier charges,
"such as commission, packing, transport and insurance costs", and belong to the taxable amount of the goods at their
rate (Directive 2006/112/EC, article 78(b)). For customs the cost of packing, labour and materials, is added to
the price paid (WTO Customs Valuation Agreement, article 8.1(a)(iii); Regulation (EU) 952/2013, article 71(1)(a)(iii)),
which the delivery's part in a CIF value does.
"""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.checkout.errors import BadText, GiftWrapNotOffered
from shop.checkout.models import MAX_GIFT_MESSAGE, MAX_NOTE, Basket
from shop.checkout.wrapping_models import WrappingPrice
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.models import Market

LIMITS = {"gift_message": MAX_GIFT_MESSAGE, "note": MAX_NOTE}


def wrapping_price(market: Market, on: date | None = None) -> Decimal | None:
    """Return what wrapping an order costs in the market that day, in its currency; None: it does not wrap."""
    day = on or timezone.localdate()
    return WrappingPrice.objects.filter(market=market, valid__contains=day).values_list("amount", flat=True).first()


def wrapping_of(basket: Basket, on: date | None = None) -> Decimal:
    """Return what wrapping the basket costs; nothing where it is not asked for. At most one statement.

    :raises GiftWrapNotOffered: it is asked for, and the market does not wrap.
    """
    if not basket.gift_wrap:
        return ZERO
    price = wrapping_price(basket.market, on)
    if price is None:
        raise GiftWrapNotOffered("Gift wrap is not offered in this market.")
    return price


def parse_text(field: str, raw: Any) -> str:
    """Return a gift message or note, trimmed, its line ends as ``\\n``.

    :raises BadText: it is too long, or has control characters (other than line ends) or no text at all.
    """
    maximum = LIMITS[field]
    if not isinstance(raw, str):
        raise BadText(field, "invalid", maximum)
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > maximum:
        raise BadText(field, "too_long", maximum)
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one != "\n" for one in text):
        raise BadText(field, "control_characters", maximum)
    return text
