"""Short ways to write rows of the rule book for tests."""

from datetime import date
from typing import Any

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import KINDS
from shop.crossborder.rulebook.rows import parse

FACTS: dict[str, dict[str, str]] = {
    "sources": {"title": "Code general des impots", "url": "https://example.org/cgi"},
    "jurisdictions": {"name": "France", "parent": "", "customs_territory": "EU", "currency": "EUR"},
    "places": {"country": "FR", "postcode": "97[1-4].*", "jurisdiction": "FR-DOM"},
    "procedures": {"jurisdiction": "FR", "route": "standard", "rank": "1", "customs_value": "cif", "valuation": "1"},
    "taxes": {"jurisdiction": "FR", "route": "standard", "tax": "VAT", "name": "TVA", "rate": "0.2"},
    "duties": {
        "jurisdiction": "FR", "route": "standard", "act": "MFN", "combine": "base", "kind": "ad_valorem", "rate": "0.12", "name": "Mugs",
    },
    "thresholds": {
        "jurisdiction": "FR", "route": "standard", "name": "Up to EUR 150", "amount": "150", "currency": "EUR", "basis": "goods",
        "scope": "consignment", "effects": "no_duty",
    },
    "fees": {"jurisdiction": "FR", "route": "standard", "name": "Fee", "per": "parcel", "amount": "2", "currency": "EUR", "status": "active"},
    "restrictions": {"jurisdiction": "FR", "hs": "97", "action": "warn", "code": "cultural-goods"},
}  # fmt: skip


def facts(kind: str, /, **more: str) -> dict[str, str]:
    """A row of a kind as text, with what it needs."""
    dated = {} if kind in {"sources", "jurisdictions"} else {"confidence": "memory"}
    return {"key": "one", **FACTS[kind], **dated, **more}


def row(kind: str, /, **more: str) -> Any:
    return parse(KINDS[kind], facts(kind, **more))


def confirmed(on: date = date(2026, 11, 22)) -> dict[str, str]:
    return {"confirmed_by": "Rule desk", "confirmed_on": on.isoformat()}


def book(*rows: tuple[str, Any]) -> RuleBook:
    """A book of (kind, row)."""
    return RuleBook({kind: [one for name, one in rows if name == kind] for kind in KINDS})
