"""Themes and exhibitions of the demo, with their texts, goods and objects."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from shop.catalogue.models import Museum, MuseumObject, Product, Theme, ThemeProduct, ThemeText
from shop.demo.museum import LANGUAGES, describing


def seed(*, today: date) -> None:
    """Write themes that are not there yet; the exhibitions' days are counted from ``today``."""
    present = set(Theme.objects.values_list("slug", flat=True))
    for position, row in enumerate(describing.load().themes):
        if row["slug"] not in present:
            _theme(row, position, today)


@transaction.atomic
def _theme(row: Mapping[str, Any], position: int, today: date) -> None:
    museum = Museum.objects.get(slug=row["museum"]) if row["museum"] else None
    opens = today + timedelta(days=row["opens_in_days"]) if "opens_in_days" in row else None
    theme = Theme.objects.create(
        slug=row["slug"],
        kind=row["kind"],
        museum=museum,
        opens_on=opens,
        closes_on=opens + timedelta(days=row["lasts_days"]) if opens else None,
        published=True,
        sort_order=position,
    )
    ThemeText.objects.bulk_create(
        ThemeText(theme=theme, language=code, name=row["name"][code], introduction=row["introduction"][code])
        for code in LANGUAGES
    )
    theme.objects_shown.set(MuseumObject.objects.filter(slug__in=row["objects"]))
    products = {one.slug: one for one in Product.objects.filter(slug__in=row["products"])}
    ThemeProduct.objects.bulk_create(
        ThemeProduct(theme=theme, product=products[slug], position=number)
        for number, slug in enumerate(row["products"])
        if slug in products
    )
