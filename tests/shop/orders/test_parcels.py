"""Parcels of an order: packed, weighed, dropped, shipped, delivered; over several warehouses and over time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inventory.models import Balance, Hold
from inventory.stock import proofs
from licensing.models import Agreement, LicensedSku
from shop.models import Allotment, Order, OrderLine, Shipment
from shop.orders import actions as orders
from shop.orders.fulfilment.carriers import BadTrackingNumber
from shop.orders.fulfilment.errors import BadParcel, NothingLeft, NotToShip, ParcelMove
from shop.orders.transitions import IllegalTransition
from tests import factories as make
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def on_hand(sku: str, warehouse: str = "LON") -> tuple[int, int]:
    balance = Balance.objects.get(item__sku=sku, warehouse__code=warehouse)
    return balance.on_hand, balance.allocated


def test_one_parcel_from_packing_to_delivered():
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON", weight_g=900, box_cm=(30, 20, 10), carrier_code="royal-mail")
    assert (parcel.number, parcel.state, sold.state(order)) == (f"{order.number}-1", "packed", "picking")
    assert sold.contents(parcel) == {"MUG-1": 2}
    assert on_hand("MUG-1") == (10, 2)
    parcel = sold.ship(parcel, tracking_number="rr 473 124 829 gb")
    assert (parcel.state, parcel.carrier, parcel.tracking_number) == ("shipped", "Royal Mail", "RR473124829GB")
    assert parcel.tracking_url == "https://www.royalmail.com/track-your-item#/tracking-results/RR473124829GB"
    assert (on_hand("MUG-1"), sold.state(order)) == ((8, 0), "shipped")
    orders.mark_delivered(shipment_id=parcel.id, **sold.BY)
    assert sold.state(order) == "delivered"
    assert [event.to_state for event in order.events.all()] == [
        "awaiting_payment",
        "paid",
        "picking",
        "shipped",
        "delivered",
    ]
    assert [(event.to_state, event.actor) for event in parcel.events.all()] == [
        ("packed", "picker"),
        ("shipped", "picker"),
        ("delivered", "picker"),
    ]
    assert proofs.differences() == {}


def test_every_verb_is_safe_to_repeat():
    order = sold.paid((make.variant("MUG-1"), 2))
    for _ in range(2):
        orders.start_picking(order_id=order.id, **sold.BY)
    parcels = {sold.pack(order, "LON", key="once").id for _ in range(2)}
    (number,) = parcels
    for _ in range(2):
        orders.ship(shipment_id=number, **sold.BY)
    for _ in range(2):
        orders.mark_delivered(shipment_id=number, **sold.BY)
    assert on_hand("MUG-1") == (8, 0)
    assert order.events.count() == 5
    assert Shipment.objects.get().events.count() == 3


def test_split_over_time_is_partly_shipped_until_all_has_left():
    order = sold.paid((make.variant("MUG-1"), 3), (make.variant("BOWL-1"), 1))
    first = sold.ship(sold.pack(order, "LON", {"MUG-1": 2}))
    assert (sold.state(order), on_hand("MUG-1")) == ("partly_shipped", (8, 1))
    assert Hold.objects.get().state == "committed"
    second = sold.ship(sold.pack(order, "LON"))
    assert sold.contents(second) == {"MUG-1": 1, "BOWL-1": 1}
    assert (sold.state(order), on_hand("MUG-1"), Hold.objects.get().state) == ("shipped", (7, 0), "shipped")
    assert (first.number, second.number) == (f"{order.number}-1", f"{order.number}-2")
    orders.mark_delivered(shipment_id=first.id, **sold.BY)
    assert sold.state(order) == "shipped"
    orders.mark_delivered(shipment_id=second.id, **sold.BY)
    assert sold.state(order) == "delivered"


def test_an_item_split_over_warehouses_leaves_in_a_parcel_from_each():
    order = sold.paid((make.variant("MUG-1", stock_at={"LON": 4, "LIL": 3}), 6))
    near, far = sold.pack(order, "LON"), sold.pack(order, "LIL")
    assert (sold.contents(near), sold.contents(far)) == ({"MUG-1": 4}, {"MUG-1": 2})
    sold.ship(far)
    assert (on_hand("MUG-1", "LON"), on_hand("MUG-1", "LIL")) == ((4, 4), (1, 0))
    sold.ship(near)
    assert (on_hand("MUG-1", "LON"), sold.state(order)) == ((0, 0), "shipped")


def test_more_than_is_left_is_refused_and_nothing_is_written():
    order = sold.paid((make.variant("MUG-1"), 2), (make.variant("BOWL-1"), 1))
    sold.pack(order, "LON", {"MUG-1": 1})
    with pytest.raises(NothingLeft, match="MUG-1: 2 asked, 1 left to pack"):
        sold.pack(order, "LON", {"BOWL-1": 1, "MUG-1": 2})
    assert sold.counted(order) == [(2, 1, 0), (1, 0, 0)]
    assert Shipment.objects.count() == 1


def test_the_database_itself_refuses_more_than_was_ordered():
    order = sold.paid((make.variant("MUG-1"), 2))
    sold.pack(order, "LON")
    with pytest.raises(IntegrityError, match="orderline_packed_within_quantity"), transaction.atomic():
        OrderLine.objects.update(packed=3)
    with pytest.raises(IntegrityError, match="allotment_within_quantity"), transaction.atomic():
        Allotment.objects.update(cancelled=1)


def test_a_dropped_parcel_gives_its_units_back_to_packing():
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON")
    for _ in range(2):
        parcel = orders.drop_parcel(shipment_id=parcel.id, **sold.BY)
    assert (parcel.state, sold.counted(order)) == ("dropped", [(2, 0, 0)])
    with pytest.raises(ParcelMove, match="from dropped to shipped"):
        sold.ship(parcel)
    assert sold.pack(order, "LON").number == f"{order.number}-2"


def test_what_has_left_is_not_dropped_and_what_has_not_does_not_arrive():
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON")
    with pytest.raises(ParcelMove, match="from packed to delivered"):
        orders.mark_delivered(shipment_id=parcel.id, **sold.BY)
    sold.ship(parcel)
    with pytest.raises(ParcelMove, match="from shipped to dropped"):
        orders.drop_parcel(shipment_id=parcel.id, **sold.BY)
    with pytest.raises(ParcelMove, match="from shipped to packed"):
        orders.weigh(shipment_id=parcel.id, weight_g=1, **sold.BY)


def test_an_open_box_is_weighed_before_it_leaves():
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON", weight_g=None)
    assert (parcel.state, parcel.weight_g) == ("packing", None)
    with pytest.raises(ParcelMove, match="from packing to shipped"):
        sold.ship(parcel)
    parcel = orders.weigh(shipment_id=parcel.id, weight_g=850, **sold.BY)
    assert (parcel.state, parcel.weight_g) == ("packed", 850)
    parcel = orders.weigh(shipment_id=parcel.id, weight_g=860, box_cm=(30, 20, 10), **sold.BY)
    assert (parcel.weight_g, parcel.length_cm, parcel.events.count()) == (860, 30, 2)
    assert sold.ship(parcel).state == "shipped"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"weight_g": 0}, BadParcel),
        ({"weight_g": 1_000_001}, BadParcel),
        ({"box_cm": (0, 1, 1)}, BadParcel),
        ({"box_cm": (1, 1, 1001)}, BadParcel),
        ({"tracking_number": "<b>"}, BadTrackingNumber),
        ({"tracking_number": "A1"}, BadTrackingNumber),
    ],
)
def test_bad_facts_of_a_parcel_are_named(facts, refusal):
    order = sold.paid((make.variant("MUG-1"), 2))
    with pytest.raises(refusal):
        sold.pack(order, "LON", **facts)
    assert sold.counted(order) == [(2, 0, 0)]


@pytest.mark.parametrize("facts", [{"weight_g": 1}, {"weight_g": 1_000_000}, {"box_cm": (1, 1, 1000)}])
def test_facts_at_the_limits_are_taken(facts):
    assert sold.pack(sold.paid((make.variant("MUG-1"), 2)), "LON", **facts).state == "packed"


def test_things_of_another_order_or_warehouse_are_refused():
    variant = make.variant("MUG-1", stock_at={"LON": 9, "LIL": 9})
    order, other = sold.paid((variant, 2)), sold.paid((variant, 2))
    foreign = sold.rows(other)["MUG-1", "LON"].id
    for warehouse, number in (("LON", foreign), ("LIL", sold.rows(order)["MUG-1", "LON"].id)):
        with pytest.raises(BadParcel, match="nothing like that"):
            orders.pack(
                order_id=order.id,
                warehouse_id=make.warehouse(warehouse).id,
                units={number: 1},
                cause_key="x",
                **sold.BY,
            )
    with pytest.raises(BadParcel, match="is left to pack there"):
        sold.pack(order, "LIL")


def test_nothing_unpaid_refunded_or_shipped_is_packed():
    variant = make.variant("MUG-1")
    unpaid = sold.placed((variant, 1))
    with pytest.raises(NotToShip, match="awaiting payment"):
        sold.pack(unpaid, "LON")
    order = sold.paid((variant, 1))
    orders.mark_refunded(order_id=order.id, **sold.BY)
    with pytest.raises(NotToShip, match="refunded"):
        sold.pack(order, "LON")
    with pytest.raises(IllegalTransition):
        orders.start_picking(order_id=unpaid.id, **sold.BY)


def test_rights_withdrawn_before_shipping_stop_the_parcel_that_holds_the_thing_and_no_other():
    order = sold.paid((make.variant("MUG-1"), 1), (make.variant("BOWL-1"), 1))
    fine, withdrawn = sold.pack(order, "LON", {"BOWL-1": 1}), sold.pack(order, "LON", {"MUG-1": 1})
    LicensedSku.objects.filter(sku="MUG-1").delete()
    with pytest.raises(orders.NotLicensed, match="MUG-1: unlicensed"):
        sold.ship(withdrawn)
    withdrawn.refresh_from_db()
    assert (withdrawn.state, on_hand("MUG-1")) == ("packed", (10, 1))
    assert sold.ship(fine).state == "shipped"
    Agreement.objects.update(state=Agreement.State.SUSPENDED)
    with pytest.raises(orders.NotLicensed):
        orders.mark_shipped(order_id=order.id, **sold.BY)
    assert sold.state(order) == "partly_shipped"


def test_picking_dropped_puts_the_order_back():
    order = sold.paid((make.variant("MUG-1"), 2))
    orders.start_picking(order_id=order.id, **sold.BY)
    parcel = sold.pack(order, "LON")
    with pytest.raises(IllegalTransition, match="a parcel stands packed"):
        orders.drop_picking(order_id=order.id, **sold.BY)
    orders.drop_parcel(shipment_id=parcel.id, **sold.BY)
    for _ in range(2):
        orders.drop_picking(order_id=order.id, **sold.BY)
    assert sold.state(order) == "paid"
    assert [event.to_state for event in order.events.all()][-2:] == ["picking", "paid"]


def test_dropping_a_pick_list_never_makes_an_unpaid_order_paid():
    order = sold.placed((make.variant("MUG-1"), 2))
    with pytest.raises(IllegalTransition, match="it is not being picked"):
        orders.drop_picking(order_id=order.id, **sold.BY)
    assert sold.state(order) == "awaiting_payment"


def test_a_refund_takes_packed_parcels_apart():
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON")
    orders.mark_refunded(order_id=order.id, **sold.BY)
    parcel.refresh_from_db()
    assert (parcel.state, sold.state(order), on_hand("MUG-1")) == ("dropped", "refunded", (10, 0))


def test_ship_everything_that_is_left_with_what_stands_packed():
    order = sold.paid((make.variant("MUG-1", stock_at={"LON": 4, "LIL": 3}), 6), (make.variant("BOWL-1"), 1))
    sold.pack(order, "LON", {"MUG-1": 1}, weight_g=None)
    for _ in range(2):
        order = orders.mark_shipped(order_id=order.id, **sold.BY)
    parcels = Shipment.objects.order_by("serial")
    assert [(one.warehouse.code, one.state, one.weight_g) for one in parcels] == [
        ("LON", "shipped", 400),
        ("LON", "shipped", 1600),
        ("LIL", "shipped", 800),
    ]
    assert (order.state, sold.counted(order)) == ("shipped", [(6, 6, 0), (1, 1, 0)])
    assert proofs.differences() == {}


def test_a_parcel_does_not_arrive_before_it_left_nor_in_the_future():
    parcel = sold.ship(sold.pack(sold.paid((make.variant("MUG-1"), 1)), "LON"))
    for when in (parcel.shipped_at - timedelta(seconds=1), timezone.now() + timedelta(hours=1)):
        with pytest.raises(BadParcel, match="before it left"):
            orders.mark_delivered(shipment_id=parcel.id, delivered_at=when, **sold.BY)
    assert orders.mark_delivered(shipment_id=parcel.id, delivered_at=parcel.shipped_at, **sold.BY).delivered_at


def test_an_order_without_a_claim_on_our_stock_is_sent_from_its_markets_first_warehouse():
    order = sold.paid((make.variant("MUG-1"), 2))
    Order.objects.filter(id=order.id).update(hold=None)
    sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    assert sold.state(order) == "partly_shipped"
    sold.ship(sold.pack(order, "LON"))
    assert (sold.state(order), on_hand("MUG-1")) == ("shipped", (10, 2))


def test_parcels_history_is_append_only():
    sold.pack(sold.paid((make.variant("MUG-1"), 1)), "LON")
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE shop_shipmentevent SET actor = 'nobody'")
