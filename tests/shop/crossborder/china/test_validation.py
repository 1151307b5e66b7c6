"""What customs would refuse is found before it is sent, and named."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.china import payloads
from shop.crossborder.china.documents import Consignee, Item
from shop.crossborder.china.validation import request_faults
from shop.orders.china_filing import split_evenly
from tests.shop.crossborder.china.facts import request


def pointers(filing) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in request_faults(filing)}


def test_a_sound_sale_has_no_fault():
    assert request_faults(request()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"paid": Decimal("449.50")}, ("/order/acturalPaid", "sum")),
        ({"paid": Decimal("449.48")}, ("/order/acturalPaid", "sum")),
        ({"goods": Decimal("366.99"), "paid": Decimal("449.48")}, ("/order/goodsValue", "sum")),
        ({"currency": "GBP"}, ("/order/currency", "currency")),
        ({"buyer_telephone": ""}, ("/order/buyerTelephone", "required")),
        ({"buyer_telephone": "1" * 31}, ("/order/buyerTelephone", "length")),
        ({"consignee": Consignee("王", "1", "一\n二")}, ("/order/consigneeAddress", "characters")),
        ({"freight": Decimal(-1)}, ("/order/freight", "number")),
        ({"tax": Decimal("37.495"), "paid": Decimal("449.495")}, ("/order/taxTotal", "cents")),
        ({"items": ()}, ("/order/items", "required")),
        ({"items": (Item("A", "杯", 1, Decimal(367), "999", "303"),)}, ("/order/items/0/unit", "code")),
        ({"items": (Item("A", "杯", 1, Decimal(367), "011", ""),)}, ("/order/items/0/country", "required")),
        ({"items": (Item("A", "杯" * 251, 1, Decimal(367), "011", "303"),)}, ("/order/items/0/itemName", "length")),
    ],
)
def test_each_fault_names_its_field(changes, expected):
    assert expected in pointers(request(**changes))


def test_lengths_end_where_the_specification_ends_them():
    assert request_faults(request("V" * 55, buyer_telephone="1" * 30)) == []
    assert ("/order/orderNo", "length") in pointers(request("V" * 61))


def test_documents_must_speak_of_one_sale():
    sound = request()
    cases = {
        ("/payment/amountPaid", "mismatch"): replace(sound, payment=replace(sound.payment, paid=Decimal("449.48"))),
        ("/payment/orderNo", "mismatch"): replace(sound, payment=replace(sound.payment, order_no="X")),
        ("/logistics/orderNo", "mismatch"): replace(sound, logistics=replace(sound.logistics, order_no="X")),
        ("/logistics/weight", "number"): replace(sound, logistics=replace(sound.logistics, weight=Decimal(0))),
        ("/logistics/consignee", "mismatch"): replace(
            sound, logistics=replace(sound.logistics, consignee=Consignee("李四", "1", "x"))
        ),
        ("/payer_ref", "payer_is_not_buyer"): replace(sound, payer_ref="li"),
    }
    for expected, filing in cases.items():
        assert expected in pointers(filing), expected


@pytest.mark.parametrize(
    ("paid", "pieces", "over"), [("5000.00", 2, False), ("5000.01", 2, True), ("5000.01", 1, False)]
)
def test_one_transaction_ends_at_5000_unless_it_is_one_thing(paid, pieces, over):
    amount = Decimal(paid)
    items = tuple(Item("A", "杯", quantity, price, "011", "303") for quantity, price in split_evenly(amount, pieces))
    filing = request(goods=amount, freight=Decimal(0), tax=Decimal(0), paid=amount, items=items)
    assert (("/order/acturalPaid", "transaction_limit") in pointers(filing)) is over


CENTS = st.integers(min_value=1, max_value=2_000_000).map(lambda cents: Decimal(cents) / 100)


@given(amount=CENTS, quantity=st.integers(min_value=1, max_value=99))
def test_pieces_add_up_to_the_cent(amount, quantity):
    pairs = split_evenly(amount, quantity)
    assert sum(pieces for pieces, _price in pairs) == quantity
    assert sum((pieces * price for pieces, price in pairs), Decimal(0)) == amount
    assert all(price == price.quantize(Decimal("0.01")) and price >= 0 for _pieces, price in pairs)
    assert len(pairs) <= 2


@given(lines=st.lists(st.tuples(CENTS, st.integers(1, 9)), min_size=1, max_size=4), freight=CENTS, tax=CENTS)
def test_whatever_is_bought_amounts_match_to_the_cent_and_survive_keeping(lines, freight, tax):
    items = tuple(
        Item("A", "杯", pieces, price, "011", "303")
        for amount, quantity in lines
        for pieces, price in split_evenly(amount, quantity)
    )
    goods = sum((amount for amount, _quantity in lines), Decimal(0))
    filing = request(goods=goods, freight=freight, tax=tax, paid=goods + freight + tax, items=items)
    assert {fault.code for fault in request_faults(filing)} <= {"transaction_limit"}
    assert payloads.to_order(payloads.from_order(filing.order)) == filing.order
    assert payloads.to_payment(payloads.from_payment(filing.payment)) == filing.payment
    assert payloads.to_logistics(payloads.from_logistics(filing.logistics)) == filing.logistics
