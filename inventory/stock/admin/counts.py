"""Stock counts: a sheet to download, the page that takes it back, and the counts that were applied."""

import secrets
from dataclasses import astuple
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Abs
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, question, refusal
from inventory.stock import actions, counting, sheets
from inventory.stock.actions.counts import REFERENCE_LENGTH
from inventory.stock.admin import looks
from inventory.stock.counting import Checked
from inventory.stock.errors import SheetError, SheetRepeated, StockError
from inventory.stock.forms.causes import text_field
from inventory.stock.models import CountLine, CountSheet, Warehouse
from inventory.stock.sheets import CountedRow

KEPT = 3600  # seconds for which a clean dry run waits to be applied
SHOWN = 200  # rows of one table; the file itself tells the rest
FORMATS = {
    "xlsx": (sheets.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (sheets.write_csv, "text/csv; charset=utf-8"),
}
LIST, PAGE, UPLOAD = (f"admin:inventory_countsheet_{name}" for name in ("changelist", "change", "upload_sheet"))
FIGURES = {
    "items": Count("pk"),
    "differing": Count("pk", filter=~Q(counted=F("expected"))),
    "more": Sum(F("counted") - F("expected"), filter=Q(counted__gt=F("expected")), default=0),
    "fewer": Sum(F("counted") - F("expected"), filter=Q(counted__lt=F("expected")), default=0),
}


# --- What is asked --------------------------------------------------------------------------------------------------


def _warehouse() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.all(),
        empty_label=_("Select value"),
        widget=UnfoldAdminSelectWidget,
    )


class DownloadForm(BaseDialogForm):
    """Which sheet to make."""

    warehouse = _warehouse()
    scope = forms.ChoiceField(
        label=_("Items"),
        choices=[("stocked", _("Only items with stock")), ("all", _("All items"))],
        widget=UnfoldAdminSelectWidget,
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "XLSX (Excel)"), ("csv", "CSV")], widget=UnfoldAdminSelectWidget
    )


