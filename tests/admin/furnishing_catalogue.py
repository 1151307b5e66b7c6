"""Themes, product types, attributes and what search is told for the admin's pages."""

from django.utils import timezone

from shop.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    Product,
    ProductType,
    Publication,
    SearchMiss,
    Synonym,
    Theme,
    ThemeProduct,
    ThemeText,
)
from tests import factories

CATALOGUE = [Attribute, ProductType, SearchMiss, Synonym, Theme]


def furnish_catalogue(number: int, *, product: Product) -> None:
    """Add a theme, a type with attributes of every kind, and describe the product by them."""
    theme = Theme.objects.create(slug=f"theme-{number}", published=True)
    ThemeText.objects.create(theme=theme, language="en", name=f"Theme {number}")
    ThemeProduct.objects.create(theme=theme, product=product)
    kind = ProductType.objects.create(code=f"type-{number}", name=f"Type {number}")
    material = Attribute.objects.create(code=f"material-{number}", kind="choice", labels={"en": f"Material {number}"})
    option = AttributeOption.objects.create(attribute=material, code="clay", labels={"en": "Clay"})
    width = Attribute.objects.create(code=f"width-{number}", kind="number", labels={"en": "Width"}, unit="mm")
    kind.attributes.set([material, width])
    Product.objects.filter(pk=product.pk).update(product_type=kind)
    AttributeValue.objects.create(product=product, attribute=material, option=option)
    AttributeValue.objects.create(product=product, attribute=width, number=5)
    Publication.objects.create(product=product, market=factories.market(), language="fr", shown=False)
    Synonym.objects.create(terms=[f"cup {number}", f"mug {number}"])
    SearchMiss.objects.create(day=timezone.localdate(), market="gb", language="en", words=f"teapot {number}")
