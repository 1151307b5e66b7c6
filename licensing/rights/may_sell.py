"""The one question asked at every door: may this SKU be sold to this place, through this channel, on this day?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import structlog
from django.db import connection

log = structlog.get_logger("vitrine.rights")
ALL = "*"


class Denial(StrEnum):
    """Why not. The codes are stable; partners and logs see them."""

    UNLICENSED = "unlicensed"
    NOT_SIGNED = "not_signed"
    AGREEMENT_INACTIVE = "agreement_inactive"
    OUT_OF_TERM = "out_of_term"
    OUT_OF_TERRITORY = "out_of_territory"
    OUT_OF_CHANNEL = "out_of_channel"
    OUT_OF_CATEGORY = "out_of_category"


@dataclass(frozen=True)
class Decision:
    """Allowed under an agreement version and grant, or denied with every code that stood in the way."""

    sku: str
    allowed: bool
    codes: frozenset[Denial]
    version_id: int | None = None
    grant_id: int | None = None


# A grant covers its property and all below it: walk from each SKU's property up to the roots.
GRANTS = """
WITH RECURSIVE path AS (
    SELECT s.sku, s.category, s.prop_id AS property_id
      FROM licensing_licensedsku s WHERE s.sku = ANY(%s)
    UNION
    SELECT path.sku, path.category, p.parent_id
      FROM path JOIN licensing_property p ON p.id = path.property_id WHERE p.parent_id IS NOT NULL
)
SELECT path.sku, path.category, g.id, v.id, g.territories, g.channels, g.categories,
       v.signed_at IS NOT NULL, a.state = 'active', g.term @> %s::date AND v.effective @> %s::date
  FROM path
  LEFT JOIN licensing_grant g ON g.prop_id = path.property_id
  LEFT JOIN licensing_agreementversion v ON v.id = g.version_id
  LEFT JOIN licensing_agreement a ON a.id = v.agreement_id
 ORDER BY path.sku, g.id
"""


def _codes(row: tuple[Any, ...], *, territory: str, channel: str) -> frozenset[Denial]:
    _sku, category, _grant, _version, territories, channels, categories, signed, active, in_term = row
    return frozenset(
        code
        for code, holds in (
            (Denial.NOT_SIGNED, signed),
            (Denial.AGREEMENT_INACTIVE, active),
            (Denial.OUT_OF_TERM, in_term),
            (Denial.OUT_OF_TERRITORY, territory in territories or ALL in territories),
            (Denial.OUT_OF_CHANNEL, channel in channels or ALL in channels),
            (Denial.OUT_OF_CATEGORY, category in categories or ALL in categories),
        )
        if not holds
    )


def may_sell(*, skus: Iterable[str], ship_to: str, channel: str, on: date) -> dict[str, Decision]:
    """Decide for each SKU. ``ship_to`` is ISO 3166-1 alpha-2, ``channel`` our code, ``on`` the day of the sale.

    One SQL statement for any number of SKUs. A SKU we know no property of is denied as ``unlicensed``; denials at the
    doors are logged. Of several grants that allow, the oldest is used.
    """
    wanted = sorted(set(skus))
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, [wanted, on, on])
        rows = cursor.fetchall()
    decisions: dict[str, Decision] = {}
    denials: dict[str, frozenset[Denial]] = {}
    for row in rows:
        sku, grant_id, version_id = row[0], row[2], row[3]
        if grant_id is None:
            continue
        codes = _codes(row, territory=ship_to, channel=channel)
        if not codes:
            decisions.setdefault(sku, Decision(sku, True, frozenset(), version_id=version_id, grant_id=grant_id))
        # Of grants that all deny, the nearest miss (fewest reasons) says most to a person.
        elif sku not in denials or len(codes) < len(denials[sku]):
            denials[sku] = codes
    for sku in wanted:
        if sku not in decisions:
            codes = denials.get(sku, frozenset({Denial.UNLICENSED}))
            decisions[sku] = Decision(sku, False, codes)
            log.info("sale denied", sku=sku, ship_to=ship_to, channel=channel, codes=sorted(codes))
    return decisions
