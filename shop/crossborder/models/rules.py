"""The rule book as tables: what people read, correct and confirm; and its frozen versions, which quotes are made from.

The columns are those of :mod:`shop.crossborder.rulebook.entries`, which says what each means. ``valid_to`` is the last
day in force.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.rulebook.entries import (
    STANDARD,
    Action,
    Basis,
    Combine,
    Confidence,
    CustomsValue,
    DutyKind,
    Effect,
    Per,
    Scope,
    Status,
)


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(str(one), str(one).replace("_", " ")) for one in kind]  # type: ignore[attr-defined]


def _amount(**more: object) -> models.DecimalField:
    return models.DecimalField(max_digits=18, decimal_places=6, **more)  # type: ignore[arg-type]


class RuleSource(models.Model):
    """Where facts were read."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=250)
    url = models.CharField("URL", max_length=500, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    read_on = models.DateField(null=True, blank=True)
    edited = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Jurisdiction(models.Model):
    """A tax or customs territory; its key in capitals is what other rows call it."""

    key = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=120)
    parent = models.CharField(max_length=13, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    customs_territory = models.CharField(max_length=13)
    free_with = ArrayField(models.CharField(max_length=13), default=list, blank=True)
    tax_name = models.CharField(max_length=40, blank=True)
    edited = models.BooleanField(default=False, editable=False)
    tariff = models.CharField(
        max_length=13, blank=True, help_text=_("Whose duties hold here beside its own: Northern Ireland has the EU’s.")
    )

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key.upper()} · {self.name}"


class DatedRule(models.Model):
    """What every dated row has. ``edited``: a person changed it here, so that loading files leaves it alone."""

    key = models.CharField(max_length=80, unique=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text=_("The last day in force."))
    sources = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    confidence = models.CharField(max_length=16, choices=_choices(Confidence), default=str(Confidence.MEMORY))
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    edited = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_dates",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="", confirmed_on=None) | (~Q(confirmed_by="") & ~Q(confirmed_on=None)),
                name="%(class)s_confirmation",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class _Routed(DatedRule):
    jurisdiction = models.CharField(max_length=13, db_index=True)
    route = models.CharField(max_length=16, default=STANDARD)

    class Meta(DatedRule.Meta):
        abstract = True


class PlaceRule(DatedRule):
    """Addresses that belong to another jurisdiction than their country."""

    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=120, blank=True, help_text=_("A regular expression of the whole postcode."))
    region = models.CharField(max_length=12, blank=True)
    jurisdiction = models.CharField(max_length=13)


class ProcedureRule(_Routed):
    """How goods enter."""

    rank = models.PositiveSmallIntegerField(default=1)
    customs_value = models.CharField(max_length=8, choices=_choices(CustomsValue))
    valuation = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    taxes_shipping = models.BooleanField(default=True)
    registration = models.CharField(max_length=16, blank=True)
    permit_only = models.BooleanField(default=False)
    one_article = models.BooleanField(default=False)


class TaxRule(_Routed):
    """A rate of VAT, GST or sales tax."""

    tax = models.CharField(max_length=16)
    category = models.CharField(max_length=16, blank=True)
    hs = models.CharField("HS", max_length=10, blank=True)
    name = models.CharField(max_length=80)
    rate = models.DecimalField(max_digits=7, decimal_places=6, help_text=_("Fraction: 0.2 is 20 %."))

    class Meta(_Routed.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="taxrule_is_fraction"),
        ]


class DutyRule(_Routed):
    """A customs duty or additional act."""

    act = models.CharField(max_length=40)
    hs = models.CharField("HS", max_length=10, blank=True)
    origin = models.CharField(max_length=13, blank=True)
    combine = models.CharField(max_length=16, choices=_choices(Combine))
    kind = models.CharField(max_length=16, choices=_choices(DutyKind))
    rate = models.DecimalField(
        max_digits=8, decimal_places=6, null=True, blank=True, help_text=_("Fraction: 0.12 is 12 %.")
    )
    amount = _amount(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    within = models.CharField(max_length=80, blank=True, help_text=_("Key of a threshold."))
    name = models.CharField(max_length=120)


class ThresholdRule(_Routed):
    """A value below which something else holds."""

    name = models.CharField(max_length=120)
    amount = _amount()
    currency = models.CharField(max_length=3, blank=True, help_text=_("Empty for a number of units."))
    inclusive = models.BooleanField(default=True)
    basis = models.CharField(max_length=16, choices=_choices(Basis))
    scope = models.CharField(max_length=16, choices=_choices(Scope))
    effects = ArrayField(models.CharField(max_length=24, choices=_choices(Effect)))
    registration = models.CharField(max_length=16, blank=True)
    from_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    hs = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name="HS", help_text=_("Empty: any goods.")
    )


class FeeRule(_Routed):
    """A fee that is neither duty nor tax."""

    name = models.CharField(max_length=120)
    per = models.CharField(max_length=16, choices=_choices(Per))
    amount = _amount(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    in_tax_base = models.BooleanField(default=False)
    within = models.CharField(max_length=80, blank=True, help_text=_("Key of a threshold."))
    status = models.CharField(max_length=16, choices=_choices(Status), default=str(Status.ACTIVE))


class RestrictionRule(DatedRule):
    """Goods that may not go there, need a paper, or may use a route."""

    jurisdiction = models.CharField(max_length=13, blank=True, help_text=_("Empty: everywhere."))
    route = models.CharField(max_length=16, blank=True, help_text=_("Empty: by every route."))
    hs = models.CharField("HS", max_length=10, blank=True)
    flag = models.CharField(max_length=24, blank=True)
    origin = models.CharField(max_length=13, blank=True)
    action = models.CharField(max_length=16, choices=_choices(Action))
    code = models.CharField(max_length=60)


class RuleSet(models.Model):
    """A frozen version of the book: what a quote names and can be worked out from again for ever."""

    version = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64, db_index=True, help_text=_("SHA-256 of the content."))
    content = models.JSONField()
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.CharField(max_length=80)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("rule book version")
        permissions = [("publish_ruleset", "Can publish versions of the rule book")]

    def __str__(self) -> str:
        return f"v{self.version}"
