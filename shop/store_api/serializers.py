"""The shapes of requests and answers, for validation at the door and for the schema. Amounts are text."""

from typing import Any

from rest_framework import serializers

from shop.crossborder.identities.declared import BUYER_KINDS, NAME_LENGTH
from shop.crossborder.identities.numbers import LONGEST
from shop.crossborder.offering.narrowing import LONGEST_VALUE


def _chosen() -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_VALUE, allow_blank=True)


class MarketQuery(serializers.Serializer[Any]):
    """Which market and language a list is for."""

    market = serializers.CharField(max_length=8)
    language = serializers.CharField(max_length=10, required=False)


class ProductQuery(MarketQuery):
    """Which products: searched and narrowed as in the shop. Of a filter that is given several times any will do."""

    q = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="Words, quoted phrases, or a SKU; Chinese in simplified or traditional characters.",
    )
    category = serializers.ListField(child=_chosen(), required=False)
    museum = serializers.ListField(child=_chosen(), required=False, help_text="Slugs.")
    theme = serializers.ListField(child=_chosen(), required=False, help_text="Slugs.")
    culture = serializers.ListField(child=_chosen(), required=False, help_text="As the objects' records say.")
    period = serializers.ListField(
        child=_chosen(), required=False, help_text="Centuries: 19 is 1801 to 1900, -5 is 500 to 401 BCE."
    )
    material = serializers.ListField(child=_chosen(), required=False, help_text="Codes of options.")
    price = serializers.ListField(
        child=_chosen(), required=False, help_text="In the market's currency, the upper end excluded: 25-50, 250-."
    )
    availability = serializers.ListField(child=_chosen(), required=False, help_text="in_stock, backorder or sold_out.")


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


class BasketChanges(serializers.Serializer[Any]):
    """What is to change of a basket; what is left out stays. Texts are judged in characters after trimming."""

    market = serializers.CharField(max_length=8, required=False, help_text="Moves the basket; its lines stay.")
    language = serializers.CharField(max_length=10, required=False)
    gift_wrap = serializers.BooleanField(required=False)
    gift_message = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="At most 300 characters."
    )
    note = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="For the shop; at most 500 characters."
    )


class NewCode(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="Case does not matter.")


class Consent(serializers.Serializer[Any]):
    """A box that the shopper ticked: which text, and the version she was shown."""

    kind = serializers.CharField(max_length=32)
    version = serializers.CharField(max_length=64)


class QuoteRequest(serializers.Serializer[Any]):
    ship_to = Destination()
    shipping_option = serializers.CharField(max_length=32, required=False, allow_blank=True)


class CheckoutRequest(serializers.Serializer[Any]):
    email = serializers.EmailField()
    ship_to = Destination()
    shipping_option = serializers.CharField(max_length=32)
    expected_total = serializers.CharField(max_length=24, required=False, help_text="The total the shopper was shown.")
    identity = Identity(required=False)
    consents = Consent(
        many=True, required=False, help_text="What the shopper agreed to; a 422 consent-required has the texts."
    )


class SaidAnswer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, e.g. price_changed, stock_short, sold_out, out_of_territory.")
    message = serializers.CharField(help_text="In the basket's language.")


class PromotionAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.ChoiceField(["percentage", "amount", "free_delivery"])
    discount = serializers.CharField(help_text="Off the goods.")


class DroppedAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    reason = serializers.CharField(help_text="Stable, e.g. ended, used_up, below_minimum.")
    minimum = serializers.CharField()
    missing = serializers.CharField()


class BasketLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    option = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    buyable = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    unit_price_before = serializers.CharField(allow_null=True, help_text="Where it changed since it was put in.")
    left = serializers.IntegerField(allow_null=True, help_text="Where there is less than the line asks for.")
    messages = SaidAnswer(many=True)


class BasketAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    market = serializers.CharField()
    language = serializers.CharField()
    currency = serializers.CharField()
    lines = BasketLineAnswer(many=True)
    goods = serializers.CharField(help_text="Before promotion codes.")
    discount = serializers.CharField(help_text="What promotion codes take off the goods.")
    promotions = PromotionAnswer(many=True)
    gift_wrap = serializers.BooleanField()
    gift_wrap_price = serializers.CharField(allow_null=True, help_text="Null where the market does not wrap.")
    gift_message = serializers.CharField()
    note = serializers.CharField()
    notices = SaidAnswer(many=True, help_text="What happened to the basket, until it is dismissed.")


class QuoteLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()
    shipping = serializers.CharField(help_text="Its share of delivery.")
    duty = serializers.CharField()
    tax = serializers.CharField()
    tax_rate = serializers.CharField(allow_null=True, help_text="A fraction: 0.2 is 20 %.")


class ConsignmentAnswer(serializers.Serializer[Any]):
    """What one warehouse sends, and what it goes through at the border."""

    from_country = serializers.CharField()
    route = serializers.CharField(help_text="Empty where no customs procedure is needed.")
    imported = serializers.BooleanField()
    collected_at_sale = serializers.BooleanField(help_text="Its tax is paid with the order, e.g. under IOSS.")
    goods = serializers.CharField()
    shipping = serializers.CharField()
    duty = serializers.CharField()
    tax = serializers.CharField()
    fees = serializers.CharField()
    payable_on_delivery = serializers.CharField()
    lines = QuoteLineAnswer(many=True)


class StepAnswer(serializers.Serializer[Any]):
    """One line of the working, in the order of evaluation; ``rule`` is a key of ``rules``."""

    step = serializers.CharField()
    consignment = serializers.IntegerField()
    line = serializers.IntegerField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    base = serializers.CharField()
    rate = serializers.CharField(allow_null=True)
    amount = serializers.CharField()


class NoticeAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    rule = serializers.CharField()
    about = serializers.CharField()


class DeliveryReasonAnswer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, e.g. too_heavy or not_carried_battery.")
    text = serializers.CharField(help_text="In the basket's language.")
    skus = serializers.ListField(child=serializers.CharField())


class DeliveryOptionAnswer(serializers.Serializer[Any]):
    """A delivery option judged for the basket; one that is not available has reasons and no amount or dates."""

    code = serializers.CharField()
    name = serializers.CharField()
    available = serializers.BooleanField()
    reasons = DeliveryReasonAnswer(many=True)
    carrier = serializers.CharField(required=False)
    tracked = serializers.BooleanField(required=False)
    amount = serializers.CharField(required=False)
    free_above = serializers.CharField(required=False, allow_null=True)
    chargeable_grams = serializers.IntegerField(required=False)
    parcels = serializers.IntegerField(required=False)
    earliest = serializers.DateField(required=False)
    latest = serializers.DateField(required=False)
    dates_certain = serializers.BooleanField(
        required=False, help_text="False where the holidays of a year or country are not known yet."
    )


