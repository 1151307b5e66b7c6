"""What must hold for any sales."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from licensing.royalties.engine import deductions, tiers
from licensing.royalties.engine.amounts import rounded, rounded_parts, shared_out
from licensing.royalties.engine.calculate import calculate
from licensing.royalties.engine.pools import Balances
from licensing.royalties.engine.statement import State
from licensing.royalties.engine.terms import Advance, Base, Cap, CapPeriod, Deduction, Percent, Reserve
from licensing.royalties.engine.tiers import Count
from tests.licensing.royalties.engine.making import D, line, quarters, request, rule, terms
from tests.licensing.royalties.engine.making import tiers as tier_clause

CENT = D("0.01")
MONEY = st.decimals(0, 1_000_000, places=2)
SIGNED = st.decimals(-100_000, 1_000_000, places=2)
RATES = st.decimals("0.0001", "0.5", places=4)
KEYS = st.text("abcdefgh", min_size=1, max_size=3)


@given(st.integers(-(10**9), 10**9), st.dictionaries(KEYS, MONEY, min_size=1, max_size=12))
def test_sharing_out_loses_nothing(cents: int, weights: dict[str, Decimal]) -> None:
    total = cents * CENT
    parts = shared_out(total, weights, unit=CENT)
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    for key, part in parts.items():
        exact = total * weights[key] / whole if whole else total / len(weights)
        assert abs(part - exact) < CENT
    assert shared_out(-total, weights, unit=CENT) == {key: -part for key, part in parts.items()}
    shuffled = dict(reversed(weights.items()))
    assert shared_out(total, shuffled, unit=CENT) == parts


@given(st.dictionaries(KEYS, st.decimals(-1000, 1000, places=6), min_size=1, max_size=12))
def test_rounded_parts_sum_to_the_rounded_sum(exact: dict[str, Decimal]) -> None:
    parts = rounded_parts(exact, unit=CENT)
    assert sum(parts.values()) == rounded(sum(exact.values(), D(0)), "GBP")
    assert all(abs(parts[key] - exact[key]) <= CENT for key in exact)
    assert rounded_parts({key: -one for key, one in exact.items()}, unit=CENT) == {
        key: -one for key, one in parts.items()
    }


@given(st.lists(MONEY, min_size=1, max_size=8))
def test_marginal_tiers_do_not_care_how_sales_are_cut_into_periods(nets: list[Decimal]) -> None:
    clause = tier_clause("marginal", "term", returns="recompute")
    count = Count()
    total = D(0)
    for net in nets:
        royalty = tiers.due(clause, count, net=net, units=D(1))
        total += royalty
        count = count.plus(net=net, units=D(1), royalty=royalty)
    assert total == tiers.due(clause, Count(), net=sum(nets, D(0)), units=D(1))


@given(st.lists(MONEY, min_size=1, max_size=6))
def test_what_comes_back_whole_was_never_earned(nets: list[Decimal]) -> None:
    for mode in ("marginal", "retroactive"):
        of = terms(rules=(rule(tier_clause(mode, "term", returns="recompute")),))
        found = quarters(of, *nets, -sum(nets, D(0)))
        # Each statement is rounded by itself.
        assert abs(sum(one.earned for one in found)) <= CENT * len(found)


@given(st.lists(SIGNED, min_size=1, max_size=10), RATES, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_of_no_matter(nets: list[Decimal], rate: Decimal, random: object) -> None:
    lines = [
        line(net, id=f"L{number:02}", sold_on=date(2026, 1, 1) + timedelta(number % 80), sku=f"S{number % 3}")
        for number, net in enumerate(nets)
    ]
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for clause in (Percent(rate), tier_clause("marginal", "contract_year", returns="recompute")):
        of = terms(rules=(rule(clause),))
        assert calculate(request(of, *lines)) == calculate(request(of, *shuffled))


@given(st.lists(SIGNED, min_size=1, max_size=10), RATES)
def test_lines_sum_to_the_statement(nets: list[Decimal], rate: Decimal) -> None:
    found = calculate(
        request(terms(rules=(rule(Percent(rate)),)), *(line(net, id=f"L{n}") for n, net in enumerate(nets)))
    )
    assert sum(one.royalty for one in found.lines) == found.earned + found.adjustments == found.royalty_payable + min(found.closing.balances.credit, D(0))  # fmt: skip
    assert found.earned == rounded(sum(nets, D(0)) * rate, "GBP")


@given(st.lists(SIGNED, min_size=1, max_size=8), MONEY)
def test_an_advance_is_never_recouped_beyond_what_was_paid(earned: list[Decimal], advance: Decimal) -> None:
    of = terms(rules=(rule(Percent(D(1))),), advance=Advance(advance, restore_on_return=True))
    state, recouped, payable = State(balances=Balances(unrecouped=advance)), D(0), D(0)
    for number, amount in enumerate(earned):
        found = calculate(request(of, line(amount, id=f"L{number}"), opening=state))
        state = found.closing
        assert 0 <= state.balances.unrecouped <= advance
        assert found.royalty_payable >= 0
        recouped += found.recouped
        payable += found.royalty_payable
    assert recouped == advance - state.balances.unrecouped
    assert recouped + payable + state.balances.credit == sum(earned, D(0))


@given(st.lists(MONEY, min_size=1, max_size=5), st.decimals("0.01", "0.5", places=2))
def test_a_reserve_gives_everything_back(earned: list[Decimal], rate: Decimal) -> None:
    of = terms(rules=(rule(Percent(D(1))),), reserve=Reserve(rate, (D("0.3"), D("0.3"), D("0.4"))))
    found = quarters(of, *earned, 0, 0, 0)
    assert sum(one.held for one in found) == sum(one.released for one in found)
    assert sum(one.royalty_payable for one in found) == sum(earned)
    assert found[-1].closing.balances.held == ()


@given(
    st.lists(st.tuples(MONEY, MONEY, MONEY), min_size=1, max_size=6),
    st.decimals("0.01", "0.2", places=2),
    st.sampled_from([CapPeriod.LINE, CapPeriod.STATEMENT]),
)
def test_deductions_stay_within_their_cap_and_nothing_is_lost(
    claims: list[tuple[Decimal, Decimal, Decimal]], cap: Decimal, period: CapPeriod
) -> None:
    of = terms(
        deductions={"a": Deduction(True), "b": Deduction(True)},
        aggregate_caps=(Cap(("a", "b"), cap, period),),
    )
    lines = [
        replace(line(gross, id=f"L{number}"), deductions={"a": a, "b": b})
        for number, (gross, a, b) in enumerate(claims)
    ]
    gross = {one.id: one.amounts["gross_sales"] for one in lines}
    found = deductions.rule_on(lines, gross, of, deductions.YearSoFar())
    for one in lines:
        for kind, claimed in one.deductions.items():
            allowed = found[one.id].allowed[kind]
            assert allowed >= 0
            assert allowed + found[one.id].disallowed.get(kind, D(0)) == claimed
    allowed = sum(sum(one.allowed.values(), D(0)) for one in found.values())
    slack = CENT * len(lines) if period == CapPeriod.LINE else CENT
    assert allowed <= sum(gross.values(), D(0)) * cap + slack
    if period == CapPeriod.STATEMENT:
        claimed = sum(sum(one.deductions.values(), D(0)) for one in lines)
        assert allowed == min(claimed, rounded(sum(gross.values(), D(0)) * cap, "GBP"))


@given(st.integers(1, 500), st.decimals("0.01", "99.99", places=2), st.integers(1, 500))
def test_a_reversal_is_the_exact_negative(units: int, price: Decimal, back: int) -> None:
    back = min(back, units)
    sold = calculate(request(terms(), line(units * price, id="S", units=units)))
    whole = line(-units * price, id="R", units=-units, original="S", sold_on=date(2026, 5, 1))
    later = request(terms(), whole, begin=date(2026, 4, 1), end=date(2026, 6, 30), originals=sold.originals)
    assert calculate(later).adjustments == -sold.earned
    part = replace(whole, units=-back, amounts={Base.GROSS_SALES.value: -back * price})
    assert abs(calculate(replace(later, lines=(part,))).adjustments + back * price * D("0.08")) <= CENT
