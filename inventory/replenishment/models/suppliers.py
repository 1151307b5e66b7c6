"""Who makes what for us, at which price and in which quantities."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Item


class Supplier(models.Model):
    """A maker or wholesaler that we buy from, in one currency."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2 code."))
    currency = models.CharField(max_length=3, help_text=_("ISO 4217 code of its invoices."))
    lead_time_days = models.PositiveSmallIntegerField(default=30, help_text=_("From order to shelf, in days."))
    email = models.EmailField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="supplier_country_iso"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="supplier_currency_iso"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierItem(models.Model):
    """What a supplier asks for one item: unit cost in its currency, minimum and multiple of an order."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="suppliers")
    supplier_sku = models.CharField(max_length=60, blank=True)
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, validators=[MinValueValidator(0)])
    minimum = models.PositiveIntegerField(default=1, help_text=_("Fewest units of an order."))
    multiple = models.PositiveIntegerField(default=1, help_text=_("Units of a carton; orders are whole cartons."))
    lead_time_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Where it differs from the supplier's.")
    )
    preferred = models.BooleanField(default=True)

    class Meta:
        ordering = ["supplier", "item"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "item"], name="supplieritem_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(preferred=True),
                name="supplieritem_one_preferred",
                violation_error_message=_("The item has another preferred supplier."),
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__gte=0, minimum__gt=0, multiple__gt=0), name="supplieritem_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} from {self.supplier}"

    @property
    def lead_time(self) -> int:
        """Days from order to shelf."""
        return self.supplier.lead_time_days if self.lead_time_days is None else self.lead_time_days
