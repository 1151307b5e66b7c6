"""From advice to drafts: the budget box, the bulk action, and the page on which both are confirmed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.admin_doors import actor
from inventory.replenishment import advising
from inventory.replenishment.admin import amounts
from inventory.replenishment.errors import PurchaseError
from inventory.replenishment.forms import BudgetForm, DraftingForm
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, ReorderAdvice
from inventory.stock.errors import StockError

ONCE = 24 * 3600  # seconds for which a confirmed page drafts nothing a second time


def _groups(rows: Iterable[ReorderAdvice]) -> list[list[Any]]:
    """Return the cells of a table: what each supplier would send to each warehouse."""
    found: dict[tuple[str, str, str], list[ReorderAdvice]] = defaultdict(list)
    for row in rows:
        if row.source:
            found[row.source.supplier.name, row.warehouse.code, row.source.supplier.currency].append(row)
    cells = []
    for (supplier, warehouse, currency), of in sorted(found.items()):
        cost = sum((row.suggested * row.source.unit_cost for row in of if row.source), Decimal(0))
        units = sum(row.suggested for row in of)
        cells.append([supplier, warehouse, f"{len(of):,}", f"{units:,}", amounts.money(cost, currency)])
    return cells


def _lying(rows: Sequence[ReorderAdvice]) -> list[PurchaseOrder]:
    """Return drafts that order some of the same already: drafts do not count as on their way."""
    wanted = {(row.item_id, row.warehouse_id) for row in rows}
    lines = PurchaseOrderLine.objects.filter(
        order__state=PurchaseOrder.State.DRAFT,
        item_id__in={item for item, _warehouse in wanted},
        order__warehouse_id__in={warehouse for _item, warehouse in wanted},
    ).select_related("order")
    found = {line.order_id: line.order for line in lines if (line.item_id, line.order.warehouse_id) in wanted}
    return sorted(found.values(), key=lambda order: order.number)


def _links(orders: Iterable[PurchaseOrder]) -> Any:
    return format_html_join(", ", "{}", ((amounts.order_link(order),) for order in orders))


def _warning(drafts: Sequence[PurchaseOrder]) -> Any:
    said = _("Some of these items lie on drafts already, which do not count as on order:")
    return format_html("{} {}", said, _links(drafts)) if drafts else ""


class DraftingPages:
    """Adds to the admin of advice what drafts purchase orders."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Two addresses that only take forms."""
        return (
            ("within-budget/", "inventory_reorderadvice_within_budget", require_POST(self._within_budget)),
            ("draft/", "inventory_reorderadvice_draft", require_POST(self._draft)),
        )

    def has_draft_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may write purchase orders."""
        return bool(request.user.has_perm("inventory.add_purchaseorder"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the budget box to those who may draft."""
        box = {"budget_form": BudgetForm(), "own": settings.BASE_CURRENCY} if self.has_draft_permission(request) else {}
        return super().changelist_view(request, {**(extra_context or {}), **box})  # type: ignore[misc]

    @admin.action(description=_("Draft purchase orders"), permissions=["draft"])
    def draft_orders(self, request: HttpRequest, queryset: QuerySet[ReorderAdvice]) -> HttpResponse:
        """Ask before drafting for the chosen rows."""
        return self._confirm(request, queryset, budget=None)

    def _within_budget(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Ask before drafting, within a budget, for the rows that the filters of the list leave."""
        if not self.has_draft_permission(request):
            raise PermissionDenied
        form = BudgetForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give the budget as an amount of %(own)s.") % {"own": settings.BASE_CURRENCY})
            return redirect(_back(request))
        changelist: ChangeList = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        return self._confirm(request, changelist.queryset, budget=form.cleaned_data["budget"])

    def _confirm(self, request: HttpRequest, rows: QuerySet[ReorderAdvice], *, budget: Decimal | None) -> HttpResponse:
        chosen = list(rows.select_related("item", "warehouse", "source__supplier"))
        asked = [row for row in chosen if row.suggested]
        sourced = [row for row in asked if row.source]
        if not sourced:
            messages.warning(request, _("None of these rows has both something to order and a supplier."))
            return redirect(_back(request))
        form = DraftingForm(initial={"ids": ",".join(str(row.pk) for row in asked), "budget": budget})
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Draft purchase orders"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "budget": None if budget is None else amounts.money(budget, settings.BASE_CURRENCY),
            "unsourced": [row for row in asked if not row.source],
            "idle": len(chosen) - len(asked),
            "lying": _warning(_lying(sourced)),
            "back": _back(request),
            "table": {
                "headers": [_("Supplier"), _("Warehouse"), _("Items"), _("Units"), _("Cost")],
                "rows": _groups(sourced),
            },
        }
        return TemplateResponse(request, "admin/inventory/reorderadvice/confirm.html", context)

    def _draft(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Draft what was confirmed, once for each page of confirmation."""
        if not self.has_draft_permission(request):
            raise PermissionDenied
        form = DraftingForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was drafted: the rows or the budget cannot be read."))
            return redirect(_back(request))
        told = form.cleaned_data
        key = f"reorder-drafted:{told['cause_key']}"
        if not cache.add(key, 1, timeout=ONCE):
            messages.warning(request, _("This page was confirmed before: nothing more was drafted."))
            return redirect(_orders())
        try:
            orders = advising.draft_within_budget(advice_ids=told["ids"], budget=told["budget"], actor=actor(request))
        except (PurchaseError, StockError) as error:
            cache.delete(key)
            messages.error(request, _("Nothing was drafted. %(why)s") % {"why": str(error)})
            return redirect(_back(request))
        except BaseException:
            cache.delete(key)
            raise
        self._say(request, told["ids"], orders)
        return redirect(_orders() if orders else _back(request))

    @staticmethod
    def _say(request: HttpRequest, ids: Sequence[int], orders: Sequence[PurchaseOrder]) -> None:
        if orders:
            said = ngettext("One purchase order was drafted", "%(count)d purchase orders were drafted", len(orders))
            messages.success(request, format_html("{}: {}.", said % {"count": len(orders)}, _links(orders)))
        else:
            messages.warning(request, _("Nothing was drafted."))
        unrated = [order for order in orders if order.currency != settings.BASE_CURRENCY and order.rate is None]
        if unrated:
            messages.warning(
                request, format_html("{}: {}.", _("Give an exchange rate before you send"), _links(unrated))
            )
        rows = ReorderAdvice.objects.filter(id__in=ids, suggested__gt=0)
        unsourced = rows.filter(source__isnull=True).count()
        drafted = PurchaseOrderLine.objects.filter(order__in=orders).count()
        beyond = max(rows.count() - unsourced - drafted, 0)
        if unsourced:
            said = ngettext(
                "%(count)d row was left out: it has no supplier.",
                "%(count)d rows were left out: they have no supplier.",
                unsourced,
            )
            messages.warning(request, said % {"count": unsourced})
        if beyond:
            said = ngettext(
                "%(count)d row was left out: the budget was spent, or its currency has no exchange rate yet.",
                "%(count)d rows were left out: the budget was spent, or their currency has no exchange rate yet.",
                beyond,
            )
            messages.info(request, said % {"count": beyond})


def _orders() -> str:
    return reverse("admin:inventory_purchaseorder_changelist") + "?state__exact=draft"


def _back(request: HttpRequest) -> str:
    """Return the list with its filters."""
    page = reverse("admin:inventory_reorderadvice_changelist")
    return f"{page}?{request.GET.urlencode()}" if request.GET else page
