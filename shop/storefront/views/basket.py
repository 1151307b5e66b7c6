"""The basket: one page, and an address for each of its verbs."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import reselect, reswap, retarget, trigger_client_event

from shop.checkout import basket as verbs
from shop.checkout.errors import CheckoutError, UnknownVariant
from shop.checkout.models import Basket
from shop.checkout.settling import settle
from shop.storefront import baskets, markets, wording
from shop.storefront.markets import Place
from shop.storefront.queries.basket import basket_page, units_in
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.catalogue import product_answer


def _place(request: HttpRequest) -> Place:
    return Place(request.market, request.shop_language)  # type: ignore[attr-defined]


def _sku(request: HttpRequest) -> str:
    """Return the posted SKU; the database takes no NUL, and no SKU has one."""
    return request.POST.get("sku", "").replace("\x00", "\ufffd")


def page(
    request: HttpRequest,
    basket: Basket | None,
    *,
    errors: dict[str, str] | None = None,
    entered: str = "",
    typed: Mapping[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    if basket is not None and (basket.gift_wrap or basket.codes.exists()):
        basket = settle(basket=basket)
    context = {
        "page": basket_page(basket),
        "errors": errors or {},
        "entered": entered[:12],
        "typed": typed or {},
        "notice": notice,
    }
    response = render(request, "storefront/basket.html", context, status=status)
    markets.remember(response, _place(request))
    return response


@never_cache
@require_safe
def show(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (named by the address)
    """The basket's page."""
    notice = _("Added to the basket.") if "added" in request.GET else ""
    return page(request, baskets.current(request), notice=notice)


@never_cache
@same_origin_post()
def add(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """Add a SKU; what is wrong is said on the product's page, and nothing changes."""
    sku, raw = _sku(request), request.POST.get("quantity", "1")
    try:
        variant = verbs.find_variant(sku)
    except UnknownVariant as error:
        return page(request, baskets.current(request), errors={"": wording.refusal(error)}, status=422)
    try:
        quantity = verbs.parse_quantity(raw)
        basket = baskets.current_or_new(request)
        verbs.add(basket=basket, sku=sku, quantity=quantity)
    except CheckoutError as error:
        return product_answer(
            request,
            language=language,
            slug=variant.product.slug,
            error=wording.refusal(error),
            quantity=raw,
            sku=sku,
            status=422,
        )
    if not request.htmx:  # type: ignore[attr-defined]
        response: HttpResponse = redirect("shop:basket", market, language)
        response["Location"] += "?added"
        response.status_code = 303
    else:
        response = render(request, "storefront/fragments/added.html", {"quantity": quantity})
        response = trigger_client_event(response, "basket-changed")
        response = reselect(reswap(retarget(response, "#basket-notice"), "innerHTML"), "#added")
    baskets.keep(response, basket)
    markets.remember(response, _place(request))
    return response


def back(request: HttpRequest, basket: Basket | None, notice: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return trigger_client_event(page(request, basket, notice=notice), "basket-changed")
    response = redirect("shop:basket", request.market.code, request.shop_language)  # type: ignore[attr-defined]
    response.status_code = 303
    return response


@never_cache
@same_origin_post()
def update(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Set a line's quantity; an impossible one leaves the basket as it is and says so at the line."""
    basket = baskets.current(request)
    sku, raw = _sku(request), request.POST.get("quantity", "")
    try:
        if basket is None:
            raise UnknownVariant(sku)  # noqa: TRY301 (the same answer as for a line that is not there)
        verbs.set_quantity(basket=basket, sku=sku, quantity=verbs.parse_quantity(raw))
    except UnknownVariant:
        return page(request, basket, errors={"": _("This article is not in the basket any more.")}, status=422)
    except CheckoutError as error:
        return page(request, basket, errors={sku: wording.refusal(error)}, entered=raw, status=422)
    return back(request, basket, _("The basket was updated."))


@never_cache
@same_origin_post()
def remove(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Take a line out; taking out what is not there is no mistake."""
    basket = baskets.current(request)
    if basket is not None:
        verbs.remove(basket=basket, sku=_sku(request))
    return back(request, basket, _("The article was removed."))


@never_cache
@require_safe
def badge(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """The number in the header: the only personal part of a catalogue page."""
    response = render(request, "storefront/fragments/badge.html", {"units": units_in(baskets.found(request))})
    markets.remember(response, _place(request))
    return response
