"""What changes the catalogue beyond a form."""

from collections.abc import Iterable

from django.utils import timezone

from shop.catalogue.models import Product


def set_published(*, product_ids: Iterable[int], published: bool) -> int:
    """Show or hide products in the shop; return how many changed."""
    products = Product.objects.filter(id__in=list(product_ids)).exclude(published=published)
    return products.update(published=published, updated_at=timezone.now())
