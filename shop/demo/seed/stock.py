"""First deliveries of the demo, received through the ledger: each exactly once."""

from inventory.stock import actions
from inventory.stock.models import Item, Movement, Warehouse
from shop.demo.museum import DemoMuseum


def seed(content: DemoMuseum) -> None:
    """Receive the first delivery of every variant that has not been received yet."""
    warehouses = Warehouse.objects.in_bulk(field_name="code")
    items = Item.objects.in_bulk(field_name="sku")
    done = set(Movement.objects.filter(cause="first delivery").values_list("cause_key", flat=True))
    for product in content.products:
        for variant in product.variants:
            for place, units in variant.stock.items():
                key = f"first:{variant.sku}:{place}"
                if units and key not in done:
                    actions.receive(
                        item=items[variant.sku],
                        warehouse=warehouses[place],
                        quantity=units,
                        cause="first delivery",
                        cause_key=key,
                        actor="seed",
                    )
