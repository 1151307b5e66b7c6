"""The worked examples of the licensing specification, section 4, to the cent."""

from dataclasses import replace
from datetime import date

import pytest

from licensing.royalties.engine.amounts import rounded, rounded_parts, shared_out
from licensing.royalties.engine.calculate import calculate
from licensing.royalties.engine.fx import Quotes
from licensing.royalties.engine.lines import Flag, Original
from licensing.royalties.engine.pools import Balances
from licensing.royalties.engine.scope import last_day_of_sell_off
from licensing.royalties.engine.splits import Share, TakenOf, variance, waterfall
from licensing.royalties.engine.statement import State
from licensing.royalties.engine.tax import taxed
from licensing.royalties.engine.terms import (
    Advance,
    Base,
    Bearing,
    Cap,
    CapPeriod,
    Deduction,
    Fund,
    Fx,
    FxFallback,
    FxMethod,
    GreaterOf,
    Guarantee,
    GuaranteeTest,
    Percent,
    PerUnit,
    Proration,
    Reserve,
    Tax,
)
from tests.licensing.royalties.engine.making import SCOPE, D, line, quarters, request, rule, terms, tiers, version

CENT = D("0.01")


def test_e1_deductions_with_a_cap_on_two_kinds_together():
    claimed = {"returns": D(9000), "trade_discount": D(7800), "promo": D(2400), "freight": D(3000), "bad_debt": D(500)}
    allowed = {"returns": Deduction(True), "trade_discount": Deduction(True), "promo": Deduction(True), "freight": Deduction(False), "bad_debt": Deduction(False)}  # fmt: skip
    of = terms(deductions=allowed, aggregate_caps=(Cap(("trade_discount", "promo"), D("0.05"), CapPeriod.STATEMENT),))
    found = calculate(request(of, line(120_000, deductions=claimed)))
    one = found.lines[0]
    assert one.allowed == {"returns": D(9000), "trade_discount": D("4588.24"), "promo": D("1411.76"), "freight": 0, "bad_debt": 0}  # fmt: skip
    assert one.disallowed == {"trade_discount": D("3211.76"), "promo": D("988.24"), "freight": D(3000), "bad_debt": D(500)}  # fmt: skip
    assert (one.net, found.earned) == (D("105000.00"), D("8400.00"))
    without = calculate(request(terms(deductions=allowed), line(120_000, deductions=claimed)))
    assert (without.lines[0].net, without.earned) == (D(100_800), D("8064.00"))
    everything = {kind: Deduction(True) for kind in claimed}
    as_claimed = calculate(request(terms(deductions=everything), line(120_000, deductions=claimed)))
    assert (as_claimed.lines[0].net, as_claimed.earned) == (D(97_300), D("7784.00"))


def retail(units, price, rate="0.08", tax="0.13", base=Base.RETAIL_EX_TAX):
    sold = line(0, units=units, amounts={"retail_inc_tax": D(units) * D(price)}, tax_rate=D(tax))
    return calculate(request(terms(rules=(rule(Percent(D(rate)), base),)), sold))


def test_e2_a_price_with_tax_inside():
    found = retail(5403, "19.00")
    assert found.lines[0].base.quantize(CENT) == D("90846.90")
    assert found.earned == D("7267.75")
    # The trap: rounding the price of one piece first loses money.
    piece = rounded(D("19.00") / D("1.13"), "GBP")
    assert (5403 * piece, rounded(5403 * piece * D("0.08"), "GBP")) == (D("90824.43"), D("7265.95"))


def test_e3_the_base_matters_more_than_the_rate():
    assert retail(2000, "108.00", "0.06").earned == D("11469.03")
    for value, amounts, expected in [
        (rule(Percent(D("0.10")), Base.WHOLESALE), {"wholesale": D(108_000)}, "10800.00"),
        (rule(Percent(D("0.13")), Base.FOB), {"fob": D(60_000)}, "7800.00"),
        (rule(PerUnit(D("4.00"), "GBP")), {}, "8000.00"),
    ]:
        sold = line(0, units=2000, amounts=amounts)
        assert calculate(request(terms(rules=(value,)), sold)).earned == D(expected)


