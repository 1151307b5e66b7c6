"""Where a visitor most likely shops: by connection, by the regions of her browser's language, by the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.storefront.suggesting import guesses, region_of

SERVING = {
    "GB": "gb", "FR": "fr", "MC": "fr", "DE": "eu", "ES": "eu", "PT": "eu", "BE": "eu", "CH": "ch", "LI": "ch", "US": "us",
    "AU": "au", "CN": "cn", "JP": "jp", "KR": "kr",
}  # fmt: skip


def first(country: str, accept: str) -> str:
    found = next(guesses(country, accept.split(",") if accept else [], SERVING), None)
    return f"{found.market} {found.country} {found.sign}" if found else ""


@pytest.mark.parametrize(
    ("country", "accept", "wanted"),
    [
        ("CH", "en-US,en", "ch CH connection"),
        ("LI", "", "ch LI connection"),
        ("BR", "fr-ch", "ch CH region"),
        ("", "fr-CH,fr", "ch CH region"),
        ("", "en-US,en", "us US region"),
        ("", "en-AU", "au AU region"),
        ("", "en-GB", "gb GB region"),
        ("", "de-AT,de", ""),  # nobody serves Austria in this table
        ("", "de,en-US,en", "eu  language"),  # en-US says nothing of a reader of German
        ("", "ko,en-US", "kr  language"),
        ("", "ko-KR,ko", "kr KR region"),
        ("", "fr,fr-BE", "eu BE region"),
        ("", "fr-CA", "fr  language"),
        ("", "zh-CN,zh", "cn CN region"),
        ("", "zh-Hans-CN", "cn CN region"),
        ("", "zh", "cn  language"),
        ("", "zh-TW,zh", ""),
        ("", "zh-Hant-HK", ""),
        ("", "es-MX,es", ""),
        ("", "pt-BR", ""),
        ("", "es-419", ""),
        ("", "en", ""),
        ("", "ar-SA", ""),
        ("", "", ""),
    ],
)
def test_the_likeliest_market(country, accept, wanted):
    assert first(country, accept) == wanted


@pytest.mark.parametrize(
    ("tag", "region"), [("fr-ch", "CH"), ("zh-hans-cn", "CN"), ("en", ""), ("es-419", "419"), ("en-x-us", ""), ("", "")]
)
def test_regions_of_tags(tag, region):
    assert region_of(tag) == region


@given(st.text(max_size=4), st.lists(st.text(max_size=12), max_size=5))
def test_nonsense_leads_to_markets_or_nowhere(country, tags):
    assert {guess.market for guess in guesses(country, tags, SERVING)} <= set(SERVING.values())


def test_nobody_is_sent_to_a_market_that_is_not_there():
    assert list(guesses("KR", ["ko-KR"], {"GB": "gb"})) == []
