"""A landed-cost request from JSON. Pure. Amounts are text or whole numbers: a JSON fraction is refused, it is a float.

The shape is documented in ``docs/landed-cost.md`` and by ``request.schema.json`` beside this file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shop.crossborder.landed_cost.registrations import REGISTRATIONS, compact, fault_in
from shop.crossborder.landed_cost.request import (
    BadRequest,
    Consignment,
    Fault,
    Incoterm,
    Line,
    Request,
    known_currency,
)

# An exponent, a sign or grouping in an amount is a mistake more often than meant.
AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_TEXT = 200
LARGEST_RATE = Decimal(10) ** 9
SMALLEST_RATE = Decimal(10) ** -6

REQUEST = {
    "country", "postcode", "region", "date", "currency", "prices_include_tax", "incoterm", "fx", "registrations",
    "bought_this_year", "consignments",
}  # fmt: skip
CONSIGNMENT = {
    "seller_country", "from_country", "shipping", "currency", "registrations", "bonded", "route", "lines",
}  # fmt: skip
LINE = {
    "sku", "hs", "origin", "category", "quantity", "unit_price", "discount", "weight_g", "flags", "origin_proven",
}  # fmt: skip


@dataclass(frozen=True)
class FixedRates:
    """Exchange rates given with a request: units of each currency for one euro."""

    on: date
    per_eur: Mapping[str, Decimal]

    def rate(self, base: str, quote: str) -> Decimal:
        """Return units of ``quote`` for one ``base``.

        :raises LookupError: a currency is not in the table.
        """
        return self.per_eur[quote] / self.per_eur[base]

    def day_of(self, _base: str, _quote: str) -> date:
        """Return the day of the table: all its rates are of that day."""
        return self.on


class _Reader:
    """Reads fields and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, pointer: str, code: str, message: str) -> None:
        self.faults.append(Fault(pointer, code, message))

    def mapping(self, value: Any, at: str, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self.fault(at or "/", "invalid", "must be an object.")
            return {}
        for name in sorted(set(value) - known):
            self.fault(f"{at}/{_token(name)}", "unknown", "There is no such field.")
        return value

    def text(self, raw: Mapping[str, Any], name: str, at: str, default: str = "") -> str:
        value = raw.get(name, default)
        return self.plain(value, f"{at}/{name}") or default

    def plain(self, value: Any, at: str) -> str:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.strip().isprintable():
            self.fault(at, "invalid", f"must be text of at most {LONGEST_TEXT} printable characters.")
            return ""
        return value.strip()

    def flag(self, raw: Mapping[str, Any], name: str, at: str) -> bool:
        value = raw.get(name, False)
        if not isinstance(value, bool):
            self.fault(f"{at}/{name}", "invalid", "must be true or false.")
            return False
        return value

    def whole(self, raw: Mapping[str, Any], name: str, at: str, default: int) -> int:
        value = raw.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(f"{at}/{name}", "invalid", "must be a whole number.")
            return default
        return value

    def amount(self, raw: Mapping[str, Any], name: str, at: str, *, required: bool = False) -> Decimal:
        if name not in raw:
            if required:
                self.fault(f"{at}/{name}", "required", "This field is required.")
            return Decimal(0)
        return self.decimal(raw[name], f"{at}/{name}")

    def decimal(self, value: Any, at: str) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
            value = str(value)
        if isinstance(value, str) and AMOUNT.fullmatch(value.strip()):
            return Decimal(value.strip())
        if isinstance(value, str) and NEGATIVE.fullmatch(value.strip()):
            self.fault(at, "negative", "must not be negative.")
        else:
            self.fault(at, "invalid", 'must be an amount as text, such as "18.00".')
        return Decimal(0)

    def day(self, raw: Mapping[str, Any], name: str, at: str, default: date) -> date:
        value = raw.get(name)
        if value is None:
            return default
        try:
            if isinstance(value, str) and DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:  # the 30th of February
            pass
        self.fault(f"{at}/{name}", "invalid", "must be a date such as 2026-11-22.")
        return default

    def list(self, value: Any, at: str, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.fault(at, "invalid", "must be a list.")
            return ()
        return tuple(read(one, f"{at}/{number}") for number, one in enumerate(value))


def _token(name: str) -> str:
    """Return a name as a part of a JSON pointer (RFC 6901), safe to print."""
    printable = name[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode()
    return printable.replace("~", "~0").replace("/", "~1")


def parse_request(raw: Any, *, today: date) -> Request:
    """Return the request; without a ``date`` it is for ``today``.

    :raises BadRequest: naming every field that is wrong.
    """
    reader = _Reader()
    body = reader.mapping(raw, "", REQUEST)
    currency = reader.text(body, "currency", "")
    shared = _registrations(reader, body, "")
    try:
        incoterm = Incoterm(body.get("incoterm", "DDP"))
    except ValueError:
        reader.fault("/incoterm", "invalid", "must be DDP or DAP.")
        incoterm = Incoterm.DDP
    request = Request(
        country=reader.text(body, "country", ""),
        on=reader.day(body, "date", "", today),
        currency=currency,
        consignments=reader.list(
            body.get("consignments", []),
            "/consignments",
            lambda one, at: _consignment(reader, one, at, currency=currency, shared=shared),
        ),
        postcode=reader.text(body, "postcode", ""),
        region=reader.text(body, "region", ""),
        prices_include_tax=reader.flag(body, "prices_include_tax", ""),
        incoterm=incoterm,
        fx=_rates(reader, body["fx"]) if body.get("fx") is not None else None,
        bought_this_year=reader.amount(body, "bought_this_year", ""),
    )
    if reader.faults:
        raise BadRequest(reader.faults)
    return request


def _registrations(reader: _Reader, raw: Mapping[str, Any], at: str) -> dict[str, str]:
    found = raw.get("registrations", {})
    given = reader.mapping(found, f"{at}/registrations", set(REGISTRATIONS))
    read: dict[str, str] = {}
    for kind, number in given.items():
        where = f"{at}/registrations/{_token(kind)}"
        if kind not in REGISTRATIONS:
            continue
        if not isinstance(number, str) or not number.strip():
            reader.fault(where, "invalid", "must be the number as text.")
        elif wrong := fault_in(kind, number):
            reader.fault(where, "invalid", wrong)
        else:
            read[kind] = compact(number)
    return read


def _consignment(reader: _Reader, raw: Any, at: str, *, currency: str, shared: Mapping[str, str]) -> Consignment:
    body = reader.mapping(raw, at, CONSIGNMENT)
    own = _registrations(reader, body, at)
    for kind in sorted(set(own) & set(shared)):
        if own[kind] != shared[kind]:
            message = "contradicts the number given for the whole request."
            reader.fault(f"{at}/registrations/{kind}", "contradictory", message)
    return Consignment(
        lines=reader.list(body.get("lines", []), f"{at}/lines", lambda one, where: _line(reader, one, where)),
        shipping=reader.amount(body, "shipping", at),
        currency=reader.text(body, "currency", at, currency),
        seller_country=reader.text(body, "seller_country", at),
        from_country=reader.text(body, "from_country", at),
        registrations={**shared, **own},
        bonded=reader.flag(body, "bonded", at),
        route=reader.text(body, "route", at),
    )


def _line(reader: _Reader, raw: Any, at: str) -> Line:
    body = reader.mapping(raw, at, LINE)
    return Line(
        sku=reader.text(body, "sku", at),
        hs=reader.text(body, "hs", at).replace(".", ""),
        origin=reader.text(body, "origin", at),
        quantity=reader.whole(body, "quantity", at, 1),
        unit_price=reader.amount(body, "unit_price", at, required=True),
        discount=reader.amount(body, "discount", at),
        category=reader.text(body, "category", at),
        weight_g=reader.whole(body, "weight_g", at, 0),
        flags=frozenset(
            reader.list(body.get("flags", []), f"{at}/flags", lambda one, where: _flag(reader, one, where))
        ),
        origin_proven=reader.flag(body, "origin_proven", at),
    )


def _flag(reader: _Reader, raw: Any, at: str) -> str:
    return reader.plain(raw, at)


def _rates(reader: _Reader, raw: Any) -> FixedRates:
    body = reader.mapping(raw, "/fx", {"on", "per_eur"})
    if "on" not in body:
        reader.fault("/fx/on", "required", "The day of the rates is required.")
    table = body.get("per_eur")
    rates = {"EUR": Decimal(1)}
    for code, value in table.items() if isinstance(table, dict) else ():
        at = f"/fx/per_eur/{_token(code)}"
        if not known_currency(code):
            reader.fault(at, "invalid", "must be an ISO 4217 code, such as GBP.")
            continue
        before = len(reader.faults)
        rate = reader.decimal(value, at)
        if len(reader.faults) > before:
            continue
        if not SMALLEST_RATE <= rate <= LARGEST_RATE or (code == "EUR" and rate != 1):
            message = (
                "must be 1 or left out." if code == "EUR" else f"must be from {SMALLEST_RATE:f} to {LARGEST_RATE:f}."
            )
            reader.fault(at, "invalid", message)
            continue
        rates[code] = rate
    if not isinstance(table, dict):
        reader.fault("/fx/per_eur", "required", "The rates are required: units of each currency for one euro.")
    return FixedRates(on=reader.day(body, "on", "/fx", date.min), per_eur=rates)
