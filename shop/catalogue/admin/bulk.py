"""Editing many products at once: what is left empty on the page stays as it is on each product."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldBooleanSwitchWidget,
)

from shop.catalogue import actions
from shop.catalogue.models import Category, Manufacturer, Product, ProductType, Theme

MOST = 5_000  # products in one go
SHOWN = 12  # names on the page


def _choice(model: Any, label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=model.objects.all(),
        required=False,
        empty_label=_("Leave as it is"),
        widget=UnfoldAdminSelectWidget,
    )


class BulkForm(forms.Form):
    """What to change on every chosen product."""

    ids = forms.CharField(widget=forms.HiddenInput, max_length=60_000)
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("Leave as it is")), *Category.choices],
        widget=UnfoldAdminSelectWidget,
    )
    product_type = _choice(ProductType, _("Product type"))
    manufacturer = _choice(Manufacturer, _("Manufacturer"))
    published = forms.ChoiceField(
        label=_("Published"),
        required=False,
        choices=[("", _("Leave as it is")), ("yes", _("Yes")), ("no", _("No"))],
        widget=UnfoldAdminSelectWidget,
    )
    publish_from = forms.SplitDateTimeField(
        label=_("Publish from (UTC)"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    publish_until = forms.SplitDateTimeField(
        label=_("Publish until (UTC)"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    clear_window = forms.BooleanField(
        label=_("Take away the days on which they are published"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    add_theme = _choice(Theme, _("Put into theme"))
    drop_theme = _choice(Theme, _("Take out of theme"))

    def clean_ids(self) -> list[int]:
        """Return the keys."""
        parts = str(self.cleaned_data["ids"]).split(",")
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts) or len(parts) > MOST:
            raise forms.ValidationError(_("The products cannot be read; choose them again."))
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        """Refuse a page that asks for nothing, and what contradicts itself."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = entered.get("publish_from"), entered.get("publish_until")
        if since and until and until <= since:
            self.add_error("publish_until", _("They must be published before they are withdrawn."))
        if entered.get("clear_window") and (since or until):
            self.add_error("clear_window", _("Either take the days away or set them."))
        if entered.get("add_theme") and entered.get("add_theme") == entered.get("drop_theme"):
            self.add_error("drop_theme", _("The same theme cannot be both."))
        if not self.errors and not any(value for name, value in entered.items() if name != "ids"):
            raise forms.ValidationError(_("Nothing is to be changed."))
        return entered

    def changes(self) -> dict[str, Any]:
        """Return the columns to set."""
        told = self.cleaned_data
        found = {name: told[name] for name in ("category", "product_type", "manufacturer") if told[name]}
        found |= {name: told[name] for name in ("publish_from", "publish_until") if told[name]}
        if told["clear_window"]:
            found |= {"publish_from": None, "publish_until": None}
        if told["published"]:
            found["published"] = told["published"] == "yes"
        return found


class BulkEditing:
    """Adds “Edit chosen products” to the list of products."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """One address that only takes the form."""
        mine = ("bulk-edit/", "shop_product_bulk_edit", require_POST(self._bulk_edit))
        return (*super().get_custom_urls(), mine)  # type: ignore[misc]

    @admin.action(description=_("Edit chosen products …"), permissions=["change"])
    def edit_chosen(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
        """Ask what to change."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(ids) > MOST:
            messages.error(request, _("Choose %(most)s products at most.") % {"most": f"{MOST:,}"})
            return redirect(reverse("admin:shop_product_changelist"))
        return self._ask(request, BulkForm(initial={"ids": ",".join(map(str, ids))}), ids)

    def _ask(self, request: HttpRequest, form: BulkForm, ids: list[int]) -> HttpResponse:
        names = list(Product.objects.filter(pk__in=ids).order_by("slug").values_list("slug", flat=True)[:SHOWN])
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": ngettext("Edit %(count)d product", "Edit %(count)d products", len(ids)) % {"count": len(ids)},
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "names": names,
            "more": len(ids) - len(names),
            "media": self.media + form.media,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/shop/product/bulk.html", context)

    def _bulk_edit(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.has_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = BulkForm(request.POST)
        if not form.is_valid():
            ids = form.cleaned_data.get("ids")
            if ids is None:
                messages.error(request, _("The products cannot be read; choose them again."))
                return redirect(reverse("admin:shop_product_changelist"))
            return self._ask(request, form, ids)
        told = form.cleaned_data
        refused = actions.change_products(
            product_ids=told["ids"], changes=form.changes(), add_to=told["add_theme"], drop_from=told["drop_theme"]
        )
        if refused:
            form.add_error(None, refused)
            return self._ask(request, form, told["ids"])
        said = ngettext("%(count)d product was changed.", "%(count)d products were changed.", len(told["ids"]))
        messages.success(request, said % {"count": len(told["ids"])})
        return redirect(reverse("admin:shop_product_changelist"))
