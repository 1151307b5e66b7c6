"""Where a product is shown, market by market and language by language, and why it is not sold where it is not."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import SELECT_CLASSES, UnfoldAdminTextInputWidget

from shop.catalogue import previewing
from shop.catalogue.language_fields import LANGUAGES
from shop.catalogue.models import Product
from shop.crossborder.models import Market
from shop.crossborder.offering import publishing
from shop.crossborder.offering.publishing import Key
from shop.crossborder.offering.reasons import reasons
from shop.crossborder.offering.refreshing import refresh_products
from shop.crossborder.offering.visibility import EVERYWHERE, Window, languages_shown

NAMES = dict(LANGUAGES)
FORMAT = "%Y-%m-%dT%H:%M"


class _Moment(forms.DateTimeField):
    def __init__(self, label: Any) -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "aria-label": label, "class": "max-w-52"})
        super().__init__(label=label, required=False, widget=widget, input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S"])

    def prepare_value(self, value: Any) -> Any:
        return value.strftime(FORMAT) if isinstance(value, datetime) else value


class MatrixForm(forms.Form):
    """One row for each market as a whole and one for each of its languages."""

    def __init__(self, *args: Any, markets: list[Market], there: dict[Key, Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[Key] = []
        for market in markets:
            for language in ("", *market.languages):
                self._add((market.pk, language), there.get((market.pk, language), EVERYWHERE), market)

    def _add(self, key: Key, window: Window, market: Market) -> None:
        self.keys.append(key)
        where = f"{market.code} {NAMES.get(key[1], key[1])}".strip()
        shown, since, until = self.names(key)
        self.fields[shown] = forms.ChoiceField(
            label=where,
            choices=[("yes", _("Shown")), ("no", _("Not shown"))],
            initial="yes" if window.shown else "no",
            widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES), "aria-label": where}),
        )
        self.fields[since] = _Moment(_("%(where)s, from") % {"where": where})
        self.fields[until] = _Moment(_("%(where)s, until") % {"where": where})
        self.initial.update({since: window.since, until: window.until})

    @staticmethod
    def names(key: Key) -> tuple[str, str, str]:
        """Return the names of a row's fields."""
        stem = f"{key[0]}-{key[1] or 'all'}"
        return f"shown-{stem}", f"since-{stem}", f"until-{stem}"

    def clean(self) -> dict[str, Any]:
        """Refuse windows that end before they begin."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        for key in self.keys:
            _shown, since, until = self.names(key)
            if entered.get(since) and entered.get(until) and entered[until] <= entered[since]:
                self.add_error(until, _("It must be shown before it is hidden."))
        return entered

    def windows(self) -> dict[Key, Window]:
        """Return what was asked for."""
        found = {}
        for key in self.keys:
            shown, since, until = self.names(key)
            hidden = self.cleaned_data[shown] == "no"
            found[key] = Window(not hidden, *(None if hidden else self.cleaned_data[name] for name in (since, until)))
        return found


class PublicationPages:
    """Adds the page “Where it is shown” to products."""

    @action(description=_("Where it is shown"), url_path="publication", icon="public", permissions=["publication"])
    def publication_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show and take the matrix."""
        product: Product = self.row_or_404(request, object_id)  # type: ignore[attr-defined]
        markets = list(Market.objects.all())
        there = publishing.exceptions_of(product)
        may_edit = request.user.has_perm("shop.change_publication")
        form = MatrixForm(request.POST if request.method == "POST" and may_edit else None, markets=markets, there=there)
        if form.is_bound and form.is_valid():
            changed = publishing.set_exceptions(product=product, wanted=form.windows())
            if changed:
                refresh_products(product_ids=[product.pk])
                messages.success(request, _("Saved: %(count)d exceptions changed.") % {"count": changed})
            else:
                messages.info(request, _("Nothing was changed."))
            return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Where %(product)s is shown") % {"product": product},
            "opts": self.opts,  # type: ignore[attr-defined]
            "product": product,
            "form": form,
            "may_edit": may_edit,
            "places": [_place(market, form, there, product) for market in markets],
            "why": reasons(product),
            "days": previewing.VALID_FOR.days,
            "back": reverse("admin:shop_product_change", args=[product.pk]),
        }
        _attach(context["places"], context["why"])
        return TemplateResponse(request, "admin/shop/product/publication.html", context)

    def has_publication_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        """Whoever may look at products may look at where they are shown."""
        return bool(request.user.has_perm("shop.view_product"))


def _place(market: Market, form: MatrixForm, there: dict[Key, Window], product: Product) -> dict[str, Any]:
    windows = {language: window for (pk, language), window in there.items() if pk == market.pk}
    shown = languages_shown({"": EVERYWHERE} | windows, market.languages, timezone.now())
    token = previewing.sign(product.pk)
    rows = []
    for language in ("", *market.languages):
        fields = [form[name] for name in form.names((market.pk, language))]
        address = reverse("shop:preview", args=[market.code, language, token]) if language else ""
        rows.append(
            {
                "language": NAMES.get(language, language),
                "fields": fields,
                "shown": language in shown if language else bool(shown),
                "preview": address,
            }
        )
    return {"market": market, "rows": rows}


def _attach(places: list[dict[str, Any]], why: dict[int, Any]) -> None:
    for place in places:
        place["reasons"] = why.get(place["market"].pk, [])
