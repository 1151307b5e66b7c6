"""What is asked of a buyer for customs, and what is wrong with what she typed."""

from django.utils.translation import gettext as _

from shop.crossborder.identities.numbers import NumberKind


def number_label(kind: NumberKind) -> str:
    """Return what the number is called."""
    if kind == NumberKind.KR_PCCC:
        return _("Personal customs clearance code")
    return _("Resident identity number")


def name_label(kind: NumberKind) -> str:
    """Return whose name is asked for."""
    if kind == NumberKind.KR_PCCC:
        return _("Name as registered for the code")
    return _("Name as on the identity card")


def why(kind: NumberKind) -> str:
    """Return why it is asked for, and who gets it."""
    if kind == NumberKind.KR_PCCC:
        return _(
            "Korean customs releases a parcel from abroad only with the buyer’s clearance code. We keep it encrypted "
            "and give it to nobody but customs and the carrier."
        )
    return _(
        "Chinese customs releases a parcel from abroad only with the buyer’s name and number. We keep them encrypted "
        "and give them to nobody but customs and the carrier."
    )


def problem(kind: NumberKind, field: str, code: str) -> str:
    """Return what the buyer can do about a refused field, in one sentence."""
    match field, code:
        case "consent", "outdated":
            return _("The wording of the consent has changed. Please read it again.")
        case "consent", _code:
            return _("Without your consent we cannot take this order through customs.")
        case _field, "required":
            return _("Please fill this in.")
        case "name", _code:
            return _("Please leave out control characters.")
        case _field, "checksum":
            return _("One of the digits is wrong. Please compare the number with the card.")
    return _shape(kind)


def _shape(kind: NumberKind) -> str:
    if kind == NumberKind.KR_PCCC:
        return _("Please check it: the code is a P followed by 12 digits.")
    return _("Please check it: the number has 18 characters, and the last may be an X.")
