"""The tables themselves: dates, sources, and no two rows that contradict each other."""

from datetime import date

import pytest

from shop.crossborder.protections.obligations import Obligation, obligation
from shop.crossborder.protections.tables import table
from shop.crossborder.protections.territories import members

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("name", ["territories", "withdrawal", "obligations"])
def test_every_row_has_dates_a_source_and_says_how_far_it_is_known(name):
    for row in table(name):
        first = date.fromisoformat(row["valid_from"])
        assert not row["valid_to"] or first < date.fromisoformat(row["valid_to"])
        assert row["source"]
        assert row["confidence"] in {"official", "secondary", "memory"}


def test_a_territory_has_one_row_of_withdrawal_a_day():
    named = [row["territory"] for row in table("withdrawal") if not row["valid_to"]]
    assert len(named) == len(set(named))


def test_the_union_has_27_states_and_none_too_early():
    assert len(members("EU", TODAY)) == 27
    assert "GB" not in members("EU", TODAY)
    assert "HR" in members("EU", date(2013, 7, 1))
    assert "HR" not in members("EU", date(2013, 6, 30))
    assert members("CH", TODAY) == {"CH"}


@pytest.mark.parametrize(
    ("kind", "countries", "on", "key"),
    [
        (Obligation.GPSR, ["DE"], date(2024, 12, 13), "eu-gpsr"),
        (Obligation.GPSR, ["DE"], date(2024, 12, 12), None),
        (Obligation.GPSR, ["GB"], TODAY, "gb-gpsr"),
        (Obligation.GPSR, ["US"], TODAY, None),
        (Obligation.GPSR, ["US", "IE"], TODAY, "eu-gpsr"),
        (Obligation.GUARANTEE_NOTICE, ["FR", "MC"], date(2026, 9, 27), "eu-guarantee-notice"),
        (Obligation.GUARANTEE_NOTICE, ["FR", "MC"], date(2026, 9, 26), None),
        (Obligation.GUARANTEE_NOTICE, ["GB"], TODAY, None),
        (Obligation.GUARANTEE_NOTICE, ["CH", "LI"], TODAY, None),
    ],
)
def test_what_must_be_shown_follows_place_and_day(kind, countries, on, key):
    found = obligation(kind, countries, on)
    assert (found.key if found else None) == key
