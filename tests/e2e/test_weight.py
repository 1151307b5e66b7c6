"""What a product page weighs on its way, compressed: HTML at most 30 kB, stylesheets 20 kB, scripts 25 kB."""

import gzip
import re

import httpx
import pytest

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo")]

MOST = {"html": 30_000, "css": 20_000, "js": 25_000}  # bytes
PLACES = ("gb/en", "fr/fr", "cn/zh-hans", "jp/ja")


def packed(answer: httpx.Response) -> int:
    """The size of a body as gzip, whether or not the server has packed it."""
    assert answer.status_code == 200, answer.url
    return len(gzip.compress(answer.content, 6, mtime=0))


def weight(demo, path: str) -> dict[str, int]:
    page = httpx.get(f"{demo.url}{path}", timeout=30)
    found = {"html": packed(page), "css": 0, "js": 0}
    assert not re.search(r"<style|<script(?![^>]*( src=|ld\+json))", page.text)
    for kind, pattern in (
        ("css", r'<link rel="stylesheet" href="([^"]+)"'),
        ("js", r'<script[^>]* src="([^"]+)"'),
    ):
        files = re.findall(pattern, page.text)
        assert files, kind
        found[kind] = sum(packed(httpx.get(f"{demo.url}{one}", timeout=30)) for one in files)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_product_pages_are_light(demo, place):
    """The product with the most choices, pictures and objects that the market shows."""
    slugs = demo.rows(
        "SELECT p.slug FROM shop_product p JOIN shop_productoffer o ON o.product_id = p.id "
        "JOIN shop_market m ON m.id = o.market_id AND m.code = %s "
        "ORDER BY (SELECT count(*) FROM shop_variant v WHERE v.product_id = p.id) "
        "+ (SELECT count(*) FROM shop_productimage i WHERE i.product_id = p.id) "
        "+ (SELECT count(*) FROM shop_product_objects_shown s WHERE s.product_id = p.id) DESC, p.slug LIMIT 3",
        place.split("/")[0],
    )
    assert len(slugs) == 3
    for (slug,) in slugs:
        found = weight(demo, f"/{place}/products/{slug}/")
        assert {kind: size for kind, size in found.items() if size > MOST[kind]} == {}, (slug, found)


def test_a_whole_list_is_light(demo):
    found = weight(demo, "/gb/en/shop/")
    assert {kind: size for kind, size in found.items() if size > MOST[kind]} == {}
