"""The door of “tell me when it is back”."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.problems import Problem
from shop.alerts.restock import actions
from shop.alerts.restock.limits import AlertThrottle
from shop.store_api.api import StoreView, language_of, market_of, refused, valid


class NewAlert(serializers.Serializer[Any]):
    """Who wants to be told of what. The language is that of the letters; without one, the market's first."""

    email = serializers.EmailField(max_length=254)
    sku = serializers.CharField(max_length=40)
    market = serializers.CharField(max_length=8)
    language = serializers.CharField(max_length=10, required=False)


class AlertNoted(serializers.Serializer[Any]):
    """The same answer whatever was known of the address."""

    state = serializers.ChoiceField(["confirmation-by-mail"])


class Alerts(StoreView):
    throttle_classes = [*StoreView.throttle_classes, AlertThrottle]

    @extend_schema(
        request=NewAlert,
        responses={202: AlertNoted, **refused(400, 404, 415, 422)},
        operation_id="alert_create",
    )
    def post(self, request: Request) -> Response:
        """Ask to be told, once and by mail, when an article can be bought again; the address is confirmed first."""
        asked = valid(NewAlert, request.data)
        market = market_of(asked["market"])
        language = language_of(market, asked.get("language", "")) or market.languages[0]
        try:
            actions.ask(email=asked["email"], sku=asked["sku"], market=market, language=language)
        except actions.UnknownVariant:
            raise Problem(
                status_code=422,
                code="unknown-sku",
                title="There is no such article.",
                detail="No published article has this SKU.",
                errors=[{"pointer": "/sku", "code": "unknown-sku", "message": "No published article has this SKU."}],
            ) from None
        return Response({"state": "confirmation-by-mail"}, status=202)