class UploadForm(forms.Form):
    """A sheet that was filled in."""

    warehouse = _warehouse()
    reference = text_field(
        _("Reference"), REFERENCE_LENGTH, help_text=_("What the ledger shall say, e.g. annual count 2026.")
    )
    file = forms.FileField(
        label=_("Count sheet"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX or CSV, at most 5 MB and 60,000 rows."),
    )
    dry_run = forms.BooleanField(
        label=_("Dry run only"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Shows what would change and changes nothing. You can apply it on the next page."),
    )

    def clean_file(self) -> bytes:
        """Return what is in the file, once it is known to be small enough to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return bytes(file.read())


DOWNLOAD = question(
    _("Download count sheet"),
    _("Fill in the column “counted” with the units fit for sale on the shelf, those held or ordered included."),
    submit=_("Download"),
    form=DownloadForm,
)


# --- What is shown --------------------------------------------------------------------------------------------------


def _thing(sku: str, description: str) -> SafeString:
    return format_html(
        '<span class="font-medium text-important">{}</span><span class="block text-base-500">{}</span>',
        sku,
        description,
    )


def _cells(row: CountedRow) -> list[Any]:
    figures = [f"{row.expected:,}", f"{row.counted:,}", looks.signed(row.difference)]
    return [row.row, _thing(row.sku, row.description), *figures, row.note or looks.muted("–")]


def _found(checked: Checked, uncounted: int) -> dict[str, Any]:
    """Return what the page tells of a clean dry run."""
    differences = checked.differences
    shown = differences[:SHOWN]
    headers = [_("Row"), _("Item"), _("Expected"), _("Counted"), _("Difference"), _("Note")]
    return {
        "counted": len(checked.findings),
        "uncounted": uncounted,
        "differing": len(differences),
        "more": looks.signed(checked.more),
        "fewer": looks.signed(-checked.fewer),
        "hidden": max(len(differences) - SHOWN, 0),
        "table": {"headers": headers, "rows": [_cells(row) for row in shown]},
        "list": [
            {"row": row, "thing": _thing(row.sku, row.description), "sign": looks.signed(row.difference)}
            for row in shown
        ],
    }


class LineRows(ReadOnlyRows):
    """What was counted, the largest differences first."""

    model = CountLine
    fields = readonly_fields = ["thing", "expected", "counted", "change"]
    per_page = 100
    verbose_name_plural = _("Counted items")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("item")
        return rows.order_by(Abs(F("counted") - F("expected")).desc(), "item__sku")

    @display(description=_("item"))
    def thing(self, line: CountLine) -> SafeString:
        link = looks.link(looks.ledger(item=line.item_id), line.item.sku)
        return format_html('{} <span class="text-base-500">{}</span>', link, line.item.description)

    @display(description=_("difference"))
    def change(self, line: CountLine) -> SafeString:
        return looks.signed(line.difference)


@admin.register(CountSheet)
class CountSheetAdmin(ReadOnlyDoor):
    """Counts that were applied, and the way there."""

    list_display = ["reference", "at", "counted", "differing", "more", "fewer", "actor", "applied_at"]
    list_filter = [("warehouse", RelatedDropdownFilter), ("applied_at", RangeDateTimeFilter)]
    list_select_related = ["warehouse"]
    search_fields = ["reference", "lines__item__sku"]
    search_help_text = _("Reference or SKU")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("reference", "warehouse"),
                    ("applied_at", "actor"),
                    ("counted", "differing"),
                    ("more", "fewer"),
                ]
            },
        )
    ]
    readonly_fields = ["counted", "differing", "more", "fewer"]
    inlines = [LineRows]
    actions = None
    actions_list = ["download_sheet", "upload_sheet"]

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The file itself, which a dialogue cannot hand over."""
        return (("sheet/", "inventory_countsheet_sheet", self._sheet),)

    def has_upload_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may add counts."""
        return bool(request.user.has_perm("inventory.add_countsheet"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return looks.FiguresList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Tell how to count where nothing was counted yet."""
        told = {"never": not CountSheet.objects.exists(), "may_upload": self.has_upload_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self.add_figures([row])
        return row

    def add_figures(self, counts: list[Any]) -> None:
        """Read how many items and units differ, for the counts of one page. One statement."""
        lines = CountLine.objects.filter(sheet__in=[row.pk for row in counts]).order_by()
        figures = {row["sheet"]: row for row in lines.values("sheet").annotate(**FIGURES)}
        for row in counts:
            row.figures = figures.get(row.pk, dict.fromkeys(FIGURES, 0))

    @display(description=_("warehouse"), ordering="warehouse__code")
    def at(self, count: CountSheet) -> str:
        return count.warehouse.code

    @display(description=_("items counted"))
    def counted(self, count: Any) -> str:
        return f"{count.figures['items']:,}"

    @display(description=_("items that differed"))
    def differing(self, count: Any) -> int | SafeString:
        return looks.quiet(count.figures["differing"])

    @display(description=_("units found"))
    def more(self, count: Any) -> SafeString:
        return looks.signed(count.figures["more"])

    @display(description=_("units missing"))
    def fewer(self, count: Any) -> SafeString:
        return looks.signed(count.figures["fewer"])

    # --- The sheet goes out ----------------------------------------------------------------------------------------

    @action(
        description=_("Download count sheet"),
        url_path="download",
        icon="download",
        permissions=["view"],
        dialog=DOWNLOAD,
    )
    def download_sheet(self, request: HttpRequest, form: DownloadForm) -> HttpResponse:
        """Lead to the file, and close the dialogue."""
        asked = form.cleaned_data
        query = {"warehouse": asked["warehouse"].pk, "scope": asked["scope"], "format": asked["format"]}
        url = f"{reverse('admin:inventory_countsheet_sheet')}?{urlencode(query)}"
        if not getattr(request, "htmx", None):
            return redirect(url)
        return render(request, "admin/inventory/countsheet/downloading.html", {"url": url})

    def _sheet(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Return the sheet as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = request.GET.get("format", "")
        if kind not in FORMATS:
            raise Http404
        warehouse = get_object_or_404(Warehouse, pk=looks.id_or_none(request.GET.get("warehouse")))
        rows = counting.sheet_rows(warehouse, stocked=request.GET.get("scope") != "all")
        if len(rows) > sheets.MAX_ROWS:
            said = _("A sheet holds at most %(most)s items, and these are more: take only those with stock.")
            messages.error(request, said % {"most": f"{sheets.MAX_ROWS:,}"})
            return redirect(reverse(LIST))
        write, content_type = FORMATS[kind]
        name = f"count-{slugify(warehouse.code)}-{timezone.localdate().isoformat()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(write(rows), content_type=content_type, headers=headers)

    # --- The sheet comes back --------------------------------------------------------------------------------------

    @action(
        description=_("Upload count sheet"),
        url_path="upload",
        icon="upload_file",
        permissions=["upload"],
        variant=ActionVariant.PRIMARY,
    )
    def upload_sheet(self, request: HttpRequest) -> HttpResponse:
        """Check a sheet, and apply what a clean dry run showed."""
        if request.method != "POST":
            return self._page(request, UploadForm())
        if "token" in request.POST:
            return self._apply_kept(request, request.POST["token"])
        form = UploadForm(request.POST, request.FILES)
        return self._check(request, form) if form.is_valid() else self._page(request, form)

    def _check(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        told = form.cleaned_data
        warehouse, reference = told["warehouse"], told["reference"]
        try:
            sheet = sheets.read(told["file"])
            checked = actions.check_count(warehouse=warehouse, rows=sheet.rows)
        except SheetError as error:
            return self._page(request, form, troubles=error.troubles)
        if not checked.clean:
            return self._page(request, form, troubles=checked.troubles)
        if not told["dry_run"]:
            return self._apply(request, form, warehouse, reference, sheet.rows)
        token = secrets.token_urlsafe(16)
        # Plain values: what waits here may be read by the next version of the program.
        kept = {"warehouse": warehouse.pk, "reference": reference, "rows": [astuple(row) for row in sheet.rows]}
        cache.set(self._key(request, token), kept, timeout=KEPT)
        return self._page(request, form, found=_found(checked, sheet.uncounted), token=token)

    @staticmethod
    def _key(request: HttpRequest, token: str) -> str:
        """Return where a dry run waits: only for who made it."""
        return f"count-sheet:{request.user.pk}:{token[:40]}"

    def _apply_kept(self, request: HttpRequest, token: str) -> HttpResponse:
        kept = cache.get(self._key(request, token))
        if kept is None:
            messages.error(request, _("This dry run is no longer kept; nothing was changed. Upload the sheet again."))
            return redirect(reverse(UPLOAD))
        warehouse = get_object_or_404(Warehouse, pk=kept["warehouse"])
        form = UploadForm(initial={"warehouse": warehouse, "reference": kept["reference"]})
        return self._apply(request, form, warehouse, kept["reference"], [CountedRow(*row) for row in kept["rows"]])

    def _apply(
        self, request: HttpRequest, form: UploadForm, warehouse: Warehouse, reference: str, rows: Any
    ) -> HttpResponse:
        try:
            count = actions.apply_count(warehouse=warehouse, rows=rows, reference=reference, actor=actor(request))
        except SheetRepeated as error:
            messages.warning(request, error.troubles[0][1])
            return redirect(reverse(LIST))
        except SheetError as error:
            return self._page(request, form, troubles=error.troubles)
        except StockError as error:
            return self._page(request, form, troubles=[(0, str(error))])
        except IntegrityError as error:
            return self._page(request, form, troubles=[(0, refusal(error))])
        self.log_addition(request, count, [{"added": {}}])
        messages.success(request, _("%(count)s: the books now say what was counted.") % {"count": count})
        return redirect(reverse(PAGE, args=[count.pk]))

    def _page(self, request: HttpRequest, form: UploadForm, **result: Any) -> HttpResponse:
        troubles = result.pop("troubles", [])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload count sheet"),
            "opts": self.opts,
            "form": form,
            "troubles": troubles[:SHOWN],
            "trouble_count": len(troubles),
            "more_troubles": max(len(troubles) - SHOWN, 0),
            "warehouse": form.cleaned_data.get("warehouse") if form.is_bound else None,
            "reference": form.cleaned_data.get("reference") if form.is_bound else None,
            **result,
        }
        return TemplateResponse(request, "admin/inventory/countsheet/upload.html", context)
