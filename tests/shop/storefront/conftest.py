"""Shared by the storefront's tests: compiled words, and shops of one or many products."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.test import Client

import shop.storefront
from shop.models import Variant
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
