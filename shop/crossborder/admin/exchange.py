"""The page of exchange rates: how old they are, what is held, and rates set by hand."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from config.admin_doors import ExportDoor, ReadOnlyDoor, actor, attempt, badge, done, question
from shop.crossborder.admin.price_forms import date_field
from shop.crossborder.exchange import actions, guards, queries
from shop.crossborder.models import ExchangeRate

GRADES = {
    ExchangeRate.State.ACCEPTED: "success",
    ExchangeRate.State.HELD: "warning",
    ExchangeRate.State.REJECTED: "",
}
CONFIRM = question(
    _("Confirm rate"),
    _("The rate is used from its day on. Later held rates that do not jump from it are accepted too."),
    submit=_("Confirm"),
)
REJECT = question(
    _("Reject rate"), _("The rate is never used: the one before goes on until a newer one comes."), submit=_("Reject")
)


class RateForm(ModelForm):
    """A rate of a day, with the reason for it."""

    on = date_field(_("day"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), help_text=_("Why.")
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=250,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Where it was read."),
    )
    per_eur = forms.DecimalField(
        label=_("for one euro"),
        max_digits=20,
        decimal_places=10,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("Units of the currency for one euro."),
    )

    class Meta:
        model = ExchangeRate
        fields = ["kind", "currency", "per_eur", "on", "source", "reason"]

    def clean_currency(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_on(self) -> Any:
        """Return the day, which is not in future."""
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("A rate is of today or a day before."))
        return on

    def _post_clean(self) -> None:
        """Let the action judge the rate; the row's own constraints speak of fields that it fills."""
        if self.errors:
            return
        try:
            actions.check_rate(**{name: self.cleaned_data[name] for name in ("kind", "currency", "per_eur")})
        except actions.RateRefused as error:
            self.add_error("currency" if "currency" in str(error) else "per_eur", str(error))


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ExportDoor, ReadOnlyDoor):
    """Rates by day. A row is never typed over: another is set beside it, with a reason."""

    form = RateForm
    list_display = ["currency", "kind", "rate", "on", "age", "standing", "origin", "source", "confirmed_by"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("origin", ChoicesDropdownFilter),
        ("on", RangeDateFilter),
    ]
    search_fields = ["currency", "source", "reason"]
    search_help_text = _("Currency, source or reason")
    actions = ["confirm_chosen", "reject_chosen"]
    actions_detail = actions_row = ["confirm", "reject"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Ask for a rate; of one that stands show all."""
        if obj is None:
            return [(None, {"fields": [("currency", "per_eur"), ("kind", "on"), "source", "reason"]})]
        return [
            (None, {"fields": [("currency", "rate"), ("kind", "on", "age"), ("source", "origin")]}),
            (_("Decision"), {"fields": [("standing", "confirmed_by", "confirmed_on"), "reason"]}),
            (_("Written"), {"fields": [("created_by", "created_at")]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return [] if obj is None else ["rate", "age", "standing"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("shop.add_exchangerate"))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:  # noqa: ARG002
        """Set the rate through the action."""
        made = actions.set_rate(**form.cleaned_data, actor=actor(request))
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (the action has written the row)
        obj.refresh_from_db()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Say above the list that the reference rates are out of date."""
        if request.method == "GET" and self.has_view_permission(request):
            found = queries.staleness(timezone.localdate())
            if found.on is None:
                messages.warning(request, _("There are no reference rates: import some, or set them by hand."))
            elif found.old:
                said = _("The newest reference rates are %(days)d days old: quotes that need one are estimates.")
                messages.warning(request, said % {"days": found.days})
        return super().changelist_view(request, extra_context)

    @display(description=_("for one euro"), ordering="per_eur")
    def rate(self, row: ExchangeRate) -> str:
        return f"{row.per_eur.normalize():f}"

    @display(description=_("age"), ordering="on")
    def age(self, row: ExchangeRate) -> SafeString:
        today = timezone.localdate()
        days = (today - row.on).days
        text = _("today") if days <= 0 else _("1 day") if days == 1 else _("%(days)d days") % {"days": days}
        return badge("warning" if guards.is_old(row.on, today) else "success", text)

    @display(description=_("state"), ordering="state")
    def standing(self, row: ExchangeRate) -> SafeString:
        return badge(GRADES[ExchangeRate.State(row.state)], row.get_state_display())

    @action(
        description=_("Confirm"),
        url_path="confirm",
        icon="check",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=CONFIRM,
    )
    def confirm(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Accept the rate."""
        self._decide(request, actions.confirm_rates, [self.row_or_404(request, object_id).pk])
        return done(request, ExchangeRate, object_id)

    @action(description=_("Reject"), url_path="reject", icon="block", permissions=["act"], dialog=REJECT)
    def reject(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Never use the rate."""
        self._decide(request, actions.reject_rates, [self.row_or_404(request, object_id).pk])
        return done(request, ExchangeRate, object_id)

    @admin.action(description=_("Confirm: these rates are used"), permissions=["act"])
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Accept the chosen rates, all or none."""
        self._decide(request, actions.confirm_rates, list(queryset.values_list("id", flat=True)))

    @admin.action(description=_("Reject: these rates are never used"), permissions=["act"])
    def reject_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Reject the chosen rates, all or none."""
        self._decide(request, actions.reject_rates, list(queryset.values_list("id", flat=True)))

    @staticmethod
    def _decide(request: HttpRequest, verb: Any, ids: list[int]) -> None:
        said = _("%(count)d rates accepted.") if verb is actions.confirm_rates else _("%(count)d rates rejected.")
        attempt(request, lambda: said % {"count": verb(ids=ids, by=actor(request))}, refusals=(actions.RateRefused,))
