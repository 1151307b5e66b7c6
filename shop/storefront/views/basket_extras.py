"""What goes with a basket: gift wrap and words, promotion codes, and the shopper's word that she has seen its news."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shop.checkout import basket as verbs
from shop.checkout import basket_words, news, settling
from shop.checkout.errors import BadText, GiftWrapNotOffered
from shop.checkout.promotions.errors import CodeRefused
from shop.storefront import baskets
from shop.storefront.guessing import may_try
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.basket import back, page

WORDS = ("gift_message", "note")


@never_cache
@same_origin_post()
def describe(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Set gift wrap, gift message and note together; a text that will not do leaves all as it was."""
    basket = baskets.current(request)
    if basket is None:
        return back(request, None, "")
    typed = {name: request.POST.get(name, "") for name in WORDS}
    try:
        basket = verbs.describe(basket=basket, gift_wrap="gift_wrap" in request.POST, **typed)
    except BadText as error:
        errors = {error.field: basket_words.bad_text(error)}
        return page(request, basket, errors=errors, typed=typed, status=422)
    except GiftWrapNotOffered:
        errors = {"gift_wrap": _("Gift wrap is not offered here and was taken out.")}
        return page(request, basket, errors=errors, typed=typed, status=422)
    return back(request, basket, _("The basket was updated."))


@never_cache
@same_origin_post()
def code_add(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Put a promotion code in; why one does not hold is said beside the field."""
    basket = baskets.current(request)
    if basket is None:
        return back(request, None, "")
    code = request.POST.get("code", "").replace("\x00", "")[:40]
    if not code.strip():
        errors = {"code": _("Please fill this in.")}
        return page(request, basket, errors=errors, status=422)
    if not may_try(request):
        errors = {"code": _("Too many codes were tried. Please wait a minute.")}
        return page(request, basket, errors=errors, typed={"code": code}, status=422)
    try:
        settling.put_in(basket=basket, code=code)
    except CodeRefused as error:
        errors = {"code": basket_words.dropped(error.dropped, basket.market.currency, basket.language)}
        return page(request, basket, errors=errors, typed={"code": code}, status=422)
    return back(request, baskets.current(request), _("The code was added."))


@never_cache
@same_origin_post()
def code_remove(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Take a promotion code out."""
    basket = baskets.current(request)
    if basket is not None:
        settling.take_out(basket=basket, code=request.POST.get("code", "").replace("\x00", ""))
    return back(request, basket, _("The code was removed."))


@never_cache
@same_origin_post()
def dismiss(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """She has seen what changed."""
    basket = baskets.current(request)
    if basket is not None:
        basket = news.dismiss(basket=basket)
    return back(request, basket, "")
