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
from shop.catalogue.search.parsing import clean
from shop.crossborder import queries as crossborder
from shop.crossborder.models import Market
from shop.crossborder.offering.narrowing import Filters
from shop.orders.models import Order
from shop.store_api import queries, serializers


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
        parameters=[serializers.ProductQuery, OpenApiParameter("cursor", str), OpenApiParameter("limit", int)],
        responses={200: serializers.ProductPage, **refused(400, 404, 422)},
        operation_id="products",
    )
    def get(self, request: Request) -> Response:
        """List what a market sells."""
        asked = valid(serializers.ProductQuery, request.query_params)
        market = market_of(asked["market"])
        language = language_of(market, asked.get("language", ""))
        filters = Filters.read(lambda code: asked.get(code, ()), text=clean(asked.get("q", "")))
        found = queries.products(market=market, language=language, filters=filters)
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


class OrderDetail(StoreView):
    cache_control = "private, no-cache"

    @extend_schema(responses={200: serializers.OrderAnswer, **refused(404)}, operation_id="order")
    def get(self, _request: Request, token: str) -> Response:
        """Show an order to whoever has its token."""
        order = Order.objects.filter(token=token[:64]).first()
        if order is None:
            raise Http404
        return Response(queries.order_json(order))
