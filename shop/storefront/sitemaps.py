"""Sitemaps (https://www.sitemaps.org/protocol.html): an index, and for each market its pages, products and objects.

Only what a market offers is in its map, once for each language in which it is shown, with the same page in other places
beside it. A file holds at most 50,000 addresses and 50 MB; with so many places beside each, 2,000 products make one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse

from shop.catalogue.models import Museum, Product, Theme
from shop.crossborder.models import Market, ProductOffer
from shop.storefront import places

IN_ONE = 2_000  # products or objects
BATCH = 500
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
KINDS = ("pages", "products", "objects")
Shown = Mapping[str, Iterable[str]]  # market code → languages


def index() -> Iterator[str]:
    """Yield the index: every market's files. Two statements."""
    products = _counts("product")
    objects = _counts("product__objects_shown")
    yield HEAD + '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for code in Market.objects.values_list("code", flat=True):
        for kind, many in (("pages", 1), ("products", products.get(code, 0)), ("objects", objects.get(code, 0))):
            for part in range(1, -(-many // IN_ONE) + 1):
                address = settings.SITE_URL + reverse("shop:sitemap", args=[code, kind, part])
                yield f"<sitemap><loc>{escape(address)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _counts(of: str) -> dict[str, int]:
    rows = ProductOffer.objects.values("market__code").annotate(many=Count(of, distinct=True)).order_by()
    return dict(rows.values_list("market__code", "many"))


def part_of(market: Market, kind: str, part: int) -> Iterator[str]:
    """Yield one file, in pieces; a part that is none is empty."""
    yield HEAD + SET
    first = (part - 1) * IN_ONE
    match kind:
        case "pages":
            yield from _pages(market) if part == 1 else ()
        case "products":
            yield from _products(market, first)
        case "objects":
            yield from _objects(market, first)
    yield "</urlset>\n"


def _everywhere() -> dict[str, list[str]]:
    return {row.code: list(row.languages) for row in Market.objects.all()}


def _pages(market: Market) -> Iterator[str]:
    everywhere = _everywhere()
    newest = ProductOffer.objects.filter(market=market).aggregate(newest=Max("changed_at"))["newest"]
    names: list[tuple[str, list[str]]] = [("home", []), ("listing", []), ("themes", [])]
    names += [("museum", [slug]) for slug in Museum.objects.values_list("slug", flat=True)]
    names += [("theme", [slug]) for slug in Theme.objects.filter(published=True).values_list("slug", flat=True)]
    for name, more in names:
        yield from _entries(market, everywhere, name, more, newest if not more else None)


def _products(market: Market, first: int) -> Iterator[str]:
    rows = ProductOffer.objects.filter(market=market).order_by("product_id")
    ids = list(rows.values_list("product_id", flat=True)[first : first + IN_ONE])
    for start in range(0, len(ids), BATCH):
        shown: dict[int, dict[str, list[str]]] = {}
        facts: dict[int, tuple[str, datetime]] = {}
        batch = ProductOffer.objects.filter(product_id__in=ids[start : start + BATCH]).order_by("product_id")
        for product, slug, code, languages, changed in batch.values_list(
            "product_id", "product__slug", "market__code", "languages", "changed_at"
        ):
            shown.setdefault(product, {})[code] = languages
            if code == market.code:
                facts[product] = (slug, changed)
        for product, (slug, changed) in facts.items():
            yield from _entries(market, shown[product], "product", [slug], changed)


def _objects(market: Market, first: int) -> Iterator[str]:
    everywhere = _everywhere()
    through = Product.objects_shown.through.objects.exclude(museumobject__slug="")
    rows = (
        through.filter(product__offers__market=market)
        .values("museumobject_id", "museumobject__slug")
        .annotate(changed=Max("product__offers__changed_at"))
        .order_by("museumobject_id")[first : first + IN_ONE]
    )
    for row in rows:
        yield from _entries(market, everywhere, "object", [row["museumobject__slug"]], row["changed"])


def _entries(market: Market, shown: Shown, name: str, more: list[str], changed: Any) -> Iterator[str]:
    tags: dict[str, str] = {}
    for language, region, code in places.regions():
        if language in shown.get(code, ()):
            address = settings.SITE_URL + reverse(f"shop:{name}", args=[code, language, *more])
            tags.setdefault(places.tag_of(language, region), address)
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(address)}/>'
        for tag, address in tags.items()
    )
    modified = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    for language in market.languages:
        if language in shown.get(market.code, ()):
            address = settings.SITE_URL + reverse(f"shop:{name}", args=[market.code, language, *more])
            yield f"<url><loc>{escape(address)}</loc>{modified}{links}</url>\n"
