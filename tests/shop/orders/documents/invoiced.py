"""Paid orders for the tests of documents, placed through the product's own checkout, and what their papers say."""

import re
from itertools import count

import pypdfium2

from shop.checkout import actions as checkout
from shop.models import Invoice, Order, Seller, Variant
from shop.orders import actions as orders
from shop.orders.documents.papers import invoice_pdf
from tests import factories as make

SERIAL = count(1)
EVERYWHERE = {"gb": "18.00", "fr": "21.90", "eu": "22.90", "cn": "168.00", "jp": "3400", "ch": "24.50", "au": "36.00"}


def mug(sku: str = "MUG-1", **facts) -> Variant:
    return make.variant(sku, **({"prices": EVERYWHERE, "stock_at": {"LON": 500}} | facts))


def paid(*lines: tuple[Variant, int], market: str = "gb", country: str = "GB", language: str = "en", **to) -> Order:
    """An order that was placed and paid through the shop."""
    order = checkout.place_order(
        basket=make.basket(*lines, market_code=market, language=language),
        email="ada@example.org",
        ship_to=make.address(country) | to,
        shipping_option="standard",
        cause_key=f"documents-{next(SERIAL)}",
        identity=make.identity() if country == "CN" else None,
    ).order
    return orders.mark_paid(order_id=order.id, actor="test", cause="test")


def seller() -> Seller:
    """The tests' seller, with a prefix for its numbers."""
    made = make.seller()
    if not made.invoice_prefix:
        made.invoice_prefix = "VML"
        made.save()
    return made


def pages(content: bytes) -> list[str]:
    """The text of each page, as a reader copies it; line ends made spaces."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def said(invoice: Invoice) -> str:
    """The whole text of an invoice's PDF."""
    return " ".join(pages(invoice_pdf(invoice)))
