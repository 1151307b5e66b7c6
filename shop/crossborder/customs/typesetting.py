"""Turning a template and its data into a PDF with typst, from fonts that come as Python packages."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path

TEMPLATES = Path(__file__).parent / "templates"
ROOT = Path(__file__).parents[2]  # templates of other rooms import common.typ from here, by its path below this root
# PDF/A-2b: what is filed stays readable; PDF/UA-1: tagged, with title and language. Either refuses a missing glyph.
STANDARDS: list[Any] = ["a-2b", "ua-1"]
ONE_SHEET = "more than one sheet"  # what common.typ says of a form that is cut to one
_turn = Lock()


class TooLong(ValueError):
    """The text does not fit on the one sheet that the form is."""


@cache
def _compiler() -> typst.Compiler:
    """Return the compiler, made once: finding the fonts takes longer than setting a page."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(sans_path().parent)])
    return typst.Compiler(root=ROOT, font_paths=fonts, ignore_system_fonts=True)


def typeset(template: str, data: Mapping[str, Any], *, on: date, folder: Path = TEMPLATES) -> bytes:
    """Return the PDF of a template with its data; the same input gives the same bytes.

    ``folder`` is where the template lies: this package's own, or another within ``shop``.

    The data reach the template as JSON in ``sys.inputs``: no text of theirs is ever read as typst.

    :raises TooLong: the form has one sheet and the text needs more.
    """
    try:
        with _turn:  # one compiler sets one document at a time
            made = _compiler().compile(
                input=folder / f"{template}.typ",
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=STANDARDS,
                timestamp=datetime.combine(on, time(), UTC),
            )
    except typst.TypstError as error:
        if ONE_SHEET in error.message:
            raise TooLong(f"The text does not fit on one sheet of {template}.") from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("typst returned pages instead of one document.")
    return made
