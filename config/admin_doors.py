"""What the admin pages of every room share: doors that edit, doors that only read, and questions asked in a dialogue.

A page that edits writes back only what its form changed, so it never overwrites a number that somebody else moved
meanwhile. What the database refuses becomes a sentence, never a broken page. Nothing is changed by a GET: an action
with effect opens a dialogue first and is carried out by its POST.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.forms import RangeWidget
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import QuerySet
from django.forms import ModelForm, MultiWidget
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from import_export.admin import ExportMixin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.dataclasses import ActionDialog
from unfold.forms import BaseDialogForm
from unfold.overrides import FORMFIELD_OVERRIDES_INLINE
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

ACTOR_LENGTH = 80  # characters, as wide as the ledgers keep it


class DatesWidget(RangeWidget):
    """Two dates: the first day, and the day after the last (empty: for ever)."""

    template_name = "unfold/widgets/range.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        first = UnfoldAdminSingleDateWidget(attrs={"aria-label": _("First day"), "placeholder": _("First day")})
        after = UnfoldAdminSingleDateWidget(attrs={"aria-label": _("Day after the last"), "placeholder": _("No end")})
        MultiWidget.__init__(self, (first, after), attrs)


OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    DateRangeField: {"widget": DatesWidget},
    ArrayField: {"widget": UnfoldAdminTextInputWidget},
}


def refusal(error: IntegrityError) -> str:
    """Return what the database said, as a sentence for the page."""
    diagnosis = getattr(error.__cause__, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(error)
    return str(_("Nothing was saved; the database refuses it: %(said)s.") % {"said": said.rstrip(".")})


def badge(grade: str, text: Any) -> SafeString:
    """Return a coloured label; ``grade`` is success, info, primary, warning, danger, or empty for grey."""
    return render_to_string("unfold/helpers/label.html", {"type": grade, "text": text})


def days(dates: Any) -> str:
    """Return a half-open range of dates as people say it: both ends named, the end as the first day that is out."""
    if dates is None:
        return "–"
    first = dates.lower.isoformat() if dates.lower else None
    after = dates.upper.isoformat() if dates.upper else None
    if first and after:
        return str(_("from %(first)s, before %(after)s") % {"first": first, "after": after})
    if after:
        return str(_("before %(after)s") % {"after": after})
    return str(_("since %(first)s") % {"first": first}) if first else str(_("always"))


class Door(ModelAdmin):
    """A page that edits rows."""

    compressed_fields = False

    formfield_overrides = OVERRIDES
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request)
        return rows

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Write a new row whole, an existing one only where the form changed it."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        fields = {field.name: field for field in obj._meta.concrete_fields}  # noqa: SLF001 (Django's public _meta)
        changed = [name for name in form.changed_data if name in fields]
        if changed:
            stamps = [name for name, field in fields.items() if getattr(field, "auto_now", False)]
            obj.save(update_fields=[*changed, *stamps])

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            return self._refused(request, error)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except IntegrityError as error:
            return self._refused(request, error)
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except IntegrityError as error:
            return self._refused(request, error)

    @staticmethod
    def _refused(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        messages.error(request, refusal(error))
        return redirect(request.get_full_path())

    def row_or_404(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row that an action's address names."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def has_act_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may change the rows may use the page's actions, even where its fields cannot be typed into."""
        meta = self.opts
        return bool(request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}"))


class ReadOnlyDoor(Door):
    """A page that only shows: ledgers, inboxes, and rows that move by actions alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class LongReadOnlyDoor(ReadOnlyDoor):
    """A read-only page over a table that grows without end: its rows are never counted."""

    paginator = InfinitePaginator


class ExportDoor(ExportMixin):
    """Adds a spreadsheet of the filtered rows; a cell that a spreadsheet would run as a formula is made text."""

    export_form_class = ExportForm

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the rows may take them away."""
        return bool(self.has_view_permission(request))


class Rows(TabularInline):
    """Rows edited on their parent's page."""

    formfield_overrides = {
        **FORMFIELD_OVERRIDES_INLINE,
        **OVERRIDES,
        models.JSONField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})},
    }
    extra = 0
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request)
        return rows


class Blocks(StackedInline):
    """Blocks edited on their parent's page, for rows with long text."""

    formfield_overrides = {**FORMFIELD_OVERRIDES_INLINE, **OVERRIDES}
    extra = 0


class ReadOnlyRows(Rows):
    """Rows shown on their parent's page."""

    can_delete = False
    max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class WholeConstraintsForm(ModelForm):
    """A form that checks every constraint of the row, those too that speak of fields it only shows."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        if not self.errors:
            self.check_constraints()

    def check_constraints(self) -> None:
        """Put each violated constraint on the form; Django's own check leaves out those that name a field not asked."""
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error.messages)


# --- Dialogues ------------------------------------------------------------------------------------------------------


def question(title: Any, description: Any, *, submit: Any, form: type[BaseDialogForm] | None = None) -> ActionDialog:
    """Return the dialogue that an action opens; without a form it only asks to confirm."""
    return ActionDialog(title=title, description=description, form_class=form, form_submit_text=submit)


def ask_again(request: HttpRequest, form: BaseDialogForm, dialog: ActionDialog) -> HttpResponse:
    """Return the dialogue with the errors that an action put on its form."""
    context = {"dialog": dialog, "form": form, "form_submit_text": dialog["form_submit_text"]}
    return render(request, "unfold/helpers/dialog.html", context)


def done(request: HttpRequest, model: type[models.Model], object_id: str) -> HttpResponse:
    """Lead back to where the dialogue was opened, else to the row's page."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        back = htmx.current_url_abs_path
        if back:
            return HttpResponseClientRedirect(back)
    meta = model._meta  # noqa: SLF001 (Django's public _meta)
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[object_id])
    return HttpResponseClientRedirect(page) if htmx else redirect(page)


def attempt(request: HttpRequest, verb: Callable[[], Any], *, refusals: tuple[type[Exception], ...]) -> bool:
    """Call ``verb`` and show the sentence it returns, or the sentence of its refusal. True: it was done."""
    try:
        sentence = verb()
    except refusals as error:
        messages.error(request, str(error))
        return False
    messages.success(request, sentence)
    return True


def actor(request: HttpRequest) -> str:
    """Return the name that ledgers and events keep for the person at the page."""
    return str(request.user.get_username())[:ACTOR_LENGTH]
