"""What an offer in the Union shows of a product's maker and safety, and what of it is missing. Pure.

Regulation (EU) 2023/988, article 19: (a) the manufacturer's name with postal and electronic address, (b) where the
manufacturer is not established in the Union the same of the responsible person, (c) what identifies the product,
(d) warnings and safety information.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.crossborder.protections.territories import members


@dataclass(frozen=True)
class Contact:
    """A maker or a responsible person. ``country``: where it is established (ISO 3166-1)."""

    name: str
    address: tuple[str, ...]
    country: str
    email: str


@dataclass(frozen=True)
class SafetyFacts:
    """What is known. ``identifier`` names the product on its packing; warnings are in the reader's language, if any."""

    manufacturer: Contact | None
    responsible: Contact | None
    identifier: str
    warnings: str = ""


class Missing(StrEnum):
    """What an offer lacks."""

    MANUFACTURER = "manufacturer"
    MANUFACTURER_ADDRESS = "manufacturer_address"
    MANUFACTURER_EMAIL = "manufacturer_email"
    RESPONSIBLE = "responsible"
    IDENTIFIER = "identifier"


def needs_responsible(manufacturer: Contact, on: date) -> bool:
    """Tell whether somebody in the Union must answer for the maker."""
    return manufacturer.country not in members("EU", on)


def missing(facts: SafetyFacts, *, on: date) -> tuple[Missing, ...]:
    """Return what the offer lacks, in the order of the article. Warnings may rightly be empty."""
    found = []
    maker = facts.manufacturer
    if maker is None or not maker.name:
        found.append(Missing.MANUFACTURER)
    else:
        if not maker.address or not maker.country:
            found.append(Missing.MANUFACTURER_ADDRESS)
        if not maker.email:
            found.append(Missing.MANUFACTURER_EMAIL)
        if needs_responsible(maker, on) and not _answers(facts.responsible, on):
            found.append(Missing.RESPONSIBLE)
    if not facts.identifier:
        found.append(Missing.IDENTIFIER)
    return tuple(found)


def _answers(person: Contact | None, on: date) -> bool:
    return (
        person is not None and all((person.name, person.address, person.email)) and person.country in members("EU", on)
    )
