"""Which product lacks what, in which language and market: a list with filters, in a fixed number of statements."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from shop.catalogue.language_fields import LANGUAGES
from shop.catalogue.models import Category, Product
from shop.crossborder.models import Market
from shop.crossborder.offering.completeness import WORDS, Lack, Line, lacking, lines

PER_PAGE = 25
BY_LANGUAGE = (Lack.TEXT, Lack.DESCRIPTION, Lack.ALT)


class FilterForm(forms.Form):
    """What to look for; anything unknown is left aside."""

    q = forms.CharField(label=_("Name or SKU"), required=False, max_length=80, widget=UnfoldAdminTextInputWidget)
    lack = forms.ChoiceField(
        label=_("Lacks"),
        required=False,
        choices=[("", _("Anything or nothing")), ("any", _("Anything")), *((str(one), WORDS[one]) for one in Lack)],
        widget=UnfoldAdminSelectWidget,
    )
    market = forms.ModelChoiceField(
        label=_("In market"),
        queryset=Market.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("All"),
        widget=UnfoldAdminSelectWidget,
    )
    language = forms.ChoiceField(
        label=_("In language"), required=False, choices=[("", _("All")), *LANGUAGES], widget=UnfoldAdminSelectWidget
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), *Category.choices], widget=UnfoldAdminSelectWidget
    )
    published = forms.ChoiceField(
        label=_("Published"),
        required=False,
        choices=[("", _("All")), ("yes", _("Yes")), ("no", _("No"))],
        widget=UnfoldAdminSelectWidget,
    )


def _condition(asked: dict[str, Any], markets: list[Market], languages: list[str]) -> Q:
    condition = Q()
    words = asked.get("q", "")
    if words:
        found = Q(texts__name__icontains=words) | Q(slug__icontains=words) | Q(variants__sku__icontains=words)
        condition &= Q(pk__in=Product.objects.filter(found).values("pk"))
    if asked.get("category"):
        condition &= Q(category=asked["category"])
    if asked.get("published"):
        condition &= Q(published=asked["published"] == "yes")
    if asked.get("lack"):
        kinds = list(Lack) if asked["lack"] == "any" else [Lack(asked["lack"])]
        missing = Q(pk__in=[])
        for one in kinds:
            missing |= lacking(one, markets=markets, languages=languages)
        condition &= missing
    return condition


class CompletenessPages:
    """Adds the page “Completeness” to products."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """One address."""
        mine = ("completeness/", "shop_product_completeness", self._completeness)
        return (*super().get_custom_urls(), mine)  # type: ignore[misc]

    def _completeness(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = FilterForm(request.GET)
        form.is_valid()  # what is not valid is not asked
        asked = {name: value for name, value in form.cleaned_data.items() if value}
        every = list(Market.objects.all())
        markets = [asked["market"]] if "market" in asked else every
        known = asked["market"].languages if "market" in asked else [code for code, _name in LANGUAGES]
        languages = [code for code, _name in LANGUAGES if code in known]
        if asked.get("language"):
            languages = [code for code in languages if code == asked["language"]]
        rows = Product.objects.filter(_condition(asked, markets, languages)).order_by("sort_order", "slug")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "1")[:6])
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Completeness"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "page": page,
            "query": query.urlencode(),
            "languages": [(code, name) for code, name in LANGUAGES if code in languages],
            "markets": markets,
            "lines": [
                _row(line, languages, markets)
                for line in lines(list(page.object_list), markets=markets, languages=languages)
            ],
        }
        return TemplateResponse(request, "admin/shop/product/completeness.html", context)


def _row(line: Line, languages: list[str], markets: list[Market]) -> dict[str, Any]:
    pk = line.product.pk
    change = reverse("admin:shop_product_change", args=[pk])
    translate = reverse("admin:shop_product_translate", args=[pk])
    publication = reverse("admin:shop_product_publication_page", args=[pk])
    links = {
        Lack.PRICE: f"{reverse('admin:shop_variant_changelist')}?q={line.product.slug}",
        Lack.RIGHT: publication,
        Lack.STOCK: f"{reverse('admin:inventory_balance_changelist')}",
    }
    return {
        "name": line.name,
        "slug": line.product.slug,
        "published": line.product.published,
        "link": change,
        "complete": line.complete,
        "pictureless": not line.images,
        "languages": [
            [
                (WORDS[one], change if one == Lack.ALT else f"{translate}?language={code}")
                for one in line.languages[code]
            ]
            for code in languages
        ],
        "markets": [
            {
                "hidden": market.code in line.hidden,
                "publication": publication,
                "lacks": [(WORDS[one], links[one]) for one in line.markets[market.code]],
            }
            for market in markets
        ],
    }