@pytest.mark.parametrize(("by_line", "expected"), [(True, "2800.00"), (False, "2560.00")])
def test_e3b_the_greater_of_two(by_line, expected):
    value = GreaterOf(Percent(D("0.08")), PerUnit(D("1.20"), "GBP"), by_line)
    lines = [line(12_000, id="A", units=1000), line(20_000, id="B", units=500)]
    assert calculate(request(terms(rules=(rule(value),)), *lines)).earned == D(expected)


@pytest.mark.parametrize(
    ("mode", "accumulator", "returns", "expected"),
    [
        ("marginal", "term", "recompute", [7200, 7800, 11_600, -4600]),
        ("retroactive", "term", "recompute", [7200, 9800, 16_600, -9600]),
        ("marginal", "statement_period", "first_tier", [7200, 6400, 9000, -3200]),
        ("retroactive", "statement_period", "first_tier", [7200, 6400, 11_000, -3200]),
    ],
)
def test_e4_tiers(mode, accumulator, returns, expected):
    of = terms(rules=(rule(tiers(mode, accumulator, returns=returns)),))
    assert [one.earned for one in quarters(of, 90_000, 80_000, 110_000, -40_000)] == expected


@pytest.mark.parametrize(
    ("test", "payable", "shortfalls"),
    [
        ("separate", [27_000, 20_000, 30_000], [0, 12_000, 0]),
        ("cumulative", [27_000, 13_000, 25_000], [0, 5000, 0]),
        ("term_end", [27_000, 8000, 30_000], [0, 0, 0]),
    ],
)
def test_e5_a_guarantee_crossed_or_not(test, payable, shortfalls):
    of = terms(rules=(rule(Percent(D(1))),), guarantee=Guarantee(D(20_000), GuaranteeTest(test), Proration.FULL))
    state, found = State(), []
    for number, earned in enumerate([27_000, 8000, 30_000]):
        year = 2026 + number
        asked = request(of, line(earned, sold_on=date(year, 5, 5)), begin=date(year, 1, 1), end=date(year, 12, 31), opening=state)  # fmt: skip
        found.append(calculate(asked))
        state = found[-1].closing
    assert [one.royalty_payable for one in found] == payable
    assert [one.shortfall for one in found] == shortfalls


def test_e6_an_advance_burns_down():
    of = terms(rules=(rule(Percent(D(1))),), advance=Advance(D(15_000), restore_on_return=False))
    state, found = State(balances=Balances(unrecouped=D(15_000))), []
    for number, earned in enumerate(["6200.00", "5950.50", "4100.25", "-500.00", "900.00"]):
        day = date(2026, number + 1, 3)
        found.append(calculate(request(of, line(earned, sold_on=day), end=date(2026, 12, 30), opening=state)))
        state = found[-1].closing
    assert [one.recouped for one in found] == [D("6200.00"), D("5950.50"), D("2849.50"), 0, 0]
    assert [one.royalty_payable for one in found] == [0, 0, D("1250.75"), 0, D("400.00")]
    assert [one.closing.balances.unrecouped for one in found] == [D("8800.00"), D("2849.50"), 0, 0, 0]
    assert [one.closing.balances.credit for one in found] == [0, 0, 0, D("-500.00"), 0]


def test_e7_the_marketing_fund_is_not_recouped():
    of = terms(fund=Fund(D("0.02"), taxed=False), advance=Advance(D(15_000), restore_on_return=False))
    found = calculate(request(of, line(105_000), opening=State(balances=Balances(unrecouped=D(15_000)))))
    assert (found.earned, found.fund, found.royalty_payable, found.invoice) == (D(8400), D("2100.00"), 0, D("2100.00"))


@pytest.mark.parametrize(
    ("bearing", "base", "vat", "withheld", "cost", "remitted"),
    [
        ("inclusive", "94339.62", "5660.38", "9433.96", "100000.00", "84905.66"),
        ("net_of_tax", "111111.11", "6666.67", "11111.11", "117777.78", "100000.00"),
        ("exclusive", "100000.00", "6000.00", "10000.00", "106000.00", "90000.00"),
    ],
)
def test_e8_taxes_on_royalties_in_china(bearing, base, vat, withheld, cost, remitted):
    found = taxed(Tax(Bearing(bearing), D("0.06"), D("0.10")), D("100000.00"), currency="CNY")
    assert (found.base, found.vat, found.withheld, found.cost, found.remitted) == tuple(
        D(one) for one in (base, vat, withheld, cost, remitted)
    )


