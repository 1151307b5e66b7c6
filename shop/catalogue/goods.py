"""Properties of goods that carriers and customs ask about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GoodsFlag(models.TextChoices):
    """What makes goods dangerous or restricted to carry; a method or a country may refuse each."""

    BATTERY = "battery", _("Batteries")
    LIQUID = "liquid", _("Liquids")
    BLADE = "blade", _("Blades")
    MAGNET = "magnet", _("Magnets")
    AEROSOL = "aerosol", _("Aerosols")
    FLAMMABLE = "flammable", _("Flammable goods")
    FOOD = "food", _("Food")
    PROTECTED = "protected", _("Material of protected species")
