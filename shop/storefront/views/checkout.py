"""Checkout: an address, a quote, and the order placed once however often the button is pressed."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import actions
from shop.checkout.errors import (
    CheckoutError,
    EmptyBasket,
    IdentityNotNeeded,
    IdentityRequired,
    NotForSale,
    QuoteChanged,
)
from shop.checkout.identity import identity_kind
from shop.checkout.models import Basket
from shop.checkout.quoting import QuotedBasket, names, quote_basket
from shop.crossborder.identities.numbers import NumberKind
from shop.crossborder.identities.requirements import UNKNOWN, may_ask, required_identity
from shop.orders.actions import NotLicensed
from shop.storefront import baskets, markets, wording
from shop.storefront.forms import CheckoutForm
from shop.storefront.markets import Place
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.queries.product import Delivery, deliveries
from shop.storefront.queries.summary import Summary, summarise
from shop.storefront.same_origin import same_origin_post

REFUSALS = (
    QuoteChanged,
    OutOfStock,
    HolderLimit,
    StockBusy,
    NotLicensed,
    NotForSale,
    IdentityRequired,
    IdentityNotNeeded,
)
# What comes back as it was typed when the country changes and its form has no such field.
CARRIED = ("district", "city", "postcode")


class _Checkout:
    """One request to the checkout of one basket."""

    def __init__(self, request: HttpRequest, basket: Basket) -> None:
        self.request = request
        self.basket = basket
        self.language = basket.language
        self.deliveries: list[Delivery] = deliveries(basket.market, basket.language)

    def form(self, data: Any = None) -> CheckoutForm:
        """Return the form for the country and the delivery that the request names, bound to ``data`` if given."""
        first = self.deliveries[0].code if self.deliveries else ""
        asked = self.request.POST
        country = self._served(asked.get("country", ""))
        initial = {
            "country": country,
            "shipping_option": first,
            "attempt": uuid4(),
            "email": self._email(),
        }
        return CheckoutForm(
            data,
            initial=initial,
            market=self.basket.market,
            language=self.language,
            country=country,
            deliveries=self.deliveries,
            identity_kind=self._identity_kind(country, asked.get("shipping_option", first)),
        )

    def _served(self, country: str) -> str:
        served = self.basket.market.countries
        return country if country in served else served[0]

    def _identity_kind(self, country: str, shipping_option: str) -> NumberKind | None:
        """Return what customs asks of the buyer; only countries that may ask are quoted for it."""
        if not may_ask(country):
            return None
        try:
            quoted, _refused = self.quote(country=country, shipping_option=shipping_option)
        except EmptyBasket:
            # The button was pressed twice: the order is placed, and the second press must be read as the first was.
            return required_identity(country, UNKNOWN) if "identity_number" in self.request.POST else None
        return identity_kind(quoted) if quoted else None

    def _email(self) -> str:
        user = self.request.user
        return str(getattr(user, "email", "")) if user.is_authenticated else ""

    def quote(self, *, country: str, shipping_option: str) -> tuple[QuotedBasket | None, list[str]]:
        """Return the quote, or why there is none."""
        country = self._served(country)
        if shipping_option not in {option.code for option in self.deliveries}:
            shipping_option = ""
        try:
            return quote_basket(self.basket, country=country, shipping_option=shipping_option), []
        except NotForSale as error:
            return None, wording.unlicensed(error.reasons, self.names())
        except EmptyBasket:
            raise
        except CheckoutError:
            return None, [_("We cannot deliver to this country.")]

    def priced(self, quoted: QuotedBasket | None) -> list[Delivery]:
        """Return the delivery options at what they cost for these goods."""
        if quoted is None:
            return self.deliveries
        return deliveries(self.basket.market, self.language, goods=quoted.quote.goods)

    def names(self) -> dict[str, str]:
        """Return SKU → name of everything in the basket."""
        lines = list(self.basket.lines.select_related("variant"))
        known = names({line.variant.product_id for line in lines}, self.language)
        return {line.variant.sku: known.get(line.variant.product_id, line.variant.sku) for line in lines}

    def page(self, form: CheckoutForm, *, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
        """Render the form beside a fresh quote for what it says."""
        country = str(form["country"].value() or "")
        option = str(form["shipping_option"].value() or "")
        quoted, refused = self.quote(country=country, shipping_option=option)
        summary: Summary | None = summarise(quoted, language=self.language) if quoted else None
        if refused and status == 200 and not self.request.htmx:  # type: ignore[attr-defined]
            status = 409
        context = {
            "form": form,
            "conflict": status == 409 or bool(refused),
            "carried": {
                name: self.request.POST[name]
                for name in CARRIED
                if name not in form.fields and self.request.POST.get(name)
            },
            "deliveries": self.priced(quoted),
            "chosen_option": quoted.option.code if quoted else option,
            "summary": summary,
            "requoted": self.request.method == "POST",
            "attempt": form["attempt"].value() if not form.is_bound or "attempt" not in form.errors else uuid4(),
            "problems": [*(problems or []), *[one for one in refused if one not in (problems or [])]],
        }
        response = render(self.request, "storefront/checkout.html", context, status=status)
        allow_payment_page(response)
        markets.remember(response, Place(self.basket.market, self.language))
        return response


@never_cache
@sensitive_post_parameters("identity_number", "identity_name")
@same_origin_post("GET", "HEAD", "POST")
def checkout(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """Show the form with a quote; a post quotes anew (``intent=update``) or places the order."""
    basket = baskets.current(request)
    if basket is None:
        return redirect("shop:basket", market, language)
    visit = _Checkout(request, basket)
    try:
        if request.method != "POST":
            return visit.page(visit.form())
        if request.POST.get("intent") == "update":
            # Asked anew, nothing is judged yet: what was typed comes back as it was.
            form = visit.form()
            same_country = request.POST.get("address_country") in {None, form.rules.country}
            kept = [key for key in form.fields if key in request.POST and (same_country or key != "region")]
            form.initial.update({key: request.POST[key] for key in kept if key != "identity_consent_version"})
            return visit.page(form)
        return _place(visit)
    except EmptyBasket:
        return redirect("shop:basket", market, language)


def _place(visit: _Checkout) -> HttpResponse:
    form = visit.form(visit.request.POST)
    if not form.is_valid():
        return visit.page(form, problems=[_("Please look at the fields marked below.")], status=422)
    basket, entered = visit.basket, form.cleaned_data
    if visit.request.user.is_authenticated and basket.user_id != visit.request.user.pk:
        basket.user = visit.request.user
        basket.save(update_fields=["user", "updated_at"])
    try:
        placed = actions.place_order(
            basket=basket,
            email=entered["email"],
            ship_to=form.ship_to(),
            shipping_option=entered["shipping_option"],
            cause_key=f"basket:{basket.id}:{entered['attempt']}",
            expected_total=entered["expected_total"] or None,
            identity=form.declared,
        )
    except REFUSALS as error:
        if isinstance(error, IdentityRequired | IdentityNotNeeded):
            form = visit.form(visit.request.POST)  # the goods take another route than when the form was made
        problems = wording.not_placed(error, visit.names())
        return visit.page(form, problems=problems, status=503 if isinstance(error, StockBusy) else 409)
    url = placed.payment.url or f"/orders/{placed.order.token}/"
    response = HttpResponseRedirect(url, status=303)
    allow_payment_page(response, url)
    return response
