"""The pages of rights. What is signed is shown and never changed; the room of royalties registers the versions."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    FieldTextFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from config.admin_doors import Door, ReadOnlyRows, Rows, badge, days
from licensing.rights.forms import GrantForm
from licensing.rights.held import RightHeld
from licensing.rights.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, PartyGroup, Property
from licensing.rights.scopes.models import ScopeGroup, ScopeNode
from licensing.rights.signing import SigningRefused, sign

STATE_LABELS = {
    Agreement.State.DRAFT: "info",
    Agreement.State.IN_REVIEW: "info",
    Agreement.State.APPROVED: "info",
    Agreement.State.SIGNED: "success",
    Agreement.State.ACTIVE: "success",
    Agreement.State.SUSPENDED: "warning",
    Agreement.State.SELL_OFF: "warning",
    Agreement.State.EXPIRED: "danger",
    Agreement.State.TERMINATED: "danger",
    Agreement.State.CLOSED: "danger",
}


def _some(values: list[str]) -> str:
    shown = ", ".join(values[:6])
    return f"{shown} … ({len(values)})" if len(values) > 6 else shown


@admin.register(PartyGroup)
class PartyGroupAdmin(Door):
    """Affiliates that hold rights together."""

    list_display = ["name", "members"]
    search_fields = ["name", "parties__name"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("parties")

    @display(description=_("parties"))
    def members(self, group: PartyGroup) -> str:
        return ", ".join(party.name for party in group.parties.all())


@admin.register(Party)
class PartyAdmin(Door):
    """Who holds, grants or takes rights."""

    list_display = ["name", "code", "role", "country", "group"]
    list_filter = [("role", ChoicesDropdownFilter)]
    list_select_related = ["group"]
    search_fields = ["name", "code"]


@admin.register(ScopeGroup)
class ScopeGroupAdmin(Door):
    """Names for several countries, channels or categories together; a signature freezes what they mean."""

    list_display = ["name", "code", "dimension", "stands_for"]
    list_filter = [("dimension", ChoicesDropdownFilter)]
    search_fields = ["name", "code"]

    @display(description=_("stands for"))
    def stands_for(self, group: ScopeGroup) -> str:
        return _some(group.members)


@admin.register(ScopeNode)
class ScopeNodeAdmin(Door):
    """The trees of channels, categories and languages. Properties have a tree of their own."""

    list_display = ["code", "dimension", "parent"]
    list_filter = [("dimension", ChoicesDropdownFilter)]
    list_select_related = ["parent"]
    search_fields = ["code"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(dimension="property")


@admin.register(RightHeld)
class RightHeldAdmin(Door):
    """Rights in force, as they were understood at the signature. The database writes them when a version is signed."""

    list_display = ["grant", "agreement", "where", "through", "kinds", "term_days", "exclusivity"]
    list_filter = [("agreement", RelatedDropdownFilter)]
    list_select_related = ["grant__prop", "grant__version__agreement", "agreement"]
    search_fields = ["agreement__number", "grant__prop__name", "agreement__licensee__name"]
    fields = ["agreement", "parent", "grant", "where", "through", "kinds", "term_days", "exclusivity"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description=_("term"), ordering="term")
    def term_days(self, held: RightHeld) -> str:
        return days(held.term)

    @display(description=_("exclusivity"))
    def exclusivity(self, held: RightHeld) -> str:
        return str(held.grant.get_exclusivity_display())

    @display(description=_("territories"))
    def where(self, held: RightHeld) -> str:
        without = _(" without %s") % _some(held.territory_except) if held.territory_except else ""
        return f"{_some(held.territory_codes)}{without}"

    @display(description=_("channels"))
    def through(self, held: RightHeld) -> str:
        return _some(held.channel_codes)

    @display(description=_("categories"))
    def kinds(self, held: RightHeld) -> str:
        return _some(held.category_codes)


@admin.register(Property)
class PropertyAdmin(Door):
    """What is licensed, as a tree."""

    list_display = ["name", "code", "kind", "owner", "parent"]
    list_filter = [("kind", ChoicesDropdownFilter), ("owner", RelatedDropdownFilter)]
    list_select_related = ["owner", "parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["owner", "parent"]


@admin.register(LicensedSku)
class LicensedSkuAdmin(Door):
    """Which property each SKU uses."""

    list_display = ["sku", "prop", "category"]
    list_filter = [("category", FieldTextFilter)]
    list_select_related = ["prop"]
    search_fields = ["sku", "prop__name"]
    autocomplete_fields = ["prop"]


class VersionRows(ReadOnlyRows):
    """An agreement's versions; each opens its own page."""

    model = AgreementVersion
    fields = readonly_fields = ["number", "effective_days", "terms", "signed_at"]
    show_change_link = True
    hide_title = False
    verbose_name_plural = _("Versions")

    @display(description=_("Effective"))
    def effective_days(self, version: AgreementVersion) -> str:
        return days(version.effective)


@admin.register(Agreement)
class AgreementAdmin(Door):
    """Licence contracts."""

    list_display = ["number", "licensor", "licensee", "direction", "state_label", "currency", "versions_signed"]
    list_filter = [("state", ChoicesDropdownFilter), ("direction", ChoicesDropdownFilter)]
    list_select_related = ["licensor", "licensee"]
    search_fields = ["number", "licensor__name", "licensee__name"]
    autocomplete_fields = ["licensor", "licensee", "parent"]
    fieldsets = [(None, {"fields": [("number", "state", "direction"), ("licensor", "licensee", "currency"), "parent"]})]
    inlines = [VersionRows]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(signed=Count("versions__signed_at"))

    @display(description=_("state"), ordering="state")
    def state_label(self, agreement: Agreement) -> SafeString:
        return badge(STATE_LABELS[Agreement.State(agreement.state)], agreement.get_state_display())

    @display(description=_("signed versions"), ordering="signed")
    def versions_signed(self, agreement: Any) -> int:
        return agreement.signed  # type: ignore[no-any-return]


