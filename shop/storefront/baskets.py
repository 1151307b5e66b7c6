"""The shopper's basket of a market, found by its cookie."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop.checkout import basket as baskets
from shop.checkout.models import Basket
from shop.crossborder.models import Market

AGE = 30 * 24 * 3600  # seconds; as long as a basket is kept


def cookie_name(market: Market) -> str:
    """Return the name of the market's basket cookie."""
    return f"basket_{market.code}"


def current(request: HttpRequest) -> Basket | None:
    """Return the basket of the request's market, in the page's language from now on; None without one."""
    market: Market = request.market  # type: ignore[attr-defined]
    token = request.COOKIES.get(cookie_name(market), "")
    if not token or len(token) > 64 or "\x00" in token:
        return None
    basket = Basket.objects.select_related("market").filter(token=token, market=market).first()
    language: str = request.shop_language  # type: ignore[attr-defined]
    if basket and basket.language != language:
        # The order will speak the language the shopper reads now.
        basket.language = language
        basket.save(update_fields=["language", "updated_at"])
    return basket


def current_or_new(request: HttpRequest) -> Basket:
    """Return the market's basket, opening one if there is none."""
    return current(request) or baskets.create(
        market=request.market,  # type: ignore[attr-defined]
        language=request.shop_language,  # type: ignore[attr-defined]
    )


def keep(response: HttpResponseBase, basket: Basket) -> None:
    """Let the shopper's browser keep the basket's token; no script reads it, no other site sends it."""
    response.set_cookie(
        cookie_name(basket.market),
        basket.token,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
