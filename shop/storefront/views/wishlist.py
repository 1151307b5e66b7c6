"""The wishlist: a page of the account, and a fragment on each product's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.accounts import actions, queries
from shop.catalogue.wording import listed, option_text
from shop.checkout import basket as verbs
from shop.checkout.errors import CheckoutError, UnknownVariant
from shop.storefront import baskets, wording
from shop.storefront.context import place_for
from shop.storefront.queries.product import product_page
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.account import signed_in, spoken


@never_cache
@require_safe
@login_required
def wishlist(request: HttpRequest) -> HttpResponse:
    """Everything on the list, the latest first."""
    language = spoken(request)
    rows = queries.wishlist(signed_in(request), language)
    context = {
        "here": "wishlist",
        "wishes": [{"row": row, "option": option_text(row.options, language)} for row in rows],
    }
    return render(request, "storefront/account/wishlist.html", context)


@never_cache
@require_safe
def fragment(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """The personal part of a product's page: whether it is on the list, and the button for it. Always 200."""
    return _fragment(request, slug, language)


def _fragment(
    request: HttpRequest, slug: str, language: str, problem: str = "", *, changed: bool = False
) -> HttpResponse:
    page = product_page(slug=slug, market=request.market, language=language)  # type: ignore[attr-defined]
    skus = queries.wished_skus(signed_in(request), slug) if request.user.is_authenticated else set()
    found = page.choices if page else []
    choices = [{"sku": one.sku, "option": one.option, "wished": one.sku in skus} for one in found]
    context = {
        "choices": choices,
        "slug": slug,
        "several": len(choices) > 1,
        "wished": listed([str(one["option"] or one["sku"]) for one in choices if one["wished"]], language),
        "problem": problem,
        "changed": changed,
    }
    return render(request, "storefront/fragments/wish.html", context)


@never_cache
@same_origin_post()
def change(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """Put a SKU on the list (``add``), or take it off. Who is not signed in is led to signing in, and back."""
    slug = request.POST.get("slug", "")[:120].replace("\x00", "")
    page = f"/{market}/{language}/products/{slug}/"
    sku = request.POST.get("sku", "").replace("\x00", "\ufffd")
    if not request.user.is_authenticated:
        return redirect(f"/accounts/login/?next={page}")
    problem = ""
    try:
        if request.POST.get("intent") == "remove":
            actions.unwish_sku(user=signed_in(request), sku=sku)
        else:
            actions.wish(user=signed_in(request), sku=sku)
    except UnknownVariant as error:
        problem = wording.refusal(error)
    except actions.BookFull as error:
        problem = _("The wishlist takes %(most)s articles.") % {"most": error.most}
    if request.htmx:  # type: ignore[attr-defined]
        return _fragment(request, slug, language, problem, changed=True)
    return redirect(page)


@never_cache
@same_origin_post()
@login_required
def act(request: HttpRequest) -> HttpResponse:
    """Take an article off the list, or move it to the basket of the market where the shopper is."""
    user = signed_in(request)
    sku = request.POST.get("sku", "").replace("\x00", "\ufffd")
    if request.POST.get("intent") != "basket":
        actions.unwish_sku(user=user, sku=sku)
        return redirect("shop:account_wishlist")
    place = place_for(request)
    if place is None:
        return redirect("shop:account_wishlist")
    request.market = place.market  # type: ignore[attr-defined]
    try:
        basket = baskets.current_or_new(request)
        verbs.add(basket=basket, sku=sku, quantity=1)
    except CheckoutError as error:
        messages.error(request, wording.refusal(error))
        return redirect("shop:account_wishlist")
    actions.unwish_sku(user=user, sku=sku)
    response = redirect("shop:basket", place.market.code, place.language)
    baskets.keep(response, basket)
    return response
