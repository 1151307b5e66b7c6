"""The pages of promotions."""

import csv
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import Door, Rows, ask_again, badge, done, question
from shop.checkout.admin.promotion_forms import BatchForm, MoneyFormSet, PromotionForm
from shop.checkout.promotions import actions
from shop.checkout.promotions.models import Promotion, PromotionMoney
from shop.checkout.promotions.queries import with_counts
from shop.crossborder.money import display as money

BATCH = question(
    _("Make codes"),
    _("Unguessable codes of this promotion. Download them afterwards as a spreadsheet."),
    submit=_("Make"),
    form=BatchForm,
)


class RunningFilter(DropdownFilter):
    """Promotions by whether they hold now."""

    title = _("running")
    parameter_name = "running"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("Now")), ("later", _("Later")), ("over", _("Over or switched off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        now = timezone.now()
        conditions = {
            "now": Q(active=True, starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now)),
            "later": Q(active=True, starts_at__gt=now),
            "over": Q(active=False) | Q(ends_at__lte=now),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class MoneyRows(Rows):
    """What is taken off, and from which value of goods it holds, by currency."""

    model = PromotionMoney
    formset = MoneyFormSet
    fields = ["currency", "amount", "minimum"]
    verbose_name_plural = _("Money by currency")


@admin.register(Promotion)
class PromotionAdmin(Door):
    """Promotions; their codes and uses have pages of their own."""

    form = PromotionForm
    inlines = [MoneyRows]
    list_display = ["name", "what", "state", "where", "dates", "stacking", "uses", "codes_in_all"]
    list_filter = [
        RunningFilter,
        ("kind", ChoicesDropdownFilter),
        ("stacking", ChoicesDropdownFilter),
        ("markets", RelatedDropdownFilter),
    ]
    search_fields = ["name", "codes__code"]
    search_help_text = _("Name or code")
    autocomplete_fields = ["products", "museums"]
    readonly_fields = ["uses"]
    actions_detail = ["make_codes", "download_codes"]
    actions_row = ["make_codes", "download_codes"]
    fieldsets = [
        (None, {"fields": ["name", ("kind", "percent"), "active", ("starts_at", "ends_at"), "markets"]}),
        (_("What it applies to"), {"fields": ["categories", "products", "museums"]}),
        (_("How often"), {"fields": [("limit", "limit_per_customer", "uses")]}),
        (_("With other codes"), {"fields": [("stacking", "position")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:  # noqa: ARG002
        return with_counts().prefetch_related("markets", "money")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description=_("takes off"))
    def what(self, promotion: Promotion) -> str:
        if promotion.kind == Promotion.Kind.PERCENTAGE:
            return f"{promotion.percent:f} %"
        if promotion.kind == Promotion.Kind.FREE_DELIVERY:
            return str(_("delivery"))
        return ", ".join(money(one.amount, one.currency, "en") for one in promotion.money.all() if one.amount)

    @display(description=_("state"))
    def state(self, promotion: Promotion) -> SafeString:
        now = timezone.now()
        if not promotion.active:
            return badge("", _("off"))
        if promotion.ends_at and promotion.ends_at <= now:
            return badge("", _("over"))
        if promotion.starts_at > now:
            return badge("info", _("later"))
        if promotion.limit is not None and promotion.used >= promotion.limit:
            return badge("warning", _("used up"))
        return badge("success", _("running"))

    @display(description=_("markets"))
    def where(self, promotion: Promotion) -> str:
        return ", ".join(one.code for one in promotion.markets.all())

    @display(description=_("dates"), ordering="starts_at")
    def dates(self, promotion: Promotion) -> str:
        until = f"{promotion.ends_at:%Y-%m-%d %H:%M}" if promotion.ends_at else "…"
        return f"{promotion.starts_at:%Y-%m-%d %H:%M} – {until}"

    @display(description=_("used"), ordering="used")
    def uses(self, promotion: Promotion) -> str:
        return f"{promotion.used} / {promotion.limit}" if promotion.limit is not None else str(promotion.used)

    @display(description=_("codes"), ordering="codes_count")
    def codes_in_all(self, promotion: Promotion) -> int:
        count: int = promotion.codes_count  # type: ignore[attr-defined]
        return count

    @action(
        description=_("Make codes"),
        url_path="make-codes",
        icon="qr_code_2_add",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=BATCH,
    )
    def make_codes(self, request: HttpRequest, form: BatchForm, object_id: str) -> HttpResponse:
        """Make a batch of codes."""
        promotion = self.row_or_404(request, object_id)
        try:
            told = {name: form.cleaned_data[name] for name in ("count", "name", "prefix", "limit")}
            made = actions.make_batch(promotion=promotion, **told)
        except actions.BadBatch as error:
            form.add_error(None, str(error))
            return ask_again(request, form, BATCH)
        messages.success(request, _("%(count)s codes were made.") % {"count": len(made)})
        return done(request, Promotion, object_id)

    @action(description=_("Download codes"), url_path="codes-csv", icon="download")
    def download_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the promotion's codes as CSV. No code begins with what a spreadsheet runs as a formula."""
        promotion = self.row_or_404(request, object_id)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="codes-{promotion.pk}.csv"'
        writer = csv.writer(response)
        writer.writerow(["code", "batch", "limit", "used", "made"])
        rows = promotion.codes.order_by("batch", "code").values_list("code", "batch", "limit", "used", "created_at")
        for code, batch, limit, used, made in rows.iterator():
            safe = f"'{batch}" if batch[:1] in "=+-@\t\r" and batch else batch
            writer.writerow([code, safe, limit, used, made.date().isoformat()])
        return response
