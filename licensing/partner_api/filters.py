"""How royalty entries are narrowed down."""

import django_filters

from licensing.royalties.models import RoyaltyEntry


class RoyaltyEntryFilter(django_filters.FilterSet):
    """``from`` and ``to`` are days of sale, both included."""

    agreement = django_filters.CharFilter(field_name="agreement__number")
    channel = django_filters.CharFilter()
    sku = django_filters.CharFilter()
    to = django_filters.DateFilter(field_name="sale_date", lookup_expr="lte")

    class Meta:
        model = RoyaltyEntry
        fields = ["agreement", "channel", "sku", "to"]


# "from" cannot be an attribute's name in Python.
RoyaltyEntryFilter.base_filters["from"] = django_filters.DateFilter(field_name="sale_date", lookup_expr="gte")
