"""The pages of warehouses."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door
from inventory.stock.models import Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(Door):
    """Places that hold stock."""

    list_display = ["code", "name", "country", "kind", "ships_to"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["code", "name"]
    fieldsets = [(None, {"fields": [("code", "name"), ("kind", "country"), "serves"]})]

    @display(description=_("ships to"))
    def ships_to(self, warehouse: Warehouse) -> str:
        return ", ".join(warehouse.serves) or str(_("everywhere"))
