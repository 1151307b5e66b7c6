"""The pages of products: words, typed attributes, variants, pictures, and when they are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Blocks, Door, badge
from inventory.stock.admin.balances import BalanceAdmin
from inventory.stock.models import Balance
from shop.catalogue import actions, attribute_fields, attributes
from shop.catalogue.admin.bulk import BulkEditing
from shop.catalogue.admin.pictures import PictureRows
from shop.catalogue.admin.sheets import SheetPages
from shop.catalogue.admin.translating import TranslatingPages
from shop.catalogue.admin.variants import VariantRows
from shop.catalogue.attributes import Value
from shop.catalogue.models import Attribute, Product, ProductImage, ProductText
from shop.catalogue.stock_filter import MuseumStockFilter

LANGUAGES = len(settings.LANGUAGES)

BalanceAdmin.extra_filters.append(MuseumStockFilter)


class ProductTextBlocks(Blocks):
    """A product's words, one block a language."""

    model = ProductText
    max_num = LANGUAGES
    tab = True
    fields = [
        "language", "name", "description", ("material", "care"), "warnings", ("seo_title", "seo_description")
    ]  # fmt: skip
    verbose_name_plural = _("Texts")


@dataclass(frozen=True)
class Described:
    """The attributes of a product's type, and what the product says to them."""

    attributes: tuple[Attribute, ...]
    values: dict[str, Value]


class ProductForm(forms.ModelForm):
    """A product; the attributes of its type are fields of its form (added by :func:`form_of`)."""

    described: Described | None = None

    class Meta:
        model = Product
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.described is not None:
            for attribute in self.described.attributes:
                value = self.described.values.get(attribute.code)
                self.initial[attribute_fields.field_name(attribute)] = attribute_fields.initial(attribute, value)

    def set_values(self) -> None:
        """Write what was said to the attributes, where it changed."""
        if self.described is None:
            return
        changed = {
            one.code: attribute_fields.plain(one, self.cleaned_data[attribute_fields.field_name(one)])
            for one in self.described.attributes
            if attribute_fields.field_name(one) in self.changed_data
        }
        if changed:
            attributes.set_values(product=self.instance, values=changed)


def described(product: Product | None) -> Described | None:
    """Return a product's attributes with what it says, None where it has no type. Three statements."""
    if product is None or product.product_type_id is None:
        return None
    found = Attribute.objects.filter(product_types=product.product_type_id).prefetch_related("options")
    return Described(tuple(found), attributes.read([product.pk]).get(product.pk, {}))


def form_of(known: Described | None) -> type[ProductForm]:
    """Return the form of a product whose attributes these are."""
    if known is None:
        return ProductForm
    fields = attribute_fields.fields_for(known.attributes)
    return type("DescribedProductForm", (ProductForm,), {**fields, "described": known})


def publication_badge(product: Product, now: datetime) -> SafeString:
    """Return whether a product is shown, hidden, planned, or withdrawn."""
    if not product.published:
        return badge("", _("hidden"))
    if product.publish_from and product.publish_from > now:
        return badge("info", _("from %(day)s") % {"day": f"{product.publish_from:%Y-%m-%d %H:%M}"})
    if product.publish_until and product.publish_until <= now:
        return badge("warning", _("withdrawn"))
    if product.publish_until:
        return badge("success", _("until %(day)s") % {"day": f"{product.publish_until:%Y-%m-%d %H:%M}"})
    return badge("success", _("shown"))


class PublicationFilter(DropdownFilter):
    """Products by whether they are shown now."""

    title = _("publication")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("Shown")), ("planned", _("Planned")), ("withdrawn", _("Withdrawn")), ("hidden", _("Hidden"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        now = timezone.now()
        over, planned = Q(publish_until__lte=now), Q(publish_from__gt=now)
        conditions = {
            "now": Q(published=True)
            & (Q(publish_from=None) | Q(publish_from__lte=now))
            & (Q(publish_until=None) | Q(publish_until__gt=now)),
            "planned": Q(published=True) & planned,
            "withdrawn": Q(published=True) & over,
            "hidden": Q(published=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class ProductPages(BulkEditing, TranslatingPages, SheetPages, Door):
    """Products with their texts, variants and pictures; the room of prices adds them and registers the pages."""

    list_display = ["product", "category", "product_type", "museum", "publication", "stock"]
    list_filter: list[Any] = [
        PublicationFilter,
        ("category", ChoicesDropdownFilter),
        ("product_type", RelatedDropdownFilter),
        ("museum", RelatedDropdownFilter),
        ("themes", RelatedDropdownFilter),
    ]
    list_select_related = ["museum", "product_type"]
    search_fields = ["texts__name", "variants__sku", "slug"]
    search_help_text = _("Name or SKU")
    autocomplete_fields = ["museum", "manufacturer", "objects_shown"]
    inlines = [ProductTextBlocks, VariantRows, PictureRows]
    actions = ["publish", "unpublish", "edit_chosen"]
    form = ProductForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("museum", "slug"),
                    ("category", "product_type"),
                    ("manufacturer", "sort_order"),
                    "objects_shown",
                ]
            },
        ),
        (
            _("Publication"),
            {
                "fields": ["published", ("publish_from", "publish_until")],
                "description": _("UTC; empty is without limit. Leave out markets on “Where it is shown”."),
            },
        ),
        (_("Plate"), {"fields": [("ornament", "palette")], "classes": ["collapse"]}),
    ]

    def _described(self, request: HttpRequest, obj: Product | None) -> Described | None:
        """Ask once a request."""
        known = getattr(request, "described_product", None)
        if known is None or known[0] != (obj and obj.pk):
            known = ((obj and obj.pk), described(obj))
            request.described_product = known  # type: ignore[attr-defined]
        found: Described | None = known[1]
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        kwargs["form"] = form_of(self._described(request, obj))
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the attributes of the product's type; those who may only look see them too."""
        first, *rest = super().get_fieldsets(request, obj)
        known = self._described(request, obj)
        if known is None or not known.attributes:
            return [first, *rest]
        if not self.has_change_permission(request, obj):
            return [first, (_("Attributes"), {"fields": ["attribute_values_shown"]}), *rest]
        names = [attribute_fields.field_name(one) for one in known.attributes]
        return [first, (_("Attributes"), {"fields": names}), *rest]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_readonly_fields(request, obj)
        return shown if self.has_change_permission(request, obj) else [*shown, "attribute_values_shown"]

    @display(description=_("attributes"))
    def attribute_values_shown(self, product: Product) -> SafeString:
        values = attributes.read([product.pk]).get(product.pk, {})
        return format_html_join("", "<div>{}: {}</div>", values.items())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write the attributes with the rest."""
        super().save_related(request, form, formsets, change)
        form.set_values()

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

    @display(description=_("publication"), ordering="published")
    def publication(self, product: Product) -> SafeString:
        return publication_badge(product, timezone.now())

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
