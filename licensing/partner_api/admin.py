"""The pages of partners' API keys: the secret is shown once, when the key is made."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, badge
from licensing.partner_api import keys
from licensing.partner_api.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(Door):
    """API keys: made here, never read again."""

    list_display = ["name", "partner", "prefix", "standing", "created_at", "last_used_on"]
    list_filter = [("partner", RelatedDropdownFilter)]
    list_select_related = ["partner"]
    search_fields = ["name", "partner__name", "prefix"]
    autocomplete_fields = ["partner"]
    actions = ["revoke_chosen"]
    add_fieldsets = [(None, {"fields": ["partner", "name"]})]
    fieldsets = [
        (None, {"fields": [("partner", "name"), ("prefix", "standing")]}),
        (_("Dates"), {"fields": [("created_at", "last_used_on", "revoked_at")]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        return ["partner", "prefix", "standing", "created_at", "last_used_on", "revoked_at"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Make a new key and show its secret, this once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made, secret = keys.issue(partner=obj.partner, name=obj.name)
        obj.pk = made.pk
        obj.refresh_from_db()
        messages.warning(request, _("The key is %(secret)s. Copy it now: it is not shown again.") % {"secret": secret})

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """End the chosen keys now; a request with one of them is refused from here on."""
        for key in queryset:
            keys.revoke(key)
        messages.success(request, _("%(count)d keys revoked.") % {"count": len(queryset)})

    @display(description=_("standing"), ordering="revoked_at")
    def standing(self, key: ApiKey) -> SafeString:
        return badge("danger", _("Revoked")) if key.revoked_at else badge("success", _("Live"))
