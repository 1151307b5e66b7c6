"""The pages of product types, attributes and the values that attributes with a list have."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, Rows, WholeConstraintsForm
from shop.catalogue.language_fields import LanguagesField
from shop.catalogue.models import Attribute, AttributeOption, ProductType


class AttributeForm(WholeConstraintsForm):
    """An attribute with its name in each language. Its kind stays once products say something to it."""

    labels = LanguagesField(label=_("Name"), max_length=80)

    class Meta:
        model = Attribute
        fields = ["code", "kind", "labels", "unit", "facet", "position"]

    def clean_kind(self) -> str:
        """Refuse another kind where values of the old one stand."""
        kind = str(self.cleaned_data["kind"])
        if self.instance.pk and "kind" in self.changed_data and self.instance.values.exists():
            raise forms.ValidationError(_("Products have values of the present kind; make another attribute."))
        return kind


class OptionForm(forms.ModelForm):
    """A value of a list with its name in each language."""

    labels = LanguagesField(label=_("Name"), max_length=80)

    class Meta:
        model = AttributeOption
        fields = ["code", "labels", "position"]


class OptionRows(Rows):
    """The values of an attribute with a list."""

    model = AttributeOption
    form = OptionForm
    fields = ["code", "labels", "position"]
    verbose_name = _("value")
    verbose_name_plural = _("Values of the list")


@admin.register(Attribute)
class AttributeAdmin(Door):
    """Properties that products of some types have."""

    form = AttributeForm
    list_display = ["name", "code", "kind", "unit", "facet", "choices", "types"]
    list_display_links = ["name", "code"]
    list_filter = [("kind", ChoicesDropdownFilter), ("facet", BooleanRadioFilter)]
    search_fields = ["code", "labels__en", "options__code", "options__labels__en"]
    search_help_text = _("Name or code, of the attribute or of a value")
    inlines = [OptionRows]
    fieldsets = [(None, {"fields": [("code", "kind"), "labels", ("unit", "facet", "position")]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = {"options_n": Count("options", distinct=True), "types_n": Count("product_types", distinct=True)}
        rows: QuerySet = super().get_queryset(request).annotate(**counted)
        return rows

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:  # noqa: ARG002
        """Only an attribute with a list has values of its own."""
        return [OptionRows] if obj is None or obj.kind == Attribute.Kind.CHOICE else []

    @display(description=_("name"), ordering="labels__en")
    def name(self, attribute: Attribute) -> str:
        return str(attribute)

    @display(description=_("values"), ordering="options_n")
    def choices(self, attribute: Any) -> str:
        return str(attribute.options_n) if attribute.kind == Attribute.Kind.CHOICE else "–"

    @display(description=_("product types"), ordering="types_n")
    def types(self, attribute: Any) -> int:
        return int(attribute.types_n)


class ProductTypeForm(WholeConstraintsForm):
    """A kind of product with the attributes that describe it."""

    class Meta:
        model = ProductType
        fields = ["name", "code", "attributes"]

    def add_prefix(self, field_name: str) -> str:
        """Name the fields. One called ``attributes`` would hide the form's own from scripts, and the page with it."""
        return super().add_prefix("attributes_said" if field_name == "attributes" else field_name)


@admin.register(ProductType)
class ProductTypeAdmin(Door):
    """Kinds of product with the attributes that describe them."""

    form = ProductTypeForm
    list_display = ["name", "code", "attribute_names", "products_of"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["attributes"]
    fieldsets = [(None, {"fields": [("name", "code"), "attributes"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = super().get_queryset(request).annotate(products_n=Count("products", distinct=True))
        rows: QuerySet = counted.prefetch_related("attributes")
        return rows

    @display(description=_("attributes"))
    def attribute_names(self, kind: ProductType) -> str:
        return ", ".join(str(attribute) for attribute in kind.attributes.all()) or "–"

    @display(description=_("products"), ordering="products_n")
    def products_of(self, kind: Any) -> int:
        return int(kind.products_n)
