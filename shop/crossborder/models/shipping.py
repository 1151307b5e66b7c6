"""How goods travel to the shopper: methods of a market, zones of addresses, and tariffs by weight."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop.catalogue.goods import GoodsFlag
from shop.crossborder.models.markets import Market

LAST_HOUR = 23


class ShippingOption(models.Model):
    """A delivery method of a market: what it carries, how long it takes, and what it costs.

    It is priced by its tariff rows; a method without any goes to every country of its market at the flat ``amount``,
    whatever the weight. Days are working days of the destination after the parcel has left.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="shipping_options")
    code = models.SlugField(max_length=32)
    names = models.JSONField(help_text=_("Language → name."))
    active = models.BooleanField(default=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracked = models.BooleanField(default=False)
    amount = models.DecimalField(
        _("flat price"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Per order, in the market's currency; only for a method without tariff rows."),
    )
    free_above = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Goods of this value travel free; only for a method without tariff rows."),
    )
    days_from = models.PositiveSmallIntegerField()
    days_to = models.PositiveSmallIntegerField()
    cut_off = models.PositiveSmallIntegerField(
        _("cut-off hour"),
        default=12,
        validators=[MaxValueValidator(LAST_HOUR)],
        help_text=_("Orders before this hour at the warehouse leave the same working day."),
    )
    max_weight_g = models.PositiveIntegerField(
        _("heaviest parcel (g)"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    max_side_cm = models.PositiveSmallIntegerField(
        _("longest side (cm)"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    max_girth_cm = models.PositiveSmallIntegerField(
        _("length plus girth (cm)"),
        null=True,
        blank=True,
        help_text=_("The longest side and twice the two others. Empty: no limit."),
    )
    volumetric_divisor = models.PositiveIntegerField(
        default=0, help_text=_("Cubic centimetres that count as one kilogram, often 5000; 0: only the weight counts.")
    )
    refuses = ArrayField(
        models.CharField(max_length=20, choices=GoodsFlag),
        default=list,
        blank=True,
        help_text=_("Goods that the carrier does not take."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["market", "position"]
        verbose_name = _("delivery method")
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="shippingoption_code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="shippingoption_not_negative"),
            models.CheckConstraint(condition=Q(days_from__lte=F("days_to")), name="shippingoption_days_in_order"),
            models.CheckConstraint(condition=Q(cut_off__lte=LAST_HOUR), name="shippingoption_cut_off_is_hour"),
            models.CheckConstraint(
                condition=Q(refuses__contained_by=list(GoodsFlag.values)), name="shippingoption_refuses_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market}:{self.code}"


class Zone(models.Model):
    """Addresses of a market that cost the same to reach: countries, narrowed by postcodes or regions.

    An address lies in one zone: that which names its postcode, else its region, else its whole country. A method goes
    there when it has a tariff for that zone, so a zone without any is one that nobody goes to.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="zones")
    name = models.CharField(max_length=80)
    countries = ArrayField(models.CharField(max_length=2), help_text=_("ISO codes, separated by commas."))
    postcodes = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text=_("Prefixes or ranges, separated by commas: 97, 967-968, ZE, KA27. Empty: all."),
    )
    regions = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text=_("Names or codes as addresses write them, separated by commas. Empty: all."),
    )
    extra_days = models.PositiveSmallIntegerField(
        default=0, help_text=_("Working days that every method needs more to get there.")
    )
    valid = DateRangeField()

    class Meta:
        ordering = ["market", "name"]
        verbose_name = _("delivery zone")
        constraints = [
            models.CheckConstraint(condition=Q(countries__len__gt=0), name="zone_has_country"),
            ExclusionConstraint(
                name="zone_name_once_a_day",
                expressions=[
                    ("market", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market}: {self.name}"


class Tariff(models.Model):
    """What a method costs to a zone for a parcel of up to so many grams, in the market's currency, by dates."""

    method = models.ForeignKey(ShippingOption, on_delete=models.CASCADE, related_name="tariffs")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="tariffs")
    origin = models.CharField(
        _("from"), max_length=2, blank=True, help_text=_("Country of the warehouse, ISO code; empty: any.")
    )
    up_to_grams = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("This weight belongs to the row. Empty: any weight.")
    )
    amount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("Per parcel."))
    step_grams = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Beyond the last row: each begun step of so many grams …")
    )
    step_amount = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("… costs so much more.")
    )
    free_above = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Goods of this value travel free.")
    )
    valid = DateRangeField()

    class Meta:
        ordering = ["method", "zone", "origin", F("up_to_grams").asc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(step_amount=None) | Q(step_amount__gte=0)), name="tariff_not_negative"
            ),
            models.CheckConstraint(condition=Q(origin__regex=r"^([A-Z]{2})?$"), name="tariff_origin_iso"),
            models.CheckConstraint(
                condition=Q(step_grams=None, step_amount=None)
                | Q(step_grams__isnull=False, step_amount__isnull=False, up_to_grams__isnull=False)
                & Q(step_grams__gt=0),
                name="tariff_step_is_whole",
            ),
            models.CheckConstraint(condition=Q(up_to_grams=None) | Q(up_to_grams__gt=0), name="tariff_up_to_positive"),
            ExclusionConstraint(
                name="tariff_one_a_day",
                expressions=[
                    ("method", RangeOperators.EQUAL),
                    ("zone", RangeOperators.EQUAL),
                    ("origin", RangeOperators.EQUAL),
                    (Coalesce("up_to_grams", Value(0)), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        weight = f"≤ {self.up_to_grams} g" if self.up_to_grams else "any weight"
        return f"{self.method} → {self.zone.name}, {weight}"


class FuelSurcharge(models.Model):
    """What the carrier of a method adds to its tariffs for fuel, by dates, with its source."""

    method = models.ForeignKey(ShippingOption, on_delete=models.CASCADE, related_name="fuel_surcharges")
    rate = models.DecimalField(max_digits=6, decimal_places=5, help_text=_("Fraction: 0.125 is 12.5 %."))
    valid = DateRangeField()
    source = models.CharField(max_length=250)

    class Meta:
        ordering = ["method", "valid"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="fuelsurcharge_is_fraction"),
            ExclusionConstraint(
                name="fuelsurcharge_one_a_day",
                expressions=[("method", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.rate}"
