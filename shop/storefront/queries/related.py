"""What else is made after the objects of a product, and what the product says to the attributes of its type."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shop.catalogue.models import AttributeValue, Product, ThemeProduct
from shop.catalogue.wording import listed
from shop.crossborder.models import Market
from shop.storefront.queries.cards import Card, cards_of, offered_in

MOST = 4


def related(product: Product, *, market: Market, language: str) -> list[Card]:
    """Return other products offered here: after the same objects first, then of the same themes. One statement."""
    objects = Product.objects_shown.through.objects.filter(
        product_id=OuterRef("product_id"),
        museumobject_id__in=Product.objects_shown.through.objects.filter(product_id=product.pk).values(
            "museumobject_id"
        ),
    )
    themes = ThemeProduct.objects.filter(
        product_id=OuterRef("product_id"),
        theme__published=True,
        theme_id__in=ThemeProduct.objects.filter(product_id=product.pk).values("theme_id"),
    )
    rows = (
        offered_in(market, language)
        .exclude(product_id=product.pk)
        .filter(Exists(objects) | Exists(themes))
        .annotate(shared=_how_many(objects), near=_how_many(themes))
        .order_by("-shared", "-near", "product__sort_order", "product__slug")[:MOST]
    )
    return cards_of(rows, market=market, language=language)


def _how_many(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("product_id").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def attributes(product_id: int, language: str, *, without: str = "") -> list[tuple[str, str]]:
    """Return (label, value) of what is said, in the attributes' order; of all but one code. One statement."""
    rows = (
        AttributeValue.objects.filter(product_id=product_id)
        .exclude(attribute__code=without)
        .select_related("attribute", "option")
        .order_by("attribute__position", "attribute__code", "option__position", "option__code")
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        label = _worded(row.attribute.labels, language) or row.attribute.code
        if value := _value(row, language):
            found.setdefault(label, []).append(value)
    return [(label, listed(values, language)) for label, values in found.items()]


def _worded(labels: dict[str, Any] | None, language: str) -> str:
    return str((labels or {}).get(language) or (labels or {}).get("en") or "")


def _value(row: AttributeValue, language: str) -> str:
    if row.option is not None:
        return _worded(row.option.labels, language) or row.option.code
    if isinstance(row.number, Decimal):
        return f"{row.number.normalize():f} {row.attribute.unit}".strip()
    if row.flag is not None:
        return _("Yes") if row.flag else _("No")
    return _worded(row.text, language)
