"""Agreements with one grant each, as terse as the specification's vectors."""

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from licensing.models import Agreement, AgreementVersion, Grant, Party, PartyGroup, Property, ScopeNode


def party(code: str, *, group: str = "") -> Party:
    """A party; of a group where one is named."""
    made, _ = Party.objects.get_or_create(
        code=code,
        defaults={
            "name": code.title(),
            "role": "own_shop" if code == "own" else "licensee",
            "country": "GB",
            "group": PartyGroup.objects.get_or_create(name=group)[0] if group else None,
        },
    )
    return made


def museum() -> Party:
    """The licensor."""
    made, _ = Party.objects.get_or_create(
        code="museum", defaults={"name": "Museum", "role": "rights_holder", "country": "GB"}
    )
    return made


def prop(code: str, parent: str = "") -> Property:
    """A property of the museum, below another."""
    above = prop(parent) if parent else None
    made, _ = Property.objects.get_or_create(
        code=code, defaults={"name": code, "kind": "object", "owner": museum(), "parent": above}
    )
    return made


def node(dimension: str, code: str, parent: str = "") -> ScopeNode:
    """A channel, category or language, below another."""
    above = node(dimension, parent) if parent else None
    made, _ = ScopeNode.objects.get_or_create(dimension=dimension, code=code, defaults={"parent": above})
    return made


def years(since: int, until: int) -> DateRange:
    """From the first day of a year to the first day of another, which is not in it."""
    return DateRange(date(since, 1, 1), date(until, 1, 1))


def draft(
    holder: str,
    exclusivity: str,
    of: str,
    territories: list[str],
    channels: list[str],
    categories: list[str],
    term: DateRange,
    *,
    group: str = "",
    without: tuple[str, ...] = (),
    parent: Agreement | None = None,
    state: str = "active",
) -> AgreementVersion:
    """A version that nobody has signed yet."""
    taker = party(holder, group=group)
    agreement = Agreement.objects.create(
        number=f"L-{Agreement.objects.count() + 1}",
        licensor=parent.licensee if parent else museum(),
        licensee=taker,
        parent=parent,
        state=state,
        currency="GBP",
    )
    version = AgreementVersion.objects.create(agreement=agreement, partner=taker, number=1, effective=term, terms={})
    Grant.objects.create(
        version=version,
        partner=taker,
        prop=prop(of),
        territories=territories,
        excluded_territories=list(without),
        channels=channels,
        categories=categories,
        term=term,
        exclusivity=exclusivity,
    )
    return version


def sign(version: AgreementVersion) -> AgreementVersion:
    """Sign without asking anything but the database."""
    AgreementVersion.objects.filter(pk=version.pk).update(signed_at=timezone.now())
    version.refresh_from_db()
    return version


def signed(*scope: Any, **more: Any) -> AgreementVersion:
    """A version in force."""
    return sign(draft(*scope, **more))
