"""What holds for every purchase: sums, whole minor units, thresholds over the whole, the same answer every time."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shop.crossborder.landed_cost.answer import Kind, LandedCost, NotDeliverable, StepCode
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.money import apportion, minor_unit
from shop.crossborder.landed_cost.request import Consignment, Incoterm, Line, Request
from shop.crossborder.rulebook.book import RuleBook
from tests.shop.crossborder.landed_cost.purchases import FX, book

GOODS = ("490199", "490300", "491191", "621410", "610910", "691200", "69111045", "392640", "711319", "3406001000",
         "950300", "970121", "482010", "851712")  # fmt: skip
# Country, region or postcode, currency; FR-COM, ES-CN and BR are without rules of some kind or of all.
PLACES = (
    ("FR", "75001", "EUR"), ("DE", "10115", "EUR"), ("IT", "00118", "EUR"), ("RO", "010011", "RON"), ("ES", "35001", "EUR"),
    ("GB", "SW1A1AA", "GBP"), ("GB", "BT11AA", "GBP"), ("US", "10001", "USD"), ("CN", "100000", "CNY"),
    ("JP", "1000001", "JPY"), ("KR", "03000", "KRW"), ("AU", "2000", "AUD"), ("NZ", "6011", "NZD"), ("CA", "M5V3L9", "CAD"),
    ("CA", "H2Y1C6", "CAD"), ("CH", "8001", "CHF"), ("NO", "0150", "NOK"), ("SG", "018956", "SGD"), ("HK", "", "USD"),
    ("BR", "01000", "USD"), ("FR", "98713", "EUR"),
)  # fmt: skip
KINDS = ("IOSS", "EU_OSS", "GB_VAT", "VOEC", "AU_ARN", "NZ_GST", "SG_GST", "CN_CBEC")
# A day in each period of the book.
DAYS = ("2025-01-01", "2025-08-29", "2026-01-01", "2026-03-01", "2026-07-01", "2026-07-24", "2026-11-22", "2028-04-01",
        "2028-07-01", "2030-12-31")  # fmt: skip
UNITS_PER_EURO = {code: int(rate) or 1 for code, rate in FX.per_eur.items()}


def money(currency: str, most: int) -> st.SearchStrategy[Decimal]:
    """Amounts in whole minor units, up to so many euros' worth."""
    unit = minor_unit(currency)
    return st.integers(0, int(most * UNITS_PER_EURO[currency] / unit)).map(lambda count: count * unit)


@st.composite
def lines(draw, currency: str, most: int = 300) -> Line:
    price, quantity = draw(money(currency, most)), draw(st.integers(1, 12))
    discount = draw(st.sampled_from([Decimal(0), price, price * quantity]))
    return Line(
        sku=draw(st.sampled_from("ABCDE")),
        hs=draw(st.sampled_from(GOODS)),
        origin=draw(st.sampled_from(["GB", "CN", "IT", "US", "BD", "MX"])),
        quantity=quantity,
        unit_price=price,
        discount=discount,
        weight_g=draw(st.integers(0, 2000)),
        flags=draw(st.sampled_from([frozenset(), frozenset({"toy"}), frozenset({"textile", "battery"})])),
        origin_proven=draw(st.booleans()),
    )


@st.composite
def purchases(draw, places=PLACES, senders=("GB", "FR", "US", "CN", "HK", "XI"), most: int = 300, **fixed) -> Request:
    country, postcode, currency = draw(st.sampled_from(places))
    priced_in = draw(st.sampled_from([currency, "GBP"]))
    registrations = dict.fromkeys(draw(st.sets(st.sampled_from(KINDS))), "a number")
    parts = draw(st.lists(st.lists(lines(priced_in, most), min_size=1, max_size=3), min_size=1, max_size=2))
    facts = {
        "prices_include_tax": draw(st.booleans()),
        "incoterm": draw(st.sampled_from(Incoterm)),
        "on": date.fromisoformat(draw(st.sampled_from(DAYS))),
    }
    return Request(
        country=country,
        postcode=postcode,
        currency=currency,
        fx=FX,
        consignments=tuple(
            Consignment(tuple(part), draw(money(priced_in, 40)), priced_in, "GB", draw(st.sampled_from(senders)),
                        registrations)
            for part in parts
        ),
        **facts | fixed,
    )  # fmt: skip


