"""The one question asked at every door: may this SKU be sold to this place, through this channel, on this day?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import structlog
from django.db import connection

log = structlog.get_logger("vitrine.rights")


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


# A grant covers its property and all below it: walk from each SKU's property up to the roots. What is in force is asked
# of the register, whose spans were frozen at the signature; a place that no contract names has no label, and is covered
# by whoever has everything. Of a draft only the words are there.
GRANTS = """
WITH RECURSIVE path AS (
    SELECT s.sku, s.category, s.prop_id AS property_id
      FROM licensing_licensedsku s WHERE s.sku = ANY(%(skus)s)
    UNION
    SELECT path.sku, path.category, p.parent_id
      FROM path JOIN licensing_property p ON p.id = path.property_id WHERE p.parent_id IS NOT NULL
), place AS MATERIALIZED (
    SELECT (SELECT low FROM licensing_scopenode WHERE dimension = 'territory' AND code = %(ship_to)s) AS territory,
        (SELECT low FROM licensing_scopenode WHERE dimension = 'channel' AND code = %(channel)s) AS channel
)
SELECT path.sku, g.id, v.id, v.signed_at IS NOT NULL,
    -- A sub-licence that is not in the register has ended with the licence it stands under.
    a.state IN ('active', 'sell_off') AND (a.parent_id IS NULL OR v.signed_at IS NULL OR h.id IS NOT NULL),
    g.term @> %(on)s::date AND v.effective @> %(on)s::date,
    CASE WHEN h.id IS NULL
        THEN (%(ship_to)s = ANY(g.territories) OR '*' = ANY(g.territories))
            AND %(ship_to)s <> ALL(g.excluded_territories)
        ELSE coalesce(h.territory_spans @> place.territory, '*' = ANY(h.territory_codes)) END,
    CASE WHEN h.id IS NULL THEN %(channel)s = ANY(g.channels) OR '*' = ANY(g.channels)
        ELSE coalesce(h.channel_spans @> place.channel, '*' = ANY(h.channel_codes)) END,
    CASE WHEN h.id IS NULL THEN path.category = ANY(g.categories) OR '*' = ANY(g.categories)
        ELSE coalesce(h.category_spans @> kind.low, '*' = ANY(h.category_codes)) END
  FROM path CROSS JOIN place
  LEFT JOIN licensing_grant g ON g.prop_id = path.property_id
  LEFT JOIN licensing_agreementversion v ON v.id = g.version_id
  LEFT JOIN licensing_agreement a ON a.id = v.agreement_id
  LEFT JOIN licensing_rightheld h ON h.grant_id = g.id
  LEFT JOIN licensing_scopenode kind ON kind.dimension = 'category' AND kind.code = path.category
 ORDER BY path.sku, g.id
"""
ASKED = (
    Denial.NOT_SIGNED,
    Denial.AGREEMENT_INACTIVE,
    Denial.OUT_OF_TERM,
    Denial.OUT_OF_TERRITORY,
    Denial.OUT_OF_CHANNEL,
    Denial.OUT_OF_CATEGORY,
)


def may_sell(*, skus: Iterable[str], ship_to: str, channel: str, on: date) -> dict[str, Decision]:
    """Decide for each SKU. ``ship_to`` is ISO 3166-1 alpha-2, ``channel`` our code, ``on`` the day of the sale.

    One SQL statement for any number of SKUs. A SKU we know no property of is denied as ``unlicensed``; denials at the
    doors are logged. Of several grants that allow, the oldest is used.
    """
    wanted = sorted(set(skus))
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, {"skus": wanted, "ship_to": ship_to, "channel": channel, "on": on})
        rows = cursor.fetchall()
    decisions: dict[str, Decision] = {}
    denials: dict[str, frozenset[Denial]] = {}
    for row in rows:
        sku, grant_id, version_id, *holds = row
        if grant_id is None:
            continue
        codes = frozenset(code for code, held in zip(ASKED, holds, strict=True) if not held)
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
