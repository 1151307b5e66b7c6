"""The papers say what was declared, all of it, and nothing that was typed is taken for a command."""

import re
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.crossborder.customs import documents, glyphs, s10
from shop.crossborder.customs.documents import Form
from shop.crossborder.customs.typesetting import TooLong
from tests.shop.crossborder.customs.declared import BUYER, SELLER, declaration, line, replica

POINTS_PER_MM = 72 / 25.4
LONG = "Woven scarf of pure mulberry silk, printed with a wave, hand-rolled edges, ninety by ninety centimetres"
HANGUL = replace(BUYER, name="김민수", country="KR", lines=("세종대로 110",), city="서울", region="", postcode="04524")


def pages(pdf: bytes) -> list[str]:
    """Text of each page, every run of white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


def text(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def squeezed(said: str) -> str:
    return re.sub(r"[\s\ufffe\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", said)


def size(pdf: bytes) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width / POINTS_PER_MM), round(height / POINTS_PER_MM)


def many(count: int) -> tuple:
    return tuple(line(sku=f"S-{n}", merchant_product_id=f"S-{n:03d}", description=LONG) for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["商业发票", "卖方", "贸易条款", "瓷杯, 印花", "非古董", "发票总额"]),
        ("ja", ["商業送り状", "売主", "原産国", "骨董品"]),
        ("fr", ["Facture commerciale", "Vendeur", "Origine", "ni antiquité"]),
        ("en", ["Commercial invoice"]),
    ],
)
def test_the_invoice_says_everything(language, words):
    said = text(documents.commercial_invoice(declaration(), language=language))
    for part in [
        "Commercial invoice",
        "VT-2026-000042",
        "2026-11-20",
        "Aldermere Trading Ltd",
        "EORI GB123456789000",
        "Wang Xiaoming",
        "CHINA",
        "3301**********1234",
        "DDP Hangzhou",
        "Sale of goods",
        "1.500 / 1.240 kg",
        "LX 473 124 829 GB",
        "Porcelain mug, printed decoration",
        "691110",
        "LON-RPL-0001-S",
        "KNY-0001",
        "Modern reproduction made in 2026, not an antique, not a cultural good",
        "Same as buyer",
        "GBP 56.67",
        "GBP 9.50",
        "GBP 1.20",
        "GBP 67.37",
        "GBP 5.16",
        "GBP 1 = CNY 9.2841 (2026-11-19, European Central Bank)",
        "stated in its line",
        "Page 1 / 1",
    ]:
        assert squeezed(part) in squeezed(said), part
    for part in words:
        assert squeezed(part) in squeezed(said), part
    assert said.count("Modern reproduction") == 1


def test_an_invoice_in_english_has_no_other_labels():
    said = text(documents.commercial_invoice(declaration()))
    assert "发票" not in said
    with pytest.raises(LookupError, match="ja"):
        documents.commercial_invoice(declaration(), language="ko")


def test_a_long_invoice_repeats_its_header_and_numbers_its_pages():
    said = pages(documents.commercial_invoice(declaration(lines=many(40), gross_weight_g=40_000), language="zh-hans"))
    assert len(said) >= 3
    for number, page in enumerate(said, start=1):
        assert "HS code" in page
        assert f"Page {number} / {len(said)}" in page
        assert "VT-2026-000042" in page
    whole = " ".join(said)
    assert all(f"S-{n:03d}" in whole for n in range(1, 41))
    assert whole.count("Total invoice value") == 1


def test_the_importer_is_named_when_it_is_another():
    said = text(documents.commercial_invoice(declaration(importer=replace(SELLER, name="Aldermere Imports GmbH"))))
    assert "Aldermere Imports GmbH" in said
    assert "Same as buyer" not in said


def test_no_paper_shows_the_ioss_number():
    it = declaration()
    for pdf in (documents.commercial_invoice(it), documents.cn22(it), documents.cn23(it)):
        assert "0400000000" not in squeezed(text(pdf))


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("x") #import "a.typ"',
        "$ 1/2 $ 100$",
        "*bold* _thin_ `code` ~tilde~",
        "@ref <label> = Heading",
        "\\u{41} \\ // no comment /* nor this */",
        "\"quoted\" 'single' -- --- ...",
        "[x] #[y] #{z} %q",
        "Mug \u200fabc\u200e def",
    ],
)
def test_what_is_typed_is_printed(typed):
    it = declaration(
        lines=(line(description=typed, description_local=typed, composition=typed),),
        addressee=replace(BUYER, name=typed, lines=(typed,), latin=()),
        comments=typed,
    )
    for draw in (documents.commercial_invoice, documents.cn22, documents.cn23):
        assert squeezed(typed) in squeezed(text(draw(it)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=3, max_size=30))
def test_any_ascii_is_printed(typed):
    pdf = documents.commercial_invoice(declaration(lines=(line(description=typed),)))
    # A line may break after a hyphen or a slash; nothing is added.
    assert squeezed(typed).replace("-", "") in squeezed(text(pdf)).replace("-", "")


def test_the_same_declaration_gives_the_same_bytes():
    assert documents.cn23(declaration()) == documents.cn23(declaration())


def test_the_papers_are_archivable_and_named():
    pdf = documents.commercial_invoice(declaration())
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    document = pypdfium2.PdfDocument(pdf)
    assert document.get_metadata_dict()["Title"] == "Commercial invoice VT-2026-000042"
    assert document.is_tagged()


def test_sizes_and_boxes_of_the_postal_forms():
    label, form = documents.cn22(declaration()), documents.cn23(declaration())
    assert (size(label), size(form)) == ((74, 105), (210, 148))
    assert size(documents.cn23(declaration(), paper="a4")) == (210, 297)
    with pytest.raises(ValueError, match="a3"):
        documents.cn23(declaration(), paper="a3")
    assert len(pages(label)) == 1
    for part in [
        "CN 22",
        "CUSTOMS DECLARATION",
        "May be opened officially",
        "2 × Porcelain mug",
        "0.760",
        "1.500 kg",
        "GBP 56.67",
    ]:
        assert squeezed(part) in squeezed(text(label)), part
    for part in [
        *("CN 23", "From", "To", "Detailed description of contents (1)", "Total gross weight (4)", "Total value (6)"),
        *("Postal charges / fees (9)", "Category of item (10)", "×Sale of goods", "Comments (11)", "Licence (12)"),
        *("Certificate (13)", "Invoice (14)", "signature (15)", "LX 473 124 829 GB", "王小明", "GBP 9.50"),
    ]:
        assert squeezed(part) in squeezed(text(form)), part


def test_a_long_cn23_goes_on_to_further_sheets():
    it = declaration(lines=many(60), gross_weight_g=60_000)
    said = pages(documents.cn23(it))
    assert len(said) > 1
    assert all("HS tariff number" in page for page in said[:-1])
    assert f"sheet {len(said)} / {len(said)}" in said[-1]
    assert text(documents.cn23(it)).count("Woven scarf") == 60
    with pytest.raises(TooLong):
        documents.cn23(it, paper="a5")


@given(st.integers(1, 14))
@settings(max_examples=14, deadline=None)
def test_a_form_of_one_sheet_shows_all_its_lines_or_is_refused(count):
    it = declaration(lines=many(count), gross_weight_g=20_000)
    for draw in (documents.cn22, lambda one: documents.cn23(one, paper="a5")):
        try:
            pdf = draw(it)
        except TooLong:
            continue
        (page,) = pages(pdf)
        assert squeezed(page).count("centimetres") == count


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"unit_value": Decimal("270.00")}, Form.CN22),
        ({"unit_value": Decimal("270.01")}, Form.CN23),
    ],
)
def test_the_limit_of_value(fields, form):
    it = declaration(lines=(line(quantity=1, **fields),))
    assert documents.choose_form(it).form is form
    choice, pdf = documents.postal_form(it)
    assert choice.form is form
    assert form in text(pdf)


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"gross_weight_g": 2000}, Form.CN22),
        ({"gross_weight_g": 2001}, Form.CN23),
        ({"item_id": s10.build(service="CX", serial=1, country="GB")}, Form.CN23),
        ({"item_id": None}, Form.CN22),
    ],
)
def test_weight_and_service(fields, form):
    assert documents.choose_form(declaration(**fields)).form is form


def test_values_in_another_currency_need_a_rate():
    def choose(value: str, **more):
        return documents.choose_form(
            declaration(currency="CNY", lines=(line(quantity=1, currency="CNY", unit_value=Decimal(value)),), **more)
        ).form

    # 270 pounds at 9.2841 are 2506.707 yuan.
    assert choose("2506.70") is Form.CN22
    assert choose("2506.71") is Form.CN23
    assert choose("100.00", fx=None) is Form.CN23
    it = declaration(currency="EUR", fx=None, lines=(line(quantity=1, currency="EUR", unit_value=Decimal(300)),))
    assert documents.choose_form(it, rates={"GBP": Decimal("1.15")}).form is Form.CN22
    assert documents.choose_form(it, operator="upu", rates={"XDR": Decimal("0.99")}).form is Form.CN23


def test_a_label_without_room_becomes_the_larger_form():
    choice, pdf = documents.postal_form(declaration(lines=many(4), gross_weight_g=2000, item_id=None))
    assert (choice.form, size(pdf)) == (Form.CN23, (210, 148))
    assert "fit" in choice.reason


def test_hangul_falls_back_to_the_latin_address():
    latin = ("Kim Minsu", "110 Sejong-daero, Jung-gu", "Seoul 04524", "SOUTH KOREA")
    said = text(documents.cn23(declaration(addressee=replace(HANGUL, latin=latin))))
    assert all(part in said for part in latin)
    with pytest.raises(glyphs.Unprintable, match="김"):
        documents.cn23(declaration(addressee=replace(HANGUL, latin=())))


def test_letters_of_eastern_europe_print():
    it = replace(BUYER, name="Łukasz Dvořák-Győri", country="HU", lines=("Őrmező 9",), city="Győr", region="", latin=())
    said = text(documents.commercial_invoice(declaration(addressee=it)))
    assert all(part in said for part in ("Łukasz Dvořák-Győri", "Őrmező 9", "Győr", "HUNGARY"))


def test_yen_have_no_decimals():
    it = declaration(
        currency="JPY",
        fx=None,
        freight=Decimal(1800),
        insurance=Decimal(0),
        lines=(replica(currency="JPY", unit_value=Decimal(12800)),),
    )
    said = text(documents.commercial_invoice(it, language="ja"))
    assert "JPY 14,600" in said
    assert "12,800.00" not in said
