"""What an address of a country consists of, and how its codes and numbers are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.addresses.phones import BadPhone, example_phone, normalise_phone
from shop.crossborder.addresses.postcodes import BadPostcode, normalise_postcode
from shop.crossborder.addresses.rules import reads_locally, rules_of

KNOWN = [
    "GB",
    "US",
    "CA",
    "AU",
    "JP",
    "CN",
    "KR",
    "TW",
    "HK",
    "CH",
    "FR",
    "DE",
    "IT",
    "ES",
    "IE",
    "NL",
    "PL",
    "PT",
    "SE",
    "BR",
    "SG",
]


@pytest.mark.parametrize(
    ("country", "local", "fields"),
    [
        ("GB", False, "line1 line2 city postcode"),
        ("US", False, "line1 line2 city region postcode"),
        ("CH", False, "line1 line2 postcode city"),
        ("JP", True, "postcode region city line1 line2"),
        ("JP", False, "line1 line2 city region postcode"),
        ("CN", True, "region city district line1 line2 postcode"),
        ("KR", True, "postcode region city district line1 line2"),
        ("HK", False, "line1 line2 city region"),
        ("SG", False, "line1 line2 postcode"),
    ],
)
def test_fields_stand_in_the_order_of_the_country(country, local, fields):
    assert rules_of(country).fields(local=local) == ["name", "company", *fields.split()]


def test_required_fields_differ():
    assert "postcode" not in rules_of("HK").used
    assert "region" not in rules_of("GB").used
    assert {"region", "postcode", "city"} <= rules_of("US").required
    assert "postcode" not in rules_of("IE").required
    assert rules_of("JP").kinds["region"] == "prefecture"
    assert rules_of("US").kinds["postcode"] == "zip"
    assert rules_of("KR").kinds["region"] == "do_si"


@pytest.mark.parametrize("country", ["", "G", "ZZ", "gb", "XX", "../", "GBR", "XI"])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(KeyError):
        rules_of(country)


@pytest.mark.parametrize(
    ("country", "count", "typed", "code", "local", "latin"),
    [
        ("US", 62, "california", "CA", "California", "California"),
        ("CA", 13, "Québec", "QC", "Quebec", "Quebec"),
        ("CA", 13, "Colombie-Britannique", "BC", "British Columbia", "British Columbia"),
        ("AU", 9, "nsw", "NSW", "New South Wales", "New South Wales"),
        ("JP", 47, "東京", "13", "東京都", "Tokyo"),
        ("JP", 47, "hokkaido", "01", "北海道", "Hokkaido"),
        ("JP", 47, "京都", "26", "京都府", "Kyoto"),
        ("KR", 17, "서울", "11", "서울특별시", "Seoul"),
        ("CN", 31, "浙江", "33", "浙江省", "Zhejiang Sheng"),
        ("CN", 31, "Zhejiang", "33", "浙江省", "Zhejiang Sheng"),
        ("CN", 31, "内蒙古", "15", "内蒙古自治区", "Neimenggu Zizhiqu"),
        ("HK", 3, "九龍", "Kowloon", "九龍", "Kowloon"),
        ("IT", 107, "roma", "RM", "Roma", "Roma"),
        ("ES", 52, "Las Palmas", "GC", "Las Palmas", "Las Palmas"),
    ],
)
def test_regions_have_a_code_and_are_known_by_every_name(country, count, typed, code, local, latin):
    rules = rules_of(country)
    assert len(rules.regions) == count
    region = rules.region(typed)
    assert region is not None
    assert (region.code, region.local, region.latin) == (code, local, latin)
    assert rules.region(f" {code.lower()} ") is region


@pytest.mark.parametrize("country", KNOWN)
def test_codes_of_regions_are_unique_and_found_again(country):
    rules = rules_of(country)
    assert [rules.region(one.code) for one in rules.regions] == list(rules.regions)
    assert rules.region("Atlantis") is None


def test_territories_with_a_code_of_their_own_are_no_provinces():
    for name in ("香港", "澳门", "台湾", "Hong Kong", "Macau", "Taiwan"):
        assert rules_of("CN").region(name) is None


def test_who_reads_the_local_script():
    assert reads_locally("CN", "zh-hans")
    assert reads_locally("JP", "ja")
    assert not reads_locally("JP", "en")
    assert not reads_locally("KR", "ja")
    assert not reads_locally("GB", "zh-hans")


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("GB", "sw1y4lb", "SW1Y 4LB"),
        ("GB", " m2  5bq ", "M2 5BQ"),
        ("GB", "bfpo61", "BFPO 61"),
        ("CA", "h3z-2y7", "H3Z 2Y7"),
        ("JP", "１５４００２３", "154-0023"),
        ("JP", "〒154ー0023", "154-0023"),
        ("CH", "CH-8001", "8001"),
        ("SE", "se-114 55", "11455"),
        ("NL", "1012jm", "1012 JM"),
        ("PL", "00950", "00-950"),
        ("PT", "1100148", "1100-148"),
        ("BR", "01310100", "01310-100"),
        ("IE", "a65f4e2", "A65 F4E2"),
        ("FR", "75 001", "75001"),
        ("US", "221621010", "22162-1010"),
        ("HK", "999 077", "999 077"),
    ],
)
def test_postcodes_are_written_as_their_country_does(country, typed, written):
    assert normalise_postcode(typed, rules_of(country)) == written


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("GB", "12345"), ("GB", "SW1Y 4L"), ("GB", "ZZ1 1ZZ"), ("US", "1234"), ("US", "123456"), ("CA", "D1A 1A1"),
        ("JP", "15400"), ("JP", "15400233"), ("CN", "31000"), ("CN", "3100077"), ("CH", "80010"), ("GB", "<b>"), ("KR", "0305"),
    ],
)  # fmt: skip
def test_a_wrong_postcode_is_refused_with_an_example(country, typed):
    with pytest.raises(BadPostcode, match="such as") as refused:
        normalise_postcode(typed, rules_of(country))
    assert refused.value.code == "postcode_invalid"


def test_a_postcode_must_lie_in_its_region():
    spain, us, china = rules_of("ES"), rules_of("US"), rules_of("CN")
    assert normalise_postcode("35001", spain, spain.region("GC")) == "35001"
    with pytest.raises(BadPostcode, match="not in Las Palmas") as refused:
        normalise_postcode("28001", spain, spain.region("GC"))
    assert refused.value.code == "postcode_region"
    with pytest.raises(BadPostcode):
        normalise_postcode("94105", us, us.region("NY"))
    assert normalise_postcode("000000", china, china.region("浙江省")) == "000000"


@given(st.sampled_from(KNOWN), st.text(max_size=25))
def test_normalising_twice_changes_nothing(country, typed):
    rules = rules_of(country)
    try:
        once = normalise_postcode(typed, rules)
    except BadPostcode:
        return
    assert normalise_postcode(once, rules) == once


@pytest.mark.parametrize("country", KNOWN)
def test_every_published_example_passes_however_it_is_spaced(country):
    rules = rules_of(country)
    for example in rules.postcode_examples:
        for typed in (example, example.replace(" ", "").replace("-", "").lower(), f"  {example} "):
            assert normalise_postcode(typed, rules) == example


@pytest.mark.parametrize(
    ("country", "typed", "e164"),
    [
        ("GB", "020 7946 0018", "+442079460018"),
        ("CN", "138 1234 5678", "+8613812345678"),
        ("KR", "010-1234-5678", "+821012345678"),
        ("JP", "０９０－１２３４－５６７８", "+819012345678"),
        ("US", "(415) 555-2671", "+14155552671"),
        ("CN", "+44 20 7946 0018", "+442079460018"),
    ],
)
def test_telephones_become_e164_with_the_destination_as_default(country, typed, e164):
    assert normalise_phone(typed, country) == e164


@pytest.mark.parametrize("typed", ["", "call me", "12", "1381234567", "138123456789", "+999 1234567", "x" * 400])
def test_a_wrong_telephone_is_refused(typed):
    with pytest.raises(BadPhone):
        normalise_phone(typed, "CN")


@pytest.mark.parametrize("country", ["CN", "JP", "KR", "GB", "US", "CH", "HK"])
def test_the_example_passes_its_own_check(country):
    assert normalise_phone(example_phone(country), country)
