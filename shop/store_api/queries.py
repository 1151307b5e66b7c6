"""What the store API shows, in a fixed number of statements."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone, translation

from inventory.stock import queries as stock
from shop.catalogue.models import Museum, MuseumText, Product, ProductImage, ProductText
from shop.catalogue.search.finding import find
from shop.catalogue.wording import option_text
from shop.checkout import basket_words, quoting
from shop.checkout.charges import explanation
from shop.checkout.delivering import Delivery
from shop.checkout.models import Basket
from shop.checkout.settling import reckoned_for
from shop.checkout.wrapping import wrapping_price
from shop.crossborder import queries as crossborder
from shop.crossborder.landed_cost.json_answer import answer_json
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.models import Market, Price
from shop.crossborder.money import text
from shop.crossborder.offering.browsing import product_ids
from shop.crossborder.offering.narrowing import Filters
from shop.crossborder.offering.refreshing import follow
from shop.crossborder.offering.visibility import published_now, shown_in
from shop.crossborder.offers import Offer, offers, published
from shop.orders.fulfilment.queries import shipped_with_lines
from shop.orders.models import Order
from shop.orders.shipment_models import Shipment

FEW = 5
THIRTY = 30


def markets() -> list[dict[str, Any]]:
    """Return every market with its currency, countries, languages and delivery options. Two statements."""
    return [
        {
            "code": market.code,
            "currency": market.currency,
            "countries": market.countries,
            "languages": market.languages,
            "prices_include_tax": market.prices_include_tax,
            "shipping_options": [_shipping(option, market) for option in market.shipping_options.all()],
        }
        for market in Market.objects.prefetch_related(
            Prefetch("shipping_options", crossborder.priced_from(timezone.localdate()))
        )
    ]


def _shipping(option: Any, market: Market) -> dict[str, Any]:
    return {
        "code": option.code,
        "names": option.names,
        # What the lightest parcel costs; a quote says what a basket does.
        "amount": text(option.least, market.currency) if option.least is not None else None,
        "free_above": text(option.least_free_above, market.currency) if option.least_free_above is not None else None,
        "working_days": [option.days_from, option.days_to],
    }


def products(*, market: Market, language: str, filters: Filters) -> QuerySet[Product]:
    """Return published products with a price in the market, newest id first, with what their cards need.

    With words or filters, those that the shop's own search and lists would show: two to four statements more.
    """
    priced = Price.objects.filter(market=market, valid__contains=timezone.localdate(), min_quantity=1)
    found = shown_in(market).filter(variants__prices__in=priced).distinct()
    if filters.text or filters.chosen:
        follow(market=market)
        scores = find(filters.text, language=language, most_objects=0).products if filters.text else None
        found = found.filter(id__in=product_ids(market=market, language=language, filters=filters, scores=scores))
    return _with_words(found, language)


def product(*, slug: str, language: str) -> Product | None:
    """Return a published product with its words and pictures, or None."""
    return _with_words(Product.objects.filter(published_now(), slug=slug), language).first()


def _with_words(found: QuerySet[Product], language: str) -> QuerySet[Product]:
    wanted = {language, "en"}
    return found.select_related("museum").prefetch_related(
        Prefetch("texts", ProductText.objects.filter(language__in=wanted)),
        Prefetch("museum__texts", MuseumText.objects.filter(language__in=wanted)),
        Prefetch("images", ProductImage.objects.order_by("position")),
    )


def _best(texts: Sequence[Any], language: str) -> Any:
    return next((one for one in texts if one.language == language), texts[0] if texts else None)


def product_json(found: Sequence[Product], *, market: Market, language: str) -> list[dict[str, Any]]:
    """Return products as the API shows them: words, pictures, and the variants that may be sold.

    Four statements, five where a reduction names its prior price.
    """
    on_sale = offers(market=market, condition=published(product_ids=[one.id for one in found]))
    free = stock.available_by_item(
        item_ids=[one.item_id for one in on_sale], warehouse_ids=crossborder.warehouse_ids(market)
    )
    by_product: dict[int, list[Offer]] = {}
    for offer in on_sale:
        by_product.setdefault(offer.product_id, []).append(offer)
    return [_product(one, by_product.get(one.id, []), free, market, language) for one in found]


def _product(one: Product, sold: list[Offer], free: dict[int, int], market: Market, language: str) -> dict[str, Any]:
    words = _best(list(one.texts.all()), language)
    museum: Museum = one.museum
    museum_words = _best(list(museum.texts.all()), language)
    return {
        "slug": one.slug,
        "name": words.name if words else one.slug,
        "description": words.description if words else "",
        "material": words.material if words else "",
        "care": words.care if words else "",
        "language": words.language if words else None,
        "category": one.category,
        "museum": {"slug": museum.slug, "name": museum_words.name if museum_words else museum.slug},
        "images": [
            {
                "url": f"{settings.SITE_URL}{image.file.url}",
                "width": image.width,
                "height": image.height,
                "alt": image.alt.get(language) or image.alt.get("en") or "",
            }
            for image in one.images.all()
        ],
        "variants": [_variant(offer, free.get(offer.item_id, 0), market, language) for offer in sold],
    }


def _variant(offer: Offer, left: int, market: Market, language: str) -> dict[str, Any]:
    return {
        "sku": offer.sku,
        "option": option_text(offer.options, language),
        "price": text(offer.amount, market.currency),
        "currency": market.currency,
        "was": _was(offer, market),
        "lowest_30_days": _was(offer, market) if offer.was_days == THIRTY else None,
        "reduced_by_percent": offer.percent,
        "price_breaks": [
            {"min_quantity": one.min_quantity, "price": text(one.amount, market.currency)} for one in offer.breaks
        ],
        "origin": offer.origin,
        "stock": "sold_out" if left <= 0 else "few" if left <= FEW else "in_stock",
        # The exact number is told only where it helps to decide.
        "left": left if 0 < left <= FEW else None,
    }


def _was(offer: Offer, market: Market) -> str | None:
    return text(offer.was, market.currency) if offer.was is not None else None


def basket_json(basket: Basket) -> dict[str, Any]:
    """Return a basket as the API shows it. Its id is its unguessable token. Six statements, more with codes."""
    currency, language = basket.market.currency, basket.language
    rows = quoting.rows(basket)
    off = reckoned_for(basket, rows)
    wrap = wrapping_price(basket.market)
    with translation.override(language):
        return {
            "id": basket.token,
            "market": basket.market.code,
            "language": language,
            "currency": currency,
            "lines": [_basket_line(row, currency, language) for row in rows],
            "goods": text(sum((row.amount for row in rows if row.amount), ZERO), currency),
            "discount": text(off.discount, currency),
            "promotions": [
                {"code": one.code, "kind": str(one.kind), "discount": text(one.discount, currency)}
                for one in off.applied
            ],
            "gift_wrap": basket.gift_wrap,
            "gift_wrap_price": text(wrap, currency) if wrap is not None else None,
            "gift_message": basket.gift_message,
            "note": basket.note,
            "notices": _notices(basket, rows),
        }


def _notices(basket: Basket, rows: Sequence[quoting.BasketRow]) -> list[dict[str, Any]]:
    names = {row.line.variant.sku: row.name for row in rows}
    return [
        {**entry, "message": basket_words.news(entry, names=names, markets={}, language=basket.language)}
        for entry in basket.news
    ]


def _basket_line(row: quoting.BasketRow, currency: str, language: str) -> dict[str, Any]:
    short = row.available is not None and row.available < row.line.quantity
    return {
        "sku": row.line.variant.sku,
        "name": row.name,
        "option": option_text(row.line.variant.options, language),
        "quantity": row.line.quantity,
        "unit_price": text(row.unit_price, currency) if row.unit_price is not None else None,
        "amount": text(row.amount, currency) if row.amount is not None else None,
        "buyable": row.buyable,
        "reasons": list(row.codes),
        "unit_price_before": text(row.price_before, currency) if row.price_before is not None else None,
        "left": max(row.available or 0, 0) if short else None,
        "messages": [
            {"code": one.code, "message": one.message} for one in basket_words.of_line(row, currency, language)
        ],
    }


def quote_json(quoted: quoting.QuotedBasket, language: str) -> dict[str, Any]:
    """Return the landed cost with its working and rules, its explanation in the language, and all deliveries."""
    with translation.override(language):
        said = explanation(quoted.quote, quoted.book, language)
    return (
        answer_json(quoted.quote, quoted.book)
        | {"tax_included": quoted.tax_included, "explanation": said}
        | quoted.extras()
        | delivery_json(quoted.delivery)
    )


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """Return the chosen delivery option, and all of the market as judged for the basket."""
    return {
        "shipping_option": delivery.option.code,
        "delivery_options": [one.as_json() for one in delivery.options],
    }


def _shipment(one: Shipment) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "carrier": one.carrier,
        "service": one.service,
        "tracking_number": one.tracking_number,
        "tracking_url": one.tracking_url or None,
        "shipped_at": one.shipped_at.isoformat() if one.shipped_at else None,
        "delivered_at": one.delivered_at.isoformat() if one.delivered_at else None,
        "lines": [{"sku": line.order_line.sku, "quantity": line.quantity} for line in one.lines.all()],
    }


def order_json(order: Order) -> dict[str, Any]:
    """Return an order as the API shows it to whoever has its token. Four statements, two more for parcels."""
    payment = order.payments.order_by("-attempt").first()
    return {
        "number": order.number,
        "token": order.token,
        "state": order.state,
        "language": order.language,
        "currency": order.currency,
        "goods": text(order.goods, order.currency),
        "shipping": text(order.shipping, order.currency),
        "tax": text(order.tax, order.currency),
        "duty": text(order.duty, order.currency),
        "fees": text(order.fees, order.currency),
        "tax_in_prices": text(order.tax_in_prices, order.currency),
        "due_on_delivery": text(order.due_on_delivery, order.currency),
        "tax_included": order.tax_included,
        "gift_wrap": order.gift_wrap,
        "gift_wrap_amount": text(order.gift_wrap_amount, order.currency),
        "gift_message": order.gift_message,
        "note": order.note,
        "total": text(order.total, order.currency),
        "placed_at": order.placed_at.isoformat(),
        "expires_at": order.expires_at.isoformat() if order.expires_at else None,
        "lines": [
            {
                "position": line.position,
                "sku": line.sku,
                "name": line.name,
                "option": line.option,
                "quantity": line.quantity,
                "unit_price": text(line.unit_price, order.currency),
                "amount": text(line.amount, order.currency),
            }
            for line in order.lines.all()
        ],
        "shipments": [_shipment(one) for one in shipped_with_lines(order)],
        "quote": order.quote,
        "payment": {"url": payment.url or None, "state": payment.state} if payment else None,
    }
