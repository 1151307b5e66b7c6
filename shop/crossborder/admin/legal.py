"""The pages of legal texts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, ask_again, badge, done, question
from shop.crossborder.admin.price_forms import date_field
from shop.crossborder.legal import actions
from shop.crossborder.models import LegalPage

FACTS = ("market", "kind", "language", "version", "valid_from")


class NextVersionForm(BaseDialogForm):
    """The first day of the next version."""

    valid_from = date_field(_("first day"), help_text=_("Until then the text can be changed."))


NEXT = question(
    _("Next version"),
    _("The text is copied; shoppers read the copy from its first day on."),
    submit=_("Draft it"),
    form=NextVersionForm,
)


class LegalPageForm(forms.ModelForm):
    """A page. A market speaks the page's language."""

    class Meta:
        model = LegalPage
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def clean(self) -> dict[str, Any]:
        """Refuse a language in which nobody can open the page."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        market, language = entered.get("market"), entered.get("language")
        if market and language and language not in market.languages:
            self.add_error("language", _("The market does not speak this language."))
        return entered


class InForce(DropdownFilter):
    """Versions by what shoppers read today."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("In force today")), ("later", _("In future")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        today = timezone.localdate()
        if self.value() == "later":
            return queryset.filter(valid_from__gt=today)
        if self.value() in {"now", "over"}:
            return queryset.filter(valid_from__lte=today, replaced=self.value() == "over")
        return queryset


@admin.register(LegalPage)
class LegalPageAdmin(Door):
    """What the shop says of itself and of the sale. What has been in force cannot be changed."""

    form = LegalPageForm
    list_display = ["title", "market", "kind", "language", "version", "valid_from", "standing"]
    list_filter = [
        ("market", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("language", ChoicesDropdownFilter),
        InForce,
    ]
    list_select_related = ["market"]
    search_fields = ["title", "body", "market__code"]
    search_help_text = _("Words of the text, or market")
    actions_detail = ["next_version"]
    fieldsets = [
        (None, {"fields": [("market", "kind", "language"), ("version", "valid_from"), "title", "body"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        later = LegalPage.objects.filter(
            market=OuterRef("market"),
            kind=OuterRef("kind"),
            language=OuterRef("language"),
            valid_from__gt=OuterRef("valid_from"),
            valid_from__lte=timezone.localdate(),
        )
        return super().get_queryset(request).annotate(replaced=Exists(later))

    def get_readonly_fields(self, request: HttpRequest, obj: LegalPage | None = None) -> Any:  # noqa: ARG002
        """Show what has been in force; ask only for the words of what will be."""
        if obj is None:
            return []
        begun = obj.valid_from <= timezone.localdate()
        return [*FACTS, "title", "body"] if begun else list(FACTS)

    def has_delete_permission(self, request: HttpRequest, obj: LegalPage | None = None) -> bool:
        """What has been in force stays, as the proof of what was said."""
        begun = obj is None or obj.valid_from <= timezone.localdate()
        return not begun and bool(super().has_delete_permission(request, obj))

    @display(description=_("standing"))
    def standing(self, page: Any) -> SafeString:
        if page.valid_from > timezone.localdate():
            return badge("info", _("in future"))
        return badge("", _("over")) if page.replaced else badge("success", _("in force"))

    @action(
        description=_("Next version"), url_path="next-version", icon="edit_document", permissions=["act"], dialog=NEXT
    )
    def next_version(self, request: HttpRequest, form: NextVersionForm, object_id: str) -> HttpResponse:
        """Draft the next version of the page."""
        page = self.row_or_404(request, object_id)
        try:
            made = actions.draft_next_version(
                page=page, valid_from=form.cleaned_data["valid_from"], today=timezone.localdate()
            )
        except actions.VersionRefused as error:
            form.add_error("valid_from", str(error))
            return ask_again(request, form, NEXT)
        messages.success(request, _("Version %(version)s can be written now.") % {"version": made.version})
        return done(request, LegalPage, str(made.pk))
