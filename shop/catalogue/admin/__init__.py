"""The pages of the room. Those of products and variants are registered by the room of prices, which adds to them."""

from shop.catalogue.admin import museums, product_types, themes
from shop.catalogue.admin.products import ProductPages
from shop.catalogue.admin.variants import VariantPages

__all__ = ["ProductPages", "VariantPages", "museums", "product_types", "themes"]
