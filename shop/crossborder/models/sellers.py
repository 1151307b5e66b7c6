"""Who sells: the sellers of record and their tax and customs registrations."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Seller(models.Model):
    """A company that sells in its own name: it stands on invoices and customs papers."""

    code = models.SlugField(max_length=32, unique=True)
    legal_name = models.CharField(max_length=160)
    line1 = models.CharField(_("address"), max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120)
    region = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    eori = models.CharField("EORI", max_length=17, blank=True)
    company_number = models.CharField(max_length=40, blank=True)
    invoice_prefix = models.CharField(
        max_length=8,
        blank=True,
        db_default="",
        validators=[RegexValidator(r"^[A-Z0-9]*$", _("Capital letters and digits only."))],
        help_text=_("Numbers of invoices begin with it: VML-2026-000123. Empty: the code."),
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.legal_name


class RegistrationKind(models.TextChoices):
    """The schemes a seller may be registered in; the rule book's thresholds and routes name them."""

    IOSS = "IOSS", _("EU Import One-Stop Shop")
    EU_OSS = "EU_OSS", _("EU Union One-Stop Shop")
    EU_VAT = "EU_VAT", _("VAT in a member state")
    GB_VAT = "GB_VAT", _("UK VAT")
    XI_VAT = "XI_VAT", _("VAT in Northern Ireland")
    VOEC = "VOEC", _("Norway VOEC")
    AU_ARN = "AU_ARN", _("Australia ARN")
    AU_ABN = "AU_ABN", _("Australia ABN")
    NZ_GST = "NZ_GST", _("New Zealand GST")
    SG_GST = "SG_GST", _("Singapore GST")
    CH_VAT = "CH_VAT", _("Swiss VAT")
    KR_BRN = "KR_BRN", _("Korea business registration")
    JP_INVOICE = "JP_INVOICE", _("Japan qualified invoices (T-number)")
    CN_CBEC = "CN_CBEC", _("China customs: merchant")
    CN_PLATFORM = "CN_PLATFORM", _("China customs: platform")


class Registration(models.Model):
    """A seller's number in one scheme, over a half-open range of dates; one number at a time."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="registrations")
    kind = models.CharField(max_length=16, choices=RegistrationKind)
    jurisdiction = models.CharField(max_length=13, blank=True, help_text=_("The member state of a national VAT."))
    number = models.CharField(max_length=40)
    valid = DateRangeField()
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["seller", "kind", "jurisdiction"]
        constraints = [
            ExclusionConstraint(
                name="registration_one_a_day",
                expressions=[
                    ("seller", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
