"""How quantities look on every stock page, and how a list reads the figures of the rows it shows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import PaginationInlineFormSet
from unfold.views import ChangeList

from config.admin_doors import badge
from inventory.stock.models import Balance, Movement

LOW = 5  # units over all warehouses: from here down an item is shown as running low
LATEST = 20
COUNTER_WORDS = {
    "held": gettext_lazy("held"),
    "allocated": gettext_lazy("allocated"),
    "fenced": gettext_lazy("fenced"),
    "quarantined": gettext_lazy("quarantined"),
    "damaged": gettext_lazy("damaged"),
}


def muted(text: Any) -> SafeString:
    """Return a text that stays in the background."""
    return format_html('<span class="text-base-400 dark:text-base-500">{}</span>', text)


def unbroken(text: Any) -> SafeString:
    """Return a text that stays on one line."""
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def two_lines(first: Any, second: Any) -> SafeString:
    """Return two texts in one cell, the second in the background."""
    return format_html(
        '<span class="block whitespace-nowrap">{}</span><span class="block text-base-400 text-xs dark:text-base-500">{}'
        "</span>",
        first,
        second,
    )


def quiet(units: int) -> int | SafeString:
    """Return a number, in the background when it is nothing."""
    return units or muted(0)


def availability(units: int, *, low_at: int = LOW, high_at: int | None = None) -> SafeString:
    """Return available units in the colour of what they ask for: red for none, orange for few, blue for too many."""
    if units == 0:
        return badge("danger", units)
    if units <= low_at:
        return badge("warning", units)
    return badge("info" if high_at is not None and units >= high_at else "success", units)


def of_balance(balance: Balance) -> SafeString:
    """Return what a balance can promise, coloured by its own thresholds."""
    return availability(balance.available, low_at=balance.low_at, high_at=balance.high_at)


def aside(balance: Balance) -> SafeString:
    """Return quarantined and damaged units as one figure; which is which stands behind it."""
    units = balance.quarantined + balance.damaged
    if not units:
        return muted("–")
    parts = _("%(quarantined)d quarantined, %(damaged)d damaged") % {
        "quarantined": balance.quarantined,
        "damaged": balance.damaged,
    }
    return format_html('<span class="text-base-400 dark:text-base-500" title="{}">{}</span>', parts, units)


def signed(units: int) -> SafeString:
    """Return a change with its sign, in green or red."""
    if not units:
        return muted("·")
    colour = "text-green-700 dark:text-green-400" if units > 0 else "text-red-700 dark:text-red-400"
    return format_html('<span class="{}">{}</span>', colour, f"{units:+d}".replace("-", "−"))


def other_changes(movement: Movement) -> str | SafeString:
    """Return what a movement changed beside the units on hand, e.g. ``held −1, allocated +1``."""
    deltas = {name: getattr(movement, f"{name}_delta") for name in COUNTER_WORDS}
    parts = [f"{COUNTER_WORDS[name]} {delta:+d}".replace("-", "−") for name, delta in deltas.items() if delta]
    return ", ".join(parts) or muted("·")


def link(url: str, text: Any) -> SafeString:
    """Return a link in the admin's dress."""
    return format_html('<a href="{}" class="text-link">{}</a>', url, text)


def ledger(**of: int) -> str:
    """Return the address of the ledger of one ``item`` or ``balance``."""
    ((name, pk),) = of.items()
    return f"{reverse('admin:inventory_movement_changelist')}?{name}={pk}"


class FiguresList(ChangeList):
    """A list whose page asks for the figures of its own rows at once: nothing is added up for rows it does not show."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        self.model_admin.add_figures(self.result_list)


class LatestFormSet(PaginationInlineFormSet):
    """The first rows of a long table; the rest is neither read nor counted."""

    def get_queryset(self) -> Any:
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset()[:LATEST]
        return self._queryset


def id_or_none(value: Any) -> int | None:
    """Return a filter's value as a key, if it is one."""
    text = str(value or "")
    if not text.isdecimal():
        return None
    number = int(text)
    try:
        Balance._meta.pk.run_validators(number)  # noqa: SLF001 (Django's public _meta)
    except ValidationError:
        return None
    return number
