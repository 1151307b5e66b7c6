"""Gathers the tasks of the rooms, for Celery's autodiscovery."""

from shop.accounts import tasks as account_tasks
from shop.alerts import tasks as alert_tasks
from shop.catalogue import tasks as catalogue_tasks
from shop.channels import tasks as channel_tasks
from shop.checkout import tasks as checkout_tasks
from shop.crossborder import tasks as crossborder_tasks
from shop.crossborder.china import tasks as china_customs_tasks
from shop.crossborder.exchange import tasks as exchange_tasks
from shop.orders import tasks as order_tasks
from shop.payments import tasks as payment_tasks
from shop.returns import tasks as return_tasks
from shop.store_api import tasks as store_api_tasks

__all__ = [
    "account_tasks",
    "alert_tasks",
    "catalogue_tasks",
    "channel_tasks",
    "checkout_tasks",
    "china_customs_tasks",
    "crossborder_tasks",
    "exchange_tasks",
    "order_tasks",
    "payment_tasks",
    "return_tasks",
    "store_api_tasks",
]
