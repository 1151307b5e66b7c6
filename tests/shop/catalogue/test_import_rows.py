"""Rows out of damaged and odd CSV text: what is broken is named, what follows is read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.importing import rows


def read(text: str) -> list[tuple[int, int, list[str], bool]]:
    found = rows.read(io.StringIO(text, newline=""))
    return [(row.number, row.line, row.fields, bool(row.fault)) for row in found]


def test_plain_quoted_and_many_line_rows():
    assert read('a,b\r\n"1, 2","x\r\ny"\r\n3,"say ""so"""\r\n') == [
        (1, 1, ["a", "b"], False),
        (2, 2, ["1, 2", "x\r\ny"], False),
        (3, 4, ["3", 'say "so"'], False),
    ]


def test_blank_lines_count_but_are_not_given():
    assert [row[:3] for row in read("a\n\n1\n\n2")] == [(1, 1, ["a"]), (3, 3, ["1"]), (5, 5, ["2"])]


def test_unclosed_quote_costs_only_its_own_line():
    assert read('a,b\n1,"open\n2,x\n3,"closed"\n4,y\n') == [
        (1, 1, ["a", "b"], False),
        (2, 2, [], True),
        (3, 3, ["2", "x"], False),
        (4, 4, ["3", "closed"], False),
        (5, 5, ["4", "y"], False),
    ]


def test_unclosed_quote_up_to_the_end():
    assert read('a,b\n1,"open\n2,x\n') == [
        (1, 1, ["a", "b"], False),
        (2, 2, [], True),
        (3, 3, ["2", "x"], False),
    ]


def test_text_after_a_closing_quote():
    assert [row[3] for row in read('a,b\n1,"x"y\n2,z\n')] == [False, True, False]


@pytest.mark.parametrize("quote", ["", '"'])
def test_endless_line_is_left_out_whole(quote):
    text = f"a,b\n1,{quote}{'x' * (3 * rows.MAX_ROW)}\n2,y\n"
    assert read(text) == [(1, 1, ["a", "b"], False), (2, 2, [], True), (3, 3, ["2", "y"], False)]


def test_unclosed_quote_before_more_lines_than_a_row_may_have():
    many = 2 * rows.MAX_ROW // 100
    found = read('a\n"open\n' + ("y" * 99 + "\n") * many)
    assert [row[3] for row in found[:3]] == [False, True, False]
    assert len(found) == many + 2


@given(st.lists(st.text(st.sampled_from('a,"\n\r '), max_size=8), max_size=12).map("\n".join))
def test_whatever_comes_it_ends_and_counts_upwards(text):
    found = read(text)
    assert [row[0] for row in found] == sorted({row[0] for row in found})
    assert [row[1] for row in found] == sorted({row[1] for row in found})