def answer(request: Request, of: RuleBook | None = None) -> LandedCost | None:
    """Return the answer; None where the goods may not go there."""
    try:
        return landed_cost(request, of or book())
    except NotDeliverable as refused:
        if not refused.refusals:
            raise
        return None


def answered(request: Request) -> LandedCost:
    found = answer(request)
    assume(found is not None)
    assert found is not None
    return found


PARTS = ("goods", "shipping", "duty", "tax", "fees", "tax_in_prices", "due_duty", "due_tax", "due_fees")


@given(purchases())
def test_the_parts_add_up_to_the_total_in_whole_minor_units(request_):
    found = answered(request_)
    unit = minor_unit(found.currency)
    assert found.total == found.goods + found.shipping + found.duty + found.tax + found.fees - found.tax_in_prices
    assert found.payable_now + found.payable_on_delivery == found.total
    assert found.payable_on_delivery == found.due_duty + found.due_tax + found.due_fees
    for name in PARTS:
        amounts = [getattr(one, name) for one in found.consignments]
        assert getattr(found, name) == sum(amounts, Decimal(0))
        assert all(amount >= 0 and amount % unit == 0 for amount in amounts)
    assert min(found.total, found.payable_now, found.payable_on_delivery) >= 0
    for one in found.consignments:
        for name in ("goods", "shipping", "duty", "tax"):
            amounts = [getattr(line, name) for line in one.lines]
            assert getattr(one, name) == sum(amounts, Decimal(0))
            assert all(amount >= 0 and amount % unit == 0 for amount in amounts)


@given(purchases())
def test_steps_explain_duty_tax_and_fees(request_):
    found = answered(request_)
    duties = {
        StepCode.DUTY,
        StepCode.PREFERENCE,
        StepCode.ADDITIONAL_DUTY,
        StepCode.DUTY_PER_ITEM,
        StepCode.DUTY_WAIVED,
    }
    for codes, amount in (
        (duties, found.duty),
        ({StepCode.TAX, StepCode.TAX_WAIVED}, found.tax),
        ({StepCode.FEE}, found.fees),
    ):
        assert sum((step.amount for step in found.steps if step.code in codes), Decimal(0)) == amount


@given(purchases())
def test_an_estimate_has_reasons_and_leaves_imports_to_the_door(request_):
    found = answered(request_)
    assert (found.kind is Kind.ESTIMATE) == bool(found.reasons)
    if found.kind is Kind.ESTIMATE and any(one.imported for one in found.consignments):
        assert found.incoterm is Incoterm.DAP
    if found.incoterm is Incoterm.DAP:
        assert found.due_duty == sum((one.duty for one in found.consignments if one.imported), Decimal(0))
    else:
        assert found.payable_on_delivery == 0


@given(purchases(prices_include_tax=True, incoterm=Incoterm.DDP))
def test_prices_that_contain_the_tax_are_charged_as_given(request_):
    found = answered(request_)
    assume(found.incoterm is Incoterm.DDP)
    unit = minor_unit(found.currency)
    charged = Decimal(0)
    for one in request_.consignments:
        rate = FX.rate(one.currency, found.currency)
        charged += (one.shipping * rate).quantize(unit, "ROUND_HALF_UP")
        for line in one.lines:
            charged += ((line.unit_price * line.quantity - line.discount) * rate).quantize(unit, "ROUND_HALF_UP")
    assert found.goods + found.shipping == charged
    assert found.total >= charged


@given(purchases())
def test_no_tax_is_silently_zero(request_):
    found = answered(request_)
    unit = minor_unit(found.currency)
    excused = {(s.consignment, s.line) for s in found.steps if s.code in {StepCode.NO_TAX, StepCode.TAX_WAIVED}}
    doubted = {one.about for one in found.reasons if one.code in {"tax_rule_missing", "rule_expired"}}
    for number, one in enumerate(found.consignments):
        for position, line in enumerate(one.lines):
            asked = request_.consignments[number].lines[position]
            if line.tax or line.tax_rate == 0 or {(number, position), (number, -1)} & excused or asked.hs in doubted:
                continue
            # What is left is too little for the rate to make half a minor unit of it.
            steps = [s for s in found.steps if (s.code, s.consignment, s.line) == (StepCode.TAX, number, position)]
            assert steps
            assert all(step.base * step.rate < unit for step in steps)


