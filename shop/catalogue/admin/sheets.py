"""Taking the catalogue away as a spreadsheet and bringing it back: checked first, applied as a whole."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from shop.catalogue.sheets import bringing, files
from shop.catalogue.sheets.files import SheetRefused, TooLongForXlsx

KEPT = 3600  # seconds for which a clean dry run waits to be applied
SHOWN = 200  # troubles on the page
NAMES = {
    "products": _("Products"),
    "texts": _("Texts"),
    "variants": _("Variants"),
    "attributes": _("Attributes"),
}
FORMATS = {
    "xlsx": (files.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (files.write_csv, "text/csv; charset=utf-8"),
}
# What one must be allowed to add and change to bring each kind.
MODELS = {"products": "product", "texts": "producttext", "variants": "variant", "attributes": "product"}


class TakeForm(forms.Form):
    """Which sheet to make."""

    kind = forms.ChoiceField(label=_("Sheet"), choices=list(NAMES.items()), widget=UnfoldAdminSelectWidget)
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "XLSX (Excel)"), ("csv", "CSV")], widget=UnfoldAdminSelectWidget
    )


class BringForm(forms.Form):
    """A sheet that was changed."""

    kind = forms.ChoiceField(label=_("Sheet"), choices=list(NAMES.items()), widget=UnfoldAdminSelectWidget)
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX or CSV, at most %(bytes)d MB and %(rows)s rows.")
        % {"bytes": files.MAX_BYTES // 1024 // 1024, "rows": f"{files.MAX_ROWS:,}"},
    )

    def clean_file(self) -> bytes:
        """Return what is in the file, once it is known to be small enough to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > files.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return bytes(file.read())


class SheetPages:
    """Adds the page “Spreadsheets” to products."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The page, and the address of the files."""
        mine = (
            ("spreadsheets/", "shop_product_sheets", self._sheets),
            ("spreadsheets/take/", "shop_product_take_sheet", self._take),
        )
        return (*super().get_custom_urls(), *mine)  # type: ignore[misc]

    @staticmethod
    def _may_bring(request: HttpRequest, kind: str) -> bool:
        model = MODELS[kind]
        return all(request.user.has_perm(f"shop.{verb}_{model}") for verb in ("add", "change"))

    def _take(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = TakeForm(request.GET)
        if not form.is_valid():
            return redirect(reverse("admin:shop_product_sheets"))
        kind, form_of = form.cleaned_data["kind"], form.cleaned_data["format"]
        write, media = FORMATS[form_of]
        try:
            data = write(bringing.export(kind))
        except TooLongForXlsx as error:
            messages.error(request, str(error))
            return redirect(reverse("admin:shop_product_sheets"))
        name = f"{kind}-{timezone.localdate().isoformat()}.{form_of}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(data, content_type=media, headers=headers)

    def _sheets(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Spreadsheets"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "take": TakeForm(),
            "form": BringForm(),
            "may_bring": self.has_change_permission(request),  # type: ignore[attr-defined]
            "columns": [(NAMES[kind], ", ".join(bringing.columns(kind))) for kind in bringing.KINDS],
        }
        if request.method == "POST":
            if "token" in request.POST:
                return self._apply(request)
            self._check(request, context)
        return TemplateResponse(request, "admin/shop/product/sheets.html", context)

    def _check(self, request: HttpRequest, context: dict[str, Any]) -> None:
        form = context["form"] = BringForm(request.POST, request.FILES)
        if not form.is_valid():
            return
        kind, data = form.cleaned_data["kind"], form.cleaned_data["file"]
        if not self._may_bring(request, kind):
            raise PermissionDenied
        try:
            found = bringing.bring(kind, data, dry_run=True)
        except SheetRefused as refused:
            context["troubles"] = refused.troubles[:SHOWN]
            context["trouble_count"] = len(refused.troubles)
            context["more_troubles"] = max(len(refused.troubles) - SHOWN, 0)
            return
        token = secrets.token_urlsafe(16)
        cache.set(_key(request, token), (kind, data), timeout=KEPT)
        context |= {"found": found, "found_kind": NAMES[kind], "token": token}

    def _apply(self, request: HttpRequest) -> HttpResponse:
        page = reverse("admin:shop_product_sheets")
        key = _key(request, str(request.POST.get("token", ""))[:40])
        waiting = cache.get(key)
        if waiting is None:
            messages.error(request, _("The checked sheet is not there any more; bring it again. Nothing was changed."))
            return redirect(page)
        kind, data = waiting
        if not self._may_bring(request, kind):
            raise PermissionDenied
        cache.delete(key)
        try:
            done = bringing.bring(kind, data, dry_run=False)
        except SheetRefused as refused:
            # The catalogue changed since the check.
            first = refused.troubles[0]
            why = _("Nothing was changed. Row %(row)s: %(text)s") % {"row": first.row, "text": first.text}
            messages.error(request, why)
            return redirect(page)
        said = _("%(kind)s: %(new)d new, %(changed)d changed, %(same)d as before.")
        messages.success(
            request, said % {"kind": NAMES[kind], "new": done.new, "changed": done.changed, "same": done.same}
        )
        return redirect(page)


def _key(request: HttpRequest, token: str) -> str:
    return f"catalogue-sheet:{request.user.pk}:{token}"
