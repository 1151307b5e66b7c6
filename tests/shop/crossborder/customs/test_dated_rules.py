"""Territories, limits and duties as they stood on a day."""

from datetime import date
from decimal import Decimal

import pytest

from shop.crossborder.customs.dated_rules import (
    contact_needs,
    customs_territory,
    form_limit,
    leaves_territory,
    product_ids_mandatory,
    rows,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("country", "on", "territory"),
    [
        ("FR", TODAY, "EU"),
        ("MC", TODAY, "EU"),
        ("GB", TODAY, "GB"),
        ("GB", date(2020, 12, 31), "EU"),
        ("GB", date(2021, 1, 1), "GB"),
        ("IM", TODAY, "GB"),
        ("LI", TODAY, "CH"),
        ("HR", date(2013, 6, 30), "HR"),
        ("CN", TODAY, "CN"),
    ],
)
def test_customs_territories(country, on, territory):
    assert customs_territory(country, on) == territory


def test_borders():
    assert not leaves_territory("FR", "DE", TODAY)
    assert leaves_territory("GB", "FR", TODAY)
    assert not leaves_territory("GB", "FR", date(2020, 6, 1))


def test_limits_of_the_cn22():
    assert (form_limit("royal-mail", TODAY).currency, form_limit("royal-mail", TODAY).value_limit) == (
        "GBP",
        Decimal(270),
    )
    assert (form_limit("upu", TODAY).currency, form_limit("upu", TODAY).value_limit) == ("XDR", Decimal(300))
    with pytest.raises(LookupError):
        form_limit("royal-mail", date(2020, 12, 31))
    with pytest.raises(LookupError):
        form_limit("nobody", TODAY)


def test_contacts_and_ids():
    assert contact_needs("CN", TODAY) == {"any", "phone"}
    assert contact_needs("FR", TODAY) == {"any"}
    assert not product_ids_mandatory(origin="GB", destination="FR", on=date(2026, 10, 31))
    assert product_ids_mandatory(origin="GB", destination="FR", on=date(2026, 11, 1))
    assert not product_ids_mandatory(origin="DE", destination="FR", on=TODAY)
    assert not product_ids_mandatory(origin="GB", destination="CN", on=TODAY)


@pytest.mark.parametrize("name", ["territories", "form_limits", "contact_rules", "product_id_rules"])
def test_every_row_has_dates_and_a_source(name):
    for row in rows(name):
        first = date.fromisoformat(row["valid_from"])
        assert not row["valid_to"] or first < date.fromisoformat(row["valid_to"])
        assert row["source"]


def test_every_general_word_has_a_reason_and_stands_once():
    words = list(rows("vague_terms"))
    assert all(row["reason"] for row in words)
    assert len({row["term"] for row in words}) == len(words) > 60
