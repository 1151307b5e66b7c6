"""The pages of variants: what is bought, with the facts that customs and carriers ask for."""

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, Rows
from shop.catalogue.goods_field import flags_field
from shop.catalogue.language_fields import LanguagesField
from shop.catalogue.models import ProductText, Variant


def options_field() -> LanguagesField:
    """Return the field of a variant's option, e.g. its size."""
    return LanguagesField(
        label=_("Option"), required=False, max_length=120, help_text=_("E.g. Small; empty for a single variant.")
    )


class VariantRowForm(forms.ModelForm):
    """A variant on its product's page."""

    options = options_field()

    class Meta:
        model = Variant
        fields = ["sku", "item", "options", "hs_code", "origin", "weight_g", "position"]


class VariantRows(Rows):
    """A product's variants; their prices are on their own pages."""

    model = Variant
    form = VariantRowForm
    tab = True
    show_change_link = True
    hide_title = False
    autocomplete_fields = ["item"]
    fields = ["sku", "item", "options", "hs_code", "origin", "weight_g", "position"]
    verbose_name_plural = _("Variants")


class VariantForm(forms.ModelForm):
    """A variant; its option has a field for each language, its flags are boxes."""

    options = options_field()
    flags = flags_field(_("Bears"), _("What carriers and countries may refuse."))

    class Meta:
        model = Variant
        fields = "__all__"  # noqa: DJ007 (the page names the fields)


class VariantPages(Door):
    """What is bought, by SKU; the room of prices adds them and registers the pages."""

    form = VariantForm
    list_display = ["sku", "name", "option", "hs_code", "origin", "weight_g"]
    list_filter = [("product__category", ChoicesDropdownFilter), ("product__museum", RelatedDropdownFilter)]
    list_select_related = ["product"]
    search_fields = ["sku", "product__texts__name", "product__slug"]
    search_help_text = _("SKU or name")
    autocomplete_fields = ["product", "item"]
    fieldsets = [
        (None, {"fields": [("product", "item", "sku"), ("options", "position")]}),
        (_("Parcel"), {"fields": [("weight_g", "length_mm", "width_mm", "height_mm"), "flags"]}),
        (
            _("Customs"),
            {
                "fields": [
                    ("hs_code", "origin"),
                    "customs_description",
                    "customs_description_zh",
                    ("manufacturer_product_id", "reproduction_year"),
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        english = ProductText.objects.filter(product=OuterRef("product"), language="en").values("name")[:1]
        return super().get_queryset(request).annotate(english=Subquery(english))

    @display(description=_("product"), ordering="english")
    def name(self, variant: Any) -> str:
        return variant.english or variant.product.slug  # type: ignore[no-any-return]

    @display(description=_("option"))
    def option(self, variant: Variant) -> str:
        return str(variant.options.get("en", "")) if isinstance(variant.options, dict) else ""
