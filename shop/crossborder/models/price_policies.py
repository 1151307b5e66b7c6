"""How a market's prices are derived and announced, and the prices that were suggested from it."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models.markets import Market
from shop.crossborder.models.prices import ACTOR_LENGTH
from shop.crossborder.pricing.points import PricePoints, Rounding


class RoundingChoice(models.TextChoices):
    """Which price point an amount goes to."""

    NEAREST = Rounding.NEAREST.value, _("the nearest point, half up")
    UP = Rounding.UP.value, _("the next point up")


def one_ending() -> list[Decimal]:
    """Return the endings of a new policy: whole steps."""
    return [Decimal(0)]


class PricePolicy(models.Model):
    """Where a market's prices come from, which amounts it likes to ask, and how it must announce reductions.

    Price points are ``step`` × n + an ending: step 1 and endings 0, 0.95 give 18.00, 18.95, 19.00, …; step 100 and
    ending 0 give hundreds. ``prior_price_days`` is set where a reduction must name the lowest price of the days
    before it (Directive 98/6/EC, article 6a: 30 days); empty where no such rule holds.
    """

    market = models.OneToOneField(Market, on_delete=models.CASCADE, related_name="price_policy")
    base_market = models.ForeignKey(
        Market,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derived_policies",
        help_text=_("Whose regular prices are the base, in its currency. Empty: prices here are set by hand."),
    )
    margin = models.DecimalField(
        _("margin factor"),
        max_digits=6,
        decimal_places=4,
        default=Decimal(1),
        help_text=_("Base price × rate is multiplied by it: 1.05 adds 5 %."),
    )
    step = models.DecimalField(
        max_digits=18, decimal_places=4, default=Decimal(1), help_text=_("1, or 100 for yen, 1000 for won.")
    )
    endings = ArrayField(
        models.DecimalField(max_digits=18, decimal_places=4, validators=[MinValueValidator(Decimal(0))]),
        default=one_ending,
        help_text=_("What is added to whole steps, separated by commas, e.g. 0, 0.95."),
    )
    rounding = models.CharField(max_length=8, choices=RoundingChoice, default=RoundingChoice.NEAREST)
    minimum_change = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.02"),
        help_text=_("Fraction of the price; a smaller change is not suggested. 0.02 is 2 %."),
    )
    prior_price_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("A reduction names the lowest price of so many days before it. Empty: no such rule."),
    )
    prior_price_since = models.DateField(null=True, blank=True, help_text=_("Since when the rule holds."))
    prior_price_source = models.CharField(max_length=250, blank=True, help_text=_("The law that says so."))

    class Meta:
        verbose_name_plural = "price policies"
        ordering = ["market"]
        constraints = [
            models.CheckConstraint(condition=Q(margin__gt=0), name="pricepolicy_margin"),
            models.CheckConstraint(condition=Q(step__gt=0), name="pricepolicy_step"),
            models.CheckConstraint(condition=Q(endings__len__gt=0), name="pricepolicy_has_endings"),
            models.CheckConstraint(condition=Q(minimum_change__gte=0), name="pricepolicy_change"),
            models.CheckConstraint(
                condition=Q(base_market__isnull=True) | ~Q(base_market=F("market")), name="pricepolicy_other_base"
            ),
            models.CheckConstraint(
                condition=Q(prior_price_days__isnull=True)
                | (Q(prior_price_days__gt=0, prior_price_since__isnull=False) & ~Q(prior_price_source="")),
                name="pricepolicy_rule_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return str(self.market)

    def clean(self) -> None:
        """Check that step and endings make price points.

        :raises ValidationError: as :class:`~shop.crossborder.pricing.points.PricePoints` says.
        """
        if self.step is None or not self.endings:
            return
        try:
            self.points()
        except ValueError as error:
            raise ValidationError({"endings": str(error)}) from error

    def points(self) -> PricePoints:
        """Return the price points.

        :raises ValueError: they are no points.
        """
        return PricePoints(step=self.step, endings=tuple(self.endings), rounding=Rounding(self.rounding))


class PriceSuggestion(models.Model):
    """A price that a rate of exchange suggests, with what it was computed from; it moves nothing until accepted."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="price_suggestions")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="price_suggestions")
    amount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("In the market's currency."))
    old_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    base_currency = models.CharField(max_length=3)
    base_amount = models.DecimalField(max_digits=18, decimal_places=4)
    rate = models.DecimalField(
        max_digits=20, decimal_places=10, help_text=_("Units of the market's currency for one of the base.")
    )
    rate_on = models.DateField(_("rate of"))
    margin = models.DecimalField(max_digits=6, decimal_places=4)
    tax_taken_off = models.DecimalField(max_digits=7, decimal_places=5, default=Decimal(0))
    tax_put_on = models.DecimalField(max_digits=7, decimal_places=5, default=Decimal(0))
    step = models.DecimalField(max_digits=18, decimal_places=4)
    endings = ArrayField(models.DecimalField(max_digits=18, decimal_places=4))
    rounding = models.CharField(max_length=8, choices=RoundingChoice)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_by = models.CharField(max_length=ACTOR_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=ACTOR_LENGTH, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pricesuggestion_positive"),
            models.UniqueConstraint(
                fields=["variant", "market"], condition=Q(state="open"), name="pricesuggestion_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="pricesuggestion_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} {self.market} {self.amount}"

    @property
    def change(self) -> Any:
        """The change as a fraction of the old price; None without one."""
        return None if self.old_amount is None else (self.amount - self.old_amount) / self.old_amount
