"""The shapes of requests and answers, for validation at the door and for the schema. Amounts are text."""

from typing import Any

from rest_framework import serializers

from shop.crossborder.identities.declared import BUYER_KINDS, NAME_LENGTH
from shop.crossborder.identities.numbers import LONGEST


class MarketQuery(serializers.Serializer[Any]):
    """Which market and language a list is for."""

    market = serializers.CharField(max_length=8)
    language = serializers.CharField(max_length=10, required=False)
    category = serializers.CharField(max_length=16, required=False, allow_blank=True)
    q = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="Words of the name, or a SKU."
    )


class NewBasket(serializers.Serializer[Any]):
    market = serializers.CharField(max_length=8)
    language = serializers.CharField(max_length=10)


class NewLine(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=99)


class LineQuantity(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=99)


class Destination(serializers.Serializer[Any]):
    """Where to; for a quote the country is enough."""

    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    name = serializers.CharField(required=False, allow_blank=True)
    company = serializers.CharField(required=False, allow_blank=True)
    line1 = serializers.CharField(required=False, allow_blank=True)
    line2 = serializers.CharField(required=False, allow_blank=True)
    district = serializers.CharField(
        required=False, allow_blank=True, help_text="Dependent locality, where the country has it."
    )
    city = serializers.CharField(required=False, allow_blank=True)
    region = serializers.CharField(
        required=False, allow_blank=True, help_text="State, province or prefecture: its code or its name."
    )
    postcode = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(
        required=False, allow_blank=True, help_text="Kept as E.164; read as a number of the country without a code."
    )


class Identity(serializers.Serializer[Any]):
    """Who the buyer is to customs; needed for China and Korea, refused elsewhere. Never shown again."""

    kind = serializers.ChoiceField([str(one) for one in BUYER_KINDS])
    number = serializers.CharField(max_length=LONGEST, allow_blank=True)
    name = serializers.CharField(max_length=NAME_LENGTH, allow_blank=True, help_text="As on the document.")
    consent = serializers.BooleanField(
        required=False, help_text="Must be true: the buyer has agreed to the text that the problem document shows."
    )
    consent_version = serializers.CharField(required=False, help_text="The version of the text she was shown.")


class QuoteRequest(serializers.Serializer[Any]):
    ship_to = Destination()
    shipping_option = serializers.CharField(max_length=32, required=False, allow_blank=True)


class CheckoutRequest(serializers.Serializer[Any]):
    email = serializers.EmailField()
    ship_to = Destination()
    shipping_option = serializers.CharField(max_length=32)
    expected_total = serializers.CharField(max_length=24, required=False, help_text="The total the shopper was shown.")
    identity = Identity(required=False)


class BasketLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    option = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    buyable = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class BasketAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    market = serializers.CharField()
    language = serializers.CharField()
    currency = serializers.CharField()
    lines = BasketLineAnswer(many=True)


class QuoteLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()
    tax = serializers.CharField()
    tax_rule = serializers.IntegerField(allow_null=True)


class QuoteRuleAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    jurisdiction = serializers.CharField()
    regime = serializers.CharField()
    category = serializers.CharField()
    rate = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    confirmed = serializers.BooleanField()


class QuoteAnswer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["FINAL", "ESTIMATE"])
    incoterm = serializers.ChoiceField(["DDP", "DAP"])
    currency = serializers.CharField()
    country = serializers.CharField()
    tax_included = serializers.BooleanField()
    goods = serializers.CharField()
    shipping = serializers.CharField()
    tax = serializers.CharField()
    total = serializers.CharField()
    shipping_option = serializers.CharField()
    lines = QuoteLineAnswer(many=True)
    rules = QuoteRuleAnswer(many=True)
    notices = serializers.ListField(child=serializers.CharField())


class PaymentAnswer(serializers.Serializer[Any]):
    url = serializers.CharField(allow_null=True, help_text="Null while the payment provider cannot be reached.")
    state = serializers.CharField()


class PlacedOrder(serializers.Serializer[Any]):
    number = serializers.CharField()
    token = serializers.CharField()
    state = serializers.CharField()
    total = serializers.CharField()
    currency = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


class CheckoutAnswer(serializers.Serializer[Any]):
    order = PlacedOrder()
    payment = PaymentAnswer()


class OrderLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    option = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()


class OrderAnswer(PlacedOrder):
    language = serializers.CharField()
    goods = serializers.CharField()
    shipping = serializers.CharField()
    tax = serializers.CharField()
    tax_included = serializers.BooleanField()
    placed_at = serializers.DateTimeField()
    lines = OrderLineAnswer(many=True)
    quote = serializers.JSONField()
    payment = PaymentAnswer(allow_null=True)


class MarketAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    currency = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    prices_include_tax = serializers.BooleanField()
    shipping_options = serializers.ListField(child=serializers.JSONField())


class VariantAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    option = serializers.CharField()
    price = serializers.CharField()
    currency = serializers.CharField()
    origin = serializers.CharField()
    stock = serializers.ChoiceField(["in_stock", "few", "sold_out"])
    left = serializers.IntegerField(allow_null=True)


class ProductAnswer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    material = serializers.CharField()
    care = serializers.CharField()
    language = serializers.CharField(allow_null=True)
    category = serializers.CharField()
    museum = serializers.JSONField()
    images = serializers.ListField(child=serializers.JSONField())
    variants = VariantAnswer(many=True)


class ProblemAnswer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.ListField(child=serializers.JSONField(), required=False)  # type: ignore[assignment]
