"""Groups of the people who work in the admin, with what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

VIEWER = "Viewer"
MERCHANDISER = "Merchandiser"
MANAGER = "Manager"
APPS = ("inventory", "licensing", "shop")
# What a merchandiser may add and change. Nothing is deleted: what is no longer sold is unpublished or ends on a date.
EDITS = {
    "inventory": (
        "item",
        "bundlecomponent",
        "warehouse",
        "balance",
        "ringfence",
        "lot",
        "countsheet",
        "transfer",
        "supplier",
        "supplieritem",
        "purchaseorder",
        "purchaseorderline",
        "receipt",
        "reorderadvice",
    ),
    "shop": (
        "museum",
        "museumtext",
        "museumobject",
        "objecttext",
        "manufacturer",
        "product",
        "producttext",
        "productimage",
        "producttype",
        "attribute",
        "attributeoption",
        "theme",
        "themetext",
        "themeproduct",
        "publication",
        "variant",
        "synonym",
        "price",
        "pricelist",
        "pricepolicy",
        "market",
        "marketwarehouse",
        "seller",
        "registration",
        "legalpage",
        "shippingoption",
        "returnaddress",
        "exceptedgoods",
        "rulesource",
        "jurisdiction",
        "placerule",
        "procedurerule",
        "taxrule",
        "zone",
        "tariff",
        "fuelsurcharge",
        "dutyrule",
        "thresholdrule",
        "feerule",
        "restrictionrule",
        "exchangerate",
        "saleschannel",
        "listing",
        "promotion",
        "promotionmoney",
        "promotioncode",
        "wrappingprice",
    ),
}
# Rows that no form edits: the permission is for the actions on their pages.
ACTS_ON = {
    "shop": (
        "order",
        "shipment",
        "returnrequest",
        "withdrawalstatement",
        "unexpectedunits",
        "payment",
        "paymentcase",
        "dispute",
        "stripeevent",
        "mail",
        "channelorder",
        "pricesuggestion",
        "customsfiling",
    )
}


# What takes a manager: goods leave the books, money is promised or paid back, a buyer is seen, or other rules hold.
MANAGES = {
    "inventory": ("manage_stock", "send_purchaseorder"),
    "shop": ("publish_ruleset", "reveal_buyeridentity", "send_refund", "switch_simulators"),
}


def _views() -> Q:
    return Q(content_type__app_label__in=APPS, codename__startswith="view_")


def _edits() -> Q:
    wanted = _views()
    for app, models in EDITS.items():
        codenames = [f"{verb}_{model}" for model in models for verb in ("add", "change")]
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    for app, models in ACTS_ON.items():
        wanted |= Q(content_type__app_label=app, codename__in=[f"change_{model}" for model in models])
    return wanted


@transaction.atomic
def ensure_groups() -> dict[str, Group]:
    """Make the groups, or bring their permissions up to date; repeating changes nothing. Group name → group.

    Viewers see everything of the three apps. Merchandisers also add and change catalogue, stock, markets, rules and
    channels, draft and receive purchase orders, act on orders and payments, and only look at rights. Managers also
    write stock off, recall lots, set fences, send purchase orders, publish the rule book, pay money back, and reveal
    buyers' identities with a reason.
    """
    managed = Q()
    for app, codenames in MANAGES.items():
        managed |= Q(content_type__app_label=app, codename__in=codenames)
    wanted = {
        VIEWER: _views(),
        MERCHANDISER: _edits(),
        MANAGER: _edits() | managed,
    }
    groups = {}
    for name, permissions in wanted.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(permissions))
        groups[name] = group
    return groups
