"""The documents as PDF, made from their content alone: PDF/A-2b and PDF/UA-1, the same content gives the same bytes."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from shop.crossborder.customs.typesetting import typeset
from shop.orders.documents.models import Invoice

TEMPLATES = Path(__file__).parent / "templates"


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return an invoice or credit note as it was issued."""
    return set_invoice(invoice.content, on=timezone.localdate(invoice.issued_at))


def set_invoice(content: Mapping[str, Any], *, on: date) -> bytes:
    """Return the PDF of the frozen content of an invoice or credit note."""
    return typeset("invoice", content, on=on, folder=TEMPLATES)


def file_name(invoice: Invoice) -> str:
    """Return the name under which it is saved: its number."""
    return f"{invoice.number}.pdf"
