"""What cannot be withdrawn from, or no longer once its seal is broken, by the law of the shopper's country. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shop.crossborder.protections.territories import governing


class Lost(StrEnum):
    """When the right is lost."""

    ALWAYS = "always"
    UNSEALED = "unsealed"  # only once the seal is broken, which nobody knows before the goods are back


@dataclass(frozen=True)
class Excepted:
    """The row of a law that excepts goods of a kind."""

    key: str
    lost: Lost
    source: str
    confidence: str


def excepted(kind: str, country: str, on: date) -> Excepted | None:
    """Return how goods of a kind (``custom``, ``perishable``, ``sealed_hygiene``, ``sealed_media``) are excepted.

    None: the law of the country does not except them.
    """
    for row in governing("withdrawal_exceptions", country, on):
        if row["exception"] == kind:
            return Excepted(row["key"], Lost(row["lost"]), row["source"], row["confidence"])
    return None


@dataclass(frozen=True)
class Relief:
    """What customs of a country (ISO 3166-1) is told of goods that come back to it."""

    key: str
    statement: str
    source: str
    confidence: str


def returned_goods(country: str, on: date) -> Relief | None:
    """Return the relief from duty for returned goods in the country; None: none is recorded."""
    row = next(iter(governing("returned_goods", country, on)), None)
    return Relief(row["key"], row["statement"], row["source"], row["confidence"]) if row else None
