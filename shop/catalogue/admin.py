"""The catalogue pages of the admin: museums, their objects, products."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from config.admin_doors import Blocks, Door, Rows, badge
from inventory.stock.admin.balances import BalanceAdmin
from inventory.stock.models import Balance
from shop.catalogue import actions
from shop.catalogue.goods_field import flags_field
from shop.catalogue.models import (
    Museum,
    MuseumObject,
    MuseumText,
    ObjectText,
    ProductImage,
    ProductText,
    Variant,
)
from shop.catalogue.stock_filter import MuseumStockFilter

PICTURES = ["svg", "png", "jpg", "jpeg", "webp", "avif"]
LANGUAGES = len(settings.LANGUAGES)

BalanceAdmin.extra_filters.append(MuseumStockFilter)


class MuseumTextBlocks(Blocks):
    """A museum's words, one block a language."""

    model = MuseumText
    max_num = LANGUAGES


@admin.register(Museum)
class MuseumAdmin(Door):
    """Museums whose collections are licensed."""

    list_display = ["name", "slug", "city", "country"]
    list_display_links = ["name", "slug"]
    search_fields = ["slug", "texts__name", "city"]
    inlines = [MuseumTextBlocks]

    def get_queryset(self, request: HttpRequest) -> Any:
        english = MuseumText.objects.filter(museum=OuterRef("pk"), language="en").values("name")
        return super().get_queryset(request).annotate(english=Subquery(english))

    @display(description=_("name"), ordering="english")
    def name(self, museum: Museum) -> str:
        return museum.english or museum.slug  # type: ignore[attr-defined]


class ObjectTextBlocks(Blocks):
    """An object's words for the shop, one block a language."""

    model = ObjectText
    max_num = LANGUAGES


class PlateFilter(DropdownFilter):
    """Whether the shop draws a plate of the object."""

    title = _("plate")
    parameter_name = "plate"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("With a plate")), ("no", _("Without"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() == "yes":
            return queryset.exclude(ornament="")
        return queryset.filter(ornament="") if self.value() == "no" else queryset


@admin.register(MuseumObject)
class MuseumObjectAdmin(Door):
    """Objects of the collections: tens of thousands of rows, which are never counted."""

    paginator = InfinitePaginator
    list_display = ["accession_number", "short_title", "maker_line", "date_text", "museum"]
    list_display_links = ["accession_number", "short_title"]
    list_filter = [("museum", RelatedDropdownFilter), PlateFilter]
    list_select_related = ["museum"]
    # By column, in the order of the unique index: the first page is read without sorting the table.
    ordering = ["museum_id", "accession_number"]
    sortable_by = ["accession_number"]
    search_fields = ["accession_number", "title"]
    search_help_text = _("Accession number or title")
    inlines = [ObjectTextBlocks]
    fieldsets = [
        (None, {"fields": [("museum", "accession_number", "slug"), "title"]}),
        (_("Record"), {"fields": ["maker", ("date_text", "year_from", "year_to"), ("culture", "classification")]}),
        (_("Description"), {"fields": ["technique", "dimensions", "credit_line", "subjects"]}),
        (_("Plate"), {"fields": [("ornament", "palette")]}),
    ]

    @display(description=_("title"))
    def short_title(self, thing: MuseumObject) -> str:
        return thing.title if len(thing.title) <= 80 else f"{thing.title[:79]}…"

    @display(description=_("maker"))
    def maker_line(self, thing: MuseumObject) -> str:
        return thing.maker if len(thing.maker) <= 50 else f"{thing.maker[:49]}…"


class ProductTextBlocks(Blocks):
    """A product's words, one block a language."""

    model = ProductText
    max_num = LANGUAGES
    tab = True
    fields = ["language", "name", "description", ("material", "care")]
    verbose_name_plural = _("Texts")


class VariantRows(Rows):
    """A product's variants; their prices are on their own pages."""

    model = Variant
    tab = True
    show_change_link = True
    hide_title = False
    autocomplete_fields = ["item"]
    fields = ["sku", "item", "options", "hs_code", "origin", "weight_g", "position"]
    verbose_name_plural = _("Variants")


class PictureForm(forms.ModelForm):
    """A picture of a kind that browsers show."""

    class Meta:
        model = ProductImage
        fields = ["file", "width", "height", "position", "alt"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].validators.append(FileExtensionValidator(PICTURES))


class PictureRows(Rows):
    """A product's pictures with their size in pixels."""

    model = ProductImage
    form = PictureForm
    tab = True
    fields = ["file", "width", "height", "position", "alt"]
    verbose_name_plural = _("Pictures")


class ProductPages(Door):
    """Products with their texts, variants and pictures; the room of prices adds them and registers the pages."""

    list_display = ["product", "category", "museum", "published", "stock"]
    list_filter: list[Any] = [
        ("published", BooleanRadioFilter),
        ("category", ChoicesDropdownFilter),
        ("museum", RelatedDropdownFilter),
    ]
    list_select_related = ["museum"]
    search_fields = ["texts__name", "variants__sku", "slug"]
    search_help_text = _("Name or SKU")
    autocomplete_fields = ["museum", "manufacturer", "objects_shown"]
    inlines = [ProductTextBlocks, VariantRows, PictureRows]
    actions = ["publish", "unpublish"]
    fieldsets = [
        (
            None,
            {"fields": [("museum", "slug"), ("category", "published", "sort_order"), "manufacturer", "objects_shown"]},
        ),
        (_("Plate"), {"fields": [("ornament", "palette")], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        here = OuterRef("pk")
        units = Balance.objects.filter(item__variant__product=here).order_by().values("item__variant__product")
        return (
            super()
            .get_queryset(request)
            .annotate(
                english=Subquery(ProductText.objects.filter(product=here, language="en").values("name")[:1]),
                picture=Subquery(ProductImage.objects.filter(product=here).order_by("position").values("file")[:1]),
                units=Coalesce(Subquery(units.annotate(sum=Sum("on_hand")).values("sum")), 0),
            )
        )

    @display(description=_("product"), ordering="english", header=True)
    def product(self, product: Any) -> list[Any]:
        name = product.english or product.slug
        picture = default_storage.url(product.picture) if product.picture else ""
        return [
            name,
            product.slug,
            name[:1],
            {"path": picture, "squared": True, "width": 40, "height": 40} if picture else {},
        ]

    @display(description=_("stock"), ordering="units")
    def stock(self, product: Any) -> SafeString:
        return badge("success" if product.units else "danger", product.units)

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Show the chosen products in the shop."""
        self._set_published(request, queryset, published=True)

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Hide the chosen products."""
        self._set_published(request, queryset, published=False)

    def _set_published(self, request: HttpRequest, queryset: QuerySet, *, published: bool) -> None:
        changed = actions.set_published(product_ids=queryset.values_list("id", flat=True), published=published)
        sentence = _("%(count)d products published.") if published else _("%(count)d products unpublished.")
        messages.success(request, sentence % {"count": changed})


class VariantForm(forms.ModelForm):
    """A variant; its flags are boxes."""

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
