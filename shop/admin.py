"""Gathers the admin of the rooms."""

from shop.accounts import admin as accounts_admin
from shop.alerts import admin as alerts_admin
from shop.alerts.restock import admin as restock_admin
from shop.catalogue import admin as catalogue_admin
from shop.catalogue import search_admin
from shop.channels import admin as channels_admin
from shop.checkout import admin as checkout_admin
from shop.crossborder import admin as crossborder_admin
from shop.desk import admin as desk_admin
from shop.orders import admin as orders_admin
from shop.orders.documents import admin as documents_admin
from shop.orders.fulfilment import admin as fulfilment_admin
from shop.payments import admin as payments_admin
from shop.returns import admin as returns_admin

__all__ = [
    "accounts_admin",
    "alerts_admin",
    "catalogue_admin",
    "channels_admin",
    "checkout_admin",
    "crossborder_admin",
    "desk_admin",
    "documents_admin",
    "fulfilment_admin",
    "orders_admin",
    "payments_admin",
    "restock_admin",
    "returns_admin",
    "search_admin",
]
