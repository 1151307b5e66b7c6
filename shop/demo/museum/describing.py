"""What the demo says of its goods beyond their texts: kinds of product, attributes with their values, and themes.

Read from ``data`` like the rest of the content; nothing here knows of the database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from shop.demo.museum import DATA, LANGUAGES, DemoProduct

BETWEEN = {"en": "; ", "fr": " ; ", "zh-hans": "；", "ja": "、"}  # separates several sizes


@dataclass(frozen=True)
class Describing:
    """``attributes`` and ``types`` as their files hold them; ``values`` are material key → attribute → what it says.

    A value is a list of options' codes, a decimal number as text, or yes or no.
    """

    attributes: tuple[Mapping[str, Any], ...]
    types: tuple[Mapping[str, Any], ...]
    values: Mapping[str, Mapping[str, Any]]
    themes: tuple[Mapping[str, Any], ...]


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return rows


@cache
def load() -> Describing:
    """Read the files once."""
    return Describing(
        attributes=tuple(_read("attributes")),
        types=tuple(_read("product_types")),
        values={row["material"]: row["values"] for row in _read("described")},
        themes=tuple(_read("themes")),
    )


@cache
def _sizes() -> dict[str, dict[str, str]]:
    return {row["option"]: row["text"] for row in _read("dimensions")}


def dimensions(product: DemoProduct) -> dict[str, str]:
    """Return language → the sizes in which a product is made, by its variants' options; empty where they name none."""
    sizes = _sizes()
    named = [sizes[one.option_key] for one in product.variants if one.option_key in sizes]
    return {code: BETWEEN[code].join(dict.fromkeys(text[code] for text in named)) for code in LANGUAGES if named}
