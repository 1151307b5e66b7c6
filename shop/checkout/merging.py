"""One basket an account, the same on every device: a guest's basket joins it at log-in."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from shop.checkout.basket import create
from shop.checkout.models import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from shop.checkout.news import News, tell
from shop.checkout.promotions.models import BasketCode
from shop.checkout.settling import settle, switch_market
from shop.crossborder.models import Market


def of_account(user: User) -> Basket | None:
    """Return the account's basket, or None."""
    return Basket.objects.select_related("market").filter(user=user).first()


@transaction.atomic
def open_for(user: User, *, market: Market, language: str) -> Basket:
    """Return the account's basket, opened if there is none; two devices at once open one."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    return of_account(user) or create(market=market, language=language, user=user)


@transaction.atomic
def merge(*, guest: Basket, user: User) -> Basket:
    """Join a guest's basket to the account's and return that; the guest's is gone. Repeating changes nothing.

    Units are added up to the limit of a line, lines up to the limit of a basket. The market that was used last wins;
    what cannot be sold there stays and is told. Gift message and note are the guest's where she wrote any.
    """
    # The account is locked first: two log-ins at once merge one after the other.
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    pair = Basket.objects.filter(pk=guest.pk, user=None) | Basket.objects.filter(user=user)
    locked = list(pair.order_by("pk").select_for_update(of=("self",)).select_related("market"))
    source = next((one for one in locked if one.user_id is None), None)
    target = next((one for one in locked if one.user_id is not None), None)
    if source is None:
        return target or create(market=guest.market, language=guest.language, user=user)
    if target is None:
        source.user = user
        source.save(update_fields=["user", "updated_at"])
        return source
    news = _join(source, target)
    fresher = source if source.updated_at > target.updated_at else target
    market, language = fresher.market, fresher.language
    target.gift_wrap = target.gift_wrap or source.gift_wrap
    target.gift_message = source.gift_message or target.gift_message
    target.note = source.note or target.note
    target.save(update_fields=["gift_wrap", "gift_message", "note", "updated_at"])
    had = list(target.codes.values_list("code_id", flat=True))
    brought = source.codes.exclude(code_id__in=had).values_list("code_id", flat=True)
    BasketCode.objects.bulk_create(BasketCode(basket=target, code_id=one) for one in brought)
    tell(target, [*source.news, *news])
    source.delete()
    switched = switch_market(basket=target, market=market, language=language)
    return settle(basket=switched)


def _join(source: Basket, target: Basket) -> list[dict[str, Any]]:
    standing = {line.variant_id: line for line in target.lines.all()}
    arriving = list(source.lines.select_related("variant"))
    news: list[dict[str, Any]] = []
    if standing and arriving:
        news.append({"code": News.MERGED})
    for line in arriving:
        mine = standing.get(line.variant_id)
        if mine is None:
            if len(standing) >= MAX_LINES:
                news.append({"code": News.LINE_LEFT_OUT, "sku": line.variant.sku, "maximum": MAX_LINES})
                continue
            price = line.price_added if source.market_id == target.market_id else None
            standing[line.variant_id] = BasketLine.objects.create(
                basket=target, variant=line.variant, quantity=line.quantity, price_added=price
            )
            continue
        wanted = mine.quantity + line.quantity
        if wanted > MAX_QUANTITY:
            news.append(
                {"code": News.QUANTITY_LOWERED, "sku": line.variant.sku, "asked": wanted, "maximum": MAX_QUANTITY}
            )
        mine.quantity = min(wanted, MAX_QUANTITY)
        mine.save(update_fields=["quantity"])
    return news
