"""``manage.py seed_demo``: fill the demo museum. Repeating adds only what is missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config import embedded
from shop.catalogue.search.indexing import rebuild as reindex
from shop.catalogue.search.synonyms import load as load_synonyms
from shop.crossborder.models import Market
from shop.crossborder.offering.refreshing import refresh
from shop.demo import museum
from shop.demo.seed import (
    accounts,
    catalogue,
    customs,
    delivery,
    describing,
    exchange,
    flat_delivery,
    legal,
    licences,
    manufacturers,
    marketplace,
    markets,
    pricing,
    promotions,
    replenishment,
    returns,
    rules,
    stock,
    themes,
)


class Command(BaseCommand):
    """Museums, objects, products, agreements, stock, log-ins and the simulated Tmall shop."""

    help = "Fill the demo museum; repeating adds only what is missing."

    def handle(self, **_options: Any) -> None:
        state = embedded.state_dir()
        content = museum.load()
        markets.seed()
        legal.seed()
        returns.seed()
        rules.seed()
        flat_delivery.seed()
        delivery.seed()
        licensees = licences.seed(content)
        catalogue.seed(content)
        manufacturers.seed(content)
        describing.seed(content)
        exchange.seed()
        pricing.seed()
        promotions.seed()
        customs.seed(content)
        stock.seed(content)
        replenishment.seed(content)
        themes.seed(today=timezone.localdate())
        marketplace.seed(content, simulator=state / "simulators")
        load_synonyms()
        reindex()
        accounts.seed(state, partner=next(iter(licensees.values())))
        for market in Market.objects.order_by("pk"):
            refresh(market=market)
        self.stdout.write(
            f"{len(content.museums)} museums, {len(content.objects)} objects, {len(content.products)} products, "
            f"{sum(len(product.variants) for product in content.products)} variants."
        )
