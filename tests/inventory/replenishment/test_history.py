"""Reading a sales history: what each line is, and what a file that is none says."""

from decimal import Decimal

import pytest

from inventory.replenishment.history import HistoryError, country_of, invoices, sku_of

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def read(*rows: str, skip: int = 0):
    return list(invoices([HEAD, *(f"{row}\n" for row in rows)], skip=skip))


def test_lines_of_one_invoice_come_together_with_their_places_in_the_file():
    found = read(
        "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
        "536365,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom",
        "C536379,85123A,HEART,-1,2010-12-01 09:41:00,2.55,17850.0,EIRE",
    )
    assert [(one.number, one.first, one.last, one.customer, one.country) for one in found] == [
        ("536365", 1, 2, "17850", "GB"),
        ("C536379", 3, 3, "17850", "IE"),
    ]
    assert found[0].lines[1].unit_price == Decimal("3.39")
    assert found[0].sold_at.isoformat() == "2010-12-01T08:26:00+00:00"
    assert found[1].is_cancellation


def test_reading_goes_on_after_the_lines_that_are_done():
    rows = [f"{number},A{number},X,1,2010-12-01 08:26:00,1,,France" for number in range(5)]
    assert [one.first for one in read(*rows, skip=3)] == [4, 5]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,POST,POSTAGE,1,2010-12-01 08:26:00,18,,France", "postage"),
        ("1,DOT,DOTCOM POSTAGE,1,2010-12-01 08:26:00,18,,France", "postage"),
        ("1,M,Manual,1,2010-12-01 08:26:00,18,,France", "manual entry"),
        ("1,gift_0001_20,Voucher,1,2010-12-01 08:26:00,18,,France", "gift voucher"),
        ("1,22423,found,-5,2010-12-01 08:26:00,0,,France", "stock adjustment"),
        ("1,22423,free,5,2010-12-01 08:26:00,0,,France", "not sold (no price)"),
        ("1,22423,none,0,2010-12-01 08:26:00,1,,France", "no units"),
        ("C1,22423,odd,5,2010-12-01 08:26:00,1,,France", "a cancellation with units that were not taken back"),
        ("1,22423,huge,1000001,2010-12-01 08:26:00,1,,France", "more than 1,000,000 units"),
        ("1,22423,fine,5,2010-12-01 08:26:00,1,,France", ""),
    ],
)
def test_what_is_no_sale_of_goods_is_skipped_with_its_reason(row, reason):
    assert read(row)[0].lines[0].skipped == reason


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,22423,X,six,2010-12-01 08:26:00,1,,France", "line 2: quantity 'six'"),
        ("1,22423,X,1.5,2010-12-01 08:26:00,1,,France", "line 2: quantity '1.5'"),
        ("1,22423,X,1,yesterday,1,,France", "line 2: 'yesterday' is no date"),
        ("1,22423,X,1,2010-12-01 08:26:00,dear,,France", "price 'dear'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(row, said):
    with pytest.raises(HistoryError, match=said):
        read("0,22423,X,1,2010-12-01 08:26:00,1,,France", row)


def test_a_file_without_a_column_is_refused():
    with pytest.raises(HistoryError, match="no column Quantity, Country"):
        list(invoices(["InvoiceNo,StockCode,Description,InvoiceDate,UnitPrice,CustomerID\n", "1,2,3,4,5,6\n"]))


def test_codes_become_skus_and_old_country_names_iso_codes():
    assert [sku_of(code) for code in ("85123a", " DCGS0003 ", "a_b/c")] == ["85123A", "DCGS0003", "A-B-C"]
    assert [country_of(name) for name in ("RSA", "EIRE", "Channel Islands", "")] == [
        "ZA",
        "IE",
        "Channel Islands",
        "Unspecified",
    ]
