"""Putting the demo's content together: the works from ``objects/*.json``, the products from the recipes."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from shop.demo.museum.houses import MUSEUMS, PARTNERS, agreement_number, agreements
from shop.demo.museum.model import DemoMuseum, DemoObject, DemoProduct, DemoVariant
from shop.demo.museum.recipes import RECIPES, Recipe, Size, filled

OBJECTS = Path(__file__).parent / "objects"
CREDITS = (
    "Founders’ Bequest, 1911",
    "Gift of the Hallam family, 1934",
    "Purchased with the help of the Friends, 1962",
    "Transferred from the Print Room, 1978",
    "Bequest of Dr E. Marchetti, 1950",
)
PRODUCTS_PER_CATEGORY = 11
# Sold in Europe alone, so that the shop has something to refuse elsewhere.
EUROPE_ONLY = frozenset({"notebooks-5", "notebooks-6"})


def _number(*parts: object, below: int) -> int:
    """Return a number that is the same on every machine for the same parts."""
    digest = sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % below


def _museum_of(raw: dict[str, Any]) -> str:
    """Asian works hang in Hangzhou, European ones after antiquity in Lille, all others in London."""
    culture = raw["culture"].lower()
    if any(
        word in culture
        for word in ("china", "chinese", "japan", "korea", "india", "persia", "iran", "ottoman", "mughal", "islamic")
    ):
        return "west-lake-hall"
    europe = (
        "english",
        "british",
        "french",
        "dutch",
        "italian",
        "german",
        "flemish",
        "netherland",
        "norse",
        "norwegian",
        "irish",
        "insular",
        "anglo",
    )
    if any(word in culture for word in europe):
        return "deux-rives"
    return "ashgrove"


def _objects() -> tuple[DemoObject, ...]:
    made: list[DemoObject] = []
    counts: dict[str, int] = {}
    for path in sorted(OBJECTS.glob("*.json")):
        for raw in json.loads(path.read_text(encoding="utf8")):
            museum = _museum_of(raw)
            counts[museum] = counts.get(museum, 0) + 1
            prefix = next(one.prefix for one in MUSEUMS if one.slug == museum)
            made.append(
                DemoObject(
                    museum=museum,
                    accession_number=f"{prefix} {1900 + _number(raw['slug'], below=90)}.{counts[museum]}",
                    credit_line=CREDITS[_number(raw["slug"], "credit", below=len(CREDITS))],
                    themes=(raw["classification"],),
                    **raw,
                )
            )
    return tuple(made)


def _variant(recipe: Recipe, size: Size, *, category: str, number: int, tmall: bool) -> DemoVariant:
    sku = f"{recipe.prefix}-{number:04d}-{size.code}"
    plenty = 12 + _number(sku, below=60)
    scarce = _number(sku, "scarce", below=9)
    london = {0: 3, 1: 0}.get(scarce, plenty)
    return DemoVariant(
        sku=sku,
        option=size.option,
        hs_code="660191" if category == "umbrellas" and size.code == "F" else recipe.hs_code,
        origin=recipe.origin,
        weight_g=size.weight_g,
        prices={"GBP": size.gbp, "EUR": size.eur, "CNY": size.cny, "JPY": size.jpy},
        unit_cost_gbp=size.cost,
        stock={"LON": london, "LIL": 8 + _number(sku, "LIL", below=30), "NGB": 6 + _number(sku, "NGB", below=50)},
        tmall=tmall,
    )


def _product(one: DemoObject, category: str, position: int, number: int) -> DemoProduct:
    recipe = RECIPES[category]
    sentence = recipe.sentences[position % len(recipe.sentences)]
    # What Hangzhou licenses is made in China, except paper and books.
    partner = "yunjian" if one.museum == "west-lake-hall" and recipe.partner != "meridian" else recipe.partner
    europe = f"{category}-{position}" in EUROPE_ONLY
    # Chinese and Japanese set no space between sentences.
    joint = {"en": " ", "fr": " ", "zh-hans": "", "ja": ""}
    return DemoProduct(
        slug=f"{one.slug}-{category}",
        museum=one.museum,
        category=category,
        objects=(one.slug,),
        name=filled(recipe.name, one.motif),
        description={
            language: f"{one.description[language]}{joint[language]}{sentence[language]}" for language in joint
        },
        material=recipe.material,
        care=recipe.care,
        ornament=one.ornament,
        palette=one.palette,
        agreement=agreement_number(one.museum, "meridian" if europe else partner, europe=europe),
        variants=tuple(
            _variant(
                recipe,
                size,
                category=category,
                number=number,
                tmall=position < 2 and not europe and category != "books",
            )
            for size in recipe.sizes
        ),
    )


@cache
def load() -> DemoMuseum:
    """Return the whole content; the same on every machine."""
    objects = _objects()
    products = []
    for row, category in enumerate(RECIPES):
        for position in range(min(PRODUCTS_PER_CATEGORY, len(objects))):
            # A stride that shares no factor with their number takes each category to other works.
            one = objects[(row * 7 + position * 11) % len(objects)]
            products.append((position, _product(one, category, position, len(products) + 1)))
    products.sort(key=lambda pair: pair[0])
    return DemoMuseum(MUSEUMS, objects, tuple(product for _position, product in products), PARTNERS, agreements())
