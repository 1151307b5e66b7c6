"""The doors of the store API: parse, call the shop's actions, render. Ids of baskets and orders are secret tokens."""

from typing import Any

from django.http import Http404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer, ValidationError
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from config.pagination import CreatedCursorPagination
from config.problems import CONTENT_TYPE, Problem
from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import actions, address, basket, quoting
from shop.checkout.errors import CheckoutError, CountryNotServed
from shop.checkout.models import Basket
from shop.crossborder import queries as crossborder
from shop.crossborder.addresses.check import COUNTRY
from shop.crossborder.identities.declared import DeclaredIdentity, IdentityError, declare
from shop.crossborder.models import Market
from shop.crossborder.money import text
from shop.orders.actions import NotLicensed
from shop.orders.models import Order
from shop.store_api import idempotency, problems, queries, serializers

REFUSALS = (CheckoutError, OutOfStock, HolderLimit, StockBusy, NotLicensed)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


def refused(*statuses: int) -> dict[tuple[int, str], type[Serializer[Any]]]:
    """Return the schema of the problems that a door answers with, beside those that every door may answer with."""
    return {(status, CONTENT_TYPE): serializers.ProblemAnswer for status in sorted({*statuses, 429, 503})}


def market_of(code: str) -> Market:
    """Return the market.

    :raises Problem: 404 unknown-market.
    """
    market = crossborder.market_by_code(code)
    if market is None:
        raise Problem(
            status_code=404, code="unknown-market", title="There is no such market.", detail=f"No market {code!r}."
        )
    return market


def language_of(market: Market, language: str) -> str:
    """Return the language, or the market's first when none is named.

    :raises Problem: 422 unknown-language with those the market has.
    """
    if language and language not in market.languages:
        raise Problem(
            status_code=422,
            code="unknown-language",
            title="This market does not speak that language.",
            detail=f"{market.code} speaks {', '.join(market.languages)}.",
            errors=[
                {
                    "pointer": "/language",
                    "code": "unknown-language",
                    "message": "Not a language of this market.",
                    "known": market.languages,
                }
            ],
        )
    return language or market.languages[0]


