"""What customs or the carrier would refuse in a declaration, found before anything is printed or sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import chain

from shop.crossborder.customs import describing
from shop.crossborder.customs.dated_rules import contact_needs, product_ids_mandatory
from shop.crossborder.customs.declaration import SALE_OF_GOODS, Declaration, DeclaredLine, Party

HS_CODE = re.compile(r"[0-9]{6,10}")
COUNTRY = re.compile(r"[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")
INCOTERMS = ("DDP", "DAP")
# IM and ten digits (Council Regulation (EU) 904/2010 as amended; format of the Commission's explanatory notes).
IOSS = re.compile(r"\bIM[ .-]?(?:[0-9][ .-]?){10}(?![0-9])", re.IGNORECASE)
CN_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


@dataclass(frozen=True)
class Fault:
    """Why a declaration is refused: a JSON Pointer (RFC 6901) into it, a stable code, and words."""

    pointer: str
    code: str
    message: str


def check(declaration: Declaration) -> list[Fault]:
    """Return every fault, in the order of the declaration; none: it may be printed and sent."""
    return list(
        chain(
            _whole(declaration),
            _parties(declaration),
            *(_line(declaration, line, f"/lines/{place}") for place, line in enumerate(declaration.lines)),
            _on_paper(declaration),
        )
    )


def _whole(it: Declaration) -> Iterator[Fault]:
    if not it.lines:
        yield Fault("/lines", "no_lines", "Nothing is declared: there are no lines.")
    if it.category != SALE_OF_GOODS:
        yield Fault("/category", "not_a_sale", f"What a shop sends is a {SALE_OF_GOODS}, never “{it.category}”.")
    if it.incoterm not in INCOTERMS:
        yield Fault("/incoterm", "incoterm", f"“{it.incoterm}” is not one of {', '.join(INCOTERMS)}.")
    if not it.incoterm_place.strip():
        yield Fault("/incoterm_place", "incoterm_place", f"{it.incoterm} needs the place up to which it holds.")
    if not CURRENCY.fullmatch(it.currency):
        yield Fault("/currency", "currency", f"“{it.currency}” is not an ISO 4217 code.")
    for name in ("freight", "insurance", "taxes_collected"):
        amount: Decimal = getattr(it, name)
        if amount < 0:
            yield Fault(
                f"/{name}", "negative_amount", f"{name.replace('_', ' ').capitalize()} is {amount}, below zero."
            )
    if it.gross_weight_g <= 0:
        yield Fault("/gross_weight_g", "gross_weight", f"The gross weight is {it.gross_weight_g} g.")
    elif it.net_weight_g > it.gross_weight_g:
        yield Fault(
            "/gross_weight_g",
            "net_above_gross",
            f"The lines weigh {it.net_weight_g} g net, more than the parcel's {it.gross_weight_g} g gross.",
        )
    if not it.invoice_number.strip():
        yield Fault("/invoice_number", "invoice_number", "A sale needs the number of its invoice.")


def _parties(it: Declaration) -> Iterator[Fault]:
    for name in ("sender", "addressee", "importer"):
        party: Party | None = getattr(it, name)
        if party is not None:
            yield from _party(party, f"/{name}")
    needs, addressee = contact_needs(it.addressee.country, it.on), it.addressee
    to = addressee.country
    if "phone" in needs and not addressee.phone.strip():
        yield Fault("/addressee/phone", "phone_required", f"Customs of {to} ask for the addressee's telephone number.")
    if "email" in needs and not addressee.email.strip():
        yield Fault("/addressee/email", "email_required", f"Customs of {to} ask for the addressee's e-mail address.")
    if "any" in needs and not addressee.phone.strip() and not addressee.email.strip():
        yield Fault(
            "/addressee", "contact_required", "The addressee has neither a telephone number nor an e-mail address."
        )


def _party(party: Party, pointer: str) -> Iterator[Fault]:
    if not party.name.strip() and not party.company.strip():
        yield Fault(f"{pointer}/name", "name_required", "Neither a person nor a company is named.")
    if not COUNTRY.fullmatch(party.country):
        yield Fault(f"{pointer}/country", "country", f"“{party.country}” is not an ISO 3166-1 code of two letters.")
    if not (party.latin or party.local) and not (party.lines and party.city.strip()):
        yield Fault(f"{pointer}/lines", "address_required", "The address lacks its street or its city.")
    masked = party.references.cn_id_masked
    if masked and "*" not in masked:
        yield Fault(f"{pointer}/references/cn_id_masked", "unmasked_id", "An identity number must be masked on papers.")


def _line(it: Declaration, line: DeclaredLine, at: str) -> Iterator[Fault]:
    yield from _description(it, line, at)
    if not HS_CODE.fullmatch(line.hs_code):
        said = f"“{line.hs_code}”" if line.hs_code else "missing"
        yield Fault(f"{at}/hs_code", "hs_code", f"The HS code of {line.sku} is {said}; it has 6 to 10 digits.")
    if not COUNTRY.fullmatch(line.origin):
        yield Fault(f"{at}/origin", "origin", f"The country of origin of {line.sku} is missing or no ISO code.")
    for name, number in (("quantity", line.quantity), ("unit_value", line.unit_value), ("value", line.value)):
        if number <= 0:
            what = name.replace("_", " ")
            yield Fault(f"{at}/{name}", "not_positive", f"The {what} of {line.sku} is {number}; it must be above zero.")
    if line.net_weight_g <= 0:
        yield Fault(f"{at}/net_weight_g", "not_positive", f"The net weight of {line.sku} is {line.net_weight_g} g.")
    if line.currency != it.currency:
        yield Fault(
            f"{at}/currency", "currency_mixed", f"{line.sku} is valued in {line.currency}, the rest in {it.currency}."
        )
    if line.quantity > 0 and line.unit_value * line.quantity != line.value:
        yield Fault(
            f"{at}/value",
            "value_sum",
            f"{line.sku}: {line.quantity} × {line.unit_value} is {line.unit_value * line.quantity}, not {line.value}.",
        )
    if product_ids_mandatory(origin=it.dispatch_country, destination=it.addressee.country, on=it.on):
        for name in ("merchant_product_id", "manufacturer_product_id"):
            if not getattr(line, name).strip():
                who = name.partition("_")[0]
                yield Fault(
                    f"{at}/{name}",
                    f"{name}_required",
                    f"{line.sku} lacks the {who}'s product id, mandatory for the EU since 2026-11-01.",
                )
    year = line.reproduction_year
    if year is not None and not 1900 <= year <= it.on.year:
        yield Fault(f"{at}/reproduction_year", "reproduction_year", f"{line.sku} cannot be a reproduction of {year}.")


def _description(it: Declaration, line: DeclaredLine, at: str) -> Iterator[Fault]:
    text, place = line.description.strip(), f"{at}/description"
    codes = (line.sku, line.merchant_product_id, line.manufacturer_product_id)
    if not text:
        yield Fault(place, "description_missing", f"{line.sku} has no description for customs.")
    elif describing.only_code(text, codes):
        yield Fault(place, "description_is_code", f"“{text}” is a product number and does not say what {line.sku} is.")
    elif said := describing.vague(text):
        yield Fault(place, "description_vague", f"“{text}” is refused by customs: “{said[0]}” {said[1]}.")
    elif not describing.names_goods(text):
        yield Fault(place, "description_not_english", f"“{text}” is not in English.")
    elif describing.only_brand(text, (it.sender.name, it.sender.company)):
        yield Fault(place, "description_is_brand", f"“{text}” names the seller and not the goods.")
    elif describing.too_short(text):
        yield Fault(place, "description_short", f"“{text}” is too short: say the material and the kind of article.")
    local = line.description_local.strip()
    if local and (said := describing.vague(local)):
        yield Fault(f"{at}/description_local", "description_vague", f"“{local}” is refused: “{said[0]}” {said[1]}.")
    elif local and describing.too_short_local(local):
        yield Fault(f"{at}/description_local", "description_short", f"“{local}” is too short to name the goods.")


def _on_paper(it: Declaration) -> Iterator[Fault]:
    """Look for numbers that must not be printed in every text that is."""
    for pointer, text in _printed(it):
        if IOSS.search(text):
            yield Fault(pointer, "ioss_on_paper", "The IOSS number travels electronically and is never printed.")
        if CN_ID.search(text):
            yield Fault(pointer, "unmasked_id", "A whole identity number must not be printed.")


def _printed(it: Declaration) -> Iterator[tuple[str, str]]:
    for name in ("comments", "origin_statement", "incoterm_place", "invoice_number", "route", "tracking"):
        yield f"/{name}", getattr(it, name)
    for place, line in enumerate(it.lines):
        for name in ("description", "description_local", "composition"):
            yield f"/lines/{place}/{name}", getattr(line, name)
    for name in ("sender", "addressee", "importer"):
        party: Party | None = getattr(it, name)
        if party is None:
            continue
        for one in fields(party):
            value = getattr(party, one.name)
            if isinstance(value, str | tuple):
                yield f"/{name}/{one.name}", value if isinstance(value, str) else " ".join(value)
        for label, number in party.references.printed():
            yield f"/{name}/references/{label.lower()}", number
