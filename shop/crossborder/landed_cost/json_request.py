"""A landed-cost request from JSON. Pure. Amounts are text or whole numbers: a JSON fraction is refused, it is a float.

The shape is documented in ``docs/landed-cost.md`` and by ``request.schema.json`` beside this file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.crossborder.landed_cost.request import (
    CURRENCY,
    BadRequest,
    Consignment,
    Fault,
    Incoterm,
    Line,
    Request,
)

REGISTRATIONS = (
    "IOSS", "GB_VAT", "XI_VAT", "EU_OSS", "EU_VAT", "VOEC", "AU_ARN", "AU_ABN", "NZ_GST", "SG_GST", "CH_VAT", "CN_CBEC",
    "CN_PLATFORM",
)  # fmt: skip
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
            self.fault(f"{at}/{name}", "unknown", "There is no such field.")
        return value

    def text(self, raw: Mapping[str, Any], name: str, at: str, default: str = "") -> str:
        value = raw.get(name, default)
        if not isinstance(value, str) or len(value) > 200:
            self.fault(f"{at}/{name}", "invalid", "must be text of at most 200 characters.")
            return default
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
        if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) > 30:
            self.fault(at, "invalid", 'must be an amount as text, such as "18.00".')
            return Decimal(0)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or abs(amount) >= 10**14:
            self.fault(at, "invalid", 'must be an amount as text, such as "18.00".')
            return Decimal(0)
        if amount < 0:
            self.fault(at, "negative", "must not be negative.")
            return Decimal(0)
        return amount

    def day(self, raw: Mapping[str, Any], name: str, at: str, default: date) -> date:
        value = raw.get(name)
        if value is None:
            return default
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(f"{at}/{name}", "invalid", "must be a date such as 2026-11-22.")
            return default

    def list(self, value: Any, at: str, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.fault(at, "invalid", "must be a list.")
            return ()
        return tuple(read(one, f"{at}/{number}") for number, one in enumerate(value))


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
    for kind, number in given.items():
        if not isinstance(number, str) or not number.strip():
            reader.fault(f"{at}/registrations/{kind}", "invalid", "must be the number as text.")
    return {kind: number for kind, number in given.items() if isinstance(number, str)}


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
    if isinstance(raw, str):
        return raw
    reader.fault(at, "invalid", "must be text.")
    return ""


def _rates(reader: _Reader, raw: Any) -> FixedRates:
    body = reader.mapping(raw, "/fx", {"on", "per_eur"})
    if "on" not in body:
        reader.fault("/fx/on", "required", "The day of the rates is required.")
    table = body.get("per_eur")
    rates = {"EUR": Decimal(1)}
    for code, value in table.items() if isinstance(table, dict) else ():
        if not CURRENCY.fullmatch(code):
            reader.fault(f"/fx/per_eur/{code}", "invalid", "must be an ISO 4217 code, such as GBP.")
            continue
        rate = reader.decimal(value, f"/fx/per_eur/{code}")
        if not rate:
            reader.fault(f"/fx/per_eur/{code}", "invalid", "must be above zero.")
        rates[code] = rate or Decimal(1)
    if not isinstance(table, dict):
        reader.fault("/fx/per_eur", "required", "The rates are required: units of each currency for one euro.")
    return FixedRates(on=reader.day(body, "on", "/fx", date.min), per_eur=rates)
