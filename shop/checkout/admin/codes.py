"""The page of promotion codes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, FieldTextFilter
from unfold.decorators import display

from config.admin_doors import Door, ExportDoor
from shop.checkout.admin.promotion_forms import CodeForm
from shop.checkout.promotions.models import PromotionCode


@admin.register(PromotionCode)
class PromotionCodeAdmin(ExportDoor, Door):
    """Codes of all promotions, by batch."""

    form = CodeForm
    list_display = ["code", "promotion", "batch", "uses", "created_at"]
    list_filter = [("promotion", AutocompleteSelectFilter), ("batch", FieldTextFilter)]
    search_fields = ["code", "batch"]
    search_help_text = _("Code or batch")
    autocomplete_fields = ["promotion"]
    fields = ["promotion", "code", "limit", "uses"]
    readonly_fields = ["uses"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("promotion")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        return ["promotion", "code", "uses"] if obj else ["uses"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description=_("used"), ordering="used")
    def uses(self, code: PromotionCode) -> str:
        return f"{code.used} / {code.limit}" if code.limit is not None else str(code.used)
