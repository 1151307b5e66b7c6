"""An order gets one invoice, with the next number of its seller; it is frozen, and says what the law wants."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error

from shop.models import DocumentCounter, Invoice, MarketWarehouse, Order
from shop.orders import actions as orders
from shop.orders.documents import invoicing
from shop.orders.documents.invoicing import NothingToInvoice, invoice_for
from shop.orders.documents.papers import invoice_pdf
from shop.orders.documents.reading import NoSeller
from tests import factories as make
from tests.shop.orders.documents.invoiced import mug, paid, said, seller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    seller()


def test_an_order_has_one_invoice_however_often_it_is_asked_for():
    order = paid((mug(), 2))
    first = invoice_for(order)
    assert invoice_for(order) == first
    year = first.issued_at.year
    assert (first.number, first.sequence, first.year) == (f"VML-{year}-000001", 1, year)
    assert (first.total, first.currency, first.language) == (order.total, "GBP", "en")
    assert first.net + first.tax == first.total
    assert Order.objects.get(pk=order.pk).invoiced
    assert invoice_for(paid((mug("MUG-2"), 1))).number == f"VML-{year}-000002"


def test_a_home_order_says_what_article_226_wants():
    order = paid((mug(), 2))
    text = said(invoice_for(order))
    for part in ("Invoice", "Test Trading Ltd", "1 Bell Yard", "VAT no. GB123456789", "Ada Byron", order.number,
                 "Mug MUG-1", "20%", "£40.95", "£34.12", "£6.83", "Paid in full"):  # fmt: skip
        assert part in text
    assert "export" not in text.lower()


@pytest.mark.parametrize(
    ("market", "country", "language", "stock", "parts", "never"),
    [
        ("fr", "FR", "fr", {"LIL": 5}, ("Facture", "TVA", "20 %", "Prix unitaire HT", "France"), ("exonér",)),
        ("fr", "FR", "fr", {"LON": 5}, ("guichet unique pour les importations", "Droits de douane"), ("IM37",)),
        ("cn", "CN", "zh-hans", {"LON": 5}, ("发票", "马克杯", "王小明", "零税率", "代您向海关缴纳"), ()),
        ("jp", "JP", "ja", {"LON": 5}, ("請求書", "マグ", "輸出免税", "本請求書に含まれていません", "¥7,300"), ()),
        ("ch", "CH", "fr", {"LON": 5}, ("taux zéro", "Zürich"), ()),
        ("gb", "GB", "ja", {"LON": 5}, ("請求書", "VAT番号 GB123456789"), ("輸出",)),
    ],
)
def test_each_route_has_its_sentence_in_the_language_of_the_order(market, country, language, stock, parts, never):
    MarketWarehouse.objects.get_or_create(market=make.market(market), warehouse=make.warehouse(), defaults={"rank": 9})
    invoice = invoice_for(paid((mug(stock_at=stock), 2), market=market, country=country, language=language))
    text = said(invoice).replace("￥", "¥")
    for part in parts:
        assert part.replace(" ", "") in text.replace(" ", "").replace("\u00a0", "")
    for part in never:
        assert part not in text
    assert "IM3720000224" not in str(invoice.content)


def test_the_pdf_is_made_from_the_frozen_content_alone():
    order = paid((mug(), 1))
    invoice = invoice_for(order)
    before = invoice_pdf(invoice)
    order.lines.update(name="Something else")
    order.market.seller.legal_name = "Another Ltd"
    order.market.seller.save()
    invoice.refresh_from_db()
    assert invoice_pdf(invoice) == before


def test_what_is_issued_is_never_changed():
    invoice = invoice_for(paid((mug(), 1)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for verb in (
        lambda: Invoice.objects.update(number="X"),
        invoice.delete,
        lambda: connection.cursor().execute("TRUNCATE shop_invoice CASCADE"),
    ):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            verb()


def test_a_second_invoice_of_an_order_is_refused_by_the_database():
    invoice = invoice_for(paid((mug(), 1)))
    invoice.pk, invoice.sequence, invoice.number = None, 2, "VML-2"
    with pytest.raises(IntegrityError, match="invoice_one_an_order"), transaction.atomic():
        invoice.save(force_insert=True)


def test_who_has_no_invoice():
    unpaid = make.basket((mug(), 1))
    from shop.checkout import actions as checkout

    placed = checkout.place_order(
        basket=unpaid, email="a@example.org", ship_to=make.address(), shipping_option="standard", cause_key="unpaid"
    ).order
    with pytest.raises(NothingToInvoice, match="not paid"):
        invoice_for(placed)
    sold = paid((mug("MUG-2"), 1))
    Order.objects.filter(pk=sold.pk).update(channel="tmall")
    with pytest.raises(NothingToInvoice, match="tmall"):
        invoice_for(sold)
    Order.objects.filter(pk=sold.pk).update(channel="web", market=None)
    with pytest.raises(NoSeller):
        invoice_for(sold)
    orders.cancel_unpaid(order_id=placed.id, actor="test", cause="test")
    orders.mark_paid(order_id=placed.id, actor="test", cause="late")
    with pytest.raises(NothingToInvoice, match="without stock"):
        invoice_for(placed)
    assert not Invoice.objects.exists()
    assert not DocumentCounter.objects.exists()


def test_the_sweep_finds_what_is_missing_and_goes_on_past_what_cannot_be_written():
    first, broken, third = (paid((mug(f"MUG-{number}"), 1)) for number in range(3))
    broken.lines.update(tax=Decimal(999))
    assert invoicing.sweep() == 2
    assert list(Invoice.objects.order_by("sequence").values_list("order__number", "sequence")) == [
        (first.number, 1),
        (third.number, 2),
    ]
    assert list(invoicing.pending()) == [broken]
    assert invoicing.sweep() == 0


def test_the_sweep_reads_its_index(django_assert_num_queries):
    paid((mug(), 1))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "order_to_invoice" in invoicing.pending().explain()
    invoicing.sweep()
    with django_assert_num_queries(1):
        invoicing.sweep()


def test_a_seller_without_a_prefix_numbers_by_its_code():
    made = seller()
    made.invoice_prefix = ""
    made.save()
    assert invoice_for(paid((mug(), 1))).number.startswith("TRADING-")


def test_numbers_begin_anew_each_year(monkeypatch):
    one, two, three = (paid((mug(f"MUG-{number}"), 1)) for number in range(3))
    monkeypatch.setattr(invoicing.timezone, "now", lambda: datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert invoice_for(one).number == "VML-2026-000001"
    monkeypatch.setattr(invoicing.timezone, "now", lambda: datetime(2027, 1, 1, 0, 1, tzinfo=UTC))
    assert invoice_for(two).number == "VML-2027-000001"
    # A clock that is set back writes no earlier date behind a later one.
    monkeypatch.setattr(invoicing.timezone, "now", lambda: datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC))
    later = invoice_for(three)
    assert (later.number, later.issued_at) == ("VML-2027-000002", datetime(2027, 1, 1, 0, 1, tzinfo=UTC))


def test_the_tax_is_stated_in_the_money_of_the_law_too():
    """VAT Act 1994, Schedule 6, paragraph 11: an invoice in euro says its tax in pounds, at the rate of the tax point."""
    order = paid((mug(), 1))
    Order.objects.filter(pk=order.pk).update(currency="EUR")
    invoice = invoice_for(order)
    (said_too,) = invoice.content["asides"]
    # £0.88 for one euro; the tax is 3.83.
    assert said_too.startswith("Tax in GBP: £3.37")
    assert invoice_for(paid((mug("MUG-2"), 1))).content["asides"] == []
