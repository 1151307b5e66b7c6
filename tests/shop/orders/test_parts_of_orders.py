"""What only a part of an order meets: bundles over several warehouses, and units that are cancelled."""

import pytest

from inventory.models import Balance, BundleComponent, Hold
from inventory.stock import actions as stock
from inventory.stock import proofs
from shop.models import LineCancellation
from shop.orders import actions as orders
from shop.orders.fulfilment.errors import BadParcel, NothingLeft, NotToShip
from tests import factories as make
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def allocated(sku: str, warehouse: str = "LON") -> tuple[int, int]:
    balance = Balance.objects.get(item__sku=sku, warehouse__code=warehouse)
    return balance.on_hand, balance.allocated


def cancel(order, units: dict[str, int], key: str = "refund-1"):
    lines = {line.sku: line.id for line in order.lines.all()}
    return orders.cancel_units(
        order_id=order.id, lines={lines[sku]: number for sku, number in units.items()}, cause_key=key, **sold.BY
    )


def test_a_bundle_in_one_warehouse_leaves_as_one():
    make.variant("CUP-1"), make.variant("FAN-1")
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 2), (make.variant("PIN-1"), 1))
    parcel = sold.ship(sold.pack(order, "LON"))
    assert sold.contents(parcel) == {"SET-1": 2, "PIN-1": 1}
    parts = parcel.lines.get(order_line__sku="SET-1").parts.select_related("allotment__item")
    assert [(part.allotment.item.sku, part.quantity) for part in parts] == [("CUP-1", 2), ("FAN-1", 4)]
    assert (allocated("CUP-1"), allocated("FAN-1"), sold.state(order)) == ((8, 0), (6, 0), "shipped")


def test_a_bundle_over_two_warehouses_counts_in_the_parcel_that_completes_it():
    make.variant("CUP-1", stock_at={"LON": 5}), make.variant("FAN-1", stock_at={"LON": 1, "LIL": 9})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 2))
    places = {key: row.quantity for key, row in sold.rows(order).items()}
    assert sum(units for (sku, _), units in places.items() if sku == "FAN-1") == 4
    assert places["CUP-1", "LON"] == 2
    first = sold.ship(sold.pack(order, "LON"))
    assert (sold.contents(first), sold.state(order)) == ({"SET-1": 0}, "partly_shipped")
    second = sold.ship(sold.pack(order, "LIL"))
    assert (sold.contents(second), sold.state(order), sold.counted(order)) == ({"SET-1": 2}, "shipped", [(2, 2, 0)])
    assert proofs.differences() == {}


def test_a_dropped_part_of_a_bundle_is_counted_once_when_packed_again():
    make.variant("CUP-1", stock_at={"LON": 5}), make.variant("FAN-1", stock_at={"LIL": 9})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 1}), 2))
    cups, fans = sold.pack(order, "LON"), sold.pack(order, "LIL")
    assert (sold.contents(cups), sold.contents(fans)) == ({"SET-1": 0}, {"SET-1": 2})
    orders.drop_parcel(shipment_id=cups.id, **sold.BY)
    assert sold.contents(sold.pack(order, "LON")) == {"SET-1": 0}
    orders.drop_parcel(shipment_id=fans.id, **sold.BY)
    assert sold.counted(order) == [(2, 0, 0)]
    assert sold.contents(sold.pack(order, "LIL")) == {"SET-1": 2}


def test_a_bundle_beside_its_own_component_is_dealt_out_right():
    make.variant("CUP-1", stock_at={"LON": 3, "LIL": 4})
    cup = make.variant("BOX-1", stock_at={"LON": 9})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 2, "BOX-1": 1}), 2), (cup, 1))
    orders.mark_shipped(order_id=order.id, **sold.BY)
    assert sold.counted(order) == [(2, 2, 0), (1, 1, 0)]
    assert (allocated("BOX-1"), Hold.objects.get().state) == ((6, 0), "shipped")


