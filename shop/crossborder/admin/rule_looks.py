"""How the pages of the rule book write rates, amounts, days, badges and sources."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.admin_doors import badge
from shop.crossborder.models import RuleSource
from shop.crossborder.money import display, round_money
from shop.crossborder.rulebook.entries import STANDARD, Combine, Confidence, DutyKind

CONFIDENCE = {Confidence.OFFICIAL: "success", Confidence.SECONDARY: "warning", Confidence.MEMORY: "danger"}
KINDS = {
    "sources": gettext_lazy("Source"),
    "jurisdictions": gettext_lazy("Jurisdiction"),
    "places": gettext_lazy("Place"),
    "procedures": gettext_lazy("Procedure"),
    "taxes": gettext_lazy("Tax"),
    "duties": gettext_lazy("Duty"),
    "thresholds": gettext_lazy("Threshold"),
    "fees": gettext_lazy("Fee"),
    "restrictions": gettext_lazy("Restriction"),
}


def words(code: Any) -> str:
    """Return a code of the book as words, e.g. ``top up to``."""
    return str(code).replace("_", " ")


def muted(text: Any) -> SafeString:
    """Return a text that stays in the background."""
    return format_html('<span class="text-base-400 dark:text-base-500">{}</span>', text)


def two_lines(first: Any, second: Any) -> SafeString:
    """Return two texts in one cell, the second in the background; long ones break."""
    if not second:
        return format_html("{}", first)
    return format_html(
        '<span class="block">{}</span><span class="block text-base-400 text-xs dark:text-base-500">{}</span>',
        first,
        second,
    )


def plain(number: Decimal) -> str:
    """Return a number without idle zeros."""
    return f"{number.normalize():f}"


def percent(rate: Decimal) -> str:
    """Return a fraction as per cent, e.g. ``5.5 %`` for 0.055."""
    return f"{plain(rate * 100)} %"


def amount(value: Decimal, currency: str) -> str:
    """Return an amount with its currency; one finer than the currency's minor unit keeps all its decimals."""
    if round_money(value, currency) == value:
        return display(value, currency, "en")
    return f"{plain(value)} {currency}"


def days(first: date | None, last: date | None) -> str:
    """Return the days in force as people say them; both ends are in force."""
    if first and last:
        return f"{first} – {last}"
    if last:
        return _("until %(last)s") % {"last": last}
    return _("since %(first)s") % {"first": first} if first else _("always")


def days_cell(first: date | None, last: date | None) -> SafeString:
    """Return the days in force for a cell of a list: a date is never broken, the last day stands below the first."""
    if first and last:
        return format_html(
            '<span class="whitespace-nowrap">{} –</span> <span class="whitespace-nowrap">{}</span>', first, last
        )
    return format_html('<span class="whitespace-nowrap">{}</span>', days(first, last))


def duty(row: Any) -> str:
    """Return what a duty rule charges."""
    if row.combine == Combine.EXEMPT:
        return _("exempt")
    if row.kind == DutyKind.AD_VALOREM:
        return "–" if row.rate is None else percent(row.rate)
    if row.amount is None:
        return "–"
    charged = amount(row.amount, row.currency)
    return f"{charged} {_('per kg') if row.kind == DutyKind.PER_KG else _('per item')}"


def goods(row: Any) -> str:
    """Return which goods and way a rule is about: codes, category, origin, and the route where it is not the usual."""
    parts = [
        f"HS {row.hs}" if getattr(row, "hs", "") else "",
        getattr(row, "category", ""),
        words(getattr(row, "flag", "")),
        _("from %(origin)s") % {"origin": row.origin} if getattr(row, "origin", "") else "",
        _("route %(route)s") % {"route": row.route} if getattr(row, "route", "") not in {"", STANDARD} else "",
    ]
    return " · ".join(part for part in parts if part)


def summary(row: Any) -> str:
    """Return in one line what a plain value or a table's row of the book says; nothing where its key says it all."""
    told = [getattr(row, "name", "") or getattr(row, "code", "")]
    if hasattr(row, "combine"):
        told.append(duty(row))
    elif getattr(row, "rate", None) is not None:
        told.append(percent(row.rate))
    elif getattr(row, "amount", None) is not None:
        told.append(amount(row.amount, row.currency))
    told.append(goods(row))
    return " · ".join(part for part in told if part)


def confidence(code: str) -> SafeString:
    """Return how surely a fact is known, as a coloured label."""
    return badge(CONFIDENCE[Confidence(code)], code)


def confirmation(row: Any) -> SafeString:
    """Return who has confirmed a row and when, or that nobody has."""
    if row.confirmed_on is None:
        return badge("warning", _("Unconfirmed"))
    return two_lines(row.confirmed_by, row.confirmed_on)


def link(href: str, text: Any) -> SafeString:
    """Return a link to another page of the admin."""
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', href, text)


def outside(url: str, text: Any) -> SafeString:
    """Return a link to somebody else's page; an address that is none of the web is only shown."""
    if not url.startswith(("https://", "http://")):
        return format_html("{}", text)
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500" href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
        url,
        text,
    )


def page_of(table: type[Model], pk: Any) -> str:
    """Return the address of a row's page."""
    meta = table._meta  # noqa: SLF001 (Django's public _meta)
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])


def sources(keys: list[str]) -> SafeString:
    """Return titles and links of where a rule was read. One statement."""
    known = {row.key: row for row in RuleSource.objects.filter(key__in=keys)}
    if not keys:
        return mark_safe("–")
    return format_html_join(
        "",
        '<span class="block">{} {}</span>',
        (
            (outside(known[key].url, known[key].title), muted(known[key].issuer)) if key in known else (key, "")
            for key in keys
        ),
    )
