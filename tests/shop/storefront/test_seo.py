"""What search engines read: structured data, addresses of the same page elsewhere, maps of what is offered."""

import json
import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from shop.models import ProductImage, ProductText, Publication
from shop.storefront import seo, sharing, sitemaps
from tests import factories as make
from tests.shop.storefront.furnishing import furnish

LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#0a0"/></svg>'


def graph(page: str) -> dict[str, dict]:
    """Things by type."""
    found = json.loads(LD.search(page).group(1))
    assert found["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in found["@graph"]}


@given(st.text())
def test_nothing_ends_the_script_element(text):
    packed = seo.as_json_ld([{"name": f"</script><!--{text}"}])
    assert not set("<>&\u2028\u2029") & set(packed)
    assert json.loads(packed)["@graph"][0]["name"] == f"</script><!--{text}"


@given(st.text(), st.integers(20, 80))
def test_shortened_text_is_one_line_and_fits(text, limit):
    short = seo.shortened(text, limit)
    assert len(short) <= limit
    assert "\n" not in short
    assert short == " ".join(text.split()) or short.endswith("…")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sku", "availability"), [("mug-1", "InStock"), ("mug-2", "LimitedAvailability"), ("mug-3", "OutOfStock")]
)
def test_a_product_says_price_stock_seller_and_where_it_is_sent(web, shop_world, settings, sku, availability):
    settings.SITE_URL = "https://shop.example"
    things = graph(
        web.get(f"/fr/fr/products/{sku}/").text if sku == "mug-1" else web.get(f"/gb/en/products/{sku}/").text
    )
    offer = things["Product"]["offers"][0]
    assert offer["availability"] == f"https://schema.org/{availability}"
    assert (offer["price"], offer["priceCurrency"]) == (("22.00", "EUR") if sku == "mug-1" else ("18.00", "GBP"))
    assert offer["seller"] == {"@id": things["Organization"]["@id"]}
    assert things["Organization"]["name"] == "Test Trading Ltd"
    assert offer["shippingDetails"]["shippingDestination"][0]["addressCountry"] in {"FR", "GB"}
    assert offer["sku"] == sku.upper()
    assert offer["url"].startswith("https://shop.example/")
    steps = things["BreadcrumbList"]["itemListElement"]
    assert [one["position"] for one in steps] == [1, 2, 3]


@pytest.mark.django_db
def test_yen_have_no_decimals_and_what_is_not_sold_has_no_offer(web, shop_world):
    assert graph(web.get("/jp/ja/products/mug-1/").text)["Product"]["offers"][0]["price"] == "3900"
    make.variant("RARE-1", licensed=False)
    assert "offers" not in graph(web.get("/gb/en/products/rare-1/").text)["Product"]


@pytest.mark.django_db
def test_words_of_search_engines_are_used_and_escaped(web, shop_world):
    ProductText.objects.filter(product__slug="mug-1", language="en").update(
        seo_title='A "mug" <b>', seo_description="Said & done", description="</script><script>alert(1)</script>"
    )
    page = web.get("/gb/en/products/mug-1/").text
    assert "<title>A &quot;mug&quot; &lt;b&gt; · Vitrine</title>" in page
    assert 'property="og:description" content="Said &amp; done"' in page
    assert "<script>alert" not in page
    assert graph(page)["Product"]["description"] == "</script><script>alert(1)</script>"


@pytest.mark.django_db
def test_the_same_page_elsewhere_is_named_where_it_is_shown(web, shop_world, settings):
    settings.SITE_URL = "https://shop.example"
    thing = shop_world["plenty"].product
    Publication.objects.create(product=thing, market=make.market("fr"), language="", shown=False)
    Publication.objects.create(product=thing, market=make.market("gb"), language="ja", shown=False)
    page = web.get("/gb/en/products/mug-1/?q=x&utm=1").text
    assert '<link rel="canonical" href="https://shop.example/gb/en/products/mug-1/">' in page
    named = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
    assert named["x-default"] == "https://shop.example/gb/en/products/mug-1/"
    assert "zh-Hans-GB" in named
    assert not [tag for tag in named if tag in {"fr-FR", "en-FR", "ja-GB"}]


