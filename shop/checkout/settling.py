"""Keeping a basket true: what no longer holds is taken out and told, never silently."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from shop.checkout.basket import lock
from shop.checkout.lines import BasketRow, rows
from shop.checkout.models import Basket, BasketLine
from shop.checkout.news import News, tell
from shop.checkout.promotions.codes import normalised, well_formed
from shop.checkout.promotions.customers import customers
from shop.checkout.promotions.errors import CodeRefused
from shop.checkout.promotions.models import BasketCode
from shop.checkout.promotions.queries import codes_of, find, reckoned, unknown
from shop.checkout.promotions.reckoning import ZERO, Dropped, Reason, Reckoned
from shop.checkout.wrapping import wrapping_price
from shop.crossborder.models import Market
from shop.crossborder.money import text

MOST_CODES = 5  # in one basket


def _priced(found: Sequence[BasketRow]) -> list[tuple[Any, int, Any]]:
    return [(row.line.variant, row.line.quantity, row.unit_price or ZERO) for row in found]


def reckoned_for(basket: Basket, found: Sequence[BasketRow], email: str = "") -> Reckoned:
    """Return what the basket's codes take off these lines of it. No statement without codes."""
    codes = codes_of(basket) if found and found[0].coded else ()
    return reckoned(codes, _priced(found), basket.market, customers=customers(basket.user, email) if codes else ())


@transaction.atomic
def settle(*, basket: Basket, email: str = "") -> Basket:
    """Take out of the basket the codes and the wrapping that no longer hold, and tell it. Repeating changes nothing.

    ``email``: whose uses of a promotion are counted, where it is known.
    """
    locked = lock(basket)
    news: list[dict[str, Any]] = []
    codes = codes_of(locked)
    if codes:
        found = rows(locked, stocked=False)
        off = reckoned(codes, _priced(found), locked.market, customers=customers(locked.user, email))
        # An empty basket lacks what a code needs only for now.
        dropped = [one for one in off.dropped if found or one.reason not in {Reason.NO_MATCH, Reason.BELOW_MINIMUM}]
        BasketCode.objects.filter(basket=locked, code__code__in=[one.code for one in dropped]).delete()
        news += [removed(one, locked.market.currency) for one in dropped]
    if locked.gift_wrap and wrapping_price(locked.market) is None:
        locked.gift_wrap = False
        locked.save(update_fields=["gift_wrap"])
        news.append({"code": News.WRAP_REMOVED})
    tell(locked, news)
    return locked


def removed(one: Dropped, currency: str) -> dict[str, Any]:
    """Return the entry that tells of a code taken out."""
    facts: dict[str, Any] = {"code": News.CODE_REMOVED, "promotion_code": one.code, "reason": str(one.reason)}
    if one.reason is Reason.BELOW_MINIMUM:
        facts |= {"minimum": text(one.minimum, currency), "missing": text(one.missing, currency), "currency": currency}
    return facts


@transaction.atomic
def put_in(*, basket: Basket, code: str) -> Reckoned:
    """Put a promotion code into the basket; return what all codes now take off. Putting it in twice is no mistake.

    :raises shop.checkout.promotions.errors.CodeRefused: it does not hold here, with the reason; nothing was changed.
    """
    typed = normalised(code)
    locked = lock(basket)
    found = find(typed) if well_formed(typed) else None
    if found is None:
        raise CodeRefused(unknown(typed[:32]))
    standing = codes_of(locked)
    lines = rows(locked, stocked=False)
    if all(one.id != found.id for one in standing):
        if len(standing) >= MOST_CODES:
            raise CodeRefused(Dropped(typed, Reason.TOO_MANY))
        standing.append(found)
    off = reckoned(standing, _priced(lines), locked.market, customers=customers(locked.user, ""))
    refused = next((one for one in off.dropped if one.code == typed), None)
    if refused:
        raise CodeRefused(refused)
    BasketCode.objects.get_or_create(basket=locked, code=found)
    again = [one for one in locked.news if one.get("promotion_code") != typed]
    if again != locked.news:
        locked.news = again
    locked.save(update_fields=["news", "updated_at"])
    return off


@transaction.atomic
def take_out(*, basket: Basket, code: str) -> bool:
    """Take a promotion code out; False when it was not in the basket."""
    locked = lock(basket)
    deleted, _details = BasketCode.objects.filter(basket=locked, code__code=normalised(code)).delete()
    if deleted:
        locked.save(update_fields=["updated_at"])
    return bool(deleted)


@transaction.atomic
def switch_market(*, basket: Basket, market: Market, language: str) -> Basket:
    """Move the basket to another market: its lines stay, at the prices there; what cannot be sold there is told."""
    locked = lock(basket)
    if locked.market_id == market.pk:
        if locked.language != language:
            locked.language = language
            locked.save(update_fields=["language", "updated_at"])
        return locked
    before = locked.market.code
    locked.market, locked.language = market, language
    locked.save(update_fields=["market", "language", "updated_at"])
    found = rows(locked, stocked=False)
    for row in found:
        row.line.price_added = row.unit_price
    BasketLine.objects.bulk_update([row.line for row in found], ["price_added"])
    # What was said of the market before is no longer true.
    locked.news = [one for one in locked.news if one["code"] not in {News.MARKET_SWITCHED, News.NOT_SOLD_HERE}]
    news: list[dict[str, Any]] = []
    if found:
        news.append({"code": News.MARKET_SWITCHED, "from": before, "to": market.code})
        news += [
            {"code": News.NOT_SOLD_HERE, "sku": row.line.variant.sku}
            for row in found
            if row.unit_price is None or row.codes
        ]
    tell(locked, news)
    return settle(basket=locked)
