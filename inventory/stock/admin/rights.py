"""Who may do more than a page's own permissions say. As methods: a permission's name would be looked up in the database
by the system checks, also where there is no database yet."""

from typing import Any

from django.http import HttpRequest


class StockRights:
    """Rights of the actions on stock."""

    def has_manage_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Goods leave the books, or are kept from everybody: a manager's decision."""
        return bool(request.user.has_perm("inventory.manage_stock"))

    def has_ledger_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may see movements is led to them."""
        return bool(request.user.has_perm("inventory.view_movement"))
