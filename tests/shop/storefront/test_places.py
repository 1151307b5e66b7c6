"""Addresses name the market and language; what they do not name is suggested or refused."""

import pytest

from shop.models import Market
from shop.storefront import markets

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("zh-CN,zh;q=0.9", "/cn/zh-hans/"),
        ("fr-CA", "/fr/fr/"),
        ("ja", "/jp/ja/"),
        ("en-US", "/gb/en/"),
        ("de", "/gb/en/"),
        ("", "/gb/en/"),
    ],
)
def test_root_leads_to_the_market_of_the_browsers_language(web, shop_world, wanted, place):
    answer = web.get("/", headers={"accept-language": wanted})
    assert (answer.status_code, answer["Location"]) == (302, place)
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.fixture
def more_markets(shop_world):
    for code, currency, countries, languages in (
        ("us", "USD", ["US"], ["en"]),
        ("ch", "CHF", ["CH", "LI"], ["fr", "en"]),
        ("kr", "KRW", ["KR"], ["en"]),
        ("eu", "EUR", ["DE", "IT", "NL"], ["en", "fr"]),
    ):
        Market.objects.create(code=code, currency=currency, countries=countries, languages=languages, position=9)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("en-US,en;q=0.9", "/us/en/"),
        ("fr-CH", "/ch/fr/"),
        ("de-LI", "/ch/en/"),
        ("ko", "/kr/en/"),
        ("it", "/eu/en/"),
        ("fr", "/fr/fr/"),
        ("en", "/gb/en/"),
        ("xx-ZZ", "/gb/en/"),
        ("en-GB,en-US;q=0.5", "/gb/en/"),
    ],
)
def test_the_browsers_region_leads_to_its_market(web, more_markets, wanted, place):
    assert web.get("/", headers={"accept-language": wanted})["Location"] == place


def test_the_country_a_proxy_names_comes_first_and_only_where_it_is_trusted(web, more_markets, settings):
    told = {"accept-language": "en-US", "cf-ipcountry": "NL"}
    assert web.get("/", headers=told)["Location"] == "/us/en/"
    settings.COUNTRY_HEADER = "CF-IPCountry"
    answer = web.get("/", headers=told)
    assert answer["Location"] == "/eu/en/"
    assert "CF-IPCountry" in answer["Vary"]
    assert web.get("/", headers=told | {"cf-ipcountry": "<b>"})["Location"] == "/us/en/"


def test_a_market_of_many_countries_is_named_as_a_whole(web, more_markets):
    page = web.get("/eu/fr/").text
    assert "Union européenne" in page
    assert 'hreflang="fr-DE"' not in page


def test_root_prefers_the_remembered_place(web, shop_world):
    web.get("/jp/en/fragments/basket/")
    assert web.get("/", headers={"accept-language": "fr"})["Location"] == "/jp/en/"


def test_a_forged_place_cookie_is_ignored(web, shop_world):
    web.cookies[markets.PLACE_COOKIE] = "zz/<script>"
    assert web.get("/")["Location"] == "/gb/en/"


def test_without_markets_there_is_a_page_all_the_same(web, db):
    answer = web.get("/", headers={"accept-language": "fr"})
    assert answer.status_code == 404
    assert "Cette vitrine est vide" in answer.text


@pytest.mark.parametrize(
    ("path", "lang", "words"),
    [
        ("/zz/fr/", "fr", "Cette vitrine est vide"),
        ("/cn/ja/", "ja", "このケースは空です"),
        ("/gb/zh-hans/products/nothing/", "zh-Hans", "这个展柜是空的"),
        ("/gb/xx/", "ja", "このケースは空です"),
        ("/nowhere/", "ja", "このケースは空です"),
    ],
)
def test_a_missing_page_speaks_the_language_of_its_address_or_else_of_the_browser(web, shop_world, path, lang, words):
    answer = web.get(path, headers={"accept-language": "ja"})
    assert answer.status_code == 404
    assert f'<html lang="{lang}">' in answer.text
    assert words in answer.text


def test_api_addresses_answer_problem_json(web, db):
    answer = web.get("/api/v9/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_the_switches_keep_the_page(web, shop_world):
    page = web.get("/gb/en/products/mug-1/").text
    assert 'href="/fr/en/products/mug-1/"' in page
    assert 'href="/gb/zh-hans/products/mug-1/"' in page
    listing = web.get("/gb/en/shop/?category=mugs&q=mug").text
    assert 'href="/gb/fr/shop/?category=mugs&amp;q=mug"' in listing
    # France does not speak Japanese, so its own first language is offered.
    assert 'href="/fr/fr/products/mug-1/"' in web.get("/jp/ja/products/mug-1/").text


def test_the_language_of_the_answer_is_declared(web, shop_world):
    answer = web.get("/cn/zh-hans/")
    assert answer["Content-Language"] == "zh-Hans"
    assert "购物篮" in answer.text


def test_markets_come_from_the_cache_and_then_from_the_database(shop_world, django_assert_num_queries):
    markets.served_markets()
    with django_assert_num_queries(0):
        assert list(markets.served_markets())
