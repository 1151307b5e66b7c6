"""Setting where a product is shown: exceptions by market and by language, all of a product's at once."""

from collections.abc import Mapping

from django.db import transaction

from shop.catalogue.models import Product
from shop.crossborder.models import Publication
from shop.crossborder.offering.visibility import EVERYWHERE, Window

Key = tuple[int, str]  # market's key, language ("": the market as a whole)


def exceptions_of(product: Product) -> dict[Key, Window]:
    """Return the exceptions that stand. One statement."""
    rows = Publication.objects.filter(product=product).order_by()
    return {(row.market_id, row.language): Window(row.shown, row.shown_from, row.shown_until) for row in rows}


@transaction.atomic
def set_exceptions(*, product: Product, wanted: Mapping[Key, Window]) -> int:
    """Make these the product's exceptions where they are named; one without limits is none. Return how many changed."""
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    there = exceptions_of(product)
    changed = {key: window for key, window in wanted.items() if there.get(key, EVERYWHERE) != window}
    for (market, language), window in sorted(changed.items()):
        if window == EVERYWHERE:
            Publication.objects.filter(product=product, market_id=market, language=language).delete()
        else:
            Publication.objects.update_or_create(
                product=product,
                market_id=market,
                language=language,
                defaults={"shown": window.shown, "shown_from": window.since, "shown_until": window.until},
            )
    return len(changed)
