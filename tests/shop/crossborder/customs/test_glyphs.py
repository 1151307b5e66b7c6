"""What the fonts can print is known beforehand: what is promised prints, and what cannot print is named."""

import unicodedata
from datetime import date

import pytest
import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from shop.crossborder.customs import glyphs
from shop.crossborder.customs.typesetting import STANDARDS, _compiler, typeset

PAGE = b'#set document(title: "t")\n#set text(font: ("Noto Sans SC", "Libertinus Serif"), fallback: false)\n#sys.inputs.data'


def prints(text: str) -> bool:
    """PDF/A refuses a document in which a glyph is missing."""
    try:
        _compiler().compile(input=PAGE, format="pdf", sys_inputs={"data": text}, pdf_standards=STANDARDS, timestamp=0)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        return False
    return True


def test_every_letter_promised_prints():
    letters = [
        chr(point)
        for first, after in (*glyphs.LIBERTINUS, (0x20, 0x7F), (0xA0, 0x100), (0x3041, 0x3097), (0x30A1, 0x30FB))
        for point in range(first, after)
        if unicodedata.category(chr(point)) != "Cn"
    ]
    assert prints("".join(glyphs.printable("".join(letters))))


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Łukasz Dvořák-Győri, Špitálská 7, Çankaya, Iğdır",
        "Đặng Thị Hương",
        "Έλληνας Παπαδόπουλος",
        "Іван Їжакевич, Київ",
        "ヴェネツィア から 北斎",
        "杭州市西湖区文三路",
        "臺北市信義區",
        "£ € ¥ ₩",
        "\u200f\u202eabc\u202c",
    ],
)
def test_names_of_the_world_print(text):
    assert glyphs.missing(glyphs.printable(text)) == ""
    assert prints(glyphs.printable(text))


@pytest.mark.parametrize(
    ("text", "lacking"),
    [("김민수", "김민수"), ("Gift 🎁🎁", "🎁"), ("אבג", "אבג"), ("a\x00b", "\x00"), ("\ue000", "\ue000")],
)
def test_what_no_font_has_is_named(text, lacking):
    with pytest.raises(glyphs.Unprintable, match="U\\+") as refused:
        glyphs.printable(text)
    assert refused.value.characters == lacking


def test_text_is_composed_and_spaces_are_plain():
    assert glyphs.printable("Gyo\u030br") == "Győr"
    assert glyphs.printable("350\xa0ml\u2009×\u3000a\tb\nc\u00ad\ufeff") == "350 ml × a b c"


def test_both_fonts_of_the_package_are_read():
    assert ord("瓷") in glyphs.covered(sans_path()) & glyphs.covered(serif_path())
    assert ord("ő") not in glyphs.covered(sans_path())


def test_what_is_no_font_is_refused(tmp_path):
    (tmp_path / "x.otf").write_bytes(b"OTTO\x00\x00" + bytes(20))
    with pytest.raises(ValueError, match="cmap"):
        glyphs.covered(tmp_path / "x.otf")


def test_an_error_of_a_template_is_no_missing_room():
    with pytest.raises(typst.TypstError):
        typeset("cn22", {}, on=date(2026, 1, 1))
