"""Bars that a scanner reads back as the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.customs import code128


def scanned(widths: list[int]) -> str:
    """Read bars as a scanner does: split into symbols, verify the check, follow the code sets."""
    *bars, stop = (widths[:-7], widths[-7:])
    assert stop == [2, 3, 3, 1, 1, 1, 2]
    (body,) = bars
    symbols = ["".join(map(str, body[at : at + 6])) for at in range(0, len(body), 6)]
    values = [code128.SYMBOLS.index(symbol) for symbol in symbols]
    *read, check = values
    assert check == (read[0] + sum(place * value for place, value in enumerate(read[1:], 1))) % 103
    packed, text = {104: False, 105: True}[read[0]], ""
    for value in read[1:]:
        if packed and value == 100:
            packed = False
        elif not packed and value == 99:
            packed = True
        else:
            text += f"{value:02d}" if packed else chr(value + 32)
    return text


def test_the_table_of_symbols_keeps_the_rules_of_the_standard():
    assert len(set(code128.SYMBOLS)) == 106
    for symbol in code128.SYMBOLS:
        widths = [int(one) for one in symbol]
        assert sum(widths) == 11
        assert sum(widths[::2]) % 2 == 0
        assert set(widths) <= {1, 2, 3, 4}
    # Values of the standard's table: space, start B, start C.
    assert (code128.SYMBOLS[0], code128.SYMBOLS[104], code128.SYMBOLS[105]) == ("212222", "211214", "211232")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("PJJ123C", [104, 48, 42, 42, 17, 18, 19, 35, 55]),
        ("1234", [105, 12, 34, 82]),
        ("RR473124829GB", [104, 50, 50, 20, 99, 73, 12, 48, 29, 100, 39, 34, 83]),
    ],
)
def test_known_values(text, values):
    assert code128.symbol_values(text) == values


def test_an_item_identifier_is_132_modules_wide_or_less():
    widths = code128.module_widths("LX473124825GB")
    assert sum(widths) == 12 * 11 + 2 + 11 + 11
    assert len(widths) % 2 == 1


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_any_text_is_read_back(text):
    assert scanned(code128.module_widths(text)) == text


@given(st.from_regex(r"[A-Z]{0,2}[0-9]{1,12}[A-Z]{0,2}[0-9]{0,8}", fullmatch=True).filter(bool))
def test_runs_of_digits_are_read_back(text):
    assert scanned(code128.module_widths(text)) == text


@pytest.mark.parametrize("text", ["", "é", "\n", "中"])
def test_other_characters_are_refused(text):
    with pytest.raises(ValueError, match="ASCII"):
        code128.module_widths(text)
