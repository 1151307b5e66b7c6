"""What stands on the papers: any name is shown and never read as typst, tables break over pages, slips have no prices."""

from datetime import date
from decimal import Decimal

import pytest

from shop.crossborder.customs.glyphs import missing
from shop.orders import actions as orders
from shop.orders.documents import writing
from shop.orders.documents.invoicing import invoice_for
from shop.orders.documents.packing import NoSlip, packing_slip
from shop.orders.documents.papers import invoice_pdf
from tests import factories as make
from tests.shop.orders.documents.invoiced import mug, pages, paid, said, seller
from tests.shop.orders.sold import pack


@pytest.fixture
def world(db):
    make.agreement()
    seller()


HOSTILE = '#panic("x") $x^2$ *bold* _it_ `raw` @ref <label> \\ = head // no /* no */ #[a] ~ "q" \'s\' -- ...'


def test_typst_markup_in_names_is_only_shown(world):
    order = paid((mug(), 1), name=HOSTILE)
    order.lines.update(name=HOSTILE, option='#read("/etc/passwd")')
    text = said(invoice_for(order))
    for part in ('#panic("x")', "$x^2$", "*bold*", "@ref", "<label>", '#read("/etc/passwd")'):
        assert part in text
    slip = " ".join(pages(packing_slip(order)))
    assert '#panic("x")' in slip


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ada Byron", "Ada Byron"),
        ("Łukasz Őri", "Łukasz Őri"),
        ("김민수 서울", "GimMinSu SeoUl"),
        ("Ana 🎁🎁 مريم", "Ana 〓 〓"),
        ("王小明\n二楼", "王小明 二楼"),
        ("e\u0301", "é"),
    ],
)
def test_what_no_font_has_never_stops_an_invoice(typed, printed):
    assert writing.legible(typed) == printed
    assert not missing(writing.legible(typed))


def test_a_name_in_hangul_is_invoiced(world):
    order = paid((mug(), 1), name="김민수 🎁")
    assert "GimMinSu" in said(invoice_for(order))


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ("−£1,234.50", "1,234.50", "15.7925", "5.5%", "23 November 2026")),
        ("fr", ("−1 234,50 £", "1 234,50", "15,7925", "5,5 %", "23 novembre 2026")),
        ("zh-hans", ("−£1,234.50", "1,234.50", "15.7925", "5.5%", "2026年11月23日")),
        ("ja", ("−£1,234.50", "1,234.50", "15.7925", "5.5%", "2026年11月23日")),
    ],
)
def test_amounts_and_dates_are_written_as_each_language_does(language, written):
    found = (
        writing.money(Decimal("-1234.5"), "GBP", language),
        writing.figure(Decimal("1234.5"), "GBP", language),
        writing.unit_figure(Decimal("15.79249999"), "GBP", language),
        writing.percent(Decimal("0.055"), language),
        writing.day(date(2026, 11, 23), language),
    )
    assert tuple(one.replace("\u00a0", " ").replace("£GB", "£") for one in found) == written
    assert writing.figure(Decimal(1895), "JPY", language).replace("\u00a0", " ") in {"1,895", "1 895"}


def test_a_long_table_repeats_its_head_and_pages_are_numbered(world):
    things = [mug(f"MUG-{number}") for number in range(34)]
    shown = pages(invoice_pdf(invoice_for(paid(*((thing, 1) for thing in things)))))
    count = len(shown)
    assert count > 1
    for place, text in enumerate(shown, start=1):
        assert f"{place}/{count}" in text
        assert "VAT no. GB123456789" in text
    assert all("Unit price, net" in text for text in shown if "MUG-" in text)
    assert "Total" in shown[-1]
    assert "Invoice VML-" in shown[1]


def test_the_same_content_gives_the_same_bytes(world):
    invoice = invoice_for(paid((mug(), 1)))
    content = invoice_pdf(invoice)
    assert content == invoice_pdf(invoice)
    assert invoice.content["title"].encode("utf-16-be") in content or b"Invoice VML" in content
    assert b"pdfaid:part" in content
    assert b"pdfuaid:part" in content


def test_a_packing_slip_has_no_prices_and_speaks_the_language_of_the_destination(world):
    order = paid((mug(), 2), market="jp", country="JP", language="en")
    text = " ".join(pages(packing_slip(order)))
    for part in ("納品書", order.number, "Mug MUG-1", "MUG-1", "お届け先"):
        assert part in text
    assert "3,400" not in text
    assert "JPY" not in text
    assert "￥" not in text


def test_a_slip_of_a_parcel_has_what_lies_in_it(world):
    order = paid((mug("MUG-A"), 2), (mug("MUG-B"), 1))
    parcel = pack(order, "LON", {"MUG-A": 1})
    text = " ".join(pages(packing_slip(order, shipment=parcel)))
    assert parcel.number in text
    assert "MUG-A" in text
    assert "MUG-B" not in text
    assert "Units in this parcel 1" in text


def test_a_present_has_its_message(world):
    order = paid((mug(), 1))
    order.gift_wrap, order.gift_message, order.note = True, "Happy birthday!\n*from* #us", "Leave with the porter"
    text = " ".join(pages(packing_slip(order)))
    for part in ("A present for you", "Happy birthday!", "*from* #us", "Leave with the porter"):
        assert part in text


def test_nothing_to_send_has_no_slip(world):
    order = paid((mug(), 1))
    orders.cancel_units(order_id=order.pk, lines={order.lines.get().pk: 1}, cause_key="c", actor="test", cause="test")
    with pytest.raises(NoSlip, match="to be sent"):
        packing_slip(order)
    order.paid_at = None
    with pytest.raises(NoSlip, match="not paid"):
        packing_slip(order)
