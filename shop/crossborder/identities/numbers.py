"""Numbers of persons and firms that customs and tax offices know them by: checked and normalised. Pure.

Most algorithms are python-stdnum's. Where none is public, the form alone is checked; ``ALGORITHM_NOT_PUBLIC`` names
those kinds, and a number that passes may still not exist.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from stdnum.au import abn
from stdnum.ch import uid
from stdnum.cn import ric
from stdnum.eu import oss
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.jp import cn as jp_corporate
from stdnum.nz import ird
from stdnum.sg import uen

LONGEST = 40  # characters of any number with its spaces


class NumberKind(StrEnum):
    """Whose number it is."""

    EU_VAT = "eu_vat"
    GB_VAT = "gb_vat"
    XI_VAT = "xi_vat"
    EORI = "eori"
    IOSS = "ioss"
    VOEC = "voec"
    AU_ABN = "au_abn"
    AU_ARN = "au_arn"
    NZ_GST = "nz_gst"
    SG_GST = "sg_gst"
    CH_UID = "ch_uid"
    KR_PCCC = "kr_pccc"
    CN_RESIDENT_ID = "cn_resident_id"
    JP_CORPORATE = "jp_corporate"


NAMES = {
    NumberKind.EU_VAT: "EU VAT number",
    NumberKind.GB_VAT: "UK VAT number",
    NumberKind.XI_VAT: "VAT number for Northern Ireland",
    NumberKind.EORI: "EORI number",
    NumberKind.IOSS: "IOSS number",
    NumberKind.VOEC: "VOEC number",
    NumberKind.AU_ABN: "ABN",
    NumberKind.AU_ARN: "ARN",
    NumberKind.NZ_GST: "IRD (GST) number",
    NumberKind.SG_GST: "GST registration number",
    NumberKind.CH_UID: "UID",
    NumberKind.KR_PCCC: "personal customs clearance code",
    NumberKind.CN_RESIDENT_ID: "resident identity number",
    NumberKind.JP_CORPORATE: "corporate number",
}
EXAMPLES = {
    NumberKind.EU_VAT: "DE136695976",
    NumberKind.GB_VAT: "GB980780684",
    NumberKind.XI_VAT: "XI980780684",
    NumberKind.EORI: "GB123456789000",
    NumberKind.IOSS: "IM2760000001",
    NumberKind.VOEC: "2012345",
    NumberKind.AU_ABN: "51 824 753 556",
    NumberKind.AU_ARN: "300012345678",
    NumberKind.NZ_GST: "49-098-576",
    NumberKind.SG_GST: "M90367530Y",
    NumberKind.CH_UID: "CHE-100.155.212",
    NumberKind.KR_PCCC: "P123456789012",
    NumberKind.CN_RESIDENT_ID: "11010519491231002X",
    NumberKind.JP_CORPORATE: "5835678256246",
}
# The check digits of these are not published (IOSS: the Commission's Mini-1SS technical specification is closed; VOEC,
# ARN, GST and PCCC: no authority gives one), so their form is all that can be checked here. SG GST numbers that are
# UENs do have one.
ALGORITHM_NOT_PUBLIC = frozenset(
    {NumberKind.IOSS, NumberKind.VOEC, NumberKind.AU_ARN, NumberKind.KR_PCCC, NumberKind.EORI, NumberKind.SG_GST}
)
# EORI numbers begin with the country that gave them; Greece uses GR here and EL in VAT numbers.
EORI_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905
)


class BadNumber(ValueError):
    """A number is not one of its kind. ``code``: required, format, length, component, checksum, intermediary.

    The message never repeats the number: it ends up in logs and answers.
    """

    def __init__(self, kind: NumberKind, code: str, message: str) -> None:
        self.kind = kind
        self.code = code
        self.message = message
        super().__init__(message)


def _matches(pattern: str, length: str) -> Callable[[str], str]:
    """Return a check of the form alone; ``length`` is the pattern of what only has the wrong length."""
    right, long_or_short = re.compile(pattern), re.compile(length)

    def check_form(text: str) -> str:
        if right.fullmatch(text):
            return text
        raise InvalidLength if long_or_short.fullmatch(text) else ValidationError

    return check_form


def _eu_vat(text: str) -> str:
    # The library also takes the numbers of the one-stop shops, which stand for a scheme and not for a firm's VAT.
    if text[:2] in {"EU", "IM", "IN"}:
        raise InvalidComponent
    number: str = eu_vat.validate(text)
    return f"EL{number[2:]}" if number.startswith("GR") else number


def _british_vat(prefix: str, other: str) -> Callable[[str], str]:
    def check_vat(text: str) -> str:
        if text.startswith(other):
            raise InvalidComponent
        return prefix + str(gb_vat.validate(text))

    return check_vat


def _eori(text: str) -> str:
    if text[:2] in {"GB", "XI"}:
        return _matches(r"(GB|XI)\d{12}", r"(GB|XI)\d*")(text)
    number = _matches(r"[A-Z]{2}[A-Z0-9]{1,15}", r"[A-Z]{2}[A-Z0-9]*")(text)
    if number[:2] not in EORI_COUNTRIES:
        raise InvalidComponent
    return number


def _ioss(text: str) -> str:
    number = _matches(r"IM\d{10}", r"IM\d*")(text)
    return str(oss.validate(number))


def _sg_gst(text: str) -> str:
    if text.startswith("M"):
        return _matches(r"M[A-Z0-9]\d{7}[A-Z0-9]", r"M[A-Z0-9]*")(text)
    return str(uen.validate(text))


def _cn_resident_id(text: str) -> str:
    if not re.fullmatch(r"\d*X?", text):
        raise ValidationError
    try:
        return str(ric.validate(text))
    except KeyError:
        # The library looks up the county of a province that it knows and stumbles over one that never was.
        raise InvalidComponent from None


CHECKS: dict[NumberKind, Callable[[str], str]] = {
    NumberKind.EU_VAT: _eu_vat,
    NumberKind.GB_VAT: _british_vat("GB", "XI"),
    NumberKind.XI_VAT: _british_vat("XI", "GB"),
    NumberKind.EORI: _eori,
    NumberKind.IOSS: _ioss,
    NumberKind.VOEC: lambda text: _matches(r"\d{7}", r"\d*")(text.removeprefix("VOEC")),
    NumberKind.AU_ABN: abn.validate,
    NumberKind.AU_ARN: _matches(r"\d{12}", r"\d*"),
    NumberKind.NZ_GST: ird.validate,
    NumberKind.SG_GST: _sg_gst,
    NumberKind.CH_UID: lambda text: str(uid.validate(re.sub(r"(MWST|TVA|IVA|VAT)$", "", text))),
    NumberKind.KR_PCCC: _matches(r"P\d{12}", r"P\d*"),
    NumberKind.CN_RESIDENT_ID: _cn_resident_id,
    NumberKind.JP_CORPORATE: jp_corporate.validate,
}


def compact(raw: str) -> str:
    """Return a number without spaces, dots, dashes and slashes, in capitals, full-width characters made plain."""
    return re.sub(r"[\s.\-‐‑–—/]+", "", unicodedata.normalize("NFKC", raw)).upper()


def check(kind: NumberKind, raw: str) -> str:
    """Return the number in its shortest written form.

    :raises BadNumber: saying what is wrong, without repeating the number.
    """
    name, example = NAMES[kind], EXAMPLES[kind]
    text = compact(raw) if isinstance(raw, str) else ""
    if not text:
        raise BadNumber(kind, "required", f"The {name} is missing.")
    if kind == NumberKind.IOSS and text.startswith("IN"):
        raise BadNumber(
            kind, "intermediary", "This is an intermediary's number (IN…); a parcel needs the IOSS number (IM…)."
        )
    if len(raw) > LONGEST:
        raise BadNumber(kind, "length", f"This is too long for a {name}, such as {example}.")
    try:
        if not re.fullmatch(r"[A-Z0-9]+", text):
            raise ValidationError  # noqa: TRY301 (one answer for every wrong form)
        return str(CHECKS[kind](text))
    except InvalidLength:
        raise BadNumber(kind, "length", f"A {name} has another length, such as {example}.") from None
    except InvalidChecksum:
        raise BadNumber(kind, "checksum", f"A digit of this {name} is wrong: its check digit does not fit.") from None
    except InvalidComponent:
        raise BadNumber(kind, "component", f"A part of this number does not occur in a {name}.") from None
    except ValidationError:
        raise BadNumber(kind, "format", f"This is not a {name}, such as {example}.") from None
