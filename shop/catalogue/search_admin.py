"""The admin of search: synonyms and artists' names, and what shoppers looked for in vain."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter
from unfold.decorators import display

from config.admin_doors import Door, ReadOnlyDoor
from shop.catalogue.models import SearchMiss, Synonym


@admin.register(Synonym)
class SynonymAdmin(Door):
    """Terms that find each other; they hold from the next search on."""

    list_display = ["group", "kind"]
    list_display_links = ["group"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["terms", "folded"]
    fields = ["kind", "terms"]

    @display(description=_("terms"), ordering="terms")
    def group(self, synonym: Synonym) -> str:
        return str(synonym)


@admin.register(SearchMiss)
class SearchMissAdmin(ReadOnlyDoor):
    """What was looked for and not found, by day; nothing is kept of who asked."""

    list_display = ["words", "count", "day", "market", "language"]
    list_display_links = None
    list_filter = [("market", FieldTextFilter), ("language", ChoicesDropdownFilter)]
    search_fields = ["words"]
    date_hierarchy = "day"
    ordering = ["-day", "-count"]
