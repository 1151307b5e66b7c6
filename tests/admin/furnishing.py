"""One more row of everything that the stock and replenishment pages list, made through the product's own actions."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from inventory.models import BundleComponent, CountSheet, Item, Lot, ReorderAdvice, Supplier, SupplierItem
from inventory.replenishment import actions as purchases
from inventory.stock import actions as stock
from inventory.stock.models import Warehouse
from tests import factories


def furnish_stock(number: int, *, item: Item, warehouse: Warehouse) -> None:
    """Add a fence, a lot, a transfer, a count, a bundle, a supplier with an order received in part, and advice."""
    stock.receive(
        item=item,
        warehouse=warehouse,
        quantity=10,
        cause="delivery",
        cause_key=f"fill:{number}:lot",
        lot_number=f"L-{number}",
        produced_on=date(2026, 1, 1),
    )
    assert Lot.objects.filter(item=item).exists()
    stock.set_aside(item=item, warehouse=warehouse, quantity=2, purpose="wholesale", cause_key=f"fill:{number}:fence")
    stock.send_transfer(
        source=warehouse,
        destination=factories.warehouse("LIL", "FR"),
        lines={item.id: 1},
        cause_key=f"fill:{number}:transfer",
    )
    CountSheet.objects.create(warehouse=warehouse, reference=f"Count {number}", digest=f"{number:064d}")
    bundle = factories.item(f"SET-{number}")
    BundleComponent.objects.create(bundle=bundle, component=item, quantity=1)
    supplier = Supplier.objects.create(code=f"s-{number}", name=f"Potter {number}", country="GB", currency="GBP")
    source = SupplierItem.objects.create(supplier=supplier, item=item, unit_cost=Decimal("2.50"))
    order = purchases.draft(supplier=supplier, warehouse=warehouse, lines={item.id: 10})
    purchases.send(order=order)
    purchases.receive(
        order=order,
        arrivals=[purchases.Arrival(line_id=order.lines.get().id, quantity=4)],
        cause_key=f"fill:{number}:receipt",
    )
    ReorderAdvice.objects.create(
        item=item,
        warehouse=warehouse,
        source=source,
        daily_demand=1.5,
        daily_deviation=0.5,
        available=9,
        on_order=6,
        days_of_cover=6.0,
        lead_time_days=30,
        reorder_point=50,
        order_up_to=60,
        suggested=45,
        pace=ReorderAdvice.Pace.MOVING,
        last_sold_on=date(2026, 11, 1),
        computed_at=timezone.now(),
    )
