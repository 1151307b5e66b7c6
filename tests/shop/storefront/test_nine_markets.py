"""Nine markets: their names, their switch, hreflang, an empty one, and the country that checkout begins with."""

import re

import pytest

from shop.storefront.places import by_name, in_sentence
from tests import factories as make

pytestmark = pytest.mark.django_db
CODES = ("gb", "fr", "cn", "jp", "eu", "us", "ch", "kr", "au")


@pytest.fixture
def nine(shop_world):
    for code in CODES:
        make.market(code)


def test_each_market_has_an_honest_page_without_prices(web, nine):
    for code in ("eu", "us", "ch", "kr", "au"):
        language = make.market(code).languages[0]
        for page in ("", "shop/"):
            answer = web.get(f"/{code}/{language}/{page}")
            assert answer.status_code == 200
        assert "products/mug-1" not in answer.text
    assert "Nothing is on sale in this country yet" in web.get("/us/en/").text
    product = web.get("/eu/en/products/mug-1/").text
    assert "This article is not sold in the European Union." in product
    assert "Manufacturer and product safety" not in product


def test_the_switch_names_all_and_keeps_the_language_where_it_is_spoken(web, nine):
    page = web.get("/gb/fr/").text
    names = re.findall(r'<li><a href="/(\w\w)/([\w-]+)/"[^>]*>([^<]+) <span', page)
    assert [code for code, _language, _name in names] == list(CODES)
    assert ("eu", "fr", "Union européenne") in names
    assert ("us", "en", "États-Unis") in names


def test_hreflang_tags_are_valid_and_each_is_named_once(web, nine):
    found = re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', web.get("/gb/en/shop/?category=mugs").text)
    tags = dict(found)
    assert len(tags) == len(found)
    assert {"en-GB", "fr-CH", "fr-LI", "zh-Hans-CN", "en", "fr", "x-default"} <= set(tags)
    assert not {"en-EU", "fr-EU", "en-DE"} & set(tags)
    assert all(re.fullmatch(r"x-default|[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", tag) for tag in tags)
    assert tags["en"].endswith("/eu/en/shop/?category=mugs")
    assert tags["x-default"].endswith("/gb/en/shop/?category=mugs")


def test_names_in_sentences_and_in_order():
    assert in_sentence("US", "en") == "the United States"
    assert in_sentence("US", "fr") == "États-Unis"
    assert in_sentence("CH", "en") == "Switzerland"
    assert [code for code, _name in by_name(["US", "ZM", "AT", "ES"], "fr")] == ["AT", "ES", "US", "ZM"]


@pytest.mark.parametrize(("country", "first"), [("BE", "BE"), ("US", "DE"), ("", "DE")])
def test_checkout_begins_with_the_country_of_the_connection(web, nine, settings, country, first):
    settings.COUNTRY_HEADER = "CF-IPCountry"
    make.variant("MUG-EU", prices={"eu": "22.00"}, stock_at={"LIL": 5})
    web.post("/eu/en/basket/add/", {"sku": "MUG-EU"})
    page = web.get("/eu/en/checkout/", headers={"CF-IPCountry": country} if country else {}).text
    assert f'<option value="{first}" selected>' in page
    assert re.findall(r'<option value="([A-Z]{2})"', page)[:3] == ["BE", "DE", "IE"]


@pytest.mark.parametrize(
    ("code", "note"), [("gb", "incl. VAT"), ("au", "incl. GST"), ("us", "excl. tax, shown before you pay")]
)
def test_prices_say_what_they_contain(web, nine, code, note):
    make.variant(f"NOTE-{code.upper()}", prices={code: "20"})
    assert note in web.get(f"/{code}/en/products/note-{code}/").text


@pytest.mark.parametrize(
    ("included", "note"),
    [(True, "incl. VAT, part of it paid on delivery"), (False, "excl. tax and duty, paid on delivery")],
)
def test_where_tax_is_paid_at_the_door_the_price_says_so(web, nine, included, note):
    market = make.market("ch")
    market.incoterm, market.prices_include_tax = "DAP", included
    market.save()
    make.variant("DOOR-1", prices={"ch": "20"})
    assert note in web.get("/ch/en/products/door-1/").text
