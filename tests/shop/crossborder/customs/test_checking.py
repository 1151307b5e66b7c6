"""What customs would refuse is found, with a pointer; what is right passes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.customs.checking import check
from shop.crossborder.customs.dated_rules import vague_terms
from shop.crossborder.customs.declaration import References
from tests.shop.crossborder.customs.declared import BUYER, SELLER, declaration, line, replica

FRANCE = replace(BUYER, country="FR", latin=(), phone="", references=References())


def faults(**fields) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in check(declaration(**fields))]


def of_line(**fields) -> list[tuple[str, str]]:
    return faults(lines=(line(**fields),))


def test_a_good_declaration_passes():
    assert faults() == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"hs_code": ""}, ("/lines/0/hs_code", "hs_code")),
        ({"hs_code": "69111"}, ("/lines/0/hs_code", "hs_code")),
        ({"hs_code": "69111000001"}, ("/lines/0/hs_code", "hs_code")),
        ({"hs_code": "6911.10"}, ("/lines/0/hs_code", "hs_code")),
        ({"origin": ""}, ("/lines/0/origin", "origin")),
        ({"net_weight_g": 0}, ("/lines/0/net_weight_g", "not_positive")),
        ({"currency": "EUR"}, ("/lines/0/currency", "currency_mixed")),
        ({"value": Decimal("29.99")}, ("/lines/0/value", "value_sum")),
        ({"reproduction_year": 2027}, ("/lines/0/reproduction_year", "reproduction_year")),
        ({"reproduction_year": 1750}, ("/lines/0/reproduction_year", "reproduction_year")),
    ],
)
def test_a_line_that_is_wrong(fields, expected):
    assert of_line(**fields) == [expected]


@pytest.mark.parametrize("code", ["691110", "6911100010"])
def test_hs_codes_of_six_and_ten_digits_pass(code):
    assert of_line(hs_code=code) == []


def test_nothing_for_nothing():
    assert ("/lines/0/quantity", "not_positive") in of_line(quantity=0)
    assert ("/lines/0/unit_value", "not_positive") in of_line(unit_value=Decimal(0))
    assert ("/lines/0/value", "not_positive") in of_line(unit_value=Decimal(-1))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"lines": ()}, ("/lines", "no_lines")),
        ({"category": "gift"}, ("/category", "not_a_sale")),
        ({"incoterm": "EXW"}, ("/incoterm", "incoterm")),
        ({"incoterm_place": " "}, ("/incoterm_place", "incoterm_place")),
        ({"freight": Decimal("-0.01")}, ("/freight", "negative_amount")),
        ({"gross_weight_g": 1239}, ("/gross_weight_g", "net_above_gross")),
        ({"invoice_number": ""}, ("/invoice_number", "invoice_number")),
        ({"sender": replace(SELLER, name="")}, ("/sender/name", "name_required")),
        ({"addressee": replace(BUYER, lines=(), latin=())}, ("/addressee/lines", "address_required")),
        ({"addressee": replace(BUYER, phone="")}, ("/addressee/phone", "phone_required")),
    ],
)
def test_a_parcel_that_is_wrong(fields, expected):
    assert faults(**fields) == [expected]


def test_gross_weight_may_equal_the_net():
    assert faults(gross_weight_g=1240) == []


def test_most_destinations_want_one_of_telephone_and_email():
    assert faults(addressee=FRANCE) == []
    assert faults(addressee=replace(FRANCE, email="")) == [("/addressee", "contact_required")]
    assert faults(addressee=replace(FRANCE, email="", phone="+33 1")) == []


@pytest.mark.parametrize(
    ("on", "dispatched_from", "refused"),
    [(date(2026, 10, 31), "GB", False), (date(2026, 11, 1), "GB", True), (date(2026, 11, 1), "DE", False)],
)
def test_product_ids_for_the_eu_from_outside_since_november_2026(on, dispatched_from, refused):
    bare = line(merchant_product_id="", manufacturer_product_id="")
    found = faults(addressee=FRANCE, on=on, dispatched_from=dispatched_from, lines=(bare,))
    wanted = [
        ("/lines/0/merchant_product_id", "merchant_product_id_required"),
        ("/lines/0/manufacturer_product_id", "manufacturer_product_id_required"),
    ]
    assert found == (wanted if refused else [])


@pytest.mark.parametrize("text", ["IOSS IM0400000000", "im 040 0000 000", "No. IM-0400000000."])
def test_the_ioss_number_is_kept_from_paper(text):
    assert faults(comments=text) == [("/comments", "ioss_on_paper")]
    assert ("/lines/0/description", "ioss_on_paper") in of_line(description=f"Porcelain mug, {text}")
    assert faults(addressee=replace(BUYER, latin=(*BUYER.latin, text))) == [("/addressee/latin", "ioss_on_paper")]


def test_the_ioss_number_may_be_known():
    assert SELLER.references.ioss
    assert faults() == []
    assert faults(comments="IM040000000 has nine digits") == []


def test_identity_numbers_are_masked():
    bare = References(cn_id_masked="330106199001011234")
    assert ("/addressee/references/cn_id_masked", "unmasked_id") in faults(addressee=replace(BUYER, references=bare))
    assert ("/comments", "unmasked_id") in faults(comments="ID 33010619900101123X")


@pytest.mark.parametrize("term", sorted(vague_terms()))
def test_every_general_word_is_refused_with_its_reason(term):
    for text in (term, term.upper(), f" {term}. ", f"2 × {term}"):
        (fault,) = check(declaration(lines=(line(description=text),)))
        assert fault.code == "description_vague"
        assert vague_terms()[term] in fault.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "description_missing"),
        ("A gift from the museum shop", "description_vague"),
        ("Various gifts & souvenirs", "description_vague"),
        ("Échantillon", "description_vague"),
        ("博物馆纪念品", "description_vague"),
        ("ギフト", "description_vague"),
        ("ｷﾞﾌﾄ", "description_vague"),
        ("お土産の", "description_vague"),
        ("瓷杯", "description_not_english"),
        ("LON-MUG-0001", "description_is_code"),
        ("lon-mug-0001", "description_is_code"),
        ("AB-1234/5", "description_is_code"),
        ("Aldermere Trading", "description_is_brand"),
        ("Mug", "description_short"),
        ("Umbrella", "description_short"),
    ],
)
def test_descriptions_that_say_nothing(text, code):
    assert of_line(description=text) == [("/lines/0/description", code)]


@pytest.mark.parametrize(
    "text", ["Porcelain gift box", "Souvenir mug of stoneware", "Men's cotton shirts", "Wool scarf", "Toy horse, wood"]
)
def test_descriptions_that_say_what_it_is(text):
    assert of_line(description=text) == []


def test_the_local_description_is_looked_at_too():
    assert of_line(description_local="礼品") == [("/lines/0/description_local", "description_vague")]
    assert of_line(description_local="杯") == [("/lines/0/description_local", "description_short")]
    assert of_line(description_local="") == []


@given(st.integers(1, 500), st.decimals("0.01", "9999.99", places=2), st.sampled_from(["0", "0.01", "-0.01"]))
def test_the_value_of_a_line_is_exact(quantity, each, off):
    value = each * quantity + Decimal(off)
    found = faults(lines=(line(quantity=quantity, unit_value=each, value=value),), gross_weight_g=10**6)
    assert (("/lines/0/value", "value_sum") in found) == (off != "0")


def test_totals():
    it = declaration(lines=(line(), replica()))
    assert (it.goods_value, it.total) == (Decimal("56.67"), Decimal("67.37"))
    assert it.net_weight_g == 1240
