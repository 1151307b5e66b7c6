"""The pages of invoices and credit notes: they are looked at, never edited."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import ReadOnlyDoor, badge
from shop.crossborder.money import display as money
from shop.orders.customs_pages import pdf
from shop.orders.documents.models import DocumentCounter, DocumentKind, Invoice
from shop.orders.documents.papers import invoice_pdf


def _lines(texts: Iterable[str]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or SafeString("–")


LABELS = {DocumentKind.INVOICE: "info", DocumentKind.CREDIT_NOTE: "warning"}


class YearFilter(DropdownFilter):
    """The year of the number."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        # The counters know every year that has documents: one short row each.
        years = DocumentCounter.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        value = self.value()
        return queryset.filter(year=int(value)) if value and value.isdecimal() and len(value) == 4 else queryset


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyDoor):
    """What was issued, by seller, year and kind."""

    list_display = ["number", "kind_label", "seller", "order_number", "issued_at", "net_text", "tax_text", "total_text"]
    list_select_related = ["seller", "order"]
    list_filter = [
        ("seller", RelatedDropdownFilter),
        YearFilter,
        ("kind", ChoicesDropdownFilter),
        ("currency", FieldTextFilter),
        ("issued_at", RangeDateTimeFilter),
    ]
    search_fields = ["number", "order__number", "order__email"]
    search_help_text = _("Number, order or e-mail")
    date_hierarchy = "issued_at"
    actions_detail = actions_row = ["pdf"]
    fieldsets = [
        (None, {"fields": [("number", "kind_label", "seller"), ("order_page", "corrects_page", "issued_at")]}),
        (_("Money"), {"fields": [("net_text", "tax_text", "total_text"), "by_rate"]}),
        (_("What it says"), {"fields": ["lines_text", "notes_text"]}),
    ]
    readonly_fields = [
        "kind_label",
        "order_page",
        "corrects_page",
        "net_text",
        "tax_text",
        "total_text",
        "by_rate",
        "lines_text",
        "notes_text",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # The content is long: the list does not read it.
        rows = super().get_queryset(request)
        match = request.resolver_match
        return rows.defer("content") if match and match.url_name == "shop_invoice_changelist" else rows

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, invoice: Invoice) -> SafeString:
        return badge(LABELS[DocumentKind(invoice.kind)], invoice.get_kind_display())

    @display(description=_("order"), ordering="order__number")
    def order_number(self, invoice: Invoice) -> str:
        return invoice.order.number

    @display(description=_("order"))
    def order_page(self, invoice: Invoice) -> SafeString:
        page = reverse("admin:shop_order_change", args=[invoice.order_id])
        return format_html('<a class="text-link" href="{}">{}</a>', page, invoice.order.number)

    @display(description=_("corrects"))
    def corrects_page(self, invoice: Invoice) -> str:
        if invoice.corrects is None:
            return "–"
        page = reverse("admin:shop_invoice_change", args=[invoice.corrects.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', page, invoice.corrects.number)

    @display(description=_("net"), ordering="net")
    def net_text(self, invoice: Invoice) -> str:
        return money(invoice.net, invoice.currency, "en")

    @display(description=_("tax"), ordering="tax")
    def tax_text(self, invoice: Invoice) -> str:
        return money(invoice.tax, invoice.currency, "en")

    @display(description=_("total"), ordering="total")
    def total_text(self, invoice: Invoice) -> str:
        return money(invoice.total, invoice.currency, "en")

    @display(description=_("by rate"))
    def by_rate(self, invoice: Invoice) -> SafeString:
        rows = invoice.content["rates"]
        return _lines(f"{row['name']} {row['rate']}: {row['net']} + {row['tax']} = {row['gross']}" for row in rows)

    @display(description=_("lines"))
    def lines_text(self, invoice: Invoice) -> SafeString:
        rows = invoice.content["lines"]
        return _lines(
            f"{row['quantity'] + ' × ' if row['quantity'] else ''}{row['description']}: {row['gross']}" for row in rows
        )

    @display(description=_("notes"))
    def notes_text(self, invoice: Invoice) -> SafeString:
        return _lines([*invoice.content["notes"], *invoice.content["asides"]])

    @action(
        description=_("PDF"), url_path="pdf", icon="picture_as_pdf", permissions=["view"], variant=ActionVariant.PRIMARY
    )
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The document as it was issued."""
        invoice = self.row_or_404(request, object_id)
        return pdf(invoice_pdf(invoice), name=invoice.number)
