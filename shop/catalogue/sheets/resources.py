"""Which columns a sheet of products, of texts and of variants has, and what they are in the database."""

from typing import Any

from django.conf import settings
from import_export.fields import Field
from import_export.resources import ModelResource

from inventory.stock.models import Item
from shop.catalogue.models import Manufacturer, Museum, Product, ProductText, ProductType, Variant
from shop.catalogue.sheets.widgets import (
    CodeWidget,
    ListWidget,
    MomentWidget,
    ObjectsWidget,
    TextWidget,
    WholeWidget,
    YesNoWidget,
)

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def column(name: str, widget: Any, *, attribute: str = "", **options: Any) -> Field:
    """Return a column."""
    return Field(column_name=name, attribute=attribute or name, widget=widget, **options)


def texts(*names: str) -> dict[str, Field]:
    """Return columns of text."""
    return {name: column(name, TextWidget()) for name in names}


class OptionField(Field):
    """A variant's option in one language: one key of its ``options``."""

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__(column_name=f"option {language}", attribute="options", widget=TextWidget())

    def get_value(self, instance: Any) -> str:
        return str((instance.options or {}).get(self.language, ""))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **_kwargs: Any) -> None:  # noqa: ARG002, FBT001, FBT002
        text = self.clean(row)
        options = {code: said for code, said in (instance.options or {}).items() if code != self.language}
        instance.options = options | ({self.language: text} if text else {})


class CatalogueResource(ModelResource):
    """Rows are checked like those of a form, written only where they differ, and all of them or none."""

    class Meta:
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        skip_diff = True
        store_instance = False

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Leave alone what says the same; a line's end is the same in every writing."""
        if import_validation_errors or original is None or original.pk is None:
            return False
        for field in self.get_import_fields():
            if field.column_name not in row:
                continue
            if isinstance(field.widget, ObjectsWidget):
                named = {thing.pk for thing in field.clean(row)}
                if named != set(original.objects_shown.values_list("pk", flat=True)):
                    return False
            elif _plain(field.get_value(instance)) != _plain(field.get_value(original)):
                return False
        return True


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class ProductResource(CatalogueResource):
    """Products, known by their slug."""

    slug = column("slug", TextWidget())
    museum = column("museum", CodeWidget(Museum, "slug"))
    category = column("category", TextWidget())
    product_type = column("product_type", CodeWidget(ProductType, "code"))
    manufacturer = column("manufacturer", CodeWidget(Manufacturer, "code"))
    published = column("published", YesNoWidget())
    publish_from = column("publish_from", MomentWidget())
    publish_until = column("publish_until", MomentWidget())
    sort_order = column("sort_order", WholeWidget())
    objects_shown = column("objects", ObjectsWidget(), attribute="objects_shown", m2m_add=False)

    class Meta(CatalogueResource.Meta):
        model = Product
        import_id_fields = ["slug"]
        fields = [
            "slug", "museum", "category", "product_type", "manufacturer", "published", "publish_from",
            "publish_until", "sort_order", "objects_shown",
        ]  # fmt: skip

    def get_queryset(self) -> Any:
        related = super().get_queryset().select_related("museum", "product_type", "manufacturer")
        return related.prefetch_related("objects_shown__museum")


class TextResource(CatalogueResource):
    """Products' words, known by product and language."""

    product = column("product", CodeWidget(Product, "slug"))
    language = column("language", TextWidget())
    name, description, material, care, warnings, seo_title, seo_description = texts(
        "name", "description", "material", "care", "warnings", "seo_title", "seo_description"
    ).values()

    class Meta(CatalogueResource.Meta):
        model = ProductText
        import_id_fields = ["product", "language"]
        fields = [
            "product", "language", "name", "description", "material", "care", "warnings", "seo_title",
            "seo_description",
        ]  # fmt: skip

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("product").order_by("product__slug", "language")


class VariantResource(CatalogueResource):
    """Variants, known by their SKU; the item of the stock is there before."""

    sku = column("sku", TextWidget())
    product = column("product", CodeWidget(Product, "slug"))
    item = column("item", CodeWidget(Item, "sku"))
    option_en, option_fr, option_zh, option_ja = (OptionField(code) for code in LANGUAGES)
    hs_code, origin, customs_description, customs_description_zh, manufacturer_product_id = texts(
        "hs_code", "origin", "customs_description", "customs_description_zh", "manufacturer_product_id"
    ).values()
    weight_g = column("weight_g", WholeWidget())
    length_mm = column("length_mm", WholeWidget())
    width_mm = column("width_mm", WholeWidget())
    height_mm = column("height_mm", WholeWidget())
    flags = column("flags", ListWidget())
    reproduction_year = column("reproduction_year", WholeWidget())
    position = column("position", WholeWidget())

    class Meta(CatalogueResource.Meta):
        model = Variant
        import_id_fields = ["sku"]
        fields = [
            "sku", "product", "item", "option_en", "option_fr", "option_zh", "option_ja", "hs_code", "origin",
            "weight_g", "length_mm", "width_mm", "height_mm", "flags", "customs_description",
            "customs_description_zh", "manufacturer_product_id", "reproduction_year", "position",
        ]  # fmt: skip

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("product", "item").order_by("product__slug", "position", "sku")
