"""Reporting a parcel: never what is blocked, never twice, over HTTP."""

import pytest

from shop.channels.adapters import errors
from shop.channels.adapters.types import ShipmentLine, ShipmentNotice, ShipOutcome

SEND = "taobao.logistics.offline.send"
FULL = "taobao.trade.fullinfo.get"
TID = 3620000000000000001


def notice(now, *lines: ShipmentLine) -> ShipmentNotice:
    return ShipmentNotice(
        order_id=str(TID),
        package_ref="p1",
        carrier_code="SF",
        tracking="SF1234567890123",
        shipped_at=now,
        lines=lines,
    )


def two_lines(trade, **first):
    record = trade(TID, line=first)
    record["orders"]["order"].append(trade(TID + 10)["orders"]["order"][0])
    return {"trade": record}


def shipped(trade, tracking="SF1234567890123"):
    status = "WAIT_BUYER_CONFIRM_GOODS"
    return {"trade": trade(TID, status=status, line={"status": status, "invoice_no": tracking})}


def test_the_request_is_the_one_in_the_vectors(loopback, trade, now, fixture_json):
    vector = next(entry for entry in fixture_json("own/vectors.json") if entry["id"] == "top-req-ship")
    loopback.script(FULL, {"trade": trade(TID)})
    loopback.script(SEND, {"shipping": {"is_success": True}})
    assert loopback.adapter.confirm_shipment(notice(now)).outcome is ShipOutcome.CONFIRMED
    assert loopback.calls(SEND) == [vector["params"] | {"sign": vector["computed"]}]


def test_a_part_of_the_order_names_its_lines(loopback, trade, now):
    loopback.script(FULL, two_lines(trade, refund_status="WAIT_SELLER_AGREE"))
    loopback.script(SEND, {"shipping": {"is_success": True}})
    loopback.adapter.confirm_shipment(notice(now, ShipmentLine(str(TID + 11), 2)))
    form = loopback.calls(SEND)[0]
    assert (form["sub_tid"], form["is_split"]) == (str(TID + 11), "1")


@pytest.mark.parametrize(
    "change",
    [
        {"refund_status": "WAIT_SELLER_AGREE"},
        {"status": "SOMETHING_NEW"},
        {"status": "WAIT_BUYER_PAY"},
        {"refund_status": "SUCCESS"},
    ],
)
def test_a_whole_order_is_not_sent_when_a_line_must_stay(loopback, trade, now, change):
    loopback.script(FULL, two_lines(trade, **change))
    with pytest.raises(errors.Stale):
        loopback.adapter.confirm_shipment(notice(now))
    assert not loopback.calls(SEND)


@pytest.mark.parametrize("status", ["TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO", "PAID_FORBID_CONSIGN", "NEW_STATE"])
def test_orders_that_never_ship(loopback, trade, now, status):
    loopback.script(FULL, {"trade": trade(TID, status=status)})
    with pytest.raises(errors.Stale):
        loopback.adapter.confirm_shipment(notice(now))
    assert not loopback.calls(SEND)


def test_a_repeated_notice_is_already_confirmed_and_not_sent_again(loopback, trade, now):
    loopback.script(FULL, shipped(trade))
    assert loopback.adapter.confirm_shipment(notice(now)).outcome is ShipOutcome.ALREADY_CONFIRMED
    assert not loopback.calls(SEND)


@pytest.mark.parametrize(
    "answer",
    [(15, "isv.logistics-offline-service-error:B04"), (15, "isp.remote-service-timeout")],
)
def test_a_lost_answer_is_settled_by_reading_the_order(loopback, trade, now, refusal, answer):
    loopback.script(FULL, {"trade": trade(TID)}, shipped(trade))
    loopback.script(SEND, refusal(*answer))
    assert loopback.adapter.confirm_shipment(notice(now)).outcome is ShipOutcome.ALREADY_CONFIRMED


def test_shipped_with_another_waybill_is_told(loopback, trade, now, refusal):
    loopback.script(FULL, {"trade": trade(TID)}, shipped(trade, tracking="OTHER"))
    loopback.script(SEND, refusal(15, "isv.logistics-offline-service-error:B04"))
    with pytest.raises(errors.AlreadyDone):
        loopback.adapter.confirm_shipment(notice(now))


@pytest.mark.parametrize("line", [ShipmentLine("1", 2), ShipmentLine(str(TID + 1), 1)])
def test_lines_that_cannot_be_reported(loopback, trade, now, line):
    loopback.script(FULL, {"trade": trade(TID)})
    with pytest.raises(errors.InvalidRequest):
        loopback.adapter.confirm_shipment(notice(now, line))


def test_a_shipment_not_accepted_is_an_error(loopback, trade, now):
    loopback.script(FULL, {"trade": trade(TID)})
    loopback.script(SEND, {"shipping": {"is_success": False}})
    with pytest.raises(errors.InvalidRequest):
        loopback.adapter.confirm_shipment(notice(now))
