"""The question whether a rule says what its source says."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import actor, ask_again, done, question
from shop.crossborder.admin.rule_looks import days, sources, summary
from shop.crossborder.rulebook import actions
from shop.crossborder.rulebook.tables import facts_digest


class ConfirmForm(BaseDialogForm):
    """Shows the row beside its sources, and remembers which state of it was shown."""

    table: type[Model]
    form_before_template = "admin/shop/rules/compare.html"
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = str(self.object_id)
        self.row: Any = self.table._default_manager.filter(pk=known).first() if known.isdecimal() else None  # noqa: SLF001
        self.fields["seen"].initial = facts_digest(self.row) if self.row else ""

    def get_before_template_context(self, request: HttpRequest, object_id: int | str | None = None) -> dict[str, Any]:  # noqa: ARG002
        """Tell what the row says and where it was read."""
        row = self.row
        told = {
            "row": row,
            "summary": summary(row),
            "days": days(row.valid_from, row.valid_to),
            "sources": sources(row.sources) if row.sources else "",
        }
        return {**(told if row else {}), "errors": self.errors.get("seen")}


def confirming(table: type[Model]) -> Any:
    """Return the action that confirms a row of ``table``."""
    form_class: Any = type("ConfirmForm", (ConfirmForm,), {"table": table})
    dialog = question(
        _("Confirm"),
        _("You have compared this rule with its source, and it says the same. Your name and today's date are noted."),
        submit=_("Confirm"),
        form=form_class,
    )

    @action(
        description=_("Confirm"),
        url_path="confirm",
        icon="verified",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=dialog,
    )
    def confirm(self: Any, request: HttpRequest, form: ConfirmForm, object_id: str) -> HttpResponse:
        """Note who has compared the row, and when."""
        row = self.row_or_404(request, object_id)
        try:
            fresh = actions.confirm_seen(
                table=table,
                row_id=row.pk,
                seen=form.cleaned_data["seen"],
                by=actor(request),
                on=timezone.localdate(),
            )
        except actions.RulesMoved as error:
            again = form_class(
                data={"_form_submitted": "True", "seen": facts_digest(row)}, request=request, object_id=object_id
            )
            again.add_error("seen", str(error))
            return ask_again(request, again, dialog)
        if fresh:
            messages.success(request, _("%(key)s is confirmed.") % {"key": row.key})
        else:
            messages.info(
                request, _("%(key)s was confirmed before, by %(by)s.") % {"key": row.key, "by": row.confirmed_by}
            )
        return done(request, table, object_id)

    return confirm
