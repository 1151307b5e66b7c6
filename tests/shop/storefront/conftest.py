"""Shared by the storefront's tests: compiled words, and shops of one or many products."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.test import Client

import shop.storefront
from shop.models import MuseumObject, ObjectText, ProductImage, Variant
from tests import factories as make

LOCALE = Path(shop.storefront.__file__).parent / "locale"


@pytest.fixture(scope="session", autouse=True)
def _compiled_words() -> None:
    """Compile the catalogues where they are missing or older than their words."""
    from django.utils.translation import trans_real

    stale = False
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as words, target.open("wb") as compiled:
                write_mo(compiled, read_po(words, locale=source.parent.parent.name))
            stale = True
    if stale:
        trans_real._translations.clear()


@pytest.fixture
def web() -> Client:
    return Client()


@pytest.fixture
def shop_world(db) -> dict[str, Variant]:
    """Markets, rules, an agreement, and three mugs: in stock, few, sold out."""
    for code in ("gb", "fr", "cn", "jp"):
        make.market(code)
    make.tax_rates()
    make.agreement()
    prices = {"gb": "18.00", "fr": "22.00", "cn": "198.00", "jp": "3900"}
    return {
        "plenty": make.variant("MUG-1", prices=prices, stock_at={"LON": 40, "LIL": 40, "NGB": 40}),
        "few": make.variant("MUG-2", prices=prices, stock_at={"LON": 3}),
        "none": make.variant("MUG-3", prices=prices, stock_at={"LON": 0}),
    }


def furnish(thing: Variant, *, pictures: int = 2, objects: int = 1) -> None:
    """Give a product pictures and objects."""
    for position in range(pictures):
        ProductImage.objects.create(
            product=thing.product,
            file=f"products/{thing.sku}-{position}.svg",
            width=1200,
            height=1200,
            position=position,
            alt={"en": "A mug", "fr": "Une tasse"},
        )
    for number in range(objects):
        record = MuseumObject.objects.create(
            museum=thing.product.museum,
            accession_number=f"{thing.sku}.{number}",
            slug=f"object-{thing.sku.lower()}-{number}",
            title="Under the Wave",
            maker="Hokusai",
            credit_line="Founders’ Bequest, 1911",
        )
        ObjectText.objects.create(museum_object=record, language="en", title="Under the Wave", description="A wave.")
        thing.product.objects_shown.add(record)


CHECKOUT = {
    "email": "ada@example.org",
    "name": "Ada Byron",
    "line1": "12 St James’s Square",
    "city": "London",
    "postcode": "SW1Y 4LB",
    "country": "GB",
    "shipping_option": "standard",
}
