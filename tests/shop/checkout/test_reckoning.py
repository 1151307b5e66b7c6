"""What codes take off: pure arithmetic, with the limits on both sides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.checkout.promotions.codes import ALPHABET, batch, normalised, well_formed
from shop.checkout.promotions.reckoning import Goods, Kind, Reason, Rule, reckon, spread

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CENT, YEN = Decimal("0.01"), Decimal(1)
units = st.sampled_from([CENT, YEN, Decimal("0.001")])


@st.composite
def sums(draw):
    unit = draw(units)
    values = [unit * draw(st.integers(0, 10**7)) for _each in range(draw(st.integers(1, 12)))]
    return unit, values, unit * draw(st.integers(0, int(sum(values) / unit)))


def goods(*values: str, museum: int = 1, category: str = "mugs") -> list[Goods]:
    return [Goods(Decimal(one), number, museum, category) for number, one in enumerate(values, start=1)]


def rule(code: str = "A", kind: str = Kind.PERCENTAGE, **fields) -> Rule:
    fields = {"promotion": ord(code[0]), "percent": Decimal(10) if kind == Kind.PERCENTAGE else None} | fields
    return Rule(code=code, kind=kind, **fields)


def reasons(*rules: Rule, of: list[Goods] | None = None) -> dict[str, Reason]:
    found = reckon(rules, of or goods("10.00", "20.00"), unit=CENT, now=NOW)
    return {one.code: one.reason for one in found.dropped}


@settings(deadline=None)
@given(sums())
def test_shares_add_up_exactly_and_stay_within_their_lines(asked):
    unit, values, amount = asked
    shares = spread(amount, values, unit)
    assert sum(shares) == amount
    for share, value in zip(shares, values, strict=True):
        assert 0 <= share <= value
        assert share % unit == 0
        # Never further than one unit from the exact share.
        assert not sum(values) or abs(share - amount * value / sum(values)) < unit


def test_the_largest_remainder_gets_the_odd_unit():
    assert spread(Decimal("0.10"), [Decimal(1), Decimal(1), Decimal(1)], CENT) == [
        Decimal("0.04"),
        Decimal("0.03"),
        Decimal("0.03"),
    ]
    assert spread(Decimal(5), [Decimal(10), Decimal(29)], YEN) == [Decimal(1), Decimal(4)]


@pytest.mark.parametrize("amount", ["-0.01", "3.01"])
def test_what_cannot_be_spread_is_refused(amount):
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(Decimal(amount), [Decimal(1), Decimal(2)], CENT)


@settings(deadline=None)
@given(sums(), st.integers(1, 10000), st.integers(0, 10**9))
def test_any_codes_leave_every_line_between_nothing_and_its_value(asked, basis_points, amount):
    unit, values, _amount = asked
    lines = [Goods(value, number % 3, number % 2, "mugs") for number, value in enumerate(values)]
    codes = [
        rule("A", percent=Decimal(basis_points) / 100, exclusive=False, products=frozenset({0, 1})),
        rule("B", Kind.AMOUNT, amount=unit * amount, exclusive=False, position=1),
        rule("C", Kind.FREE_DELIVERY, exclusive=False),
    ]
    found = reckon(codes, lines, unit=unit, now=NOW)
    assert found.discount == sum((one.discount for one in found.applied), Decimal(0))
    for discount, line in zip(found.discounts, lines, strict=True):
        assert 0 <= discount <= line.value


def test_codes_are_applied_by_position_each_on_what_is_left():
    off = rule("B", Kind.AMOUNT, amount=Decimal(10), exclusive=False, position=1)
    percent = rule("A", exclusive=False, position=2)
    found = reckon([percent, off], goods("60.00", "40.00"), unit=CENT, now=NOW)
    assert [(one.code, one.discount) for one in found.applied] == [("B", Decimal(10)), ("A", Decimal(9))]
    assert found.discounts == (Decimal("11.40"), Decimal("7.60"))
    other = reckon(
        [percent, rule("B", Kind.AMOUNT, amount=Decimal(10), exclusive=False, position=3)],
        goods("100.00"),
        unit=CENT,
        now=NOW,
    )
    assert other.discount == Decimal(20)


def test_an_exclusive_code_holds_alone_whichever_came_first():
    assert reasons(rule("A"), rule("B", exclusive=False)) == {"B": Reason.NOT_COMBINABLE}
    assert reasons(rule("B", exclusive=False), rule("A")) == {"A": Reason.NOT_COMBINABLE}
    assert reasons(rule("A", exclusive=False), rule("B", exclusive=False)) == {}
    # Two codes of one promotion are one reduction.
    assert reasons(rule("A", exclusive=False), rule("Z", exclusive=False, promotion=65)) == {"Z": Reason.NOT_COMBINABLE}


def test_dates_hold_from_the_first_moment_to_before_the_last():
    instant = timedelta(microseconds=1)
    assert reasons(rule(starts_at=NOW, ends_at=NOW + instant)) == {}
    assert reasons(rule(starts_at=NOW + instant)) == {"A": Reason.NOT_STARTED}
    assert reasons(rule(ends_at=NOW)) == {"A": Reason.ENDED}
    assert reasons(rule(active=False)) == {"A": Reason.INACTIVE}


def test_the_minimum_counts_only_the_goods_it_is_for():
    lines = [*goods("30.00"), Goods(Decimal("69.99"), 9, 2, "prints")]
    assert reasons(rule(minimum=Decimal("30.00"), museums=frozenset({1})), of=lines) == {}
    found = reckon([rule(minimum=Decimal("30.01"), museums=frozenset({1}))], lines, unit=CENT, now=NOW)
    assert [(one.reason, one.missing) for one in found.dropped] == [(Reason.BELOW_MINIMUM, CENT)]
    assert found.discounts == (Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    "limits", [{"museums": frozenset({7})}, {"products": frozenset({7})}, {"categories": frozenset({"scarves"})}]
)
def test_a_code_for_other_goods_says_so(limits):
    assert reasons(rule(**limits)) == {"A": Reason.NO_MATCH}


def test_an_amount_needs_a_sum_in_the_currency_and_takes_off_no_more_than_there_is():
    assert reasons(rule(kind=Kind.AMOUNT)) == {"A": Reason.OTHER_MARKET}
    assert reckon([rule(kind=Kind.AMOUNT, amount=Decimal(99))], goods("5.00"), unit=CENT, now=NOW).discount == 5


def test_codes_of_a_batch_differ_and_are_drawn_from_clear_characters():
    made = batch(500, prefix="MUSEUM")
    assert len(set(made)) == 500
    assert all(well_formed(one) and set(one.removeprefix("MUSEUM-")) <= set(ALPHABET + "-") for one in made)
    # 24 characters at 16 places: 73 bits, more than anybody can try.
    assert len(ALPHABET) ** 16 > 2**72


@pytest.mark.parametrize(("typed", "kept"), [(" spring-24 ", "SPRING-24"), ("Spring 24", "SPRING24"), ("ß", "SS")])
def test_case_and_blanks_do_not_matter(typed, kept):
    assert normalised(typed) == kept
