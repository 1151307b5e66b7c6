"""What an order has frozen, in words for a person. Pure; English, as the books are kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop.crossborder.addresses.layout import lines as postal_lines

BASES = {"net_sales": "net sales"}
ADDRESS = ("name", "company", "line1", "line2", "district", "city", "region", "postcode", "country", "phone")


def percent(rate: Decimal) -> str:
    """Return a fraction as per cent without idle zeros: 0.0550 is ``5.5 %``."""
    return f"{(rate * 100).normalize():f} %"


def royalty(terms: Mapping[str, Any] | None) -> str:
    """Return a line's frozen royalty terms, e.g. ``8 % of net sales under LIC-1 version 1``."""
    if not terms:
        return "No royalty"
    base = BASES.get(terms["base"], terms["base"])
    return f"{percent(Decimal(terms['rate']))} of {base} under {terms['agreement']} version {terms['version']}"


def address(ship_to: Mapping[str, Any]) -> list[str]:
    """Return the lines of an address as its country writes it, the parts it lacks left out, and the telephone."""
    try:
        lines = postal_lines(ship_to)
    except KeyError:  # a marketplace may name no country, or one that nobody else does
        lines = [str(ship_to[part]) for part in ADDRESS if ship_to.get(part)]
    else:
        lines += [str(ship_to["phone"])] if ship_to.get("phone") else []
    if ship_to.get("held_by"):
        lines.append(f"Full address is with {ship_to['held_by']}.")
    return lines


def _rule(rule: Mapping[str, Any]) -> str:
    scope = rule.get("category") or "all other categories"
    since = f", in force since {rule['valid_from']}" if rule.get("valid_from") else ""
    checked = "confirmed" if rule.get("confirmed") else "not confirmed"
    return (
        f"{rule['name']} {percent(Decimal(rule['rate']))} ({rule['jurisdiction']}, {rule['regime']}, {scope}{since}; "
        f"source: {rule['source']}; {checked})"
    )


def quote(document: Mapping[str, Any]) -> list[str]:
    """Return how the price was reached: what binds us, the amounts, each rule with its source, and every doubt."""
    if not document:
        return []
    if "rulebook" not in document:
        return _before_the_rule_book(document)
    kind = "Final price" if document["kind"] == "FINAL" else "Estimate"
    currency = document["currency"]
    tax = "included in the prices" if document.get("tax_included") else "added to the prices"
    lines = [
        f"{kind}, delivered {document['incoterm']}, rule book version {document['rulebook']}",
        " + ".join(f"{what} {document[field]}" for field, what in PARTS.items())
        + f" - tax in prices {document['tax_in_prices']} = {document['total']} {currency}",
        f"Tax {document['tax']} {currency}, {tax}",
    ]
    if Decimal(document["payable_on_delivery"]):
        lines.append(f"Of this {document['payable_on_delivery']} {currency} is left for the door.")
    rules = document.get("rules", {})
    for step in document.get("steps", []):
        rule = rules.get(step["rule"])
        if rule and step["step"] in CHARGES:
            rate = f" × {percent(Decimal(step['rate']))}" if step["rate"] else ""
            base = f" of {step['base']}" if step["rate"] else ""
            lines.append(f"{step['step'].replace('_', ' ').capitalize()} {step['amount']}{base}{rate}: {_cited(rule)}")
    doubts = (f"{one['code'].replace('_', ' ')}: {one['rule'] or one['about']}" for one in document.get("reasons", []))
    return lines + [doubt.capitalize() for doubt in doubts]


PARTS = {"goods": "Goods", "shipping": "delivery", "duty": "duty", "fees": "fees", "tax": "tax"}
CHARGES = {"duty", "preference", "additional_duty", "duty_per_item", "fee", "tax", "duty_waived", "tax_waived"}


def _cited(rule: Mapping[str, Any]) -> str:
    """Return a frozen rule with where it is written down."""
    since = f", in force since {rule['valid_from']}" if rule.get("valid_from") else ""
    source = "; ".join(one["title"] for one in rule.get("sources", []))
    checked = "confirmed" if rule.get("confirmed") else "not confirmed"
    place = rule.get("jurisdiction", "")
    return f"{rule.get('name', rule['key'])} ({place}{since}; source: {source or 'none noted'}; {checked})"


def _before_the_rule_book(document: Mapping[str, Any]) -> list[str]:
    """Return the quote of an order that was placed before there was a rule book."""
    kind = "Final price" if document.get("kind") == "FINAL" else "Estimate"
    tax = "included in the prices" if document.get("tax_included") else "added to the prices"
    currency = document.get("currency", "")
    lines = [
        f"{kind}, delivered {document.get('incoterm', '')}".rstrip(),
        f"Goods {document.get('goods')} + delivery {document.get('shipping')} = {document.get('total')} {currency}"
        if document.get("tax_included")
        else f"Goods {document.get('goods')} + delivery {document.get('shipping')} + tax {document.get('tax')} "
        f"= {document.get('total')} {currency}",
        f"Tax {document.get('tax')} {currency}, {tax}",
        *(_rule(rule) for rule in document.get("rules", [])),
    ]
    doubts = {
        "tax_rule_missing": "No tax rule was found for some of the goods.",
        "tax_rule_unconfirmed": "A tax rule had not been confirmed.",
    }
    return lines + [doubts.get(notice, notice) for notice in document.get("notices", [])]
