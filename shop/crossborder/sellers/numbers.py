"""Whether a number can be one of a scheme a seller registers in: the form and check digit of each kind. Pure."""

import re
from collections.abc import Callable

from stdnum.exceptions import ValidationError
from stdnum.jp import cn as jp_corporate
from stdnum.kr import brn

from shop.crossborder.identities.numbers import BadNumber, NumberKind, check, compact
from shop.crossborder.models.sellers import RegistrationKind

# The kinds that customs and tax numbers of buyers have too.
SHARED = {
    RegistrationKind.IOSS: NumberKind.IOSS,
    # Goods go under the VAT number of the member state where the seller is in the Union scheme; numbers that begin
    # with EU belong to the scheme for services (Implementing Regulation (EU) 282/2011, article 57d).
    RegistrationKind.EU_OSS: NumberKind.EU_VAT,
    RegistrationKind.EU_VAT: NumberKind.EU_VAT,
    RegistrationKind.GB_VAT: NumberKind.GB_VAT,
    RegistrationKind.XI_VAT: NumberKind.XI_VAT,
    RegistrationKind.VOEC: NumberKind.VOEC,
    RegistrationKind.AU_ARN: NumberKind.AU_ARN,
    RegistrationKind.AU_ABN: NumberKind.AU_ABN,
    RegistrationKind.NZ_GST: NumberKind.NZ_GST,
    RegistrationKind.SG_GST: NumberKind.SG_GST,
    RegistrationKind.CH_VAT: NumberKind.CH_UID,
}
# Whose numbers are VAT numbers of a member state.
OF_A_STATE = frozenset({RegistrationKind.EU_VAT, RegistrationKind.EU_OSS})
# Greece is GR among countries and EL in VAT numbers.
VAT_PREFIX = {"GR": "EL"}
CN_CUSTOMS = re.compile(r"[0-9]{4}[0-9A-Z]{6}")


class BadRegistration(ValueError):
    """The number cannot be one of its kind. ``field`` is ``number`` or ``jurisdiction``; the message is for people."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def _korean(text: str) -> str:
    try:
        return str(brn.validate(text))
    except ValidationError:
        message = "This is not a Korean business registration number, such as 116-82-00276."
        raise BadRegistration("number", message) from None


def _japanese(text: str) -> str:
    """Return a registration for qualified invoices: T and the corporate number (Consumption Tax Act, article 57-2)."""
    try:
        if text[:1] == "T":
            return "T" + str(jp_corporate.validate(text[1:]))
    except ValidationError:
        pass
    raise BadRegistration("number", "This is no registration for qualified invoices, such as T5835678256246.")


def _chinese(text: str) -> str:
    if not CN_CUSTOMS.fullmatch(text):
        message = "A registration with China Customs has ten characters: four digits of the office, then six more."
        raise BadRegistration("number", message)
    return text


OWN: dict[RegistrationKind, Callable[[str], str]] = {
    RegistrationKind.KR_BRN: _korean,
    RegistrationKind.JP_INVOICE: _japanese,
    RegistrationKind.CN_CBEC: _chinese,
    RegistrationKind.CN_PLATFORM: _chinese,
}


def check_registration(*, kind: RegistrationKind, raw: str, jurisdiction: str = "") -> str:
    """Return the number in its shortest written form.

    ``jurisdiction`` is the member state (ISO 3166-1) of a national VAT number; the Union One-Stop Shop may name it.

    :raises BadRegistration: saying which field is wrong, and how.
    """
    if jurisdiction and kind not in OF_A_STATE:
        raise BadRegistration("jurisdiction", "Only VAT numbers of member states name one.")
    if (jurisdiction or kind is RegistrationKind.EU_VAT) and not re.fullmatch(r"[A-Z]{2}", jurisdiction):
        raise BadRegistration("jurisdiction", "Name the member state of this VAT number, such as FR.")
    if kind in OWN:
        return OWN[kind](compact(raw))
    try:
        number = check(SHARED[kind], raw)
    except BadNumber as error:
        raise BadRegistration("number", error.message) from None
    if jurisdiction and number[:2] != VAT_PREFIX.get(jurisdiction, jurisdiction):
        raise BadRegistration("number", f"This is not a VAT number of {jurisdiction}.")
    return number
