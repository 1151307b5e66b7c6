"""The shopper's basket: the account's, else the one that her browser's cookie names."""

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop.checkout import basket as baskets
from shop.checkout import merging
from shop.checkout.models import Basket
from shop.checkout.settling import switch_market
from shop.crossborder.models import Market

AGE = 30 * 24 * 3600  # seconds; as long as a basket is kept
COOKIE = "basket"


def _user(request: HttpRequest) -> User | None:
    """Return who is signed in. Without a session cookie nobody is, and no session is opened for asking."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    return user if isinstance(user, User) else None


def guest_basket(request: HttpRequest) -> Basket | None:
    """Return the guest's basket that the cookie names, or None."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > 64 or "\x00" in token:
        return None
    return Basket.objects.select_related("market").filter(token=token, user=None).first()


def found(request: HttpRequest) -> Basket | None:
    """Return the shopper's basket as it is, whatever its market; None without one. At most two statements."""
    user = _user(request)
    mine = merging.of_account(user) if user else None
    return mine or guest_basket(request)


def current(request: HttpRequest) -> Basket | None:
    """Return the shopper's basket in the page's market and language from now on; None without one."""
    basket = found(request)
    if basket is None:
        return None
    market: Market = request.market  # type: ignore[attr-defined]
    language: str = request.shop_language  # type: ignore[attr-defined]
    if basket.market_id != market.pk or basket.language != language:
        # It follows the shopper: prices are those of the page's market, and the order will speak its language.
        basket = switch_market(basket=basket, market=market, language=language)
    baskets.touch(basket)
    return basket


def current_or_new(request: HttpRequest) -> Basket:
    """Return the shopper's basket, opening one if there is none."""
    user, standing = _user(request), current(request)
    if standing is not None:
        return merging.merge(guest=standing, user=user) if user and standing.user_id is None else standing
    market: Market = request.market  # type: ignore[attr-defined]
    language: str = request.shop_language  # type: ignore[attr-defined]
    if user:
        return merging.open_for(user, market=market, language=language)
    return baskets.create(market=market, language=language)


def keep(response: HttpResponseBase, basket: Basket) -> None:
    """Let a guest's browser keep the basket's token; no script reads it, no other site sends it.

    An account's basket needs none: signing out leaves nothing of it on the device.
    """
    if basket.user_id is not None:
        return
    response.set_cookie(
        COOKIE,
        basket.token,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
