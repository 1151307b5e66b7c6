"""Museums, their objects, and the products made after them. Texts live in one row per language."""

from shop.catalogue.models.manufacturers import Manufacturer
from shop.catalogue.models.museums import Museum, MuseumText
from shop.catalogue.models.objects import MuseumObject, ObjectText, RightsStatus
from shop.catalogue.models.pictures import ProductImage, Rendition
from shop.catalogue.models.product_types import Attribute, AttributeOption, ProductType
from shop.catalogue.models.products import AttributeValue, Category, Product, ProductText
from shop.catalogue.models.search import SearchDocument, SearchMiss, SearchWord, Synonym
from shop.catalogue.models.themes import Theme, ThemeProduct, ThemeText
from shop.catalogue.models.variants import Variant

__all__ = [
    "Attribute",
    "AttributeOption",
    "AttributeValue",
    "Category",
    "Manufacturer",
    "Museum",
    "MuseumObject",
    "MuseumText",
    "ObjectText",
    "Product",
    "ProductImage",
    "ProductText",
    "ProductType",
    "Rendition",
    "RightsStatus",
    "SearchDocument",
    "SearchMiss",
    "SearchWord",
    "Synonym",
    "Theme",
    "ThemeProduct",
    "ThemeText",
    "Variant",
]
