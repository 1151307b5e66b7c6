"""How the replenishment pages write amounts, days and links."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import format_currency, get_currency_precision
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

LOCALE = "en_GB"


def money(amount: Decimal, currency: str) -> str:
    """Return an amount rounded half up to the currency's minor unit, e.g. ``£1,234.50`` or ``CN¥80.00``."""
    whole = amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)
    return format_currency(whole, currency, locale=LOCALE)


def unit_cost(amount: Decimal, currency: str) -> str:
    """Return the cost of one unit with up to four decimals, as many as it needs and not fewer than the currency has."""
    least = get_currency_precision(currency)
    shown = "¤#,##0" + (f".{'0' * least}{'#' * (4 - least)}" if least < 4 else "")
    return format_currency(amount, currency, format=shown, locale=LOCALE, currency_digits=False)


def day(when: date) -> str:
    """Return a day as people here write it, e.g. ``4 Mar 2026``."""
    return f"{when.day} {when:%b %Y}"


def late(expected: date | None) -> bool:
    """Say whether a day has passed."""
    return expected is not None and expected < timezone.localdate()


def order_link(order: Any) -> SafeString:
    """Return a link to a purchase order's page."""
    page = reverse("admin:inventory_purchaseorder_change", args=[order.pk])
    return format_html('<a class="text-link underline" href="{}">{}</a>', page, order.number)
