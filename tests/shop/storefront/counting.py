"""How many statements a page takes."""

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.storefront import markets
from shop.storefront.page_cache import stamps, store


def statements_of(web: Client, path: str, settings: Any) -> int:
    """Return the statements of rendering a page; stamps and following, once a second at most, are read before."""
    settings.OFFERS_FOLLOW_EVERY = 600
    stamps.forget()
    store.share.clear()
    cache.clear()
    assert web.get(path).status_code == 200
    store.share.clear()
    markets.forget()
    cache.clear()  # the market's look-up counts too
    with CaptureQueriesContext(connection) as captured:
        assert web.get(path).status_code == 200
    return len(captured)