@pytest.mark.django_db
def test_lists_are_known_by_kind_and_number_and_searches_by_nothing(web, shop_world):
    page = web.get("/gb/en/shop/?category=mugs&material=silk&sort=price&page=1").text
    assert 'canonical" href="http://127.0.0.1:8000/gb/en/shop/?category=mugs"' in page
    searched = web.get("/gb/en/shop/?q=mug").text
    assert "noindex" in searched
    assert "canonical" not in searched


def _map(web, address: str):
    answer = web.get(address)
    assert answer["Content-Type"].startswith("application/xml")
    return etree.fromstring(b"".join(answer.streaming_content))


@pytest.mark.django_db
def test_maps_name_what_is_offered_there_and_where_else(web, shop_world, monkeypatch):
    furnish(shop_world["plenty"])
    make.variant("GB-ONLY", prices={"gb": "9.00"})
    make.variant("RARE-1", licensed=False)
    for place in ("/gb/en/", "/fr/fr/", "/cn/en/", "/jp/en/"):
        web.get(place)
    index = [one.text for one in _map(web, "/sitemap.xml").iterfind(".//s:loc", MAPS)]
    assert "http://127.0.0.1:8000/sitemaps/fr/products-1.xml" in index
    british = _map(web, "/sitemaps/gb/products-1.xml")
    addresses = [one.text for one in british.iterfind(".//s:loc", MAPS)]
    assert len(addresses) == len(set(addresses)) == 4 * 4
    assert all(one.text for one in british.iterfind(".//s:lastmod", MAPS))
    assert not [one for one in addresses if "rare-1" in one]
    french = [one.text for one in _map(web, "/sitemaps/fr/products-1.xml").iterfind(".//s:loc", MAPS)]
    assert not [one for one in french if "gb-only" in one]
    only = next(one for one in british.iterfind("s:url", MAPS) if "gb-only" in one.find("s:loc", MAPS).text)
    assert {link.get("hreflang") for link in only.iterfind("x:link", MAPS)} == {"en-GB", "fr-GB", "zh-Hans-GB", "ja-GB"}
    for address in [
        *addresses,
        *[one.text for one in _map(web, "/sitemaps/gb/pages-1.xml").iterfind(".//s:loc", MAPS)],
    ]:
        assert web.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert "object-mug-1-0" in _map(web, "/sitemaps/gb/objects-1.xml").find(".//s:loc", MAPS).text
    monkeypatch.setattr(sitemaps, "IN_ONE", 3)
    parts = [len(list(_map(web, f"/sitemaps/gb/products-{part}.xml"))) for part in (1, 2)]
    assert parts == [12, 4]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["gb/wrong-1", "gb/products-0", "gb/products-99999999", "xx/products-1"])
def test_maps_that_are_none(web, shop_world, address):
    assert web.get(f"/sitemaps/{address}.xml").status_code == 404


@pytest.mark.django_db
def test_robots_name_the_maps(web):
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in web.get("/robots.txt").text


def _raster() -> bytes:
    stream = BytesIO()
    Image.new("RGBA", (300, 900), (200, 10, 10, 128)).save(stream, "WEBP")
    return stream.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content"), [("a.svg", SVG), ("b.webp", _raster())])
def test_the_picture_to_pass_on(web, shop_world, settings, tmp_path, monkeypatch, name, content):
    settings.MEDIA_ROOT = tmp_path
    image = ProductImage(product=shop_world["plenty"].product, width=4, height=3)
    image.file.save(name, ContentFile(content))
    page = web.get("/gb/en/products/mug-1/").text
    address = re.search(r'og:image" content="http://127\.0\.0\.1:8000([^"]+)"', page).group(1)
    for _ in range(2):
        answer = web.get(address)
        assert answer["Content-Type"] == "image/png"
        with Image.open(BytesIO(answer.content)) as picture:
            assert picture.size == sharing.SIZE
        # The second time it is there already.
        monkeypatch.setattr(sharing, "drawn", None)
        monkeypatch.setattr(sharing, "fitted", None)


@pytest.mark.django_db
def test_what_cannot_be_drawn_is_no_picture(web, shop_world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert web.get("/share/mug-1.png").status_code == 404
    image = ProductImage(product=shop_world["plenty"].product, width=4, height=3)
    image.file.save("broken.svg", ContentFile(b"<svg"))
    assert web.get("/share/mug-1.png").status_code == 404
    image.file.save("broken.jpg", ContentFile(b"no picture"))
    assert web.get("/share/mug-1.png").status_code == 404
    assert web.get("/share/none.png").status_code == 404
