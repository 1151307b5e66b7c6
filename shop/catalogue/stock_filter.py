"""The stock list by museum: stock knows no museums, so the catalogue brings the filter along."""

from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from shop.catalogue.models import Museum, MuseumText


class MuseumStockFilter(DropdownFilter):
    """Balances of what one museum's products are made of. An item has one variant, so the join doubles no row."""

    title = _("museum")
    parameter_name = "museum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        english = MuseumText.objects.filter(museum=OuterRef("pk"), language="en").values("name")[:1]
        museums = Museum.objects.annotate(
            english=Coalesce(Subquery(english), F("slug"), output_field=CharField())
        ).order_by("english")
        return list(museums.values_list("slug", "english"))

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(item__variant__product__museum__slug=self.value()) if self.value() else queryset
