"""The verbs of prices. Each writes its history row beside; what was offered stays as it was."""

from shop.crossborder.pricing.actions.reducing import end_reduction, open_price_list, percent_off, start_reduction
from shop.crossborder.pricing.actions.setting import (
    cancel_planned,
    end_price,
    introduce_prices,
    set_price,
    set_prices,
)
from shop.crossborder.pricing.actions.suggesting import Suggested, accept, dismiss, suggest

__all__ = [
    "Suggested",
    "accept",
    "cancel_planned",
    "dismiss",
    "end_price",
    "end_reduction",
    "introduce_prices",
    "open_price_list",
    "percent_off",
    "set_price",
    "set_prices",
    "start_reduction",
    "suggest",
]