QUOTES = Quotes(
    daily={
        ("CNY", date(2026, 7, 31)): D("9.2710"),
        ("CNY", date(2026, 8, 31)): D("9.2890"),
        ("CNY", date(2026, 9, 30)): D("9.3405"),
        ("CNY", date(2026, 10, 15)): D("9.3662"),
    },
    monthly={
        ("CNY", date(2026, 7, 1)): D("9.2450"),
        ("CNY", date(2026, 8, 1)): D("9.3120"),
        ("CNY", date(2026, 9, 1)): D("9.2785"),
    },
)
QUARTER = [
    line(400_000, id="7", currency="CNY", sold_on=date(2026, 7, 9)),
    line(350_000, id="8", currency="CNY", sold_on=date(2026, 8, 9)),
    line(500_000, id="9", currency="CNY", sold_on=date(2026, 9, 9)),
]
Q3 = {"begin": date(2026, 7, 1), "end": date(2026, 9, 30), "quotes": QUOTES, "statement_date": date(2026, 10, 15)}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("month_average", "10779.24"),
        ("month_end", "10748.37"),
        ("quarter_average_of_monthly", "10777.60"),
        ("average_of_month_ends", "10752.50"),
        ("quarter_last_business_day", "10706.06"),
        ("statement_date", "10676.69"),
    ],
)
def test_e9_the_same_sales_at_six_exchange_rates(method, expected):
    of = terms(fx=Fx(FxMethod(method), FxFallback.REFUSE))
    found = calculate(request(of, *QUARTER, **Q3))
    assert found.earned == D(expected)
    if method == "month_average":
        assert [one.royalty for one in found.lines] == [D("3461.33"), D("3006.87"), D("4311.04")]


def test_e9_the_yen_has_no_cents():
    assert rounded(D("12344.5"), "JPY") == 12_345


def test_e10_largest_remainder():
    third = {"a": D(1), "b": D(1), "c": D(1)}
    assert list(shared_out(D("100.00"), third, unit=CENT).values()) == [D("33.34"), D("33.33"), D("33.33")]
    assert list(shared_out(D("-100.00"), third, unit=CENT).values()) == [D("-33.34"), D("-33.33"), D("-33.33")]
    parts = shared_out(D("0.05"), {"a": D(50), "b": D(30), "c": D(20)}, unit=CENT)
    assert parts == {"a": D("0.03"), "b": D("0.01"), "c": D("0.01")}
    seven = calculate(request(terms(), *(line("12.35", id=f"L{number}") for number in range(7))))
    assert seven.earned == D("6.92")
    assert [one.royalty for one in seven.lines] == [D("0.99")] * 6 + [D("0.98")]
    million = rounded_parts({name: D(1_000_000) / 3 for name in "abc"}, unit=CENT)
    assert sum(million.values()) == D("1000000.00")


def test_e11_a_reserve_held_and_given_back():
    of = terms(rules=(rule(Percent(D(1))),), reserve=Reserve(D("0.15"), (D("0.5"), D("0.5"))))
    found = quarters(of, 10_000, 8000, 9000, 0, 0)
    assert [one.held for one in found] == [1500, 1200, 1350, 0, 0]
    assert [one.released for one in found] == [0, 750, 1350, 1275, 675]
    assert [one.royalty_payable for one in found] == [8500, 7550, 9000, 1275, 675]


def test_e12_a_late_return_at_the_terms_of_its_sale():
    old = Original(left=100, rate=D("0.08"), per_unit=None, fx=D("9.2450"), fund_rate=D(0))
    back = line("-3240.00", id="R", units=-60, currency="CNY", sold_on=date(2026, 9, 9), original="S")
    of = terms(rules=(rule(Percent(D("0.10"))),), fx=Fx(FxMethod.QUARTER_LAST_DAY, FxFallback.REFUSE))
    found = calculate(request(of, back, **Q3, originals={"S": old}))
    assert (found.adjustments, found.earned) == (D("-28.04"), 0)
    # At the terms of today it would have been credited too much.
    assert rounded(D("-3240") * D("0.10") / D("9.3405"), "GBP") == D("-34.69")


