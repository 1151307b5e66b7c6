"""Reads the sales history of a shop, one transaction line a row, and says what each line is. Pure; money in GBP.

The columns are those of the UCI Online Retail data set: InvoiceNo, StockCode, Description, Quantity, InvoiceDate,
UnitPrice, CustomerID, Country. Lines of one invoice follow each other.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from zoneinfo import ZoneInfo

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
LONDON = ZoneInfo("Europe/London")
# Codes that are services, fees or the bookkeeper's notes, and no goods.
NO_GOODS = {
    "POST": "postage",
    "DOT": "postage",
    "C2": "postage",
    "M": "manual entry",
    "D": "discount",
    "S": "samples",
    "PADS": "packing material",
    "BANK CHARGES": "bank charges",
    "AMAZONFEE": "marketplace fee",
    "CRUK": "donation",
    "B": "bad debt",
}
# Old or loose names of countries, as ISO 3166-1 alpha-2 codes; the rest of the names are their own.
COUNTRIES = {
    "AUSTRALIA": "AU",
    "AUSTRIA": "AT",
    "BAHRAIN": "BH",
    "BELGIUM": "BE",
    "BRAZIL": "BR",
    "CANADA": "CA",
    "CYPRUS": "CY",
    "CZECH REPUBLIC": "CZ",
    "DENMARK": "DK",
    "EIRE": "IE",
    "FINLAND": "FI",
    "FRANCE": "FR",
    "GERMANY": "DE",
    "GREECE": "GR",
    "HONG KONG": "HK",
    "ICELAND": "IS",
    "ISRAEL": "IL",
    "ITALY": "IT",
    "JAPAN": "JP",
    "LEBANON": "LB",
    "LITHUANIA": "LT",
    "MALTA": "MT",
    "NETHERLANDS": "NL",
    "NORWAY": "NO",
    "POLAND": "PL",
    "PORTUGAL": "PT",
    "RSA": "ZA",
    "SAUDI ARABIA": "SA",
    "SINGAPORE": "SG",
    "SPAIN": "ES",
    "SWEDEN": "SE",
    "SWITZERLAND": "CH",
    "UNITED ARAB EMIRATES": "AE",
    "UNITED KINGDOM": "GB",
    "USA": "US",
}
SKU = re.compile(r"[^A-Z0-9-]+")


class HistoryError(ValueError):
    """The file is no sales history; says what is wrong and where."""


@dataclass(frozen=True)
class Line:
    """One line: units (negative: cancelled), price of one in GBP; ``skipped`` says why it is no sale of goods."""

    sku: str
    description: str
    quantity: int
    unit_price: Decimal
    skipped: str = ""


@dataclass(frozen=True)
class Invoice:
    """All lines of one invoice; ``first`` and ``last`` number its lines (1: the first after the header)."""

    number: str
    sold_at: datetime
    customer: str
    country: str
    first: int
    last: int
    lines: tuple[Line, ...] = field(default=())

    @property
    def is_cancellation(self) -> bool:
        """Whether it takes goods back."""
        return self.number.startswith("C")


def sku_of(stock_code: str) -> str:
    """Return a stock code as one of our SKUs: upper case, other signs as hyphens."""
    return SKU.sub("-", stock_code.strip().upper()).strip("-")[:40]


def country_of(name: str) -> str:
    """Return the ISO code of a country, or the name as it is where there is none ("Channel Islands", "Unspecified")."""
    return COUNTRIES.get(name.strip().upper(), name.strip() or "Unspecified")


def _line(row: dict[str, str], number: int) -> Line:
    try:
        quantity = int(row["Quantity"])
        price = Decimal(row["UnitPrice"])
    except (ValueError, InvalidOperation) as error:
        raise HistoryError(
            f"line {number}: quantity {row['Quantity']!r} and price {row['UnitPrice']!r} must be numbers"
        ) from error
    code, sku = row["StockCode"].strip().upper(), sku_of(row["StockCode"])
    cancelled = row["InvoiceNo"].startswith("C")
    if code in NO_GOODS:
        skipped = NO_GOODS[code]
    elif code.startswith("GIFT"):
        skipped = "gift voucher"
    elif not sku:
        skipped = "no stock code"
    elif quantity == 0:
        skipped = "no units"
    elif cancelled and quantity > 0:
        skipped = "a cancellation with units that were not taken back"
    elif not cancelled and quantity < 0:
        skipped = "stock adjustment"
    elif price <= 0:
        skipped = "not sold (no price)"
    elif abs(quantity) > 1_000_000:
        skipped = "more than 1,000,000 units"
    else:
        skipped = ""
    return Line(sku, row["Description"].strip()[:200] or sku, quantity, price, skipped)


def invoices(text: Iterable[str], *, skip: int = 0) -> Iterator[Invoice]:
    """Yield the invoices of a CSV file, the first ``skip`` lines (after the header) left out, reading as it goes.

    :raises HistoryError: a column is missing, or a line cannot be read; with the line's number.
    """
    reader = csv.DictReader(text)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise HistoryError(f"the file has no column {', '.join(missing)}")
    numbered = ((number, row) for number, row in enumerate(reader, start=1) if number > skip)
    for invoice_no, rows in groupby(numbered, key=lambda pair: pair[1]["InvoiceNo"]):
        found = list(rows)
        first, head = found[0]
        try:
            sold_at = datetime.fromisoformat(head["InvoiceDate"]).replace(tzinfo=LONDON)
        except (TypeError, ValueError) as error:
            raise HistoryError(f"line {first}: {head['InvoiceDate']!r} is no date and time") from error
        yield Invoice(
            number=str(invoice_no).strip(),
            sold_at=sold_at,
            customer=(head["CustomerID"] or "").strip().removesuffix(".0"),
            country=country_of(head["Country"] or ""),
            first=first,
            last=found[-1][0],
            lines=tuple(_line(row, number) for number, row in found),
        )
