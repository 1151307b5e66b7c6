"""What a page was made of, in a few characters: as long as they are the same, the page is.

A market's stamp is made of the version of its offers (:class:`OfferSweep`), of fingerprints of the small tables that
pages are worded from, and of the quarter of an hour, because days of delivery are counted from a time of day. A
fingerprint is the sum of a hash of each row's place and writing transaction, so that every committed insert, change and
deletion alters it, whoever made it. A product's stamp is its revision with its own and its neighbours' offers, so that
a sale elsewhere in the market leaves its page alone; an object's is its revision with the market's.

Stamps are read in one statement each and remembered for half of ``settings.OFFERS_FOLLOW_EVERY`` seconds a process.
"""

# ruff: noqa: S608 (tables and words in these statements are ours; what was asked for is a parameter)

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import TypeVar

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from inventory.stock.models import Warehouse
from shop.catalogue.models import (
    Attribute,
    AttributeOption,
    Manufacturer,
    Museum,
    MuseumText,
    ProductType,
    Theme,
    ThemeText,
)
from shop.crossborder.models import (
    FuelSurcharge,
    LegalPage,
    Market,
    MarketWarehouse,
    PricePolicy,
    Seller,
    ShippingOption,
    Tariff,
    Zone,
)
from shop.storefront import freshness, markets
from shop.storefront.page_cache import release

T = TypeVar("T", bound="Place | str | None")
SMALL: tuple[type[models.Model], ...] = (
    Museum, MuseumText, Theme, ThemeText, Theme.objects_shown.through, Manufacturer, ProductType, Attribute,
    AttributeOption, LegalPage, Market, MarketWarehouse, Warehouse, Seller, PricePolicy, ShippingOption, Zone, Tariff,
    FuelSurcharge,
)  # fmt: skip
REMEMBERED = 4_096  # stamps a process remembers
QUARTER = 15  # minutes


def _fingerprint(table: str) -> str:
    return (
        "(SELECT count(*) || '.' || coalesce(sum(hashtextextended(t.xmin::text || t.ctid::text, 0)), 0) "
        f'FROM "{table}" t)'
    )


TEXTS = (
    "SELECT concat_ws('|', "
    + ", ".join(_fingerprint(table) for table in (one._meta.db_table for one in SMALL))  # noqa: SLF001
    + ", (SELECT sum(o.revision) FROM shop_theme_objects_shown l JOIN shop_museumobject o ON o.id = l.museumobject_id))"
    ", (SELECT version FROM shop_offersweep WHERE market_id = %s)"
)
NEAR = """
    SELECT near.product_id FROM shop_product_objects_shown mine
    JOIN shop_product_objects_shown near ON near.museumobject_id = mine.museumobject_id WHERE mine.product_id = p.id
    UNION
    SELECT near.product_id FROM shop_themeproduct mine
    JOIN shop_themeproduct near ON near.theme_id = mine.theme_id WHERE mine.product_id = p.id
"""
PRODUCT = f"""
SELECT concat_ws('|', p.revision, p.published AND coalesce(p.publish_from <= %s, true)
        AND coalesce(p.publish_until > %s, true),
    (SELECT string_agg(concat_ws(':', v.variant_id, v.sellable, v.refusal, v.amount, v.was, v.was_days, v.percent,
        v.state, v.left), ',' ORDER BY v.variant_id)
     FROM shop_variantoffer v WHERE v.product_id = p.id AND v.market_id = %s),
    (SELECT po.version FROM shop_productoffer po WHERE po.product_id = p.id AND po.market_id = %s),
    (SELECT count(*) || '.' || sum(po.version) FROM shop_productoffer po
     WHERE po.market_id = %s AND po.product_id IN ({NEAR})))
FROM shop_product p WHERE p.slug = %s
"""


@dataclass(frozen=True)
class Place:
    """A market's stamp: of the texts, and of its offers."""

    texts: str
    version: int


_lock = Lock()
_remembered: "OrderedDict[tuple[str, ...], tuple[float, Place | str | None]]" = OrderedDict()
_last_texts: dict[str, str] = {}


def forget() -> None:
    """Forget what this process remembers."""
    with _lock:
        _remembered.clear()
        _last_texts.clear()


def _fresh(key: tuple[str, ...], read: Callable[[], T]) -> T:
    seconds: float = settings.OFFERS_FOLLOW_EVERY / 2
    now = time.monotonic()
    with _lock:
        known = _remembered.get(key)
    if known and known[0] > now:
        return known[1]  # type: ignore[return-value]
    value = read()
    with _lock:
        _remembered[key] = (now + seconds, value)
        _remembered.move_to_end(key)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return value


def _read_place(market: Market) -> Place:
    # Offers first: what is read afterwards is at most so old.
    freshness.follow(market)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [market.pk])
        texts, version = cursor.fetchone()
    texts = _short(f"{texts}|{release.name()}|{release.generation()}")
    with _lock:
        changed = _last_texts.get(market.code) != texts
        _last_texts[market.code] = texts
    if changed:
        # What is remembered of markets and their legal pages may be older than what the stamp speaks of.
        markets.forget()
    return Place(texts=texts, version=version or 0)


def place(market: Market) -> Place:
    """Return the market's stamp, its offers brought up to date before. One statement beside those of following."""
    return _fresh(("place", market.code), lambda: _read_place(market))


def _quarter(now: datetime) -> str:
    return f"{now:%Y%m%d%H}.{now.minute // QUARTER}"


def of_market(market: Market) -> str:
    """Return the stamp of pages that show any of the market's offers."""
    stamp = place(market)
    return _short("|".join([stamp.texts, str(stamp.version), _quarter(timezone.now())]))


def of_product(market: Market, slug: str) -> str:
    """Return the stamp of a product's page; empty where there is no such product."""
    stamp = place(market)

    def read() -> str | None:
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(PRODUCT, [now, now, market.pk, market.pk, market.pk, slug])
            row = cursor.fetchone()
        return str(row[0]) if row else None

    own = _fresh(("product", market.code, slug), read)
    return _short("|".join([stamp.texts, own, _quarter(timezone.now())])) if own else ""


def of_object(market: Market, slug: str) -> str:
    """Return the stamp of an object's page; empty where there is no such object."""

    def read() -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT revision FROM shop_museumobject WHERE slug = %s AND slug <> ''", [slug])
            row = cursor.fetchone()
        return str(row[0]) if row else None

    whole = of_market(market)
    own = _fresh(("object", slug), read)
    return _short(f"{whole}|{own}") if own else ""


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()
