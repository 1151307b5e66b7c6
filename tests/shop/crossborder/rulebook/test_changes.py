"""What differs between books, what needs looking after, what refers to nothing, and what our markets need."""

from datetime import date, timedelta

import pytest

from shop.crossborder.rulebook.changes import concerns, diff
from shop.crossborder.rulebook.entries import RowFault
from shop.crossborder.rulebook.needs import Needs
from shop.crossborder.rulebook.references import check_references
from tests.shop.crossborder.rulebook.rows_made import book, confirmed, row

TODAY = date(2026, 11, 22)


def test_a_book_does_not_differ_from_itself():
    one = book(("taxes", row("taxes")), ("fees", row("fees")))
    assert diff(one, one) == []


def test_new_gone_and_changed_rows_are_told_by_kind_and_key():
    old = book(("taxes", row("taxes", key="a")), ("taxes", row("taxes", key="b")), ("fees", row("fees", key="a")))
    new = book(
        ("taxes", row("taxes", key="b", rate="0.21", hs="49")),
        ("taxes", row("taxes", key="c")),
        ("fees", row("fees", key="a")),
    )
    found = diff(old, new)
    assert [(one.sort, one.kind, one.key) for one in found] == [
        ("gone", "taxes", "a"), ("changed", "taxes", "b"), ("new", "taxes", "c"),
    ]  # fmt: skip
    assert found[1].columns == ["hs", "rate"]
    assert (found[1].before["rate"], found[1].after["rate"]) == ("0.2", "0.21")
    assert found[0].after == {} == found[2].before


def test_a_confirmation_is_a_change():
    found = diff(book(("taxes", row("taxes"))), book(("taxes", row("taxes", **confirmed()))))
    assert found[0].columns == ["confirmed_by", "confirmed_on"]


def _codes(**dates: str) -> list[str]:
    return [one.code for one in concerns(book(("taxes", row("taxes", **confirmed(), **dates))), today=TODAY)]


@pytest.mark.parametrize(
    ("days", "codes"), [(-61, []), (-60, ["over"]), (-1, ["over"]), (0, ["ends"]), (60, ["ends"]), (61, [])]
)
def test_the_limits_of_over_and_ends(days, codes):
    assert _codes(valid_to=(TODAY + timedelta(days=days)).isoformat()) == codes


def test_a_row_without_end_is_no_concern_once_confirmed():
    assert _codes() == []
    assert _codes(valid_to="9999-12-31") == []


@pytest.mark.parametrize(("days", "codes"), [(-1, ["over"]), (0, ["ends", "unconfirmed"]), (61, ["unconfirmed"])])
def test_an_unconfirmed_row_is_one_as_long_as_it_is_not_over(days, codes):
    one = row("taxes", valid_to=(TODAY + timedelta(days=days)).isoformat())
    assert [found.code for found in concerns(book(("taxes", one)), today=TODAY)] == codes


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"valid_from": "2026-12-01"}, []),
        ({"valid_from": "2026-12-02"}, ["ends"]),
        ({"valid_from": "2026-11-30"}, ["ends"]),
        ({"valid_from": "2026-12-01", "hs": "49"}, ["ends"]),
        ({"valid_from": "2026-12-01", "tax": "GST"}, ["ends"]),
        ({"valid_from": "2026-12-01", "jurisdiction": "DE"}, ["ends"]),
        ({"valid_from": "2026-12-01", "name": "TVA 2027", "rate": "0.21"}, []),
    ],
)
def test_only_a_row_about_the_same_from_the_next_day_on_is_a_successor(more, codes):
    ending = row("taxes", key="a", valid_to="2026-11-30", **confirmed())
    following = row("taxes", key="b", **confirmed(), **more)
    assert [one.code for one in concerns(book(("taxes", ending), ("taxes", following)), today=TODAY)] == codes


def test_one_act_does_not_follow_another():
    ending = row("duties", key="a", act="S122", combine="add", valid_to="2026-11-30", **confirmed())
    following = row("duties", key="b", act="S301", combine="add", valid_from="2026-12-01", **confirmed())
    found = concerns(book(("duties", ending), ("duties", following)), today=TODAY)
    assert [(one.key, one.code, one.on) for one in found] == [("a", "ends", date(2026, 11, 30))]


def test_the_most_pressing_comes_first():
    rows = [row("taxes", key="c", hs="49"), row("taxes", key="b", hs="50", valid_to="2026-12-24", **confirmed()),
            row("taxes", key="a", hs="51", valid_to="2026-11-21", **confirmed())]  # fmt: skip
    found = concerns(book(*(("taxes", one) for one in rows)), today=TODAY)
    assert [(one.key, one.code) for one in found] == [("a", "over"), ("b", "ends"), ("c", "unconfirmed")]


# --- References -----------------------------------------------------------------------------------------------------


def test_a_book_whose_references_lead_somewhere_is_fine():
    check_references(
        book(
            ("jurisdictions", row("jurisdictions", key="eu")),
            ("jurisdictions", row("jurisdictions", key="fr", parent="EU")),
            ("thresholds", row("thresholds", key="eu-150")),
            ("fees", row("fees", within="eu-150")),
        )
    )


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([("jurisdictions", row("jurisdictions", key="fr", parent="EU"))], "parent"),
        ([("jurisdictions", row("jurisdictions", key="fr", parent="FR"))], "parent"),
        (
            [("jurisdictions", row("jurisdictions", key="fr", parent="EU")), ("jurisdictions", row("jurisdictions", key="eu", parent="FR"))],
            "parent",
        ),
        ([("duties", row("duties", within="eu-150"))], "within"),
        ([("fees", row("fees", within="eu-150"))], "within"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_a_fault(rows, field):
    with pytest.raises(RowFault) as caught:
        check_references(book(*rows))
    assert caught.value.field == field


# --- What our markets need ------------------------------------------------------------------------------------------


def _world():
    return book(
        ("jurisdictions", row("jurisdictions", key="eu")),
        ("jurisdictions", row("jurisdictions", key="fr", parent="EU")),
        ("jurisdictions", row("jurisdictions", key="fr-dom")),
        ("jurisdictions", row("jurisdictions", key="us")),
        ("places", row("places")),
    )


@pytest.mark.parametrize(
    ("one", "needed"),
    [
        (row("taxes"), True),
        (row("taxes", jurisdiction="EU"), True),
        (row("taxes", jurisdiction="FR-DOM"), True),
        (row("taxes", jurisdiction="US"), False),
        (row("taxes", hs="69"), True),
        (row("taxes", hs="691200"), True),
        (row("taxes", hs="69120044"), True),
        (row("taxes", hs="6911"), False),
        (row("places"), True),
        (row("places", country="US"), False),
        (row("restrictions", jurisdiction="", hs="", flag="battery"), True),
        (row("restrictions", jurisdiction="US", hs="", flag="battery"), False),
        (row("sources"), False),
    ],
)
def test_what_quotes_for_our_markets_look_up(one, needed):
    assert Needs(_world(), countries=["FR", "XX"], hs_codes=["691200"]).cover(one) is needed


def test_without_goods_every_code_is_needed():
    assert Needs(_world(), countries=["FR"], hs_codes=[]).cover(row("taxes", hs="49"))
