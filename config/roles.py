"""Groups of the people who work in the admin, with what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

MERCHANDISER = "Merchandiser"
APPS = ("inventory", "licensing", "shop")
# What a merchandiser may add and change. Nothing is deleted: what is no longer sold is unpublished or ends on a date.
EDITS = {
    "inventory": ("item", "warehouse", "balance"),
    "shop": (
        "museum",
        "museumtext",
        "museumobject",
        "objecttext",
        "product",
        "producttext",
        "productimage",
        "variant",
        "price",
        "market",
        "marketwarehouse",
        "shippingoption",
        "taxrate",
        "saleschannel",
        "listing",
    ),
}
# Rows that no form edits: the permission is for the actions on their pages.
ACTS_ON = {"shop": ("order", "payment", "stripeevent", "channelorder")}


def _permissions() -> Q:
    wanted = Q(content_type__app_label__in=APPS, codename__startswith="view_")
    for app, models in EDITS.items():
        codenames = [f"{verb}_{model}" for model in models for verb in ("add", "change")]
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    for app, models in ACTS_ON.items():
        wanted |= Q(content_type__app_label=app, codename__in=[f"change_{model}" for model in models])
    return wanted


@transaction.atomic
def ensure_merchandiser_group() -> Group:
    """Make the group of merchandisers, or bring its permissions up to date; repeating changes nothing.

    They see everything of the three apps, add and change catalogue, stock, markets, taxes and channels, act on orders
    and payments, and only look at rights.
    """
    group, _created = Group.objects.get_or_create(name=MERCHANDISER)
    group.permissions.set(Permission.objects.filter(_permissions()))
    return group
