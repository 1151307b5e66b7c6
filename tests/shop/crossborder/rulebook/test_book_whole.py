"""The initial rule book hangs together: keys, references, places and periods."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from shop.crossborder.rulebook.entries import KINDS, Entry
from shop.crossborder.rulebook.files import INITIAL, read_rows

BOOK: dict[str, list[Any]] = read_rows(INITIAL)
DATED = [row for kind in KINDS for row in BOOK[kind] if isinstance(row, Entry)]
MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
# Places outside the VAT of their state: no row of it may reach them.
OUTSIDE_VAT = "ES-CN ES-CE ES-ML IT-LIV IT-CAM DE-BUS DE-HEL GR-ATH FR-COM"


def test_no_kind_is_empty_and_a_key_names_one_row() -> None:
    assert all(BOOK[kind] for kind in KINDS)
    for rows in (DATED, BOOK["sources"], BOOK["jurisdictions"]):
        keys = [row.key for row in rows]
        assert sorted(keys) == sorted(set(keys))


def test_rows_refer_to_sources_jurisdictions_and_thresholds_that_are_there() -> None:
    sources, codes = {row.key for row in BOOK["sources"]}, {row.key.upper() for row in BOOK["jurisdictions"]}
    limits = {row.key: row.jurisdiction for row in BOOK["thresholds"]}
    assert {one for row in DATED for one in row.sources} == sources
    assert {row.jurisdiction for row in DATED} - {""} <= codes
    assert {code for row in BOOK["jurisdictions"] for code in (row.parent, row.tariff)} - {""} <= codes
    assert {row.key: row.tariff for row in BOOK["jurisdictions"] if row.tariff} == {"xi": "EU"}
    assert {row.within for row in (*BOOK["duties"], *BOOK["fees"])} - {""} <= set(limits)


def test_members_of_the_union_hang_below_it_and_special_territories_below_none() -> None:
    known = {row.key.upper(): row for row in BOOK["jurisdictions"]}
    assert {code for code, row in known.items() if row.parent == "EU"} == set(MEMBERS.split())
    for code in (*MEMBERS.split(), "EU", "MC"):
        assert (known[code].customs_territory, known[code].free_with) == ("EU", ("XI",))
    assert known["GB"].free_with == ("XI",)
    assert set(known["XI"].free_with) == {"EU", "GB"}
    taxed = {row.jurisdiction for row in BOOK["taxes"]}
    assert not any(known[code].parent or code in taxed for code in OUTSIDE_VAT.split())


@pytest.mark.parametrize(
    ("country", "postcode", "region", "expected"),
    [
        ("GB", "BT11AA", "", "XI"),
        ("GB", "B11AA", "", "GB"),
        ("ES", "35001", "", "ES-CN"),
        ("ES", "38999", "", "ES-CN"),
        ("ES", "28001", "", "ES"),
        ("ES", "51001", "", "ES-CE"),
        ("ES", "52001", "", "ES-ML"),
        ("IT", "23041", "", "IT-LIV"),
        ("IT", "22061", "", "IT-CAM"),
        ("DE", "78266", "", "DE-BUS"),
        ("DE", "27498", "", "DE-HEL"),
        ("GR", "63086", "", "GR-ATH"),
        ("PT", "9000123", "", "PT-MAD"),
        ("PT", "9500", "", "PT-AZO"),
        ("PT", "9400100", "", "PT-MAD"),
        ("PT", "8900100", "", "PT"),
        ("AT", "6691", "", "AT-JUN"),
        ("AT", "6993", "", "AT-JUN"),
        ("FR", "75001", "", "FR"),
        ("FR", "97110", "", "FR-DOM"),
        ("FR", "97133", "", "FR-COM"),
        ("FR", "97300", "", "FR-GF"),
        ("FR", "97600", "", "FR-YT"),
        ("FR", "98713", "", "FR-COM"),
        ("RE", "97400", "", "FR-DOM"),
        ("YT", "97600", "", "FR-YT"),
        ("CA", "M5V3L9", "", "CA-ON"),
        ("CA", "H2Y1C6", "", "CA-QC"),
        ("CA", "X0A0H0", "", "CA-NU"),
        ("CA", "X1A2N2", "", "CA-NT"),
        ("CA", "", "BC", "CA-BC"),
    ],
)
def test_an_address_is_in_one_place_at_most(country: str, postcode: str, region: str, expected: str) -> None:
    found = [
        row.jurisdiction
        for row in BOOK["places"]
        if row.country == country
        and ((row.postcode and postcode and re.fullmatch(row.postcode, postcode)) or (region and row.region == region))
    ]
    assert found == ([] if expected == country else [expected])


def test_periods_of_one_rule_neither_overlap_nor_leave_a_gap() -> None:
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for row in BOOK["taxes"]:
        groups.setdefault((row.jurisdiction, row.route, row.tax, row.hs), []).append(row)
    for row in BOOK["duties"]:
        groups.setdefault((row.jurisdiction, row.route, row.act, row.hs, row.origin, row.combine), []).append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: str(row.valid_from or ""))
        for one, following in pairwise(rows):
            assert one.valid_to is not None
            assert following.valid_from == one.valid_to + timedelta(days=1)
