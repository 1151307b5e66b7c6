"""What the pages of a shop must show, by where it delivers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.crossborder.protections.territories import governing


class Obligation(StrEnum):
    """Kinds of what must be shown."""

    GPSR = "gpsr"  # maker and safety of a product, on its offer
    GUARANTEE_NOTICE = "guarantee_notice"  # the harmonised notice on the legal guarantee of conformity
    TRANSFER_CONSENT = "transfer_consent"  # separate consent to sending personal data abroad
    WITHDRAWAL_FUNCTION = "withdrawal_function"  # the two steps to withdraw, on every page


@dataclass(frozen=True)
class Rule:
    """The row that asks for it."""

    key: str
    source: str
    confidence: str


def obligation(kind: Obligation, countries: Iterable[str], on: date) -> Rule | None:
    """Return the rule under which one of the countries asks for it on the day; None: none does."""
    for country in countries:
        for row in governing("obligations", country, on):
            if row["obligation"] == kind:
                return Rule(row["key"], row["source"], row["confidence"])
    return None
