"""What was agreed to, as a door has read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.checkout.consents.texts import ConsentKind, ConsentText, current
from shop.checkout.errors import CheckoutError


@dataclass(frozen=True)
class Agreed:
    """One text that a box was ticked for, in the language in which it was shown."""

    text: ConsentText
    language: str
    pages: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Missing:
    """A box that must be ticked and is not; ``code`` is ``required``, or ``outdated`` for a version gone by."""

    text: ConsentText
    code: str = "required"


class ConsentMissing(CheckoutError):
    """The law wants some texts agreed to that were not; ``missing`` names each."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        super().__init__(f"Not agreed to: {', '.join(str(one.text.kind) for one in missing)}.")


def judge(asked: list[ConsentKind], given: Mapping[str, str], language: str) -> list[Agreed]:
    """Return what was agreed to of what is asked; ``given`` is kind → version of each box that was ticked.

    :raises ConsentMissing: naming each that was not ticked, or whose wording has changed since.
    """
    missing, agreed = [], []
    for kind in asked:
        text = current(kind)
        if kind not in given:
            missing.append(Missing(text))
        elif given[kind] != text.version:
            missing.append(Missing(text, "outdated"))
        else:
            agreed.append(Agreed(text, language))
    if missing:
        raise ConsentMissing(missing)
    return agreed