def valid(kind: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the validated fields.

    :raises ValidationError: naming each field.
    """
    if not hasattr(data, "keys"):
        raise ValidationError({"non_field_errors": ["The body must be a JSON object."]})
    serializer = kind(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class StoreView(APIView):
    """A public door, limited per client address. What is read bears an ETag, so that reading it again costs a 304."""

    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "store"
    # Whoever keeps an answer asks whether it still holds: stock and prices change at any moment.
    cache_control = "public, no-cache"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view, answering conditional requests (RFC 9110, section 13)."""
        return csrf_exempt(conditional_page(super().as_view(**initkwargs)))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say who may keep the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        kept = request.method in {"GET", "HEAD"} and response.status_code == 200
        response.headers["Cache-Control"] = self.cache_control if kept else "no-store"
        return response


class Markets(StoreView):
    @extend_schema(responses={200: serializers.MarketList, **refused()}, operation_id="markets")
    def get(self, _request: Request) -> Response:
        """List the markets."""
        return Response({"results": queries.markets()})


class Products(StoreView):
    @extend_schema(
        parameters=[serializers.MarketQuery, OpenApiParameter("cursor", str), OpenApiParameter("limit", int)],
        responses={200: serializers.ProductPage, **refused(400, 404, 422)},
        operation_id="products",
    )
    def get(self, request: Request) -> Response:
        """List what a market sells."""
        asked = valid(serializers.MarketQuery, request.query_params.dict())
        market = market_of(asked["market"])
        language = language_of(market, asked.get("language", ""))
        found = queries.products(
            market=market, language=language, category=asked.get("category", ""), words=asked.get("q", "")
        )
        paginator = CreatedCursorPagination()
        page = paginator.paginate_queryset(found, request, view=self) or []
        return paginator.get_paginated_response(queries.product_json(page, market=market, language=language))


class ProductDetail(StoreView):
    @extend_schema(
        parameters=[serializers.MarketQuery],
        responses={200: serializers.ProductAnswer, **refused(400, 404, 422)},
        operation_id="product",
    )
    def get(self, request: Request, slug: str) -> Response:
        """Show one product."""
        asked = valid(serializers.MarketQuery, request.query_params.dict())
        market = market_of(asked["market"])
        language = language_of(market, asked.get("language", ""))
        found = queries.product(slug=slug, language=language)
        if found is None:
            raise Http404
        return Response(queries.product_json([found], market=market, language=language)[0])


class BasketView(StoreView):
    """Doors of one basket."""

    cache_control = "private, no-cache"

    def basket(self, token: str) -> Basket:
        """Return the basket, or raise Http404 whatever is wrong with the token."""
        found = Basket.objects.select_related("market__seller").filter(token=token[:64]).first()
        if found is None:
            raise Http404
        return found

    def refused(self, error: Exception, of: Basket) -> Problem:
        """Return the problem for a refusal of the shop."""
        return problems.of(error, skus=list(of.lines.values_list("variant__sku", flat=True)))


class Baskets(StoreView):
    @extend_schema(
        request=serializers.NewBasket,
        responses={201: serializers.BasketAnswer, **refused(400, 404, 415, 422)},
        operation_id="basket_create",
    )
    def post(self, request: Request) -> Response:
        """Open a basket."""
        asked = valid(serializers.NewBasket, request.data)
        market = market_of(asked["market"])
        made = basket.create(market=market, language=language_of(market, asked["language"]))
        return Response(queries.basket_json(made), status=201)


class BasketDetail(BasketView):
    @extend_schema(responses={200: serializers.BasketAnswer, **refused(404)}, operation_id="basket")
    def get(self, _request: Request, token: str) -> Response:
        """Show a basket with the prices of now."""
        return Response(queries.basket_json(self.basket(token)))


class Lines(BasketView):
    @extend_schema(
        request=serializers.NewLine,
        responses={201: serializers.BasketAnswer, **refused(400, 404, 409, 415, 422)},
        operation_id="line_add",
    )
    def post(self, request: Request, token: str) -> Response:
        """Add units of an article."""
        found = self.basket(token)
        asked = valid(serializers.NewLine, strict_quantity(request.data))
        try:
            basket.add(basket=found, sku=asked["sku"], quantity=asked["quantity"])
        except REFUSALS as error:
            raise self.refused(error, found) from error
        return Response(queries.basket_json(found), status=201)


class LineDetail(BasketView):
    @extend_schema(
        request=serializers.LineQuantity,
        responses={200: serializers.BasketAnswer, **refused(400, 404, 415)},
        operation_id="line_set",
    )
    def patch(self, request: Request, token: str, sku: str) -> Response:
        """Set how many."""
        found = self.basket(token)
        asked = valid(serializers.LineQuantity, strict_quantity(request.data))
        if not found.lines.filter(variant__sku=sku).exists():
            raise Http404
        basket.set_quantity(basket=found, sku=sku, quantity=asked["quantity"])
        return Response(queries.basket_json(found))

    @extend_schema(responses={200: serializers.BasketAnswer, **refused(404)}, operation_id="line_remove")
    def delete(self, _request: Request, token: str, sku: str) -> Response:
        """Take an article out."""
        found = self.basket(token)
        if not basket.remove(basket=found, sku=sku):
            raise Http404
        return Response(queries.basket_json(found))


def strict_quantity(data: Any) -> Any:
    """Refuse quantities that a lenient parser would turn into another number (``true``, ``1.5``, ``"3 "``)."""
    if hasattr(data, "get") and "quantity" in data and type(data["quantity"]) is not int:
        raise ValidationError({"quantity": ["The quantity must be a whole number between 1 and 99."]})
    return data


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
        try:
            placed = actions.place_order(
                basket=found,
                email=email,
                ship_to=ship_to,
                shipping_option=asked["shipping_option"],
                cause_key=f"store:{found.pk}:{key}"[:160],
                expected_total=asked.get("expected_total"),
                identity=identity,
                actor="store api",
            )
        except REFUSALS as error:
            raise self.refused(error, found) from error
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


class OrderDetail(StoreView):
    cache_control = "private, no-cache"

    @extend_schema(responses={200: serializers.OrderAnswer, **refused(404)}, operation_id="order")
    def get(self, _request: Request, token: str) -> Response:
        """Show an order to whoever has its token."""
        order = Order.objects.filter(token=token[:64]).first()
        if order is None:
            raise Http404
        return Response(queries.order_json(order))
