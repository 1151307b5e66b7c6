"""Who made the demo's goods. The makers are invented; one of them has nobody yet who answers for it in the Union."""

import json
from typing import Any

from shop.catalogue.models import Manufacturer, Product, ProductText
from shop.crossborder.models import Seller
from shop.demo.museum import DATA, DemoMuseum
from shop.demo.seed.sellers import BOUTIQUE


def seed(content: DemoMuseum) -> None:
    """Write makers and warnings that are missing; what a person has written stays."""
    facts = json.loads((DATA / "manufacturers.json").read_text(encoding="utf-8"))
    responsible = Seller.objects.get(code=BOUTIQUE)
    makers = {row["code"]: _maker(row, responsible) for row in facts["manufacturers"]}
    for code, maker in makers.items():
        slugs = [product.slug for product in content.products if product.partner == code]
        Product.objects.filter(slug__in=slugs, manufacturer=None).update(manufacturer=maker)
    for category, words in facts["warnings"].items():
        slugs = [product.slug for product in content.products if product.category == category]
        for language, text in words.items():
            ProductText.objects.filter(product__slug__in=slugs, language=language, warnings="").update(warnings=text)


def _maker(row: dict[str, Any], responsible: Seller) -> Manufacturer:
    known = {name: row[name] for name in ("name", "address", "country", "email")}
    if row["represented"]:
        known |= {
            "responsible_name": responsible.legal_name,
            "responsible_address": f"{responsible.line1}\n{responsible.postcode} {responsible.city}",
            "responsible_country": responsible.country,
            "responsible_email": responsible.email,
        }
    return Manufacturer.objects.get_or_create(code=row["code"].lower(), defaults=known)[0]
