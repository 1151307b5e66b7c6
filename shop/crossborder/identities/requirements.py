"""Which identity of the buyer customs asks for, by destination and route. Pure; dated rows with their source."""

from dataclasses import dataclass
from datetime import date

from shop.crossborder.identities.numbers import NumberKind

ANY = "*"
UNKNOWN = ""  # the quote does not say by which route the goods go


@dataclass(frozen=True)
class Requirement:
    """Goods to ``country`` on any of ``routes`` need the buyer's number of this kind (half-open dates)."""

    country: str
    routes: frozenset[str]
    kind: NumberKind
    valid_from: date
    valid_to: date | None
    source: str


REQUIREMENTS = (
    # Cross-border e-commerce and postal articles alike; not what is already on sale inside the country. Where the
    # route is not known, goods from abroad are assumed: a parcel without the number is not released.
    Requirement(
        country="CN",
        routes=frozenset({"cbec", "postal", UNKNOWN}),
        kind=NumberKind.CN_RESIDENT_ID,
        valid_from=date(2019, 1, 1),
        valid_to=None,
        source="GACC announcement 194 of 2018; MOFCOM notice 486 of 2018: the orderer's identity is verified",
    ),
    Requirement(
        country="KR",
        routes=frozenset({ANY}),
        kind=NumberKind.KR_PCCC,
        valid_from=date(2020, 12, 1),
        valid_to=None,
        source="KCS notification on special customs clearance of goods by electronic commerce",
    ),
)


def may_ask(country: str) -> bool:
    """Return whether customs of the country asks for a number on any route."""
    return any(rule.country == country for rule in REQUIREMENTS)


def required_identity(country: str, route: str, on: date | None = None) -> NumberKind | None:
    """Return the kind of number that goods to ``country`` by ``route`` need, or None.

    ``route`` is ``cbec``, ``postal``, ``domestic``…, or empty where it is not known. Without a day, the rules that
    have no end are asked.
    """
    for rule in REQUIREMENTS:
        if rule.country != country or not rule.routes & {route, ANY}:
            continue
        current = rule.valid_to is None if on is None else rule.valid_from <= on < (rule.valid_to or date.max)
        if current:
            return rule.kind
    return None
