"""Checkout: an address, a quote, and the order placed once however often the button is pressed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import actions
from shop.checkout.consents.agreed import ConsentMissing
from shop.checkout.consents.asking import check
from shop.checkout.errors import (
    CannotQuote,
    DeliveryRefused,
    EmptyBasket,
    GiftWrapNotOffered,
    GoodsRefused,
    IdentityNotNeeded,
    IdentityRequired,
    NotForSale,
    NothingToPay,
    QuoteChanged,
)
from shop.orders.actions import NotLicensed
from shop.storefront import baskets, wording
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.same_origin import same_origin_post
from shop.storefront.views.checkout_visit import Visit

REFUSALS = (
    QuoteChanged,
    OutOfStock,
    HolderLimit,
    StockBusy,
    NotLicensed,
    NotForSale,
    DeliveryRefused,
    GoodsRefused,
    CannotQuote,
    IdentityRequired,
    IdentityNotNeeded,
    NothingToPay,
    GiftWrapNotOffered,
    ConsentMissing,
)


@never_cache
@sensitive_post_parameters("identity_number", "identity_name")
@same_origin_post("GET", "HEAD", "POST")
def checkout(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """Show the form with a quote; a post quotes anew (``intent=update``) or places the order."""
    basket = baskets.current(request)
    if basket is None:
        return redirect("shop:basket", market, language)
    if request.user.is_authenticated and basket.user_id is None:
        basket = baskets.current_or_new(request)
    visit = Visit(request, basket)
    try:
        if request.method != "POST":
            return visit.page(visit.form())
        if request.POST.get("intent") == "update":
            # Asked anew, nothing is judged yet: what was typed comes back as it was.
            form = visit.form()
            same_country = request.POST.get("address_country") in {None, form.rules.country}
            kept = [key for key in form.fields if key in request.POST and (same_country or key != "region")]
            form.initial.update({key: request.POST[key] for key in kept if not key.endswith("_version")})
            return visit.page(form)
        return _place(visit)
    except EmptyBasket:
        return redirect("shop:basket", market, language)


def _place(visit: Visit) -> HttpResponse:
    form = visit.form(visit.request.POST)
    if not form.is_valid():
        return visit.page(form, problems=[_("Please look at the fields marked below.")], status=422)
    basket, entered = visit.basket, form.cleaned_data
    country = str(form.ship_to()["country"])
    try:
        agreed = check(market=basket.market, country=country, given=form.agreed, language=visit.language)
        placed = actions.place_order(
            basket=basket,
            email=entered["email"],
            ship_to=form.ship_to(),
            shipping_option=entered["shipping_option"],
            cause_key=f"basket:{basket.id}:{entered['attempt']}",
            expected_total=entered["expected_total"] or None,
            identity=form.declared,
            consents=agreed,
        )
    except REFUSALS as error:
        visit.forget()  # what was refused is quoted anew
        if isinstance(error, IdentityRequired | IdentityNotNeeded):
            form = visit.form(visit.request.POST)  # the goods take another route than when the form was made
        problems = wording.not_placed(error, visit.names())
        return visit.page(form, problems=problems, status=503 if isinstance(error, StockBusy) else 409, compare=True)
    url = placed.payment.url or f"/orders/{placed.order.token}/"
    response = HttpResponseRedirect(url, status=303)
    allow_payment_page(response, url)
    return response
