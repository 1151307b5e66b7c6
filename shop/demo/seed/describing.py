"""Kinds of product, attributes and their values; and what is known of the objects' rights and pages at the museum."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from shop.catalogue.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    MuseumObject,
    Product,
    ProductType,
    RightsStatus,
)
from shop.demo.museum import DemoMuseum, describing


@transaction.atomic
def seed(content: DemoMuseum) -> None:
    """Write what is missing. A product that has a type has been described before, and stays as people left it."""
    facts = describing.load()
    attributes = _attributes(facts.attributes)
    types = {row["category"]: _type(row, attributes) for row in facts.types}
    known = {product.slug: product for product in content.products}
    options = {(one.attribute_id, one.code): one for one in AttributeOption.objects.all()}
    values: list[AttributeValue] = []
    products = list(Product.objects.filter(slug__in=known, product_type=None))
    for product in products:
        product.product_type, codes = types[product.category]
        words = facts.values[known[product.slug].material_key]
        said = dict(words) | {"dimensions": describing.dimensions(known[product.slug])}
        values += _values(product, said, [attributes[code] for code in codes], options)
    AttributeValue.objects.bulk_create(values, ignore_conflicts=True)
    Product.objects.bulk_update(products, ["product_type"])
    _objects(content)


def _attributes(rows: tuple[Mapping[str, Any], ...]) -> dict[str, Attribute]:
    found = {}
    for position, row in enumerate(rows):
        attribute, created = Attribute.objects.get_or_create(
            code=row["code"],
            defaults={name: row[name] for name in ("kind", "labels", "unit", "facet")} | {"position": position},
        )
        if created:
            AttributeOption.objects.bulk_create(
                AttributeOption(attribute=attribute, code=one["code"], labels=one["labels"], position=number)
                for number, one in enumerate(row["options"])
            )
        found[attribute.code] = attribute
    return found


def _type(row: Mapping[str, Any], attributes: dict[str, Attribute]) -> tuple[ProductType, list[str]]:
    made, created = ProductType.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
    if created:
        made.attributes.set([attributes[code] for code in row["attributes"]])
    return made, list(row["attributes"])


def _values(
    product: Product,
    words: Mapping[str, Any],
    attributes: list[Attribute],
    options: dict[tuple[int, str], AttributeOption],
) -> list[AttributeValue]:
    made = []
    for attribute in attributes:
        said = words.get(attribute.code)
        if said is None or said == {}:
            continue
        if attribute.kind == Attribute.Kind.CHOICE:
            found = [options[attribute.pk, one] for one in said if (attribute.pk, one) in options]
            made += [AttributeValue(product=product, attribute=attribute, option=one) for one in found]
        elif attribute.kind == Attribute.Kind.NUMBER:
            made.append(AttributeValue(product=product, attribute=attribute, number=Decimal(said)))
        elif attribute.kind == Attribute.Kind.BOOLEAN:
            made.append(AttributeValue(product=product, attribute=attribute, flag=said))
        else:
            made.append(AttributeValue(product=product, attribute=attribute, text=said))
    return made


def _objects(content: DemoMuseum) -> None:
    """The works are old enough to be free everywhere; their museums' pages are as invented as the museums."""
    known = {one.slug: one for one in content.objects}
    rows = list(MuseumObject.objects.filter(slug__in=known, rights_status="", external_url=""))
    for row in rows:
        row.rights_status = RightsStatus.PUBLIC_DOMAIN
        row.external_url = f"https://collection.{known[row.slug].museum}.example/objects/{row.accession_number}"
    MuseumObject.objects.bulk_update(rows, ["rights_status", "external_url"])
