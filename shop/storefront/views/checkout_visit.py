"""One request to the checkout of one basket: its form, its quote, and the page they make."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import SavedAddress
from shop.accounts.queries import addresses
from shop.checkout import basket_words
from shop.checkout.consents.asking import asked
from shop.checkout.delivering import Options
from shop.checkout.errors import (
    CannotQuote,
    CheckoutError,
    DeliveryRefused,
    EmptyBasket,
    GiftWrapNotOffered,
    GoodsRefused,
    NotForSale,
    NothingToPay,
)
from shop.checkout.identity import identity_kind
from shop.checkout.models import Basket
from shop.checkout.promotions.customers import customers
from shop.checkout.quoting import QuotedBasket, names, quote_basket
from shop.checkout.settling import settle
from shop.crossborder.identities.numbers import NumberKind
from shop.crossborder.identities.requirements import UNKNOWN, may_ask, required_identity
from shop.crossborder.queries import shipping_options
from shop.storefront import comparing, markets, protections, wording
from shop.storefront.forms import CheckoutForm
from shop.storefront.markets import Place
from shop.storefront.payment_policy import allow_payment_page
from shop.storefront.queries.deliveries import Delivery, written
from shop.storefront.queries.summary import Summary, summarise

# What comes back as it was typed when the country changes and its form has no such field.
CARRIED = ("district", "city", "postcode")
# What a quote depends on.
TYPED = ("country", "postcode", "region", "shipping_option")
Quoted = tuple[QuotedBasket | None, Options, list[str]]


class Visit:
    """A visit to the checkout; what it quotes is quoted once."""

    def __init__(self, request: HttpRequest, basket: Basket) -> None:
        self.request = request
        self.basket = basket
        self.language = basket.language
        self.methods = [
            (one.code, str(one.names.get(self.language) or one.names.get("en") or one.code))
            for one in shipping_options(basket.market)
        ]
        self._quotes: dict[tuple[str, ...], Quoted] = {}

    def form(self, data: Any = None) -> CheckoutForm:
        """Return the form for the country that the request names, bound to ``data`` if given."""
        saved = self._saved()
        country = self._served(self.request.POST.get("country", "") or (saved.country if saved else ""))
        initial = {"country": country, "attempt": uuid4(), "email": self._email()}
        if saved and self.request.method != "POST":
            initial = {**saved.address, **initial}
        return CheckoutForm(
            data,
            initial=initial,
            market=self.basket.market,
            language=self.language,
            country=country,
            methods=self.methods,
            identity_kind=self._identity_kind(country),
            consents=asked(country),
        )

    @cached_property
    def address_book(self) -> list[SavedAddress]:
        """The addresses of the account to which this market delivers."""
        user = self.request.user
        served = self.basket.market.countries
        return [one for one in addresses(user) if one.country in served] if isinstance(user, User) else []

    def _saved(self) -> SavedAddress | None:
        """Return the address of the book that was chosen (``?address=12``), else its first one."""
        if self.request.method == "POST":
            return None
        chosen = self.request.GET.get("address", "")
        if chosen == "new":
            return None
        return next((one for one in self.address_book if str(one.pk) == chosen), next(iter(self.address_book), None))

    def _choices(self) -> list[dict[str, Any]]:
        if self.request.method == "POST" or not self.address_book:
            return []
        shown = self._saved()
        return [
            {
                "id": one.pk,
                "text": ", ".join(one.address[part] for part in ("name", "line1", "city") if one.address.get(part)),
                "current": shown is not None and one.pk == shown.pk,
            }
            for one in self.address_book
        ]

    def _served(self, country: str) -> str:
        served = self.basket.market.countries
        wishes = (country, markets.connection_country(self.request), served[0])
        return next(one for one in wishes if one in served)

    def _identity_kind(self, country: str) -> NumberKind | None:
        """Return what customs asks of the buyer; only countries that may ask are quoted for it."""
        if not may_ask(country):
            return None
        try:
            quoted, _options, _refused = self.quote({**self.request.POST.dict(), "country": country})
        except EmptyBasket:
            # The button was pressed twice: the order is placed, and the second press must be read as the first was.
            return required_identity(country, UNKNOWN) if "identity_number" in self.request.POST else None
        return identity_kind(quoted) if quoted else None

    def _dropped(self, quoted: QuotedBasket | None) -> list[str]:
        """Say which codes do not hold; they are taken out of the basket, whose news say so until she has seen them."""
        dropped = quoted.reckoned.dropped if quoted else ()
        if dropped:
            settle(basket=self.basket, email=self.request.POST.get("email", ""))
        currency = self.basket.market.currency
        return [basket_words.dropped(one, currency, self.language) for one in dropped]

    def _email(self) -> str:
        user = self.request.user
        return str(getattr(user, "email", "")) if user.is_authenticated else ""

    def quote(self, wanted: Mapping[str, Any]) -> Quoted:
        """Return the quote, the methods as judged for it, and what stands in the way.

        When the chosen method does not take the goods to that address, the first that does is quoted instead.
        """
        typed = {name: str(wanted.get(name) or "") for name in TYPED}
        typed["country"] = self._served(typed["country"])
        if typed["shipping_option"] not in dict(self.methods):
            typed["shipping_option"] = ""
        key = tuple(typed.values())
        if key not in self._quotes:
            self._quotes[key] = self._quote(typed)
        return self._quotes[key]

    def forget(self) -> None:
        """Quote anew from now on: something has changed."""
        self._quotes.clear()

    def _quote(self, typed: dict[str, str]) -> Quoted:
        try:
            quoted = quote_basket(self.basket, **typed, customers=self._customers())
        except NotForSale as error:
            return None, (), wording.unlicensed(error.reasons, self.names())
        except EmptyBasket:
            raise
        except DeliveryRefused as error:
            return self._other(typed, error)
        except (GoodsRefused, CannotQuote, NothingToPay, GiftWrapNotOffered) as error:
            return None, (), wording.not_placed(error, self.names())
        except CheckoutError:
            return None, (), [_("We cannot deliver to this country.")]
        return quoted, quoted.delivery.options, []

    def _other(self, typed: dict[str, str], error: DeliveryRefused) -> Quoted:
        """Quote the first method that takes the goods, and say why the chosen one does not."""
        said = [wording.undeliverable(error)]
        if all(one.refused for one in error.options):
            return None, error.options, said
        quoted = quote_basket(self.basket, **{**typed, "shipping_option": ""}, customers=self._customers())
        return quoted, quoted.delivery.options, said

    def _customers(self) -> list[str]:
        """Return under which names uses of promotions are counted: with the address that is being typed."""
        return customers(self.basket.user, self.request.POST.get("email", "") or self._email())

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

    def page(
        self, form: CheckoutForm, *, problems: list[str] | None = None, status: int = 200, compare: bool = False
    ) -> HttpResponse:
        """Render the form beside a quote for what it says; ``compare`` also shows what has changed of it since."""
        typed = {name: form[name].value() for name in TYPED if name in form.fields}
        quoted, judged, refused = self.quote(typed)
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
            "book": self._choices(),
            "deliveries": self.deliveries(judged),
            "chosen_option": quoted.delivery.option.code if quoted else str(typed["shipping_option"] or ""),
            "summary": summary,
            "shown": comparing.sign(summary, self.basket) if summary else "",
            "changes": comparing.changes(self.request.POST.get("shown", ""), summary, self.basket)
            if compare and summary
            else [],
            "news": self._dropped(quoted),
            "withdrawal": protections.withdrawal_line(form["country"].value(), timezone.localdate()),
            "requoted": self.request.method == "POST",
            "attempt": form["attempt"].value() if not form.is_bound or "attempt" not in form.errors else uuid4(),
            "faults": form.faults,
            "problems": [*(problems or []), *[one for one in refused if one not in (problems or [])]],
        }
        response = render(self.request, "storefront/checkout.html", context, status=status)
        allow_payment_page(response)
        markets.remember(response, Place(self.basket.market, self.language))
        return response
