"""The quiet suggestion of another market: a fragment of its own, in the page's language, declined for good."""

import pytest

from shop.storefront import markets
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(shop_world, settings):
    for code in ("eu", "ch", "us", "kr"):
        make.market(code)
    settings.COUNTRY_HEADER = "CF-IPCountry"


def ask(web, place: str = "/gb/en", page: str = "", **headers: str) -> str:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if page:
        told |= {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    answer = web.get(f"{place}/fragments/elsewhere/", headers=told)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.text.strip()


def test_it_names_the_country_and_leads_to_the_same_page_there(web, world):
    said = ask(web, page="/gb/en/shop/?category=mugs&x=1", CF_IPCountry="CH")
    assert "You seem to be in Switzerland." in said
    assert 'href="/ch/en/shop/?category=mugs"' in said
    assert "Go to the shop for Switzerland" in said


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("/gb/fr", "Vous semblez vous trouver ici : États-Unis."),
        ("/gb/zh-hans", "您似乎位于美国。"),
        ("/gb/ja", "アメリカ合衆国からご覧のようです。"),
        ("/gb/en", "You seem to be in the United States."),
    ],
)
def test_it_speaks_the_language_of_the_page(web, world, place, words):
    assert words in ask(web, place, CF_IPCountry="US")


def test_a_country_of_the_union_is_named_beside_the_market(web, world):
    said = ask(web, CF_IPCountry="DE")
    assert "You seem to be in Germany." in said
    assert "Go to the shop for the European Union" in said
    assert 'href="/eu/en/"' in said


@pytest.mark.parametrize(
    ("headers", "suggested"),
    [
        ({"accept_language": "fr-CH"}, "/ch/en/"),
        ({"accept_language": "en-US,en"}, "/us/en/"),
        ({"accept_language": "ko"}, "/kr/en/"),  # Britain does not speak Korean
        ({"accept_language": "fr"}, ""),  # but it does speak French
        ({"accept_language": "en"}, ""),
        ({"accept_language": "en-US", "cf_ipcountry": "GB"}, ""),  # where she is says more than her browser
        ({"accept_language": "en-US", "cf_ipcountry": "BR"}, ""),  # nobody serves Brazil
        ({"cf_ipcountry": "XX"}, ""),
        ({"cf_ipcountry": "<script>"}, ""),
        ({}, ""),
    ],
)
def test_when_it_speaks(web, world, headers, suggested):
    said = ask(web, **headers)
    assert (f'href="{suggested}"' in said) if suggested else said == ""


def test_a_country_header_that_is_not_ours_is_not_believed(web, world, settings):
    settings.COUNTRY_HEADER = ""
    assert ask(web, CF_IPCountry="CH") == ""


def test_pages_outside_the_site_are_no_way_to_somewhere(web, world):
    told = {"CF-IPCountry": "CH", "HX-Request": "true", "HX-Current-URL": "https://evil.example/gb/en/shop/"}
    said = web.get("/gb/en/fragments/elsewhere/", headers=told).text
    assert 'href="/ch/en/"' in said
    assert "evil" not in said


def test_declined_for_good_and_only_that_market(web, world):
    answer = web.post("/gb/en/fragments/elsewhere/", {"market": "ch"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (200, "")
    assert ask(web, CF_IPCountry="CH") == ""
    assert "United States" in ask(web, CF_IPCountry="US")
    web.post("/gb/en/fragments/elsewhere/", {"market": "us"})
    assert ask(web, CF_IPCountry="US") == ask(web, CF_IPCountry="CH") == ""


def test_nonsense_is_not_remembered_and_other_sites_may_not_post(web, world):
    answer = web.post("/gb/en/fragments/elsewhere/", {"market": "<b>"})
    assert markets.DECLINED_COOKIE not in answer.cookies
    assert answer.status_code == 302
    crossed = web.post("/gb/en/fragments/elsewhere/", {"market": "ch"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossed.status_code == 403
    web.cookies[markets.DECLINED_COOKIE] = "zz.ch.<b>"
    assert ask(web, CF_IPCountry="CH") == ""


def test_it_costs_no_statement_when_the_markets_are_known(web, world, django_assert_num_queries):
    markets.served_markets()
    with django_assert_num_queries(0):
        assert ask(web, CF_IPCountry="CH")


def test_pages_ask_for_it_and_stay_the_same_for_everybody(web, world):
    abroad = web.get("/gb/en/", headers={"CF-IPCountry": "CH", "Accept-Language": "fr-CH"})
    home = web.get("/gb/en/", headers={"CF-IPCountry": "GB"})
    assert abroad.content == home.content
    assert 'hx-get="/gb/en/fragments/elsewhere/"' in home.text
    assert "Vary" not in abroad or "CF-IPCountry" not in abroad["Vary"]


def test_who_names_a_place_is_never_sent_elsewhere(web, world):
    assert web.get("/gb/en/shop/", headers={"CF-IPCountry": "CH"}).status_code == 200


def test_nobody_is_disturbed_at_checkout(web, world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    assert "fragments/elsewhere" not in web.get("/gb/en/checkout/").text
