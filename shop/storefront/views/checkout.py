"""Checkout: an address, a quote, and the order placed once however often the button is pressed."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import actions
from shop.checkout.delivering import Options
from shop.checkout.errors import (
    CannotQuote,
    CheckoutError,
    DeliveryRefused,
    EmptyBasket,
    GoodsRefused,
    NotForSale,
    QuoteChanged,
)
from shop.checkout.models import Basket
from shop.checkout.quoting import QuotedBasket, names, quote_basket
from shop.crossborder.queries import shipping_options
from shop.orders.actions import NotLicensed
from shop.storefront import baskets, markets, wording
from shop.storefront.forms import CheckoutForm
from shop.storefront.markets import Place
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.queries.deliveries import Delivery, written
from shop.storefront.queries.summary import Summary, summarise
from shop.storefront.same_origin import same_origin_post

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
)


class _Checkout:
    """One request to the checkout of one basket."""

    def __init__(self, request: HttpRequest, basket: Basket) -> None:
        self.request = request
        self.basket = basket
        self.language = basket.language
        methods = shipping_options(basket.market)
        self.methods = [
            (one.code, str(one.names.get(self.language) or one.names.get("en") or one.code)) for one in methods
        ]

    def form(self, data: Any = None) -> CheckoutForm:
        initial = {
            "country": self.basket.market.countries[0],
            "attempt": uuid4(),
            "email": self._email(),
        }
        return CheckoutForm(
            data, initial=initial, market=self.basket.market, language=self.language, methods=self.methods
        )

    def _email(self) -> str:
        user = self.request.user
        return str(getattr(user, "email", "")) if user.is_authenticated else ""

    def quote(self, form: CheckoutForm) -> tuple[QuotedBasket | None, Options, list[str]]:
        """Return the quote, the methods as judged for it, and what stands in the way.

        When the chosen method does not take the goods to that address, the first that does is quoted instead.
        """
        typed = {key: str(form[key].value() or "") for key in ("country", "postcode", "region", "shipping_option")}
        if typed["country"] not in self.basket.market.countries:
            typed["country"] = self.basket.market.countries[0]
        if typed["shipping_option"] not in dict(self.methods):
            typed["shipping_option"] = ""
        try:
            quoted = quote_basket(self.basket, **typed)
        except NotForSale as error:
            return None, (), wording.unlicensed(error.reasons, self.names())
        except EmptyBasket:
            raise
        except DeliveryRefused as error:
            return self._other(typed, error)
        except (GoodsRefused, CannotQuote) as error:
            return None, (), wording.not_placed(error, self.names())
        except CheckoutError:
            return None, (), [_("We cannot deliver to this country.")]
        return quoted, quoted.delivery.options, []

    def _other(self, typed: dict[str, str], error: DeliveryRefused) -> tuple[QuotedBasket | None, Options, list[str]]:
        """Quote the first method that takes the goods, and say why the chosen one does not."""
        said = [wording.undeliverable(error)]
        if all(one.refused for one in error.options):
            return None, error.options, said
        quoted = quote_basket(self.basket, **{**typed, "shipping_option": ""})
        return quoted, quoted.delivery.options, said

    def deliveries(self, judged: Options) -> list[Delivery]:
        """Return the methods in words; only by name where nothing could be judged."""
        if judged:
            return [written(one, self.language) for one in judged]
        return [Delivery(code=code, name=name) for code, name in self.methods]

    def names(self) -> dict[str, str]:
        """Return SKU → name of everything in the basket."""
        lines = list(self.basket.lines.select_related("variant"))
        known = names({line.variant.product_id for line in lines}, self.language)
        return {line.variant.sku: known.get(line.variant.product_id, line.variant.sku) for line in lines}

    def page(self, form: CheckoutForm, *, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
        """Render the form beside a fresh quote for what it says."""
        quoted, judged, refused = self.quote(form)
        summary: Summary | None = summarise(quoted, language=self.language) if quoted else None
        if refused and status == 200:
            status = 409
        context = {
            "form": form,
            "conflict": status == 409,
            "deliveries": self.deliveries(judged),
            "chosen_option": quoted.delivery.option.code if quoted else str(form["shipping_option"].value() or ""),
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
            form.initial.update({key: request.POST[key] for key in form.fields if key in request.POST})
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
        )
    except REFUSALS as error:
        problems = wording.not_placed(error, visit.names())
        return visit.page(form, problems=problems, status=503 if isinstance(error, StockBusy) else 409)
    url = placed.payment.url or f"/orders/{placed.order.token}/"
    response = HttpResponseRedirect(url, status=303)
    allow_payment_page(response, url)
    return response
