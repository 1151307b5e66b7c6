"""The doors of baskets: lines, gift and note, promotion codes. A basket's id is its secret token."""

from typing import Any

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from config.problems import Problem
from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import basket, news, settling
from shop.checkout.errors import CheckoutError
from shop.checkout.models import Basket
from shop.checkout.promotions.errors import CodeRefused
from shop.orders.actions import NotLicensed
from shop.store_api import problems, queries, serializers
from shop.store_api.api import StoreView, language_of, market_of, refused, valid

REFUSALS = (CheckoutError, OutOfStock, HolderLimit, StockBusy, NotLicensed)


class BasketView(StoreView):
    """Doors of one basket."""

    cache_control = "private, no-cache"

    def basket(self, token: str) -> Basket:
        """Return the basket, or raise Http404 whatever is wrong with the token."""
        found = Basket.objects.select_related("market__seller").filter(token=token[:64]).first()
        if found is None:
            raise Http404
        basket.touch(found)
        return found

    def settled(self, found: Basket) -> Basket:
        """Return the basket without what no longer holds; its notices tell."""
        return settling.settle(basket=found) if found.gift_wrap or found.codes.exists() else found

    def refused(self, error: Exception, of: Basket) -> Problem:
        """Return the problem for a refusal of the shop."""
        if isinstance(error, CodeRefused):
            return problems.code_refused(error, currency=of.market.currency, language=of.language)
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
        """Show a basket with the prices of now, and with what happened to it."""
        return Response(queries.basket_json(self.settled(self.basket(token))))

    @extend_schema(
        request=serializers.BasketChanges,
        responses={200: serializers.BasketAnswer, **refused(400, 404, 415, 422)},
        operation_id="basket_change",
    )
    def patch(self, request: Request, token: str) -> Response:
        """Say whether it is a gift, what goes with it, or move it to another market; lines stay, notices tell."""
        found = self.basket(token)
        asked = valid(serializers.BasketChanges, strict(request.data, BOOLEANS))
        market = market_of(asked["market"]) if "market" in asked else found.market
        language = language_of(market, asked.get("language", found.language if market == found.market else ""))
        words = {name: asked[name] for name in ("gift_message", "note", "gift_wrap") if name in asked}
        try:
            with transaction.atomic():
                if (market.pk, language) != (found.market_id, found.language):
                    found = settling.switch_market(basket=found, market=market, language=language)
                if words:
                    found = basket.describe(basket=found, **words)
        except REFUSALS as error:
            raise self.refused(error, found) from error
        return Response(queries.basket_json(found))


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


class Codes(BasketView):
    throttle_scope = "promotion_codes"

    @extend_schema(
        request=serializers.NewCode,
        responses={201: serializers.BasketAnswer, **refused(400, 404, 415, 422)},
        operation_id="code_add",
    )
    def post(self, request: Request, token: str) -> Response:
        """Put a promotion code in. Guessing is limited per client address."""
        found = self.basket(token)
        asked = valid(serializers.NewCode, request.data)
        try:
            settling.put_in(basket=found, code=asked["code"])
        except REFUSALS as error:
            raise self.refused(error, found) from error
        return Response(queries.basket_json(self.basket(token)), status=201)


class CodeDetail(BasketView):
    @extend_schema(responses={200: serializers.BasketAnswer, **refused(404)}, operation_id="code_remove")
    def delete(self, _request: Request, token: str, code: str) -> Response:
        """Take a promotion code out."""
        found = self.basket(token)
        if not settling.take_out(basket=found, code=code):
            raise Http404
        return Response(queries.basket_json(found))


class Notices(BasketView):
    @extend_schema(responses={200: serializers.BasketAnswer, **refused(404)}, operation_id="notices_dismiss")
    def delete(self, _request: Request, token: str) -> Response:
        """The shopper has seen what happened: notices go, and changed prices are no longer told."""
        return Response(queries.basket_json(news.dismiss(basket=self.basket(token))))


BOOLEANS = {"gift_wrap": bool, "gift_message": str, "note": str}


def strict(data: Any, kinds: dict[str, type]) -> Any:
    """Refuse values that a lenient parser would turn into another kind (``"no"``, ``1``)."""
    wrong = {
        name: [f"Must be a {'boolean' if kind is bool else 'text'}."]
        for name, kind in kinds.items()
        if hasattr(data, "keys") and name in data and type(data[name]) is not kind
    }
    if wrong:
        raise ValidationError(wrong)
    return data


def strict_quantity(data: Any) -> Any:
    """Refuse quantities that a lenient parser would turn into another number (``true``, ``1.5``, ``"3 "``)."""
    if hasattr(data, "get") and "quantity" in data and type(data["quantity"]) is not int:
        raise ValidationError({"quantity": ["The quantity must be a whole number between 1 and 99."]})
    return data