def test_a_bundle_made_of_other_things_since_takes_what_was_claimed_for_it():
    make.variant("CUP-1"), make.variant("FAN-1"), make.variant("PIN-1")
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 2))
    BundleComponent.objects.filter(component__sku="FAN-1").update(component=make.item("PIN-1"))
    orders.mark_shipped(order_id=order.id, **sold.BY)
    assert (allocated("FAN-1"), allocated("PIN-1"), sold.counted(order)) == ((6, 0), (10, 0), [(2, 2, 0)])


def test_cancelled_units_go_back_on_sale_once_and_the_rest_leaves():
    order = sold.paid((make.variant("MUG-1"), 3))
    for _ in range(2):
        cancel(order, {"MUG-1": 1})
    assert (sold.counted(order), allocated("MUG-1")) == ([(3, 0, 1)], (10, 2))
    row = LineCancellation.objects.get()
    assert (row.quantity, row.actor, row.cause) == (1, "picker", "test")
    sold.ship(sold.pack(order, "LON"))
    assert (sold.state(order), allocated("MUG-1")) == ("shipped", (8, 0))


def test_cancelling_the_rest_makes_a_partly_shipped_order_whole():
    order = sold.paid((make.variant("MUG-1"), 2), (make.variant("BOWL-1"), 1))
    sold.ship(sold.pack(order, "LON", {"MUG-1": 2}))
    assert sold.state(order) == "partly_shipped"
    order = cancel(order, {"BOWL-1": 1})
    assert (order.state, sold.state(order)) == ("shipped", "shipped")
    with pytest.raises(NotToShip, match="shipped"):
        cancel(order, {"MUG-1": 1}, "refund-2")


def test_what_stands_packed_is_not_cancelled():
    order = sold.paid((make.variant("MUG-1"), 3))
    parcel = sold.pack(order, "LON", {"MUG-1": 2})
    with pytest.raises(NothingLeft, match="MUG-1: 2 asked, 1 left"):
        cancel(order, {"MUG-1": 2})
    orders.drop_parcel(shipment_id=parcel.id, **sold.BY)
    cancel(order, {"MUG-1": 2})
    with pytest.raises(NothingLeft, match="MUG-1: 2 asked, 1 left to pack"):
        sold.pack(order, "LON", {"MUG-1": 2})


def test_cancelled_bundles_give_every_component_back():
    make.variant("CUP-1", stock_at={"LON": 5}), make.variant("FAN-1", stock_at={"LON": 2, "LIL": 9})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 3))
    cancel(order, {"SET-1": 2})
    assert allocated("CUP-1") == (5, 1)
    assert sum(allocated("FAN-1", code)[1] for code in ("LON", "LIL")) == 2
    orders.mark_shipped(order_id=order.id, **sold.BY)
    assert sold.counted(order) == [(3, 1, 2)]
    assert proofs.differences() == {}


def test_what_stock_cancelled_by_itself_is_never_packed():
    order = sold.paid((make.variant("MUG-1"), 3))
    row = sold.rows(order)["MUG-1", "LON"]
    stock.cancel(hold_id=order.hold_id, parts={row.hold_line_id: 2}, key="elsewhere")
    with pytest.raises(NothingLeft, match="2 asked, 1 left"):
        sold.pack(order, "LON", {"MUG-1": 2})
    sold.ship(sold.pack(order, "LON"))
    assert (sold.counted(order), sold.state(order)) == ([(3, 1, 2)], "shipped")


def test_bad_cancellations_are_named():
    order, other = sold.paid((make.variant("MUG-1"), 1)), sold.paid((make.variant("BOWL-1"), 1))
    with pytest.raises(BadParcel, match="no such lines"):
        orders.cancel_units(order_id=order.id, lines={}, cause_key="x", **sold.BY)
    with pytest.raises(BadParcel, match="no such lines"):
        orders.cancel_units(order_id=order.id, lines={other.lines.get().id: 1}, cause_key="x", **sold.BY)
    with pytest.raises(NothingLeft):
        cancel(order, {"MUG-1": 2})
    assert not LineCancellation.objects.exists()