class GrantRows(Rows):
    """What a version grants; fixed once it is signed."""

    model = Grant
    form = GrantForm
    autocomplete_fields = ["prop"]
    readonly_fields = ["term_days"]
    verbose_name_plural = _("Grants")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        term = "term" if self.has_change_permission(request, obj) else "term_days"
        return [
            "prop",
            "territories",
            "excluded_territories",
            "channels",
            "categories",
            "languages",
            term,
            "exclusivity",
        ]

    @display(description=_("Term"))
    def term_days(self, grant: Grant) -> str:
        return days(grant.term)

    def _is_draft(self, version: Any) -> bool:
        return not (version and version.signed_at)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)


class SignedFilter(DropdownFilter):
    """Drafts or contracts."""

    title = _("signature")
    parameter_name = "signature"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("signed", _("Signed")), ("draft", _("Draft"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"signed", "draft"}:
            return queryset.filter(signed_at__isnull=self.value() == "draft")
        return queryset


class VersionPages(Door):
    """The versions of agreements. Grants are written while it is a draft; a signature closes it for good."""

    list_display = ["__str__", "partner", "effective_days", "signature"]
    list_filter = [SignedFilter, ("partner", RelatedDropdownFilter)]
    list_select_related = ["agreement", "partner"]
    search_fields = ["agreement__number", "partner__name"]
    autocomplete_fields = ["agreement"]
    readonly_fields = ["effective_days"]
    inlines = [GrantRows]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        effective = "effective" if obj is None or self.has_change_permission(request, obj) else "effective_days"
        return [(None, {"fields": [("agreement", "number"), effective, "terms", "signed_at"]})]

    @display(description=_("effective"), ordering="effective")
    def effective_days(self, version: AgreementVersion) -> str:
        return days(version.effective)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        signed = isinstance(obj, AgreementVersion) and obj.signed_at
        return not signed and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        signed = isinstance(obj, AgreementVersion) and obj.signed_at
        return not signed and super().has_delete_permission(request, obj)

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Any,
        form: ModelForm,
        change: Any,  # noqa: ARG002
    ) -> None:
        """Save; the version's partner is its agreement's licensee. A signature waits until the grants are written."""
        if "agreement" in form.changed_data:
            obj.partner_id = obj.agreement.licensee_id
        signed_at, obj.signed_at = obj.signed_at, None
        obj.save()
        obj.signed_at = signed_at

    def save_formset(
        self,
        request: HttpRequest,  # noqa: ARG002
        form: ModelForm,
        formset: BaseModelFormSet,
        change: Any,  # noqa: ARG002
    ) -> None:
        """Give each new grant its licensee."""
        for grant in formset.save(commit=False):
            grant.partner_id = form.instance.partner_id
            grant.save()
        for grant in formset.deleted_objects:
            grant.delete()
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any) -> None:
        """Write the grants, then sign."""
        super().save_related(request, form, formsets, change)
        version, at = form.instance, form.instance.signed_at
        if not at:
            return
        version.signed_at = None
        try:
            sign(version=version, at=at)
        except SigningRefused as refusal:
            self.message_user(request, _("It is saved as a draft, not signed. %s") % refusal, messages.ERROR)

    @display(description=_("signed"), ordering="signed_at")
    def signature(self, version: AgreementVersion) -> SafeString:
        if version.signed_at is None:
            return badge("info", _("Draft"))
        return badge("success", version.signed_at.date().isoformat())


@admin.register(Grant)
class GrantAdmin(Door):
    """What versions grant."""

    form = GrantForm
    list_display = ["prop", "version", "where", "through", "kinds", "term_days", "exclusivity"]
    list_filter = [
        ("exclusivity", ChoicesDropdownFilter),
        ("partner", RelatedDropdownFilter),
    ]
    list_select_related = ["prop", "version__agreement"]
    search_fields = ["prop__name", "prop__code", "version__agreement__number"]
    autocomplete_fields = ["version", "prop"]
    readonly_fields = ["term_days"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        term = "term" if obj is None or self.has_change_permission(request, obj) else "term_days"
        return [
            (None, {"fields": [("version", "prop"), (term, "exclusivity")]}),
            (
                _("Scope (* means all)"),
                {"fields": [("territories", "excluded_territories"), ("channels", "categories", "languages")]},
            ),
        ]

    @display(description=_("term"), ordering="term")
    def term_days(self, grant: Grant) -> str:
        return days(grant.term)

    def _is_fixed(self, obj: Model | str | None) -> bool:
        return isinstance(obj, Grant) and obj.version.signed_at is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self._is_fixed(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self._is_fixed(obj) and super().has_delete_permission(request, obj)

    @display(description=_("territories"))
    def where(self, grant: Grant) -> str:
        return _some(grant.territories)

    @display(description=_("channels"))
    def through(self, grant: Grant) -> str:
        return _some(grant.channels)

    @display(description=_("categories"))
    def kinds(self, grant: Grant) -> str:
        return _some(grant.categories)
