"""Identifiers of postal items: built, read back, and refused when a digit is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.customs import s10

SERIALS = st.integers(0, 99_999_999)
LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


def residue(serial: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11


@pytest.mark.parametrize(
    ("serial", "check"),
    # Worked by hand: sums 200, 0, 1 × 8 + 1 × 4 = 12 (rest 1, so 10 becomes 0), 396.
    [("47312482", 9), ("00000000", 5), ("10100000", 0), ("99999999", 5)],
)
def test_check_digits(serial, check):
    assert s10.check_digit(serial) == check


def test_published_identifier():
    assert s10.parse("rr 473 124 829 gb") == s10.S10("RR", "47312482", "GB")
    assert str(s10.build(service="RR", serial=47312482, country="GB")) == "RR473124829GB"
    assert s10.parse("RR473124829GB").spaced == "RR 473 124 829 GB"


@given(SERIALS, LETTERS, LETTERS)
def test_what_is_built_is_read(serial, service, country):
    made = s10.build(service=service, serial=serial, country=country)
    assert s10.parse(str(made)) == made == s10.parse(made.spaced)
    assert made.is_parcel == service.startswith("C")


@given(SERIALS, st.integers(1, 9))
def test_a_wrong_check_digit_is_noticed(serial, shift):
    text = str(s10.build(service="LX", serial=serial, country="GB"))
    wrong = f"{text[:10]}{(int(text[10]) + shift) % 10}{text[11:]}"
    with pytest.raises(s10.NotS10, match="is right"):
        s10.parse(wrong)


@given(SERIALS, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(serial, place, shift):
    text = str(s10.build(service="LX", serial=serial, country="GB"))
    at = place + 2
    wrong = f"{text[:at]}{(int(text[at]) + shift) % 10}{text[at + 1 :]}"
    # The standard gives rests 0 and 6 the same check digit, 5: it cannot tell these two apart, and nothing else.
    if {residue(text[2:10]), residue(wrong[2:10])} == {0, 6}:
        assert s10.parse(wrong)
        return
    with pytest.raises(s10.NotS10, match="check digit"):
        s10.parse(wrong)


@pytest.mark.parametrize(
    "text", ["", "RR473124829", "R1473124829GB", "RR4731248299GB", "RR47312482XGB", "ＲＲ473124829GB"]
)
def test_other_forms_are_refused(text):
    with pytest.raises(s10.NotS10):
        s10.parse(text)


@pytest.mark.parametrize(
    ("service", "serial", "country"),
    [("R", 1, "GB"), ("rr", 1, "GB"), ("RR", -1, "GB"), ("RR", 100_000_000, "GB"), ("RR", 1, "G")],
)
def test_malformed_parts_are_refused(service, serial, country):
    with pytest.raises(s10.NotS10):
        s10.build(service=service, serial=serial, country=country)
