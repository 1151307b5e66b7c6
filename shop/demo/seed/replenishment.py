"""Where the demo's goods come from: makers with their terms, orders on their way, a gift set, production batches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from inventory.replenishment import actions
from inventory.replenishment.actions import Arrival
from inventory.replenishment.models import ItemCost, PurchaseOrder, Receipt, Supplier, SupplierItem
from inventory.stock.models import BundleComponent, Item, Warehouse
from shop.catalogue.models import Category
from shop.demo.museum import DemoMuseum, DemoVariant

State = PurchaseOrder.State
ACTOR = "seed"


@dataclass(frozen=True)
class Maker:
    """A supplier; ``rate`` is pounds for one unit of its currency, ``step`` what its prices are rounded to."""

    code: str
    name: str
    country: str
    currency: str
    lead_time_days: int
    email: str
    rate: str
    step: str


# The licensees make what they are licensed for. Thames Paper is a second source near by.
MAKERS = {
    "BRAMLEY": Maker("bramley", "Bramley & Thorne Editions", "GB", "GBP", 14, "trade@bramley.example", "1", "0.01"),
    "TISSERAND": Maker(
        "tisserand", "Atelier Tisserand", "FR", "EUR", 35, "commandes@tisserand.example", "0.86", "0.05"
    ),
    "YUNJIAN": Maker(
        "yunjian", "Hangzhou Yunjian Cultural Creative", "CN", "CNY", 60, "export@yunjian.example", "0.108", "0.1"
    ),
    "KANAYA": Maker("kanaya", "Kanaya Kōgei", "JP", "JPY", 50, "trade@kanaya.example", "0.0052", "10"),
}
SECOND = Maker("thames-paper", "Thames Paper Works", "GB", "GBP", 7, "orders@thamespaper.example", "1", "0.01")
SECOND_MAKES = {Category.NOTEBOOKS: Decimal("1.25"), Category.PRINTS: Decimal("1.30")}  # times the first source's price
# Fewest units of an order, units of a carton.
TERMS = {
    Category.PRINTS: (20, 10),
    Category.SCARVES: (12, 6),
    Category.MUGS: (24, 12),
    Category.REPLICAS: (6, 2),
    Category.JEWELLERY: (6, 3),
    Category.TOTES: (50, 25),
    Category.NOTEBOOKS: (40, 20),
    Category.BOOKS: (20, 10),
    Category.PUZZLES: (12, 6),
    Category.UMBRELLAS: (12, 6),
}
GIFT = ("LON-SET-0001", "Studio gift set: mug, notebook and tote", ("mugs", "notebooks", "totes"))


def seed(content: DemoMuseum) -> None:
    """Write makers, prices, the gift set and first orders that are not there yet."""
    items = Item.objects.in_bulk(field_name="sku")
    _prices(content, items)
    _opening_costs(content, items)
    _gift_set(content, items)
    _orders(content, items)


def _supplier(maker: Maker) -> Supplier:
    supplier, _created = Supplier.objects.get_or_create(
        code=maker.code,
        defaults={
            "name": maker.name,
            "country": maker.country,
            "currency": maker.currency,
            "lead_time_days": maker.lead_time_days,
            "email": maker.email,
        },
    )
    return supplier


def _price(variant: DemoVariant, maker: Maker, times: Decimal = Decimal(1)) -> Decimal:
    step = Decimal(maker.step)
    price = Decimal(variant.unit_cost_gbp) * times / Decimal(maker.rate)
    return (price / step).to_integral_value(ROUND_HALF_UP) * step


def _prices(content: DemoMuseum, items: dict[str, Item]) -> None:
    suppliers = {code: _supplier(maker) for code, maker in MAKERS.items()}
    second = _supplier(SECOND)
    rows = []
    for product in content.products:
        minimum, multiple = TERMS[Category(product.category)]
        for variant in product.variants:
            rows.append(
                SupplierItem(
                    supplier=suppliers[product.partner],
                    item=items[variant.sku],
                    unit_cost=_price(variant, MAKERS[product.partner]),
                    minimum=minimum,
                    multiple=multiple,
                )
            )
            if product.category in SECOND_MAKES:
                rows.append(
                    SupplierItem(
                        supplier=second,
                        item=items[variant.sku],
                        unit_cost=_price(variant, SECOND, SECOND_MAKES[Category(product.category)]),
                        preferred=False,
                    )
                )
    SupplierItem.objects.bulk_create(rows, ignore_conflicts=True)


def _opening_costs(content: DemoMuseum, items: dict[str, Item]) -> None:
    """The first deliveries came at the cost that the content tells; the average goes on from there."""
    ItemCost.objects.bulk_create(
        (
            ItemCost(item=items[variant.sku], average=Decimal(variant.unit_cost_gbp), currency=settings.BASE_CURRENCY)
            for variant in _variants(content)
        ),
        ignore_conflicts=True,
    )


def _variants(content: DemoMuseum, *, partner: str = "", category: str = "") -> list[DemoVariant]:
    return [
        variant
        for product in content.products
        if partner in {"", product.partner} and category in {"", product.category}
        for variant in product.variants
    ]


@transaction.atomic
def _gift_set(content: DemoMuseum, items: dict[str, Item]) -> None:
    sku, description, categories = GIFT
    bundle, created = Item.objects.get_or_create(sku=sku, defaults={"description": description})
    if created:
        for category in categories:
            first = next(one for one in _variants(content, category=category) if one.sku.startswith("LON-"))
            BundleComponent.objects.create(bundle=bundle, component=items[first.sku])


def _orders(content: DemoMuseum, items: dict[str, Item]) -> None:
    """One order in each state that a merchandiser works with."""

    def chosen(partner: str, category: str, units: Iterable[int]) -> dict[int, int]:
        skus = [one.sku for one in _variants(content, partner=partner, category=category)]
        return {items[sku].id: quantity for sku, quantity in zip(skus, units, strict=False)}

    notebooks = _order("BRAMLEY", "LON", "Notebooks for Christmas", chosen("BRAMLEY", "notebooks", (60, 80, 80)))
    mugs = _order("YUNJIAN", "NGB", "Mugs for the bonded warehouse", chosen("YUNJIAN", "mugs", (72, 120, 24)))
    replicas = _order("KANAYA", "LON", "Replicas for the spring show", chosen("KANAYA", "replicas", (12, 20, 40)))
    _order("TISSERAND", "LIL", "Scarves, to be agreed", chosen("TISSERAND", "scarves", (24, 18)))
    _bring(notebooks, share=lambda quantity: quantity, charges="42.00", lot="BT-26-11", note="BT 20417")
    _bring(mugs, share=lambda quantity: quantity // 2, charges="186.40", lot="YJ-2609-03", note="YJ-88102")
    _send(replicas)


def _order(partner: str, warehouse: str, note: str, lines: dict[int, int]) -> PurchaseOrder:
    maker = MAKERS[partner]
    found = PurchaseOrder.objects.filter(created_by=ACTOR, supplier__code=maker.code, warehouse__code=warehouse)
    return found.first() or actions.draft(
        supplier=Supplier.objects.get(code=maker.code),
        warehouse=Warehouse.objects.get(code=warehouse),
        lines=lines,
        rate=Decimal(maker.rate),
        note=note,
        actor=ACTOR,
    )


def _send(order: PurchaseOrder) -> PurchaseOrder:
    """Send an order that was never sent before: whoever took it back to draft meant it."""
    fresh = order.state == State.DRAFT and order.expected_on is None
    return actions.send(order=order) if fresh else order


def _bring(order: PurchaseOrder, *, share: Callable[[int], int], charges: str, lot: str, note: str) -> None:
    """Receive a share of each line, once: the first of them from a named batch."""
    key = f"seed:{note}"
    if Receipt.objects.filter(cause_key=key).exists() or _send(order).state != State.SENT:
        return
    made = timezone.localdate() - timedelta(days=45)
    arrivals = [
        Arrival(line.id, share(line.quantity), *((lot, made) if number == 0 else ()))
        for number, line in enumerate(order.lines.all())
    ]
    actions.receive(
        order=order, arrivals=arrivals, cause_key=key, charges=Decimal(charges), delivery_note=note, actor=ACTOR
    )
