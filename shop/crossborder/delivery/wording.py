"""Refusals of a delivery method, worded for the shopper in the active language."""

from django.utils.translation import gettext as _

from shop.catalogue.goods import GoodsFlag
from shop.crossborder.delivery.goods import Reason, Refusal


def goods(flag: str) -> str:
    """Return what goods with this flag are called, e.g. “Batteries”."""
    return str(GoodsFlag(flag).label) if flag in GoodsFlag.values else flag


def sentence(reason: Reason) -> str:
    """Return why a method does not take the order, in one sentence."""
    words = {
        Refusal.TOO_HEAVY: _("Too heavy for this method."),
        Refusal.TOO_LARGE: _("Too large for this method."),
        Refusal.NOT_CARRIED: _("Not carried by this method: %(goods)s."),
        Refusal.BLOCKED_THERE: _("May not be sent to this country: %(goods)s."),
        Refusal.POSTCODE_EXCLUDED: _("Does not go to this postcode."),
        Refusal.DESTINATION_NOT_SERVED: _("Does not go to this country."),
        Refusal.NO_TARIFF: _("We have no price for a parcel of this weight."),
    }[reason.refusal]
    return words % {"goods": goods(reason.flag)}
