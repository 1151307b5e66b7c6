"""The demo's Tmall shop: the items on the marketplace's side, and our listings of them."""

from pathlib import Path

from inventory.stock.models import Warehouse
from shop.catalogue.models import Variant
from shop.channels.models import Listing, SalesChannel
from shop.crossborder.models import Market
from shop.demo.museum import DemoMuseum
from shop.demo.top_simulator.store import Store


def seed(content: DemoMuseum, *, simulator: Path) -> None:
    """Put the items into the simulator's books (quantities there stay as they are) and list them on our side."""
    channel, created = SalesChannel.objects.get_or_create(
        code="tmall",
        defaults={
            "name": "Tmall 天猫",
            "kind": SalesChannel.Kind.TMALL,
            "currency": "CNY",
            "country": "CN",
            "market": Market.objects.get(code="cn"),
        },
    )
    if created:
        channel.warehouses.set(Warehouse.objects.filter(code__in=["NGB", "LON"]))
    simulator.mkdir(parents=True, exist_ok=True)
    entries = [
        {
            "outer_id": variant.sku,
            "item_key": product.slug,
            "title": product.name["zh-hans"],
            "price": variant.prices["CNY"],
            "quantity": 0,
            "properties": variant.option.get("zh-hans", "") if variant.option else "",
        }
        for product in content.products
        for variant in product.variants
        if variant.tmall and "CNY" in variant.prices
    ]
    put = Store(simulator).put_items(entries, keep_quantity=True)
    variants = Variant.objects.in_bulk([row["outer_id"] for row in put], field_name="sku")
    Listing.objects.bulk_create(
        [
            Listing(
                channel=channel,
                variant=variants[row["outer_id"]],
                external_item_id=str(row["num_iid"]),
                external_sku_id=row["sku_id"] or "",
            )
            for row in put
        ],
        ignore_conflicts=True,
    )
