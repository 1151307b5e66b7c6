"""The Tmall adapter against the simulated gateway over real HTTP: two programs written apart, one protocol."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shop.channels.adapters import errors
from shop.channels.adapters.tmall import order_list
from shop.channels.adapters.types import (
    ListingRef,
    ListingStatus,
    Money,
    OrderStatus,
    PushOutcome,
    ShipmentLine,
    ShipmentNotice,
    ShipOutcome,
    StockClaim,
    StockTarget,
)
from tests.shop.channels.tmall_shop import entry

PUSH = "tmall.item.quantity.update"


def target(ref: ListingRef, quantity: int, version: int = 1) -> StockTarget:
    return StockTarget(ref=ref, quantity=quantity, version=version, idempotency_key="ab12")


def window() -> tuple[datetime, datetime]:
    end = datetime.now(UTC)
    return end - timedelta(minutes=30), end


def test_the_connection_is_verified(shop):
    report = shop.adapter().verify_connection()
    assert report.seller_name
    assert abs(report.clock_offset) < timedelta(seconds=5)


def test_quantities_are_set_absolutely_and_read_back(shop):
    refs = shop.shelve(entry("A", item_key="mug"), entry("B", item_key="mug"), entry("C"), entry("D", has_skus=False))
    adapter = shop.adapter()
    targets = [target(ref, quantity) for ref, quantity in zip(refs, (37, 0, 5, 8), strict=True)]
    for _repeat in range(2):
        results = adapter.push_stock(targets)
        assert [result.outcome for result in results] == [PushOutcome.APPLIED] * 4
    assert [shop.quantity(code) for code in "ABCD"] == [37, 0, 5, 8]
    states = adapter.read_stock(refs)
    assert [(state.ref.seller_sku, state.quantity, state.status) for state in states] == [
        ("A", 37, ListingStatus.ACTIVE),
        ("B", 0, ListingStatus.ACTIVE),
        ("C", 5, ListingStatus.ACTIVE),
        ("D", 8, ListingStatus.ACTIVE),
    ]
    calls = shop.calls(PUSH)
    assert len(calls) == 6, "two SKUs of one item go in one call"
    assert all(call["sign_ok"] for call in calls)


def test_listings_on_and_off_the_shelf_are_all_found(shop):
    shop.shelve(
        entry("ON"),
        entry("OFF", shelf="off_shelf"),
        entry("OUT", 0),
        entry("BAD", shelf="violation_off_shelf"),
        entry("PLAIN", has_skus=False),
    )
    found = {state.ref.seller_sku: state for state in shop.adapter().list_listings()}
    assert set(found) == {"ON", "OFF", "OUT", "BAD", "PLAIN"}
    assert found["ON"].status is ListingStatus.ACTIVE
    assert found["OFF"].status is ListingStatus.INACTIVE
    assert found["OUT"].quantity == 0
    assert found["ON"].price == Money(Decimal("64.00"), "CNY")


def test_refusals_of_single_listings(shop):
    mug, plain, presale, gone = shop.shelve(
        entry("A"), entry("D", has_skus=False), entry("P", presale=True), entry("G", shelf="deleted")
    )
    no_sku = replace(mug, sku_id="1")
    item_level = replace(mug, sku_id=None)
    results = shop.adapter().push_stock(
        [
            target(no_sku, 1),
            target(item_level, 1),
            target(presale, 1),
            target(gone, 1),
            target(replace(plain, item_id="9"), 1),
            target(plain, 3),
            target(mug, 4),
        ]
    )
    assert [result.outcome for result in results] == [
        PushOutcome.REJECTED,
        PushOutcome.STALE,
        PushOutcome.REJECTED,
        PushOutcome.REJECTED,
        PushOutcome.REJECTED,
        PushOutcome.APPLIED,
        PushOutcome.APPLIED,
    ]
    assert isinstance(results[3].error, errors.ListingGone)
    assert isinstance(results[4].error, errors.ListingGone)
    states = shop.adapter().read_stock([gone, no_sku, item_level])
    assert [state.status for state in states] == [ListingStatus.GONE, ListingStatus.GONE, ListingStatus.ACTIVE]
    assert states[2].ref == mug, "our own code finds the SKU again"


def test_a_lost_answer_to_a_stock_push_is_retry_and_the_repeat_is_harmless(shop):
    (ref,) = shop.shelve(entry("A"))
    adapter = shop.adapter()
    shop.fault(timeout_after=0, method=PUSH)
    first = adapter.push_stock([target(ref, 7)])[0]
    assert first.outcome is PushOutcome.RETRY
    assert isinstance(first.error, errors.UnknownOutcome)
    assert shop.quantity("A") == 7, "it had been applied all the same"
    assert adapter.push_stock([target(ref, 7)])[0].outcome is PushOutcome.APPLIED
    assert shop.quantity("A") == 7


def test_a_ban_is_respected_with_its_own_time(shop):
    refs = shop.shelve(entry("A"), entry("B"))
    shop.fault(ban_seconds=30, method=PUSH)
    results = shop.adapter().push_stock([target(ref, 1) for ref in refs])
    assert [result.outcome for result in results] == [PushOutcome.RETRY] * 2
    assert isinstance(results[0].error, errors.RateLimited)
    assert timedelta(seconds=29) <= results[0].error.retry_after <= timedelta(seconds=31)
    assert len(shop.calls(PUSH)) == 1


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"error_10": True}, PushOutcome.RETRY),
        ({"malformed": True}, PushOutcome.UNKNOWN),
        ({"http_503": True}, PushOutcome.RETRY),
        ({"session_revoked": True}, PushOutcome.RETRY),
        ({"read_only_session": True}, PushOutcome.RETRY),
    ],
)
def test_weather(shop, fault, outcome):
    (ref,) = shop.shelve(entry("A"))
    shop.fault(**fault, method=PUSH)
    assert shop.adapter().push_stock([target(ref, 1)])[0].outcome is outcome


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"app_secret": "helloworle"}, errors.AuthMisconfigured),
        ({"app_key": "999"}, errors.AuthMisconfigured),
        ({"session": "old"}, errors.AuthExpired),
    ],
)
def test_wrong_keys(shop, changes, expected):
    with pytest.raises(expected):
        shop.adapter(**changes).verify_connection()


def test_a_wrong_clock_is_mended_by_asking_the_platform(shop):
    (ref,) = shop.shelve(entry("A"))
    adapter = shop.adapter(now=lambda: datetime.now(UTC) - timedelta(hours=3))
    assert adapter.push_stock([target(ref, 2)])[0].outcome is PushOutcome.APPLIED


def test_orders_of_a_cross_border_shop_are_pulled_complete(shop):
    shop.shelve(entry("A", item_key="mug"), entry("B", item_key="mug"), entry("D", has_skus=False))
    adapter = shop.adapter()
    assert adapter.poll_orders(*window()) == []
    unpaid = shop.order(("A", 1))
    paid = shop.order(("A", 2), ("D", 1), paid=True, post_fee="12.00")
    domestic = shop.order(("B", 1), paid=True, type="fixed")
    orders = {order.external_id: order for order in adapter.poll_orders(*window())}
    assert set(orders) == {unpaid, paid, domestic}
    assert (orders[unpaid].status, orders[unpaid].claim) == (OrderStatus.UNPAID, StockClaim.SOFT)
    order = orders[paid]
    assert (order.kind, order.status, order.claim) == ("tmall_i18n", OrderStatus.TO_SHIP, StockClaim.HARD)
    assert order.totals.paid == Money(Decimal("204.00"), "CNY")
    assert order.totals.postage == Money(Decimal("12.00"), "CNY")
    assert order.paid_at is not None
    assert [(line.seller_sku, line.quantity) for line in order.lines] == [("A", 2), ("D", 1)]
    assert order.lines[1].ref.sku_id is None
    assert len(order.external_id) > 16
    assert order.address_token
    assert order.address_token not in str(order.raw)
    assert not order.needs_attention


def test_an_unknown_state_is_pulled_and_never_shipped(shop):
    shop.shelve(entry("A"))
    tid = shop.order(("A", 1), paid=True, status="WAIT_FOR_THE_MOON")
    adapter = shop.adapter()
    (order,) = adapter.poll_orders(*window())
    assert (order.status, order.raw_status) == (OrderStatus.UNKNOWN, "WAIT_FOR_THE_MOON")
    assert order.needs_attention
    with pytest.raises(errors.Stale):
        adapter.confirm_shipment(_notice(tid))
    assert shop.calls("taobao.logistics.offline.send") == []


def test_many_pages_are_read_from_the_last_to_the_first(shop, monkeypatch):
    monkeypatch.setattr(order_list, "PAGE_SIZE", 2)
    shop.shelve(entry("A", 100))
    placed = {shop.order(("A", 1), paid=True) for _number in range(7)}
    orders = shop.adapter().poll_orders(*window())
    assert {order.external_id for order in orders} == placed
    calls = sorted(shop.calls(order_list.METHOD), key=lambda call: call["id"])
    assert [call["params"]["page_no"] for call in calls] == ["1", "4", "3", "2", "1", "1"]


def test_an_order_that_closes_is_pulled_again_with_its_new_state(shop):
    shop.shelve(entry("A"))
    tid = shop.order(("A", 1))
    adapter = shop.adapter()
    assert adapter.get_order(tid).status is OrderStatus.UNPAID
    shop.door.post(f"/orders/{tid}/close", json={})
    assert adapter.get_order(tid).status is OrderStatus.CANCELLED_BEFORE_PAY
    assert adapter.get_order(tid).claim is StockClaim.NONE


def _notice(tid: str, *lines: ShipmentLine, tracking: str = "SF1234567890123") -> ShipmentNotice:
    return ShipmentNotice(
        order_id=tid,
        package_ref="p1",
        carrier_code="SF",
        tracking=tracking,
        shipped_at=datetime.now(UTC),
        lines=lines,
    )


def test_a_shipment_is_confirmed_once(shop):
    shop.shelve(entry("A"))
    tid = shop.order(("A", 2), paid=True)
    adapter = shop.adapter()
    assert adapter.confirm_shipment(_notice(tid)).outcome is ShipOutcome.CONFIRMED
    assert adapter.get_order(tid).status is OrderStatus.SHIPPED
    assert adapter.confirm_shipment(_notice(tid)).outcome is ShipOutcome.ALREADY_CONFIRMED
    with pytest.raises(errors.AlreadyDone):
        adapter.confirm_shipment(_notice(tid, tracking="SF9999999999999"))


def test_a_lost_answer_to_a_shipment_is_settled_by_reading(shop):
    shop.shelve(entry("A"))
    tid = shop.order(("A", 2), paid=True)
    shop.fault(timeout_after=0, method="taobao.logistics.offline.send")
    assert shop.adapter().confirm_shipment(_notice(tid)).outcome is ShipOutcome.ALREADY_CONFIRMED
    again = shop.order(("A", 1), paid=True)
    shop.fault(timeout_before=0, method="taobao.logistics.offline.send")
    with pytest.raises(errors.UnknownOutcome):
        shop.adapter().confirm_shipment(_notice(again))
    assert shop.adapter().confirm_shipment(_notice(again)).outcome is ShipOutcome.CONFIRMED


def test_an_order_may_leave_in_two_parcels(shop):
    shop.shelve(entry("A"), entry("B"))
    tid = shop.order(("A", 2), ("B", 1), paid=True)
    adapter = shop.adapter()
    first, second = adapter.get_order(tid).lines
    adapter.confirm_shipment(_notice(tid, ShipmentLine(first.external_id, 2)))
    half = adapter.get_order(tid)
    assert half.status is OrderStatus.PART_SHIPPED
    assert [line.status for line in half.lines] == [OrderStatus.SHIPPED, OrderStatus.TO_SHIP]
    adapter.confirm_shipment(_notice(tid, ShipmentLine(second.external_id, 1), tracking="SF0000000000001"))
    assert adapter.get_order(tid).status is OrderStatus.SHIPPED
