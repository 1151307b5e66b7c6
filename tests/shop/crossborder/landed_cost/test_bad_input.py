"""Whatever is wrong with a request is named with a pointer, a code and a sentence; what is unknown makes an estimate."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.landed_cost.answer import Kind, LandedCost, NotDeliverable, Reason
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.json_answer import answer_json
from shop.crossborder.landed_cost.json_request import parse_request
from shop.crossborder.landed_cost.request import MAX_LINES, BadRequest, Incoterm
from shop.crossborder.rulebook.book import RuleBook
from tests.shop.crossborder.landed_cost.purchases import DAY, book, cost, line

FIRST = "/consignments/0/lines/0"


def body(**changes):
    """A good request: a mug to France; ``path=value`` with ``__`` between the names changes it."""
    made = {
        "country": "FR",
        "date": DAY.isoformat(),
        "currency": "EUR",
        "registrations": {"IOSS": "IM3720000224"},
        "consignments": [
            {
                "seller_country": "GB",
                "from_country": "GB",
                "shipping": "9.90",
                "lines": [{"sku": "MUG", "hs": "691200", "origin": "CN", "quantity": 2, "unit_price": "18.00"}],
            }
        ],
    }
    for path, value in changes.items():
        place, *names = path.split("__")
        target = {
            "line": made["consignments"][0]["lines"][0],
            "part": made["consignments"][0],
            "top": made,
        }[place]
        if value is ...:
            del target[names[0]]
        else:
            target[names[0]] = value
    return made


def quote(raw) -> LandedCost:
    return landed_cost(parse_request(raw, today=DAY), book())


def faults(raw) -> set[tuple[str, str]]:
    with pytest.raises(BadRequest) as refused:
        quote(raw)
    assert all(one.message.endswith(".") and len(one.message) > 10 for one in refused.value.faults)
    return {(one.pointer, one.code) for one in refused.value.faults}


def test_the_good_request_is_good():
    assert quote(body()).total == Decimal("58.68")


WRONG = [
    ({"line__origin": ...}, f"{FIRST}/origin", "required"),
    ({"line__origin": "England"}, f"{FIRST}/origin", "invalid"),
    ({"line__hs": ...}, f"{FIRST}/hs", "required"),
    *(
        ({"line__hs": hs}, f"{FIRST}/hs", "invalid")
        for hs in ("000000", "69120", "69120A", "770100", "980100", "990000", "69120000000", "６９１２００")
    ),
    ({"line__unit_price": ...}, f"{FIRST}/unit_price", "required"),
    ({"line__unit_price": "-1"}, f"{FIRST}/unit_price", "negative"),
    ({"line__unit_price": "-0.00"}, f"{FIRST}/unit_price", "negative"),
    ({"line__unit_price": -1}, f"{FIRST}/unit_price", "negative"),
    *(
        ({"line__unit_price": price}, f"{FIRST}/unit_price", "invalid")
        for price in (18.5, True, None, [], {}, "", "NaN", "Infinity", "1e3", "1_000", "1,50", "１８", "9" * 31, 10**40,
                      float("nan"), float("inf"), "9" * 15)
    ),
    *(({"line__quantity": count}, f"{FIRST}/quantity", "invalid") for count in (0, -1, 1.5, "2", True, None, 1_000_001, 10**30)),
    ({"line__discount": "36.01"}, f"{FIRST}/discount", "invalid"),
    ({"line__discount": "-1"}, f"{FIRST}/discount", "negative"),
    *(({"line__weight_g": grams}, f"{FIRST}/weight_g", "invalid") for grams in (-1, 1.5, "300", True, 10**4000)),
    ({"line__flags": "toy"}, f"{FIRST}/flags", "invalid"),
    ({"line__flags": [1]}, f"{FIRST}/flags/0", "invalid"),
    ({"line__origin_proven": "yes"}, f"{FIRST}/origin_proven", "invalid"),
    ({"line__sku": 5}, f"{FIRST}/sku", "invalid"),
    ({"line__sku": "x" * 201}, f"{FIRST}/sku", "invalid"),
    ({"line__sku": "\ud800"}, f"{FIRST}/sku", "invalid"),
    ({"line__colour": "red"}, f"{FIRST}/colour", "unknown"),
    ({"line__a/b~\ud800": "red"}, f"{FIRST}/a~1b~0\\ud800", "unknown"),
    ({"part__lines": {}}, "/consignments/0/lines", "invalid"),
    ({"part__lines": []}, "/consignments/0/lines", "required"),
    ({"part__lines": [None]}, FIRST, "invalid"),
    ({"part__shipping": "-1"}, "/consignments/0/shipping", "negative"),
    ({"part__from_country": ...}, "/consignments/0/from_country", "invalid"),
    ({"part__seller_country": 5}, "/consignments/0/seller_country", "invalid"),
    ({"part__currency": "ZZZ"}, "/consignments/0/currency", "invalid"),
    ({"part__currency": "GBP"}, "/fx", "rate-missing"),
    ({"part__registrations": {"IOSS": "IM0000000001"}}, "/consignments/0/registrations/IOSS", "contradictory"),
    ({"part__bonded": True, "part__route": "postal"}, "/consignments/0/route", "contradictory"),
    ({"top__consignments": ...}, "/consignments", "required"),
    ({"top__consignments": "all"}, "/consignments", "invalid"),
    ({"top__country": ...}, "/country", "invalid"),
    ({"top__country": "fr"}, "/country", "invalid"),
    ({"top__currency": "euro"}, "/currency", "invalid"),
    ({"top__currency": ["EUR"]}, "/currency", "invalid"),
    ({"top__date": "2024-12-31"}, "/date", "out-of-book"),
    ({"top__date": "2031-01-01"}, "/date", "out-of-book"),
    *(({"top__date": day}, "/date", "invalid") for day in ("2026-02-30", "20261122", "2026-W47-7", 20261122, "today")),
    ({"top__incoterm": "EXW"}, "/incoterm", "invalid"),
    ({"top__incoterm": []}, "/incoterm", "invalid"),
    ({"top__prices_include_tax": "no"}, "/prices_include_tax", "invalid"),
    ({"top__bought_this_year": "-5"}, "/bought_this_year", "negative"),
    ({"top__fx": []}, "/fx", "invalid"),
    ({"top__fx": {"on": "2026-11-20"}}, "/fx/per_eur", "required"),
    ({"top__fx": {"per_eur": {"GBP": "0.88"}}}, "/fx/on", "required"),
    *(
        ({"top__fx": {"on": "2026-11-20", "per_eur": {"GBP": rate}}}, "/fx/per_eur/GBP", code)
        for rate, code in (("0", "invalid"), (0.88, "invalid"), ("-1", "negative"), ("1000000001", "invalid"), (None, "invalid"))
    ),
    ({"top__fx": {"on": "2026-11-20", "per_eur": {"gbp": "0.88"}}}, "/fx/per_eur/gbp", "invalid"),
    ({"top__fx": {"on": "2026-11-20", "per_eur": {"EUR": "2"}}}, "/fx/per_eur/EUR", "invalid"),
    ({"top__registrations": []}, "/registrations", "invalid"),
    ({"top__registrations": {"VAT": "1"}}, "/registrations/VAT", "unknown"),
    ({"top__registrations": {"IOSS": 5}}, "/registrations/IOSS", "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "pointer", "code"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_named(changes, pointer, code):
    assert (pointer, code) in faults(body(**changes))


@pytest.mark.parametrize("raw", [None, [], "text", 5, 1.5, True])
def test_what_is_no_object_is_refused(raw):
    assert ("/", "invalid") in faults(raw)


NUMBERS = [
    ("IOSS", "IM3720000224", ["IN3720000224", "IM372000022", "IM37200002244", "im3720000224", "IM372000022٤"]),
    ("GB_VAT", "GB123456789", ["123456789", "GB12345678", "XI123456789"]),
    ("GB_VAT", "GB123 4567 89", []),
    ("XI_VAT", "XI123456789", ["GB123456789"]),
    ("EU_VAT", "FR12345678901", ["12345678901"]),
    ("EU_OSS", "EU372000022", ["?"]),
    ("VOEC", "2024567", ["202456", "20245678", "VOEC2024567"]),
    ("AU_ARN", "300123456789", ["30012345678"]),
    ("AU_ABN", "51 824 753 556", ["518247535560"]),
    ("NZ_GST", "49-091-850", ["4909185"]),
    ("NZ_GST", "123456789", ["1234567890"]),
    ("SG_GST", "M90312345A", ["12345"]),
    ("CH_VAT", "CHE-123.456.789 MWST", ["CHE-12.456.789", "123456789"]),
    ("CN_CBEC", "310122A00X", ["310122A00", "310122A00XY", "310122a00x"]),
    ("CN_PLATFORM", "4403660001", ["440366"]),
]


@pytest.mark.parametrize(("kind", "good", "bad"), NUMBERS)
def test_a_registration_has_the_form_of_its_kind(kind, good, bad):
    assert parse_request(body(top__registrations={kind: good}), today=DAY).consignments[0].registrations
    for number in bad:
        assert (f"/registrations/{kind}", "invalid") in faults(body(top__registrations={kind: number}))


def test_an_intermediarys_number_is_refused_by_name():
    with pytest.raises(BadRequest, match="intermediary"):
        quote(body(top__registrations={"IOSS": "IN3720000224"}))


def test_two_hundred_lines_are_quoted_and_one_more_is_refused():
    one = body()["consignments"][0]["lines"][0]
    assert len(quote(body(part__lines=[one] * MAX_LINES)).lines) == MAX_LINES
    assert faults(body(part__lines=[one] * (MAX_LINES + 1))) == {("/consignments", "too-many-lines")}


def test_a_discount_may_take_the_whole_price_and_no_more():
    assert quote(body(line__discount="36.00")).goods == 0
    assert faults(body(line__discount="36.01")) == {(f"{FIRST}/discount", "invalid")}


def test_the_largest_amounts_are_exact_or_refused():
    largest = body(line__unit_price="99999999999999.99", line__quantity=1, top__country="GB", top__currency="GBP")
    found = quote(largest)
    assert found.total == Decimal("99999999999999.99") + Decimal("9.90") + found.tax
    assert found.tax == Decimal("20000000000001.98")
    rates = {"on": "2026-11-20", "per_eur": {"GBP": "0.000001", "KRW": "1000000000"}}
    huge = largest | {"currency": "KRW", "fx": rates}
    huge["consignments"][0]["currency"] = "GBP"
    assert faults(huge) == {("/consignments", "too-large")}


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal(-1)])
def test_the_engine_itself_refuses_what_is_no_amount(amount):
    for wrong in ({"shipping": str(amount)}, {"bought_this_year": amount}):
        with pytest.raises(BadRequest):
            cost("FR", "EUR", line("691200", "5"), **wrong)
    for field in ("unit_price", "discount"):
        with pytest.raises(BadRequest):
            cost("FR", "EUR", line("691200", "5")._replace(**{field: amount}))


@pytest.mark.parametrize(
    ("args", "more", "reason", "about"),
    [
        (("BR", "EUR", line("691200", "18")), {}, Reason.COUNTRY_WITHOUT_RULES, "BR"),
        (("FR", "EUR", line("851712", "400")), {}, Reason.DUTY_RULE_MISSING, "851712"),
        (("FR", "EUR", line("491191", "18")), {"postcode": "98713"}, Reason.PROCEDURE_MISSING, "FR-COM"),
        (("FR", "EUR", line("491191", "18")), {"postcode": "98713"}, Reason.TAX_RULE_MISSING, "491191"),
        (("JP", "JPY", line("490199", "16000")), {"on": date(2028, 4, 1)}, Reason.RULE_UNCONFIRMED, ""),
        (("FR", "EUR", line("491191", "18")), {"on": date(2026, 11, 25)}, Reason.EXCHANGE_RATE_OLD, "2026-11-20"),
    ],
)  # fmt: skip
def test_what_is_not_known_makes_an_estimate_that_says_so(args, more, reason, about):
    priced = {"priced_in": "GBP"} if reason is Reason.EXCHANGE_RATE_OLD else {}
    found = cost(*args, **more, **priced)
    assert (found.kind, found.incoterm) == (Kind.ESTIMATE, Incoterm.DAP)
    assert (reason, about) in {(one.code, one.about) for one in found.reasons}
    assert found.payable_on_delivery == found.duty + found.tax + found.fees


def test_a_lapsed_rule_is_named():
    rows = dict(book().rows)
    rows["taxes"] = tuple(
        replace(row, valid_to=date(2026, 10, 31)) if row.key == "nz-gst-standard" else row for row in rows["taxes"]
    )
    found = cost("NZ", "NZD", line("691200", "1200"), of=RuleBook(rows))
    assert (Reason.RULE_EXPIRED, "nz-gst-standard") in {(one.code, one.rule) for one in found.reasons}


@pytest.mark.parametrize("registered", [[], ["VOEC"], ["EU_OSS", "GB_VAT", "IOSS"]])
def test_a_registration_that_does_not_fit_changes_nothing_but_never_the_duty(registered):
    plain, found = (cost("FR", "EUR", line("621410", "100"), registered=one) for one in ([], registered))
    assert (found.duty, found.tax, found.total) == (plain.duty, plain.tax, plain.total)
    assert found.consignments[0].collected_at_sale == ("IOSS" in registered)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLACES = [(place, name) for place in ("top", "part", "line") for name in (
    "country", "postcode", "region", "date", "currency", "prices_include_tax", "incoterm", "fx", "registrations",
    "bought_this_year", "consignments", "seller_country", "from_country", "shipping", "bonded", "route", "lines", "sku",
    "hs", "origin", "category", "quantity", "unit_price", "discount", "weight_g", "flags", "origin_proven",
)]  # fmt: skip


@given(st.sampled_from(PLACES), JSON)
def test_any_json_anywhere_is_answered(where, value):
    """A quote, faults or refusals; and each can be written as JSON in UTF-8."""
    place, name = where
    try:
        shown = answer_json(quote(body(**{f"{place}__{name}": value})), book())
    except BadRequest as refused:
        shown = [one._asdict() for one in refused.faults]
        assert shown
    except NotDeliverable as refused:
        shown = [one._asdict() for one in refused.refusals]
        assert shown
    json.dumps(shown, ensure_ascii=False).encode()
