"""The pages of museums and of the objects of their collections."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from config.admin_doors import Blocks, Door
from shop.catalogue.models import Museum, MuseumObject, MuseumText, ObjectText

LANGUAGES = len(settings.LANGUAGES)


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
    list_filter = [("museum", RelatedDropdownFilter), ("rights_status", ChoicesDropdownFilter), PlateFilter]
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
        (_("Rights and links"), {"fields": ["rights_status", "external_url", "iiif_manifest"]}),
        (_("Plate"), {"fields": [("ornament", "palette")]}),
    ]

    @display(description=_("title"))
    def short_title(self, thing: MuseumObject) -> str:
        return thing.title if len(thing.title) <= 80 else f"{thing.title[:79]}…"

    @display(description=_("maker"))
    def maker_line(self, thing: MuseumObject) -> str:
        return thing.maker if len(thing.maker) <= 50 else f"{thing.maker[:49]}…"
