"""Reference rates as the European Central Bank publishes them. Pure: no clock, no network.

One shape for all three files (the day, 90 days, since 1999)::

    gesmes:Envelope > Cube > Cube[@time="2026-11-20"] > Cube[@currency="GBP"][@rate="0.8812"]

A rate is units of the currency for one euro. Source: https://www.ecb.europa.eu/stats/eurofxref/
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import is_currency
from lxml import etree

ENVELOPE = "http://www.gesmes.org/xml/2002-08-01"
CUBES = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"
SOURCE = "European Central Bank, euro foreign exchange reference rates"
LARGEST = 32 * 1024 * 1024  # bytes; all days since 1999 are about 10 MB
CODE = re.compile(r"[A-Z]{3}")
NUMBER = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10})?")  # what a column of twenty digits, ten of them decimals, holds


class UnreadableRates(ValueError):
    """Not a file of reference rates: a sentence that says why."""


@dataclass(frozen=True)
class Table:
    """The rates of one day: currency → units for one euro."""

    on: date
    per_eur: dict[str, Decimal]


def parse(content: bytes) -> list[Table]:
    """Return the tables of a file, oldest first.

    :raises UnreadableRates: it is no such file, or a date, currency or rate in it is wrong or stands twice.
    """
    root = _root(content)
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise UnreadableRates(f"A gesmes:Envelope was expected, not {_name(root)}.")
    tables: dict[date, Table] = {}
    for node in root.iterfind(f"{{{CUBES}}}Cube/{{{CUBES}}}Cube"):
        table = _table(node)
        if table.on in tables:
            raise UnreadableRates(f"The file has {table.on.isoformat()} twice.")
        tables[table.on] = table
    if not tables:
        raise UnreadableRates("The file has no dates.")
    return [tables[day] for day in sorted(tables)]


def _root(content: bytes) -> etree._Element:
    if len(content) > LARGEST:
        raise UnreadableRates(f"The file is larger than {LARGEST // 1024**2} MB.")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableRates(f"The file is not XML: {error.msg}.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableRates("A file with a document type is refused.")
    return root


def _name(node: etree._Element) -> str:
    return str(etree.QName(node).localname)[:60]


def _table(node: etree._Element) -> Table:
    said = node.get("time", "")
    try:
        on = date.fromisoformat(said)
    except ValueError:
        raise UnreadableRates(f"“{said[:40]}” is not a date such as 2026-11-20.") from None
    rates: dict[str, Decimal] = {}
    for cell in node.iterfind(f"{{{CUBES}}}Cube"):
        code = cell.get("currency", "")
        if not CODE.fullmatch(code) or code == "EUR" or not is_currency(code):
            raise UnreadableRates(f"{on.isoformat()}: “{code[:40]}” is not a currency of ISO 4217 other than EUR.")
        if code in rates:
            raise UnreadableRates(f"{on.isoformat()}: {code} stands twice.")
        rates[code] = _rate(cell.get("rate", ""), f"{on.isoformat()}, {code}")
    if not rates:
        raise UnreadableRates(f"{on.isoformat()} has no rates.")
    return Table(on, rates)


def _rate(said: str, where: str) -> Decimal:
    value = Decimal(said) if NUMBER.fullmatch(said) else Decimal(0)
    if value <= 0:
        raise UnreadableRates(f"{where}: “{said[:40]}” is not a rate above zero.")
    return value
