"""The demo museum's content: three invented museums, real works of world art, and the goods made after them.

The museums, their accession numbers, credit lines, licensees and agreements are fictional. The works are real and
in the public domain; what is said of their makers, dates and techniques is meant to be true.

The content is JSON under ``data``, one file for each group of objects and each product category. Texts are mappings
from language (``en``, ``fr``, ``zh-hans``, ``ja``) to text. Nothing here knows of the database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "fr", "zh-hans", "ja")
# The order in which museums and shelves are shown.
OBJECT_FILES = (
    "aldermere_ancient_world",
    "aldermere_after_antiquity",
    "delcambre_before_1720",
    "delcambre_after_1690",
    "tingyue_china",
    "tingyue_korea_and_india",
    "tingyue_japan",
)
PRODUCT_FILES = (
    "prints",
    "scarves",
    "mugs",
    "replicas",
    "jewellery",
    "totes",
    "notebooks",
    "books",
    "puzzles",
    "umbrellas",
)


@dataclass(frozen=True)
class MuseumFacts:
    """A fictional museum. ``accession_prefix`` begins its accession numbers."""

    slug: str
    city: str
    country: str
    accession_prefix: str
    name: Mapping[str, str]
    introduction: Mapping[str, str]


@dataclass(frozen=True)
class DemoObject:
    """A real work. Years are signed (negative: before the common era); ``ornament`` and ``palette`` draw its plate."""

    slug: str
    museum: str
    accession_number: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    maker: str
    date_text: str
    year_from: int
    year_to: int
    culture: str
    technique: str
    classification: str
    themes: tuple[str, ...]
    ornament: str
    palette: str
    credit_line: str


@dataclass(frozen=True)
class DemoVariant:
    """One SKU. ``prices`` by currency include tax, as decimal strings; ``unit_cost_gbp`` is pounds; weight in grams.

    ``option`` is the chosen value by language ("A3, framed"), ``option_name`` what is chosen ("Format"). ``stock``
    is units by warehouse code in the first delivery. ``tmall``: listed on the marketplace. ``size_mm``: the sides of
    the packed unit in millimetres, as usual for goods of this kind. ``option_key`` names the option in the content.
    """

    sku: str
    option_key: str
    option_name: Mapping[str, str]
    option: Mapping[str, str]
    hs_code: str
    origin: str
    weight_g: int
    prices: Mapping[str, str]
    unit_cost_gbp: str
    stock: Mapping[str, int]
    tmall: bool
    size_mm: tuple[int, int, int]


@dataclass(frozen=True)
class DemoProduct:
    """Something made after one or two works by ``partner``, under the agreement numbered ``agreement``."""

    slug: str
    museum: str
    category: str
    objects: tuple[str, ...]
    name: Mapping[str, str]
    description: Mapping[str, str]
    material_key: str
    material: Mapping[str, str]
    care: Mapping[str, str] | None
    ornament: str
    palette: str
    partner: str
    agreement: str
    variants: tuple[DemoVariant, ...]


@dataclass(frozen=True)
class Partner:
    """A fictional licensee, with the product categories that it makes."""

    code: str
    name: str
    country: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class LicenceAgreement:
    """What a museum lets a licensee sell. ``*`` in territories means everywhere; rates are fractions of the base."""

    number: str
    licensor: str
    licensee: str
    effective_from: date
    effective_to: date
    territories: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    rate_web: str
    rate_tmall: str
    base: str
    currency: str


@dataclass(frozen=True)
class DemoMuseum:
    """Everything the demo shows, in the order in which it is shown."""

    museums: tuple[MuseumFacts, ...]
    objects: tuple[DemoObject, ...]
    products: tuple[DemoProduct, ...]
    partners: tuple[Partner, ...]
    agreements: tuple[LicenceAgreement, ...]


def _rows(name: str) -> list[dict[str, Any]]:
    """Read a file as rows whose mappings and lists cannot be changed afterwards."""
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return [{key: _frozen(value) for key, value in row.items()} for row in rows]


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(one) for key, one in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    return value


def _variant(row: Mapping[str, Any], options: Mapping[str, dict[str, Any]]) -> DemoVariant:
    option = options[row["option"]]
    return DemoVariant(
        **{
            **row,
            "option_key": row["option"],
            "option_name": option["name"],
            "option": option["value"],
            "size_mm": option["size_mm"],
        }
    )


def _product(
    row: dict[str, Any], materials: Mapping[str, dict[str, Any]], options: Mapping[str, dict[str, Any]]
) -> DemoProduct:
    material = materials[row["material"]]
    return DemoProduct(
        **{
            **row,
            "material_key": row["material"],
            "material": material["material"],
            "care": material["care"],
            "variants": tuple(_variant(one, options) for one in row["variants"]),
        }
    )


def _agreement(row: dict[str, Any]) -> LicenceAgreement:
    dates = {key: date.fromisoformat(row[key]) for key in ("effective_from", "effective_to")}
    return LicenceAgreement(**{**row, **dates})


@cache
def load() -> DemoMuseum:
    """Read the content once; every caller gets the same unchangeable answer."""
    materials = {row["key"]: row for row in _rows("materials")}
    sizes = {row["option"]: row["size_mm"] for row in _rows("sizes")}
    options = {row["key"]: {**row, "size_mm": sizes[row["key"]]} for row in _rows("options")}
    return DemoMuseum(
        museums=tuple(MuseumFacts(**row) for row in _rows("museums")),
        objects=tuple(DemoObject(**row) for name in OBJECT_FILES for row in _rows(f"objects/{name}")),
        products=tuple(
            _product(row, materials, options) for name in PRODUCT_FILES for row in _rows(f"products/{name}")
        ),
        partners=tuple(Partner(**row) for row in _rows("partners")),
        agreements=tuple(_agreement(row) for row in _rows("agreements")),
    )
