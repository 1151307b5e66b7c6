"""What customs are told of the demo's goods: material and kind in English and Chinese, the maker's number, replicas."""

import json
from collections.abc import Mapping
from typing import Any

from shop.catalogue.models import Category, Variant
from shop.demo.museum import DATA, DemoMuseum, DemoProduct, DemoVariant

MADE_IN = 2026  # the year in which the replicas on sale were made


def describe(product: DemoProduct, variant: DemoVariant, words: Mapping[str, Any]) -> dict[str, str]:
    """Return the description (``en``, ``zh``) of a variant: its product's own, else by HS code, else by material.

    :raises LookupError: the content says nothing of these goods.
    """
    own = words["by_product"].get(product.slug) or words["by_hs_code"].get(variant.hs_code)
    if own is None:
        material = product.material["en"]
        own = next((said for start, said in words["by_material"].items() if material.startswith(start)), None)
    if own is None:
        raise LookupError(f"{variant.sku} has no description for customs.")
    return dict(own)


def seed(content: DemoMuseum) -> None:
    """Fill what is empty on variants of the demo; what a person has written stays."""
    words = json.loads((DATA / "customs.json").read_text(encoding="utf-8"))
    facts = {variant.sku: (product, variant) for product in content.products for variant in product.variants}
    empty = list(Variant.objects.filter(sku__in=facts, customs_description="", customs_description_zh=""))
    for row in empty:
        product, variant = facts[row.sku]
        said = describe(product, variant, words)
        row.customs_description, row.customs_description_zh = said["en"], said["zh"]
        row.manufacturer_product_id = row.manufacturer_product_id or f"{product.partner}-{row.sku.partition('-')[2]}"
        if product.category == Category.REPLICAS and row.reproduction_year is None:
            row.reproduction_year = MADE_IN
    fields = ["customs_description", "customs_description_zh", "manufacturer_product_id", "reproduction_year"]
    Variant.objects.bulk_update(empty, fields)
