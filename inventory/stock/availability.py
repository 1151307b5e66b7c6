"""What lists of stock say in SQL: the units a balance can still promise."""

from django.db.models import F, IntegerField
from django.db.models.functions import Greatest

# The same sum as ``Balance.available``.
FREE = Greatest(
    F("on_hand") + F("backorder_limit") - F("safety") - F("held") - F("allocated") - F("fenced"),
    0,
    output_field=IntegerField(),
)
