"""The pages of jurisdictions and of the sources where rules were read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.crossborder.admin import rule_looks as looks
from shop.crossborder.admin.rule_forms import JurisdictionForm, SourceForm
from shop.crossborder.admin.rules import RulePages
from shop.crossborder.models import Jurisdiction, RuleSource


class LastingPages(RulePages):
    """Rows that others refer to by key; they are not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Jurisdiction)
class JurisdictionAdmin(LastingPages):
    """Tax and customs territories."""

    form = JurisdictionForm
    list_display = ["code", "name", "parent", "currency", "customs_territory", "free", "tax_name"]
    search_fields = ["key", "name"]
    search_help_text = _("Code or name")
    fields = [("key", "name"), ("parent", "currency"), ("customs_territory", "free_with"), "tax_name"]

    @display(description=_("code"), ordering="key")
    def code(self, row: Jurisdiction) -> str:
        return row.key.upper()

    @display(description=_("no customs with"))
    def free(self, row: Jurisdiction) -> str:
        return ", ".join(row.free_with) or "–"


@admin.register(RuleSource)
class RuleSourceAdmin(LastingPages):
    """Laws, tariffs and accounts of them."""

    form = SourceForm
    list_display = ["key", "titled", "issuer", "read_on"]
    search_fields = ["key", "title", "issuer", "url"]
    search_help_text = _("Key, title, issuer or address")
    fields = [("key", "issuer"), "title", "url", "read_on"]

    @display(description=_("title"), ordering="title")
    def titled(self, row: RuleSource) -> SafeString:
        return looks.outside(row.url, row.title)
