"""What a buyer declares at the door, checked: the value that placing an order takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shop.crossborder.addresses.check import clean_text
from shop.crossborder.identities.consent import current_consent
from shop.crossborder.identities.numbers import BadNumber, NumberKind, check

# The kinds of number that a buyer is asked for.
BUYER_KINDS = (NumberKind.CN_RESIDENT_ID, NumberKind.KR_PCCC)
NAME_LENGTH = 120


@dataclass(frozen=True)
class DeclaredIdentity:
    """A checked number with its holder's name and the version of the consent she gave. Never printed."""

    kind: NumberKind
    number: str = field(repr=False)
    name: str = field(repr=False)
    consent_version: str


class IdentityError(ValueError):
    """Some fields are not right: ``problems`` maps kind, number, name or consent to a code and a sentence."""

    def __init__(self, problems: Mapping[str, tuple[str, str]]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{field}: {text}" for field, (_code, text) in problems.items()))


def declare(raw: Mapping[str, Any]) -> DeclaredIdentity:
    """Return the declaration ``{kind, number, name, consent}``, checked; ``consent`` must be true itself.

    ``consent_version``, when given, must be the version in force: a page that was open for long showed an older text.

    :raises IdentityError: naming every field that is missing or wrong, and none of what was typed.
    """
    problems: dict[str, tuple[str, str]] = {
        str(one): ("unknown", "There is no such field.")
        for one in sorted(map(str, set(raw) - {"kind", "number", "name", "consent", "consent_version"}))
    }
    kinds = [str(one) for one in BUYER_KINDS]
    if not isinstance(raw.get("kind"), str) or raw["kind"] not in kinds:
        problems["kind"] = ("invalid", f"kind must be one of {', '.join(kinds)}.")
        raise IdentityError(problems)
    kind = NumberKind(raw["kind"])
    number = name = ""
    try:
        number = check(kind, raw.get("number") or "")
    except BadNumber as error:
        problems["number"] = (error.code, error.message)
    try:
        name = clean_text(raw.get("name") or "", NAME_LENGTH)
        if not name:
            problems["name"] = ("required", "The holder's name is missing.")
    except ValueError as error:
        problems["name"] = ("invalid", f"name {error}")
    consent = current_consent(kind)
    if raw.get("consent") is not True:
        problems["consent"] = ("required", "Without the buyer's separate consent the number may not be processed.")
    elif raw.get("consent_version") not in {None, "", consent.version}:
        problems["consent"] = ("outdated", f"The consent is worded anew as {consent.version}: it must be given again.")
    if problems:
        raise IdentityError(problems)
    return DeclaredIdentity(kind=kind, number=number, name=name, consent_version=consent.version)
