"""Zones: the most precise one holds, and postcodes are read as people write them."""

import pytest

from shop.crossborder.delivery.zones import Area, check_pattern, compact, in_pattern, zone_of

HOME, ISLANDS, WALES = (
    Area(1, ("GB",)),
    Area(2, ("GB",), postcodes=("ZE", "KA27-KA28", "PA20")),
    Area(3, ("GB",), regions=("Wales",)),
)


@pytest.mark.parametrize(
    ("postcode", "pattern", "country", "inside"),
    [
        ("ZE1 0AA", "ZE", "GB", True),
        ("E1 6AN", "ZE", "GB", False),
        ("E1 6AN", "E", "GB", True),
        ("EC1A 1BB", "E", "GB", False),
        ("PA20 0AA", "PA20", "GB", True),
        ("PA2 0AB", "PA20", "GB", False),
        ("KA27 8AA", "KA27-KA28", "GB", True),
        ("KA26 8AA", "KA27-KA28", "GB", False),
        ("KA28 8AA", "KA27-KA28", "GB", True),
        ("KA29 8AA", "KA27-KA28", "GB", False),
        ("20090", "20", "FR", True),
        ("02000", "20", "FR", False),
        ("96701", "967-968", "US", True),
        ("96999", "967-968", "US", False),
        ("96601", "967-968", "US", False),
        ("99501-1234", "995-999", "US", True),
        ("900-0001", "90", "JP", True),
        ("9", "90", "JP", False),
        ("96", "967-968", "US", False),
    ],
)
def test_postcodes(postcode, pattern, country, inside):
    assert in_pattern(compact(postcode), pattern, country=country) is inside


@pytest.mark.parametrize(
    ("postcode", "region", "zone"),
    [("", "", 1), ("SW1Y 4LB", "", 1), ("ze1 0aa", "", 2), ("ZE1 0AA", "Wales", 2), ("CF10 1AA", " wales ", 3)],
)
def test_the_most_precise_zone_holds(postcode, region, zone):
    assert zone_of([WALES, ISLANDS, HOME], country="GB", postcode=postcode, region=region).id == zone


def test_no_zone_is_none():
    assert zone_of([ISLANDS], country="GB", postcode="SW1Y 4LB", region="") is None
    assert zone_of([HOME], country="FR", postcode="", region="") is None


@pytest.mark.parametrize(("raw", "text"), [(" ze ", "ZE"), ("967 - 968", "967-968"), ("ka27-ka28", "KA27-KA28")])
def test_patterns_are_tidied(raw, text):
    assert check_pattern(raw) == text


@pytest.mark.parametrize("raw", ["", "*", "968-967", "97-968", "KA28-KA27", "KA-PA", "KA1-PA2", "1-2-3", "ABCDEFGHI"])
def test_patterns_that_cannot_be_read_are_refused(raw):
    with pytest.raises(ValueError, match="is not a"):
        check_pattern(raw)