class QuoteAnswer(serializers.Serializer[Any]):
    """``total = goods + shipping + duty + fees + tax - tax_in_prices``; ``payable_now`` is what the order charges."""

    kind = serializers.ChoiceField(["FINAL", "ESTIMATE"])
    incoterm = serializers.ChoiceField(["DDP", "DAP"])
    currency = serializers.CharField()
    country = serializers.CharField()
    jurisdiction = serializers.CharField()
    route = serializers.CharField(help_text="Customs route, e.g. standard, cbec or postal; empty where none is needed.")
    tax_included = serializers.BooleanField()
    goods = serializers.CharField()
    shipping = serializers.CharField()
    duty = serializers.CharField()
    tax = serializers.CharField()
    fees = serializers.CharField()
    tax_in_prices = serializers.CharField()
    total = serializers.CharField()
    payable_now = serializers.CharField()
    payable_on_delivery = serializers.CharField()
    gift_wrap = serializers.CharField(help_text="What wrapping costs; contained in shipping.")
    discount = serializers.CharField(help_text="What promotion codes take off; goods is without it.")
    delivery_discount = serializers.CharField()
    promotions = PromotionAnswer(many=True)
    promotions_dropped = DroppedAnswer(many=True, help_text="Codes that do not hold, and why.")
    shipping_option = serializers.CharField()
    delivery_options = DeliveryOptionAnswer(many=True)
    consignments = ConsignmentAnswer(many=True)
    steps = StepAnswer(many=True)
    rules = serializers.DictField(child=serializers.JSONField(), help_text="Key → the rule, its dates and sources.")
    reasons = NoticeAnswer(many=True, help_text="Why it is an ESTIMATE.")
    cautions = NoticeAnswer(many=True)
    explanation = serializers.ListField(child=serializers.CharField(), help_text="In the basket's language.")
    rulebook = serializers.CharField(help_text="Version of the rule book.")


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
    position = serializers.IntegerField(help_text="By which a withdrawal or a return names the line.")
    sku = serializers.CharField()
    name = serializers.CharField()
    option = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()


class ShipmentLineAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField(
        help_text="Units of the order's line; 0: parts of a bundle that another parcel completes."
    )


class ShipmentAnswer(serializers.Serializer[Any]):
    """A parcel that has left."""

    number = serializers.CharField()
    state = serializers.ChoiceField(["shipped", "delivered"])
    carrier = serializers.CharField(help_text="Its name; empty where it is not noted.")
    service = serializers.CharField()
    tracking_number = serializers.CharField(help_text="Empty where the parcel is not tracked.")
    tracking_url = serializers.CharField(allow_null=True)
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    lines = ShipmentLineAnswer(many=True)


class OrderAnswer(PlacedOrder):
    language = serializers.CharField()
    goods = serializers.CharField()
    shipping = serializers.CharField()
    duty = serializers.CharField()
    fees = serializers.CharField()
    tax = serializers.CharField()
    tax_in_prices = serializers.CharField()
    due_on_delivery = serializers.CharField()
    tax_included = serializers.BooleanField()
    gift_wrap = serializers.BooleanField()
    gift_wrap_amount = serializers.CharField(help_text="Contained in shipping.")
    gift_message = serializers.CharField()
    note = serializers.CharField()
    placed_at = serializers.DateTimeField()
    lines = OrderLineAnswer(many=True)
    shipments = ShipmentAnswer(many=True)
    quote = serializers.JSONField()
    payment = PaymentAnswer(allow_null=True)


class MarketAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    currency = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    prices_include_tax = serializers.BooleanField()
    shipping_options = serializers.ListField(child=serializers.JSONField())


class MarketList(serializers.Serializer[Any]):
    results = MarketAnswer(many=True)


class PriceBreakAnswer(serializers.Serializer[Any]):
    min_quantity = serializers.IntegerField(help_text="Units of one basket line from which the price holds.")
    price = serializers.CharField(help_text="Of one unit.")


class VariantAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    option = serializers.CharField()
    price = serializers.CharField()
    currency = serializers.CharField()
    was = serializers.CharField(
        allow_null=True, help_text="What a reduction is reckoned from, where the market's rules want it named."
    )
    lowest_30_days = serializers.CharField(
        allow_null=True,
        help_text="Lowest price of the 30 days before the reduction in force (Directive 98/6/EC, article 6a).",
    )
    reduced_by_percent = serializers.IntegerField(allow_null=True, help_text="Below `was`, rounded down.")
    price_breaks = PriceBreakAnswer(many=True)
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


class ProductPage(serializers.Serializer[Any]):
    """A page of products; ``next`` and ``previous`` are addresses of further pages."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ProductAnswer(many=True)


class ProblemAnswer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    quote = QuoteAnswer(required=False, help_text="Of now, where a checkout was refused for what changed meanwhile.")
    errors = serializers.ListField(child=serializers.JSONField(), required=False)  # type: ignore[assignment]
