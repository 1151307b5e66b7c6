"""Personal data of marketplaces."""

from django.db.models import Q

from config.personal_data import Holding, kept

HOLDINGS = (
    Holding(
        "shop.ChannelOrder",
        "marketplace_orders",
        "Orders of marketplaces.",
        {
            "payload": kept("As read, personal data redacted."),
            "reason": kept("Why it needs a decision, without names."),
        },
        of=lambda person: Q(order_id__in=person.order_ids),
    ),
)
IMPERSONAL = {
    "shop.SalesChannel": "A marketplace.",
    "shop.Listing": "Goods on a marketplace.",
}
