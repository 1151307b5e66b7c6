"""What lists of stock say in SQL: the units a balance can still promise, and from where on it runs low."""

from django.db.models import F, IntegerField
from django.db.models.functions import Greatest

LOW = 5  # units: from here down a row is shown as running low
# The same sum as ``Balance.available``.
FREE = Greatest(
    F("on_hand") + F("backorder_limit") - F("safety") - F("held") - F("allocated"), 0, output_field=IntegerField()
)
