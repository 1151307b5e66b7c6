"""What a page tells machines about itself, as dictionaries of schema.org and as text for search engines.

Structured data is JSON-LD (https://json-ld.org, vocabulary https://schema.org); offers name price, currency, stock and
where they are sent, as Google's "Merchant listing structured data" asks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from shop.crossborder.models.offering import StockState

SCHEMA = "https://schema.org"
TITLE, DESCRIPTION = 65, 160  # characters that result pages show of a title and of a description
AVAILABILITY = {
    StockState.SOLD_OUT: "OutOfStock",
    StockState.BACKORDER: "BackOrder",
    StockState.FEW: "LimitedAvailability",
    StockState.IN_STOCK: "InStock",
}
# Inside a script element no end tag may appear, and old parsers stumble over the two separators.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def as_json_ld(things: Sequence[Mapping[str, Any]]) -> SafeString:
    """Return the things as the text of a script element, nothing in which can end the element."""
    graph = {"@context": SCHEMA, "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(text)


def shortened(text: str, limit: int) -> str:
    """Return the text on one line, cut at a word where it is longer than the limit."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    # Chinese and Japanese have no spaces to cut at.
    words = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return words.rstrip(" ,;:.、，。；：") + "…"


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a BreadcrumbList of (name, absolute address)."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }


def organization(*, name: str, site: str, email: str = "", address: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the seller as an Organization."""
    made: dict[str, Any] = {"@type": "Organization", "@id": f"{site}/#seller", "name": name, "url": f"{site}/"}
    if email:
        made["email"] = email
    if address:
        made["address"] = {"@type": "PostalAddress", **{key: value for key, value in address.items() if value}}
    return made


def offer(
    *, sku: str, amount: Decimal, currency: str, state: int, address: str, countries: Sequence[str], seller: str
) -> dict[str, Any]:
    """Return one variant's Offer; ``amount`` with the decimals of its currency, ``seller`` an ``@id``."""
    return {
        "@type": "Offer",
        "sku": sku,
        "url": address,
        "price": str(amount),
        "priceCurrency": currency,
        "availability": f"{SCHEMA}/{AVAILABILITY[StockState(state)]}",
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": {"@id": seller},
        "eligibleRegion": list(countries),
        "shippingDetails": {
            "@type": "OfferShippingDetails",
            "shippingDestination": [{"@type": "DefinedRegion", "addressCountry": one} for one in countries],
        },
    }


def product(
    *,
    name: str,
    description: str,
    address: str,
    pictures: Sequence[str],
    skus: Sequence[str],
    category: str,
    brand: str,
    material: str,
    offers: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return a Product; one without offers is not sold here and says nothing of a price."""
    made: dict[str, Any] = {
        "@type": "Product",
        "@id": f"{address}#product",
        "name": name,
        "description": " ".join(description.split()),
        "url": address,
        "image": list(pictures),
        "category": category,
        "brand": {"@type": "Brand", "name": brand},
    }
    if skus:
        made["sku"] = skus[0]
    if material:
        made["material"] = material
    if offers:
        made["offers"] = list(offers)
    return made
