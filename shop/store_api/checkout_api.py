"""The doors of the quote and of checkout: what it costs, and the order placed once for each Idempotency-Key."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from config.problems import Problem
from inventory.stock.errors import OutOfStock
from shop.checkout import actions, address, quoting
from shop.checkout.consents import asking
from shop.checkout.consents.agreed import Agreed
from shop.checkout.errors import CountryNotServed, NotForSale, QuoteChanged
from shop.checkout.models import Basket
from shop.checkout.promotions.customers import customers
from shop.checkout.settling import settle
from shop.crossborder.addresses.check import COUNTRY
from shop.crossborder.identities.declared import DeclaredIdentity, IdentityError, declare
from shop.crossborder.money import text
from shop.orders.actions import NotLicensed
from shop.store_api import idempotency, problems, queries, serializers
from shop.store_api.api import refused, valid
from shop.store_api.basket_api import REFUSALS, BasketView

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
# What changed since the shopper was shown a quote; the answer bears the quote of now, if there is one.
CHANGED = (QuoteChanged, OutOfStock, NotLicensed, NotForSale)


class QuoteBasket(BasketView):
    @extend_schema(
        request=serializers.QuoteRequest,
        responses={200: serializers.QuoteAnswer, **refused(400, 404, 409, 415, 422)},
        operation_id="quote",
    )
    def post(self, request: Request, token: str) -> Response:
        """Say what the basket costs delivered there, with the rule behind each figure."""
        found = self.basket(token)
        asked = valid(serializers.QuoteRequest, request.data)
        try:
            quoted = quoting.quote_basket(
                found,
                country=asked["ship_to"]["country"].upper(),
                postcode=asked["ship_to"].get("postcode", ""),
                region=asked["ship_to"].get("region", ""),
                shipping_option=asked.get("shipping_option", ""),
            )
        except REFUSALS as error:
            raise self.refused(error, found) from error
        return Response(queries.quote_json(quoted, found.language))


class Checkout(BasketView):
    @extend_schema(
        request=serializers.CheckoutRequest,
        parameters=[KEY],
        responses={201: serializers.CheckoutAnswer, **refused(400, 404, 409, 415, 422)},
        operation_id="checkout",
    )
    def post(self, request: Request, token: str) -> Response:
        """Place the order: holds the stock and answers where to pay. Needs an Idempotency-Key."""
        found = self.basket(token)
        return idempotency.once(request, scope=f"checkout:{found.pk}", work=lambda key: self.place(request, found, key))

    def served(self, found: Basket, country: str) -> None:
        """Refuse a country that the market does not serve before its address is judged.

        :raises Problem: 422 country-not-served.
        """
        served = found.market.countries
        code = country.strip().upper()
        if COUNTRY.fullmatch(code) and code not in served:
            raise self.refused(CountryNotServed(code, served), found)

    def identity(self, body: dict[str, Any]) -> DeclaredIdentity | None:
        """Return what the buyer declares for customs, read strictly from the body itself.

        :raises Problem: 400 with a pointer to each field.
        """
        if body.get("identity") is None:
            return None
        try:
            return declare(body["identity"])
        except IdentityError as error:
            raise problems.identity(error, kind=body["identity"].get("kind")) from error

    def consents(self, asked: dict[str, Any], found: Basket, country: str) -> list[Agreed]:
        """Return what the shopper agreed to.

        :raises Problem: 422 with each missing text, its kind and version.
        """
        given = {one["kind"]: one["version"] for one in asked.get("consents", [])}
        try:
            return asking.check(market=found.market, country=country, given=given, language=found.language)
        except REFUSALS as error:
            raise self.refused(error, found) from error

    def requoted(self, found: Basket, ship_to: dict[str, str], option: str, email: str) -> dict[str, Any]:
        """Return the quote of now under ``quote``, the basket freed of what no longer holds; nothing if there is none.

        Codes that were dropped are named in it once more: they are gone from the basket.
        """
        who = customers(found.user, email)
        places = {name: ship_to.get(name, "") for name in ("country", "postcode", "region")}
        try:
            quoted = quoting.quote_basket(found, **places, shipping_option=option, customers=who)
        except REFUSALS:
            return {}
        if quoted.reckoned.dropped:
            settle(basket=found, email=email)
        return {"quote": queries.quote_json(quoted, found.language)}

    def place(self, request: Request, found: Basket, key: str) -> Response:
        """Place the order for the first request with this key."""
        try:
            asked = valid(serializers.CheckoutRequest, request.data)
        except ValidationError as error:
            raise invalid(error) from error
        try:
            email = address.parse_email(asked["email"])
        except address.AddressError as error:
            raise problems.address(error, prefix="") from error
        self.served(found, asked["ship_to"]["country"])
        try:
            ship_to = address.parse_address(dict(request.data)["ship_to"])
        except address.AddressError as error:
            raise problems.address(error, prefix="/ship_to") from error
        identity = self.identity(dict(request.data))
        consents = self.consents(asked, found, ship_to["country"])
        try:
            placed = actions.place_order(
                basket=found,
                email=email,
                ship_to=ship_to,
                shipping_option=asked["shipping_option"],
                cause_key=f"store:{found.pk}:{key}"[:160],
                expected_total=asked.get("expected_total"),
                identity=identity,
                consents=consents,
                actor="store api",
            )
        except REFUSALS as error:
            problem = self.refused(error, found)
            if isinstance(error, CHANGED):
                problem.extra = self.requoted(found, ship_to, asked["shipping_option"], email)
            raise problem from error
        order, payment = placed.order, placed.payment
        return Response(
            {
                "order": {
                    "number": order.number,
                    "token": order.token,
                    "state": order.state,
                    "total": text(order.total, order.currency),
                    "currency": order.currency,
                    "expires_at": order.expires_at.isoformat() if order.expires_at else None,
                },
                "payment": {"url": payment.url or None, "state": payment.state},
            },
            status=201,
        )


def invalid(error: ValidationError) -> Problem:
    """Return a serializer's refusal as the problem that is remembered under an idempotency key."""
    from config.problems import pointers

    return Problem(
        status_code=400,
        code="validation-error",
        title="The request is not valid.",
        detail="See errors for the fields and what is wrong with each.",
        errors=pointers(error.detail),
    )
