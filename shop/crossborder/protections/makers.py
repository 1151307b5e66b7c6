"""A manufacturer’s row as the facts that an offer must show of it."""

from shop.catalogue.models import Manufacturer
from shop.crossborder.protections.gpsr import Contact, SafetyFacts


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def safety_facts(maker: Manufacturer | None, *, identifier: str, warnings: str = "") -> SafetyFacts:
    """Return what is known; ``identifier`` is our SKU, ``warnings`` are in the reader's language."""
    if maker is None:
        return SafetyFacts(None, None, identifier, warnings)
    responsible = None
    if maker.responsible_name:
        responsible = Contact(
            maker.responsible_name,
            _lines(maker.responsible_address),
            maker.responsible_country,
            maker.responsible_email,
        )
    return SafetyFacts(
        Contact(maker.name, _lines(maker.address), maker.country, maker.email), responsible, identifier, warnings
    )
