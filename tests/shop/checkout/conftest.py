"""The storefront's world, for what is tested through its pages."""

import pytest
from django.core.cache import cache

from tests.shop.storefront.conftest import _compiled_words, shop_world, web

__all__ = ["_compiled_words", "shop_world", "web"]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Tries of codes and legal pages are counted and remembered in the cache."""
    cache.clear()