def test_e14_sell_off():
    scope = replace(SCOPE, term_until=date(2026, 12, 31), sell_off_days=90, declared_stock={"MUG-1": 1200})
    assert last_day_of_sell_off(scope) == date(2027, 3, 31)
    sold = line(67_500, units=1250, sold_on=date(2027, 2, 1))
    found = calculate(request(terms(scope=scope), sold, begin=date(2027, 1, 1), end=date(2027, 3, 31)))
    assert found.earned == D("5400.00")
    share = found.lines[0].flags[Flag.UNDECLARED_STOCK]
    assert (share * 1250, rounded(found.earned * share, "GBP")) == (50, D("216.00"))
    assert Flag.SELL_OFF in found.lines[0].flags
    late = calculate(request(terms(scope=scope), replace(sold, sold_on=date(2027, 4, 1)), begin=date(2027, 4, 1), end=date(2027, 6, 30)))  # fmt: skip
    assert Flag.AFTER_SELL_OFF in late.lines[0].flags
    assert late.earned == D("5400.00"), "what is sold too late is owed too"


def test_e15_over_the_cap_is_flagged_and_owed():
    scope = replace(SCOPE, unit_caps={"MUG-1": 30_000})
    sold = line(37_800, units=700)
    found = calculate(request(terms(scope=scope), sold, opening=State(sold={"MUG-1": 29_600})))
    share = found.lines[0].flags[Flag.OVER_CAP]
    assert share * 700 == 300
    assert rounded(found.earned * share, "GBP") == D("1296.00")
    assert found.earned == D("3024.00")


def test_e16_the_waterfall():
    shares = [Share("agent", D("0.30"), TakenOf.GROSS), Share("artist", D("0.25"), TakenOf.REMAINDER)]
    parts = waterfall(D("8400.00"), shares, rest_to="museum", currency="GBP")
    assert parts == {"agent": D("2520.00"), "artist": D("1470.00"), "museum": D("4410.00")}
    of_net = [replace(shares[0], of=TakenOf.NET_OF_TAX)]
    assert waterfall(D(8400), of_net, rest_to="museum", tax=D(840), currency="GBP")["agent"] == D("2268.00")


def test_e18_terms_that_change_in_the_middle_of_a_period():
    old, new = terms(), terms(rules=(rule(Percent(D("0.10"))),))
    asked = request(
        old,
        line(600_000, id="A", sold_on=date(2026, 8, 14)),
        line(650_000, id="B", sold_on=date(2026, 8, 15)),
        begin=date(2026, 7, 1),
        end=date(2026, 9, 30),
        versions=(version(old), version(new, 2, date(2026, 8, 15))),
    )
    assert calculate(asked).earned == D("113000.00")


def test_e21_reported_and_calculated():
    found = variance(reported=D("8064.00"), calculated=D("8400.00"), least=D("1.00"), fraction=D("0.005"))
    assert (found.amount, found.percent, found.within) == (D("336.00"), D("4.00"), False)


@pytest.mark.parametrize(
    ("fund_taxed", "withheld", "receipt"), [(False, "925.12", "11013.88"), (True, "1193.90", "10745.10")]
)
def test_e22_a_whole_statement(fund_taxed, withheld, receipt):
    old = Original(left=100, rate=D("0.08"), per_unit=None, fx=D("9.2450"), fund_rate=D("0.02"))
    back = line("-3240.00", id="R", units=-60, currency="CNY", sold_on=date(2026, 9, 9), original="S")
    of = terms(
        fx=Fx(FxMethod.MONTH_AVERAGE, FxFallback.REFUSE),
        advance=Advance(D(5000), restore_on_return=False),
        fund=Fund(D("0.02"), taxed=fund_taxed),
        tax=Tax(Bearing.EXCLUSIVE, D(0), D("0.10")),
    )
    found = calculate(
        request(of, *QUARTER, back, **Q3, originals={"S": old}, opening=State(balances=Balances(unrecouped=D(1500))))
    )
    assert found.earned + found.adjustments == D("10751.20")
    assert (found.recouped, found.royalty_payable) == (D("1500.00"), D("9251.20"))
    assert [one.fund for one in found.lines] == [D("865.33"), D("751.72"), D("1077.76"), D("-7.01")]
    assert (found.fund, found.invoice) == (D("2687.80"), D("11939.00"))
    assert (found.taxes.withheld, found.taxes.remitted) == (D(withheld), D(receipt))