@given(purchases(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_rounding_alone(request_, chance):
    found = answered(request_)
    shuffled = request_._replace(
        consignments=tuple(
            one._replace(lines=tuple(chance.sample(one.lines, len(one.lines)))) for one in request_.consignments
        )
    )
    again = answered(shuffled)
    slack = minor_unit(found.currency) * sum(len(one.lines) for one in found.consignments)
    # Delivery is shared out by rounding; a sum that lies on a threshold may fall on its other side by that.
    assume([s.code for s in found.steps if s.line < 0] == [s.code for s in again.steps if s.line < 0])
    assume(sorted(s.code for s in found.steps if s.line >= 0) == sorted(s.code for s in again.steps if s.line >= 0))
    assert (found.kind, found.incoterm) == (again.kind, again.incoterm)
    for name in ("duty", "tax", "fees", "total"):
        assert abs(getattr(found, name) - getattr(again, name)) <= slack


COPY = RuleBook.from_json(book().as_json())


@given(purchases())
def test_the_same_book_gives_the_same_answer(request_):
    assert COPY.digest == book().digest
    assert answer(request_) == answer(request_) == answer(request_, COPY)


NOTED = {StepCode.WITHIN, StepCode.BEYOND}


@given(purchases(), st.integers(1, 20))
def test_more_goods_cost_more_within_one_regime(request_, more):
    # Without delivery: more of goods with a low rate would draw it away from others with a higher one.
    request_ = request_._replace(consignments=tuple(one._replace(shipping=Decimal(0)) for one in request_.consignments))
    found = answered(request_)
    first, *others = request_.consignments
    bigger = first.lines[0]._replace(quantity=first.lines[0].quantity + more)
    grown = answered(request_._replace(consignments=(first._replace(lines=(bigger, *first.lines[1:])), *others)))

    def regime(one):
        return {(s.code, s.rule, s.consignment, s.line) for s in one.steps if s.code in NOTED}, [
            part.route for part in one.consignments
        ]

    assume(regime(found) == regime(grown))
    slack = minor_unit(found.currency) * sum(len(one.lines) for one in found.consignments)
    assert grown.total + slack >= found.total
    assert grown.duty + slack >= found.duty


@given(st.integers(0, 500), st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_delivery_is_shared_out_whole_and_never_below_zero(cents, weights):
    cent = Decimal("0.01")
    amount, values = cents * cent, [Decimal(one) for one in weights]
    shares = apportion(amount, values, cent)
    assert sum(shares, Decimal(0)) == amount
    assert all(share >= 0 and share % cent == 0 for share in shares)
    whole = sum(values) or Decimal(len(values))
    for share, value in zip(shares, values if any(values) else [Decimal(1)] * len(values), strict=True):
        assert abs(share - amount * value / whole) <= cent


# Countries with limits on the purchase, and about how many euros of goods lie near them.
LIMITED = {"FR": (0, 60), "DE": (1, 60), "GB": (5, 60), "XI": (6, 60), "KR": (10, 60), "CN": (8, 4), "CH": (15, 20)}


@pytest.mark.parametrize(("place", "most"), LIMITED.values(), ids=LIMITED)
@given(data=st.data())
def test_two_parcels_are_never_taxed_less_than_one(place, most, data):
    """Thresholds look at the purchase: whoever splits an order saves nothing."""
    whole = data.draw(purchases(places=(PLACES[place],), senders=("US",), most=most, prices_include_tax=False))
    lines_ = tuple(line for one in whole.consignments for line in one.lines)
    shipping = sum((one.shipping for one in whole.consignments), Decimal(0))
    assume(len(lines_) > 1)
    first = whole.consignments[0]
    at = data.draw(st.integers(1, len(lines_) - 1))
    value = sum((line.unit_price * line.quantity - line.discount for line in lines_), Decimal(0))
    assume(value)  # delivery of free goods is shared out by lines, not by value
    near = sum((line.unit_price * line.quantity - line.discount for line in lines_[:at]), Decimal(0))
    unit = minor_unit(first.currency)
    share = (shipping * near / value).quantize(unit)
    together = answered(whole._replace(consignments=(first._replace(lines=lines_, shipping=shipping),)))
    split = answered(
        whole._replace(
            consignments=(
                first._replace(lines=lines_[:at], shipping=share),
                first._replace(lines=lines_[at:], shipping=shipping - share),
            )
        )
    )
    assume({one.route for one in together.consignments} == {one.route for one in split.consignments})
    slack = minor_unit(whole.currency) * (2 * len(lines_) + 2) + FX.rate(first.currency, whole.currency) * unit
    assert split.duty + split.tax + slack >= together.duty + together.tax
