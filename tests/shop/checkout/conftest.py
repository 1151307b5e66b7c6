"""The storefront's world, for what is tested through its pages."""

from tests.shop.storefront.conftest import _compiled_words, shop_world, web

__all__ = ["_compiled_words", "shop_world", "web"]
