"""Numbers without gaps: VML-2026-000123, one series for each seller, kind and year.

A PostgreSQL sequence keeps its step when the transaction fails, which leaves a gap; the highest number plus one is read
by two at once, which makes duplicates. Here the number is a row that is changed with the document: who comes second
waits for the first to commit, and takes the same number where the first fails.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from shop.crossborder.models import Seller
from shop.orders.documents.models import DocumentKind

# Letters between the prefix and the year.
SERIES = {DocumentKind.INVOICE: "", DocumentKind.CREDIT_NOTE: "C"}
TAKE = """
INSERT INTO shop_documentcounter AS counter (seller_id, kind, year, last, last_issued_at)
VALUES (%(seller)s, %(kind)s, %(year)s, 1, %(now)s)
ON CONFLICT ON CONSTRAINT documentcounter_once DO UPDATE
    SET last = counter.last + 1, last_issued_at = GREATEST(counter.last_issued_at, excluded.last_issued_at)
RETURNING last, last_issued_at
"""


@dataclass(frozen=True)
class Taken:
    """A number of a series. ``issued_at`` is never before that of a lower number."""

    year: int
    sequence: int
    number: str
    issued_at: datetime


def prefix_of(seller: Seller) -> str:
    """Return what the seller's numbers begin with: its own prefix, else its code."""
    return seller.invoice_prefix or seller.code.upper()


def written(seller: Seller, kind: DocumentKind, year: int, sequence: int) -> str:
    """Return the number as it is printed: ``VML-2026-000123``, of a credit note ``VML-C-2026-000001``."""
    return "-".join(part for part in (prefix_of(seller), SERIES[kind], str(year), f"{sequence:06d}") if part)


def take(*, seller: Seller, kind: DocumentKind, now: datetime) -> Taken:
    """Take the next number of the seller's series in the year of ``now``; others wait until this transaction ends.

    :raises RuntimeError: no transaction is open, so that the number could be lost.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is taken in the transaction that writes its document.")
    year = now.year
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"seller": seller.pk, "kind": str(kind), "year": year, "now": now})
        sequence, issued_at = cursor.fetchone()
    return Taken(year, sequence, written(seller, kind, year, sequence), issued_at)
