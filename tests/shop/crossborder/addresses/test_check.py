"""Whole addresses: what is refused, what is made of the rest, and how it is written out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.addresses.check import LENGTHS, AddressError, check_address
from shop.crossborder.addresses.layout import lines, region_name
from shop.crossborder.addresses.phones import PHONE_REQUIRED
from tests import factories as make

COUNTRIES = ["GB", "US", "JP", "CN", "KR", "HK", "CH", "FR"]


def problems(**changes):
    """The problems' codes by field."""
    typed = make.address((changes.get("country") or "").strip() or "GB") | changes
    with pytest.raises(AddressError) as refused:
        check_address(typed)
    return {field: code for field, (code, _sentence) in refused.value.problems.items()}


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_address_of_each_country_passes_and_stays_as_it_is(country):
    checked = check_address(make.address(country))
    assert checked["country"] == country
    assert check_address(checked) == checked


def test_values_are_normalised():
    checked = check_address(
        {"name": " Zoe\u0308 ", "line1": "1", "line2": "", "city": "NYC", "region": "new york", "postcode": "10028",
         "country": "us", "phone": "(212) 535-7710", "company": None}
    )  # fmt: skip
    assert checked == {
        "name": "Zoë",
        "line1": "1",
        "city": "NYC",
        "region": "NY",
        "postcode": "10028",
        "country": "US",
        "phone": "+12125357710",
    }


def test_hong_kong_needs_no_postcode_and_gb_keeps_a_county():
    assert "postcode" not in check_address(make.address("HK"))
    assert check_address(make.address() | {"region": "Middlesex"})["region"] == "Middlesex"


@pytest.mark.parametrize("field", ["name", "line1", "city", "postcode", "country"])
def test_what_is_missing_is_named(field):
    for empty in (None, "", "   "):
        assert problems(**{field: empty})[field] == "required"


@pytest.mark.parametrize("country", sorted(PHONE_REQUIRED & set(COUNTRIES)))
def test_carriers_there_need_a_telephone(country):
    typed = {key: value for key, value in make.address(country).items() if key != "phone"}
    with pytest.raises(AddressError) as refused:
        check_address(typed)
    assert refused.value.problems == {"phone": ("required", "This field is required.")}


@pytest.mark.parametrize("country", sorted(set(COUNTRIES) - PHONE_REQUIRED))
def test_elsewhere_a_telephone_may_be_left_out(country):
    assert "phone" not in check_address(make.address(country))


def test_each_problem_has_its_code():
    assert problems(postcode="12345") == {"postcode": "postcode_invalid"}
    assert problems(country="US", region="Atlantis") == {"region": "region_invalid"}
    assert problems(country="US", region="CA") == {"postcode": "postcode_region"}
    assert problems(phone="12") == {"phone": "phone_invalid"}
    assert problems(planet="Mars") == {"planet": "unknown"}
    assert problems(name=7, city=["London"]) == {"name": "invalid", "city": "invalid"}


def test_an_unknown_country_is_told_alone():
    with pytest.raises(AddressError) as refused:
        check_address(make.address() | {"country": "XX"})
    assert {field: code for field, (code, _text) in refused.value.problems.items()} == {"country": "invalid"}


@pytest.mark.parametrize("field", [one for one in LENGTHS if one not in {"country", "postcode", "phone"}])
def test_both_sides_of_each_length(field):
    longest = LENGTHS[field]
    assert check_address(make.address() | {field: "x" * longest})[field] == "x" * longest
    assert problems(**{field: "x" * (longest + 1)}) == {field: "invalid"}


@pytest.mark.parametrize("bad", ["a\x00b", "a\nb", "a\u202eb", "a\u2028b", "a\ue000b", "a\ud800b"])
def test_what_does_not_print_is_refused(bad):
    assert problems(line1=bad) == {"line1": "invalid"}


TYPED = st.text(max_size=12) | st.sampled_from(["SW1Y 4LB", "10028", "NY", "東京都", "+442079460018", None, 7])


@given(st.sampled_from([*COUNTRIES, "XX"]), st.dictionaries(st.sampled_from([*LENGTHS, "planet"]), TYPED, max_size=3))
def test_strangers_input_is_refused_or_stable(country, raw):
    checked = {}
    with suppress(AddressError):
        checked = check_address((make.address(country) if country != "XX" else {}) | raw)
    if checked:
        assert check_address(checked) == checked
        assert lines(checked)


@pytest.mark.parametrize(
    ("country", "latin", "expected"),
    [
        ("GB", False, ["Ada Byron", "12 St James's Square", "London", "SW1Y 4LB", "UNITED KINGDOM"]),
        ("US", False, ["Ada Byron", "1000 Fifth Avenue", "New York, NY 10028", "UNITED STATES"]),
        ("CH", False, ["Ada Byron", "Museumstrasse 2", "CH-8001 Zürich", "SWITZERLAND"]),
        ("JP", False, ["〒110-8712", "東京都台東区", "上野公園13-9", "Ada Byron", "JAPAN"]),
        ("JP", True, ["Ada Byron", "上野公園13-9", "台東区, Tokyo", "110-8712", "JAPAN"]),
        ("CN", False, ["310007", "浙江省杭州市", "北山街 1 号", "王小明", "CHINA"]),
        ("CN", True, ["王小明", "北山街 1 号", "杭州市", "Zhejiang Sheng, 310007", "CHINA"]),
        ("KR", False, ["서울특별시 용산구", "서빙고로 137", "Ada Byron", "04383", "SOUTH KOREA"]),
        ("HK", True, ["Ada Byron", "38 Museum Drive", "West Kowloon", "Kowloon", "HONG KONG"]),
    ],
)
def test_lines_stand_in_the_order_of_the_envelope(country, latin, expected):
    assert lines(check_address(make.address(country)), latin=latin) == expected


def test_lines_with_everything_and_with_little():
    full = {"company": "Museum", "line2": "Flat 2", "region": "Middlesex", "district": "St James's"}
    assert lines(check_address(make.address() | full), capitals=True, country="") == [
        "Ada Byron", "Museum", "12 St James's Square", "Flat 2", "St James's", "LONDON", "Middlesex", "SW1Y 4LB",
    ]  # fmt: skip
    # Orders from before the check may lack parts: no punctuation is left hanging.
    assert lines({"name": "A", "city": "New York", "postcode": "10028", "country": "US"}, country="") == [
        "A",
        "New York 10028",
    ]
    assert lines({"name": "A", "region": "NY", "country": "US"}, country="") == ["A", "NY"]
    assert lines({"name": "A", "line1": "1", "city": "Zürich", "country": "CH"}, country="") == ["A", "1", "Zürich"]
    assert lines({"name": "A", "country": "US"}, country="USA") == ["A", "USA"]


def test_a_city_that_is_a_province_is_written_once():
    beijing = {
        "name": "王",
        "line1": "景山前街4号",
        "city": "北京市",
        "region": "11",
        "district": "东城区",
        "country": "CN",
    }
    assert lines(beijing, country="") == ["北京市东城区", "景山前街4号", "王"]


def test_singapore_is_not_said_twice():
    typed = {"name": "A", "line1": "93 Stamford Road", "city": "Singapore", "postcode": "178897", "country": "SG"}
    assert lines(check_address(typed)) == ["A", "93 Stamford Road", "SINGAPORE 178897", "REP. OF SINGAPORE"]


def test_names_of_regions():
    assert region_name("JP", "13") == "東京都"
    assert region_name("JP", "13", latin=True) == "Tokyo"
    assert region_name("GB", "Kent") == "Kent"
    assert region_name("XX", "Kent") == "Kent"
