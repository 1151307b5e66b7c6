"""What changes the catalogue beyond a form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from shop.catalogue.models import Product, Theme, ThemeProduct

CROSSED = "Some of the products would be withdrawn before they are published. Nothing was changed."


def set_published(*, product_ids: Iterable[int], published: bool) -> int:
    """Show or hide products in the shop; return how many changed."""
    products = Product.objects.filter(id__in=list(product_ids)).exclude(published=published)
    return products.update(published=published, updated_at=timezone.now())


def change_products(
    *,
    product_ids: Sequence[int],
    changes: Mapping[str, Any],
    add_to: Theme | None = None,
    drop_from: Theme | None = None,
) -> str:
    """Set columns of many products, and put them into a theme or take them out; all or none of it.

    Returns why nothing was done, or an empty text. In a theme they follow what is there, in the catalogue's order.
    """
    try:
        with transaction.atomic():
            products = Product.objects.filter(pk__in=product_ids)
            if changes:
                products.update(**changes, updated_at=timezone.now())
            if add_to is not None:
                last = ThemeProduct.objects.filter(theme=add_to).aggregate(last=Max("position"))["last"]
                new = products.exclude(places__theme=add_to).order_by("sort_order", "slug")
                ThemeProduct.objects.bulk_create(
                    [
                        ThemeProduct(theme=add_to, product=product, position=number)
                        for number, product in enumerate(new, start=0 if last is None else last + 1)
                    ],
                    ignore_conflicts=True,
                )
            if drop_from is not None:
                ThemeProduct.objects.filter(theme=drop_from, product__in=product_ids).delete()
    except IntegrityError as error:
        if "product_publish_order" in str(error):
            return CROSSED
        raise
    return ""
