"""How each part of a sale is taxed, under which registration, and what the paper must say of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shop.orders.documents.rules import clause, registration_rule, tax_place


class Treatment(StrEnum):
    """What the law makes of a consignment; ``data/clauses.csv`` has the sentence and its source."""

    DOMESTIC = "domestic"  # within the country of dispatch
    OSS = "oss"  # to another member state, taxed there under the Union One-Stop Shop
    ORIGIN = "origin"  # to another member state, taxed where it left
    AT_SALE = "at_sale"  # imported, the tax of the destination taken at the sale (IOSS, UK, GST …)
    EXPORT = "export"  # imported, taxed at the border
    BONDED = "bonded"  # released to the country in which it lay in bond
    INTRA_COMMUNITY = "intra_community"  # to a business in another member state
    REVERSE_CHARGE = "reverse_charge"  # to a business that accounts for the tax itself


# What is taxed at the border: the seller takes such tax for customs, not as its own.
ABOUT_IMPORT = "import"  # what a sentence on duty and tax at the border is about
AT_THE_BORDER = frozenset({Treatment.EXPORT, Treatment.BONDED})


@dataclass(frozen=True)
class Route:
    """How one consignment goes. ``at_sale`` is the kind of registration under which its tax was taken at the sale."""

    origin: str
    destination: str
    imported: bool
    at_sale: str = ""


@dataclass(frozen=True)
class Number:
    """A seller's registration: kind, the member state of a national VAT number, and the number."""

    kind: str
    jurisdiction: str
    number: str


def treatment(route: Route, *, registered: Sequence[Number], on: date, buyer_number: str = "") -> Treatment:
    """Return how the consignment is taxed. ``buyer_number``: the tax number of a business, checked; empty: a consumer.

    A member state's tax in another (Directive 2006/112/EC, articles 33(a) and 59c); a business in another member state
    (article 138); one that accounts for the tax of low value imports itself (VAT Act 1994, section 7AA; GST Act 1999,
    subdivision 84-C).
    """
    origin, destination = tax_place(route.origin, on), tax_place(route.destination, on)
    if route.imported:
        if route.at_sale:
            accounts = buyer_number and clause(Treatment.REVERSE_CHARGE, destination, on=on)
            return Treatment.REVERSE_CHARGE if accounts else Treatment.AT_SALE
        return Treatment.BONDED if origin.territory == destination.territory else Treatment.EXPORT
    if origin.territory == destination.territory or not (origin.union and destination.union):
        return Treatment.DOMESTIC
    if buyer_number:
        return Treatment.INTRA_COMMUNITY
    oss = any(one.kind == "EU_OSS" for one in registered)
    return Treatment.OSS if oss else Treatment.ORIGIN


def number_for(found: Treatment, route: Route, *, registered: Sequence[Number], on: date) -> Number | None:
    """Return the registration that stands on the paper for this treatment; None: none, or one that is never printed.

    The IOSS number is known to customs alone: who reads it could import on the seller's account.
    """
    if found is Treatment.OSS:
        kind, state = "EU_OSS", ""
    elif found in {Treatment.AT_SALE, Treatment.REVERSE_CHARGE}:
        kind, state = route.at_sale, ""
    else:
        place = tax_place(route.origin, on)
        kind, state = place.registration, place.territory if place.registration == "EU_VAT" else ""
    if not kind or not registration_rule(kind).printed:
        return None
    return next((one for one in registered if one.kind == kind and state in {"", one.jurisdiction}), None)


def tax_currency(found: Treatment, route: Route, *, number: Number | None, seller_country: str, on: date) -> str:
    """Return the currency in which the tax must be stated too; empty: any will do.

    Under the One-Stop Shops the invoice follows the rules of the member state of identification (Directive 2006/112/EC,
    articles 219a(2)(b) and 230), for IOSS that of the number's holder, in euro (article 369t).
    """
    if found in AT_THE_BORDER or found in {Treatment.INTRA_COMMUNITY, Treatment.REVERSE_CHARGE}:
        return ""
    if found is Treatment.OSS:
        return tax_place((number.jurisdiction if number else "") or seller_country, on).currency
    if found is Treatment.AT_SALE:
        return "EUR" if route.at_sale == "IOSS" else tax_place(route.destination, on).currency
    return tax_place(route.origin, on).currency


def sentences(
    found: Treatment, route: Route, *, terms: str, imports: bool, language: str, country: str, on: date
) -> list[dict[str, str]]:
    """Return what the paper says of the treatment: ``about``, ``text`` in the language and ``source``.

    ``terms`` is DDP or DAP; ``imports``: duty or tax at the border is to be spoken of. ``country`` is the name of the
    destination in the language.
    """
    place = tax_place(route.destination if found in {Treatment.AT_SALE, Treatment.REVERSE_CHARGE} else route.origin, on)
    if found is Treatment.OSS:
        place = tax_place(route.destination, on)
    rows = [(str(found), clause(found, place, on=on))]
    if imports:
        about = "import" if found in AT_THE_BORDER else "duty"
        rows.append((ABOUT_IMPORT, clause(about, tax_place(route.destination, on), terms=terms, on=on)))
    return [
        {"about": about, "text": row[language].replace("{country}", country), "source": row["source"]}
        for about, row in rows
        if row is not None
    ]


def routes_of(quote: Mapping[str, Any], *, destination: str) -> list[Route]:
    """Return the route of each line of a frozen quote, in the order of the lines; nothing where it does not say."""
    rules = quote.get("rules")
    consignments = quote.get("consignments")
    if not isinstance(rules, Mapping) or not isinstance(consignments, Sequence):
        return []
    refused = {one.get("rule") for one in quote.get("cautions", []) if one.get("code") == "not_registered"}
    within: dict[tuple[int, int | None], str] = {}
    for step in quote.get("steps", []):
        rule = rules.get(step.get("rule")) or {}
        collects = step.get("step") == "within" and "collect_at_sale" in str(rule.get("effects", ""))
        if collects and step["rule"] not in refused and rule.get("registration"):
            within[step["consignment"], step["line"]] = rule["registration"]
    found = []
    for number, one in enumerate(consignments):
        for line in range(len(one["lines"])):
            at_sale = (
                (within.get((number, line)) or within.get((number, None)) or "") if one["collected_at_sale"] else ""
            )
            found.append(Route(one["from_country"], destination, bool(one["imported"]), at_sale))
    return found
