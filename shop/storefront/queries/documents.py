"""An order's invoice and credit notes, as its public page offers them."""

from dataclasses import dataclass

from django.utils import timezone

from shop.orders.documents.models import DocumentKind, Invoice
from shop.orders.documents.writing import day
from shop.orders.models import Order


@dataclass(frozen=True)
class Document:
    """A document to fetch: its number, its date written out, and whether it gives money back."""

    number: str
    issued: str
    credit_note: bool


def documents_of(order: Order) -> list[Document]:
    """Return the order's documents, the first issued first. One statement."""
    rows = order.invoices.order_by("issued_at", "id").values_list("number", "issued_at", "kind")
    return [
        Document(number, day(timezone.localdate(issued_at), order.language), kind == DocumentKind.CREDIT_NOTE)
        for number, issued_at, kind in rows
    ]


def document_by_token(token: str, number: str) -> Invoice | None:
    """Return the document with this number of the order with this public token, or None. One statement."""
    if len(token) > 64 or len(number) > 32 or "\x00" in token + number:
        return None
    return Invoice.objects.filter(order__token=token, number=number).first()
