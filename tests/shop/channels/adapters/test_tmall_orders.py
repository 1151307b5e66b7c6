"""Trades read without loss, with every state mapped and nothing personal kept."""

import json
import random
from decimal import Decimal

import pytest

from shop.channels.adapters.errors import ContractViolation
from shop.channels.adapters.redaction import REDACTED, redact
from shop.channels.adapters.tmall import orders, parse
from shop.channels.adapters.types import Money, OrderStatus, RefundState, StockClaim, TaxCollector

STATES = {
    "TRADE_NO_CREATE_PAY": (OrderStatus.UNPAID, StockClaim.NONE),
    "WAIT_BUYER_PAY": (OrderStatus.UNPAID, StockClaim.SOFT),
    "PAY_PENDING": (OrderStatus.UNPAID, StockClaim.SOFT),
    "WAIT_PRE_AUTH_CONFIRM": (OrderStatus.UNPAID, StockClaim.SOFT),
    "PAID_FORBID_CONSIGN": (OrderStatus.PAID_BLOCKED, StockClaim.HARD),
    "WAIT_SELLER_SEND_GOODS": (OrderStatus.TO_SHIP, StockClaim.HARD),
    "SELLER_CONSIGNED_PART": (OrderStatus.PART_SHIPPED, StockClaim.HARD),
    "WAIT_BUYER_CONFIRM_GOODS": (OrderStatus.SHIPPED, StockClaim.NONE),
    "TRADE_BUYER_SIGNED": (OrderStatus.DELIVERED, StockClaim.NONE),
    "TRADE_FINISHED": (OrderStatus.COMPLETED, StockClaim.NONE),
    "TRADE_CLOSED": (OrderStatus.CANCELLED_AFTER_PAY, StockClaim.NONE),
    "TRADE_CLOSED_BY_TAOBAO": (OrderStatus.CANCELLED_BEFORE_PAY, StockClaim.NONE),
}


def read(record):
    return orders.read_trade(parse.decode(json.dumps(record).encode()), account="tmall")


@pytest.mark.parametrize(("raw", "expected"), STATES.items())
def test_each_state_of_a_trade_and_its_line(trade, raw, expected):
    order = read(trade(10, status=raw))
    assert (order.status, order.claim) == expected
    assert order.lines[0].status is expected[0]
    assert not order.needs_attention


@pytest.mark.parametrize("raw", ["TRADE_TELEPORTED", "ALL_WAIT_PAY", "ALL_CLOSED", ""])
def test_an_unknown_state_is_unknown_and_keeps_the_goods(trade, raw):
    order = read(trade(10, status=raw, line={"status": "WAIT_SELLER_SEND_GOODS"}))
    assert order.status is OrderStatus.UNKNOWN
    assert order.lines[0].status is OrderStatus.UNKNOWN, "no line of an unknown trade may be shipped"
    assert order.claim is StockClaim.HARD
    assert order.needs_attention


def test_an_unknown_line_makes_the_order_unshippable(trade):
    order = read(trade(10, line={"status": "LINE_TELEPORTED"}))
    assert order.status is OrderStatus.UNKNOWN
    assert order.needs_attention


@pytest.mark.parametrize(
    ("raw", "state", "line", "claim"),
    [
        ("NO_REFUND", RefundState.NONE, OrderStatus.TO_SHIP, StockClaim.HARD),
        ("CLOSED", RefundState.CLOSED, OrderStatus.TO_SHIP, StockClaim.HARD),
        ("WAIT_SELLER_AGREE", RefundState.LIVE, OrderStatus.PAID_BLOCKED, StockClaim.HARD),
        ("SELLER_REFUSE_BUYER", RefundState.LIVE, OrderStatus.PAID_BLOCKED, StockClaim.HARD),
        ("WAIT_SELLER_CONSIGN_GOODS", RefundState.LIVE, OrderStatus.PAID_BLOCKED, StockClaim.HARD),
        ("SUCCESS", RefundState.DONE, OrderStatus.PAID_BLOCKED, StockClaim.NONE),
        ("SOMETHING_NEW", RefundState.UNKNOWN, OrderStatus.UNKNOWN, StockClaim.HARD),
    ],
)
def test_a_refund_decides_whether_a_line_ships(trade, raw, state, line, claim):
    order = read(trade(10, line={"refund_status": raw}))
    assert (order.lines[0].refund_state, order.lines[0].status, order.claim) == (state, line, claim)
    assert order.status is line, "the only line speaks for the order"


def test_one_disputed_line_does_not_stop_the_other(trade):
    record = trade(10, line={"refund_status": "WAIT_SELLER_AGREE"})
    record["orders"]["order"].append(trade(20)["orders"]["order"][0])
    order = read(record)
    assert order.status is OrderStatus.TO_SHIP
    assert [line.status for line in order.lines] == [OrderStatus.PAID_BLOCKED, OrderStatus.TO_SHIP]


@pytest.mark.parametrize(
    ("raw", "step", "status", "claim"),
    [
        ("WAIT_BUYER_PAY", "FRONT_NOPAID_FINAL_NOPAID", OrderStatus.UNPAID, StockClaim.SOFT),
        ("WAIT_BUYER_PAY", "FRONT_PAID_FINAL_NOPAID", OrderStatus.UNPAID, StockClaim.HARD),
        ("WAIT_SELLER_SEND_GOODS", "FRONT_PAID_FINAL_NOPAID", OrderStatus.UNPAID, StockClaim.HARD),
        ("WAIT_SELLER_SEND_GOODS", "FRONT_PAID_FINAL_PAID", OrderStatus.TO_SHIP, StockClaim.HARD),
        ("WAIT_BUYER_PAY", "FRONT_PAID_FRONT_FORFEITED", OrderStatus.UNKNOWN, StockClaim.HARD),
        ("TRADE_CLOSED", "FRONT_PAID_FRONT_FORFEITED", OrderStatus.CANCELLED_AFTER_PAY, StockClaim.NONE),
    ],
)
def test_a_sale_by_deposit(trade, raw, step, status, claim):
    order = read(trade(10, type="step", status=raw, step_trade_status=step))
    assert order.status is status
    assert order.claim is claim


@pytest.mark.parametrize("flag", ["top_hold", "forbid_consign", "team_buy_hold", "share_group_hold", "ofp_hold"])
def test_the_platform_may_keep_a_paid_parcel_back(trade, flag):
    assert read(trade(10, **{flag: 1})).status is OrderStatus.PAID_BLOCKED
    assert read(trade(10, **{flag: 0})).status is OrderStatus.TO_SHIP


def test_money_and_ids_of_a_line(trade):
    order = read(
        trade(
            3620000000000000001,
            order_tax_fee="11.65",
            line={
                "discount_fee": "4.00",
                "part_mjz_discount": "1.50",
                "adjust_fee": "-2.00",
                "divide_order_fee": "120.5",
            },
        )
    )
    line = order.lines[0]
    assert order.external_id == "3620000000000000001"
    assert line.external_id == "3620000000000000002"
    assert line.ref.sku_id == "5100000000001"
    assert line.unit_price == Money(Decimal("64.00"), "CNY")
    assert line.discount.amount == Decimal("5.50")
    assert line.adjustment.amount == Decimal("-2.00")
    assert line.paid == Money(Decimal("120.5"), "CNY")
    assert order.tax_lines[0].collector is TaxCollector.CHANNEL
    assert order.tax_lines[0].amount.amount == Decimal("11.65")


def test_an_item_without_skus_carries_our_code_itself(trade):
    record = trade(10, line={"outer_iid": "BM-CARD-1"})
    del record["orders"]["order"][0]["outer_sku_id"]
    del record["orders"]["order"][0]["sku_id"]
    line = read(record).lines[0]
    assert line.seller_sku == "BM-CARD-1"
    assert line.ref.sku_id is None


@pytest.mark.parametrize(
    "change",
    [
        {"orders": {}},
        {"orders": {"order": []}},
        {"orders": [{"oid": 1}]},
        {"payment": None},
        {"payment": "cheap"},
        {"modified": "yesterday"},
        {"line": {"num": 0}},
        {"line": {"num": "two"}},
        {"line": {"price": None}},
        {"line": {"oid": None}},
    ],
)
def test_a_trade_that_breaks_the_contract_is_refused(trade, change):
    with pytest.raises(ContractViolation):
        read(trade(10, **change))


def _generated(params, rng):
    """A record with every field the public description declares, lists wrapped as on the wire."""
    record = {}
    for param in params:
        kind = param["type"].replace(" ", "")
        element = kind.removesuffix("[]")
        count = rng.randint(1, 3) if kind.endswith("[]") else 1
        values = [_value(param, element, rng) for _ in range(count)]
        if kind.endswith("[]"):
            inner = "".join(f"_{char.lower()}" if char.isupper() else char for char in element).lstrip("_")
            record[param["name"]] = {inner: values}
        else:
            record[param["name"]] = values[0]
    return record


def _value(param, kind, rng):
    if "subParams" in param:
        return _generated(param["subParams"], rng)
    number = rng.randint(2**53, 2**62)
    stamp = f"2026-11-{number % 28 + 1:02} {number % 24:02}:{number % 60:02}:{number % 59:02}"
    by_kind = {"Number": number, "Boolean": number % 2 == 0, "Date": stamp}
    name = param["name"]
    if name in ("price", "payment") or name.endswith(("_fee", "_payment", "_discount")):
        as_text = f"{number % 100_000}.{number % 97:02}"
    else:
        as_text = str(number) if name == "sku_id" else f"文本{number}"
    return by_kind.get(kind, as_text)


def _leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path, value


@pytest.mark.parametrize("seed", range(10))
def test_a_trade_with_every_declared_field_is_read_without_loss(fixture_json, seed):
    rng = random.Random(seed)  # noqa: S311 - a repeatable sample, nothing secret
    described = fixture_json("top/taobao_trade_fullinfo_get.json")["responseParams"]
    record = _generated(described, rng)["trade"]
    order = read(record)
    kept = dict(_leaves(order.raw))
    for path, value in _leaves(record):
        if path in kept:
            assert kept[path] in (value, REDACTED)
        else:
            assert any(kept.get(path[:depth]) == REDACTED for depth in range(1, len(path))), path
    personal = [key for key in record if key.startswith(("receiver_", "buyer")) or key == "oaid"]
    assert len(personal) > 15
    assert {order.raw[key] for key in personal} == {REDACTED}
    assert order.address_token == record["oaid"]
    assert order.ship_to.city == record["receiver_city"]
    assert order.external_id == str(record["tid"])
    for line, sent in zip(order.lines, record["orders"]["order"], strict=True):
        assert line.external_id == str(sent["oid"])
        assert line.quantity == sent["num"]
        assert line.tracking == sent["invoice_no"]
        assert str(line.paid.amount) == sent["divide_order_fee"]
    assert record["receiver_mobile"] not in repr(order)
    assert record["oaid"] not in repr(order)


def test_we_ask_only_for_fields_and_parameters_the_platform_has(fixture_json):
    full = fixture_json("top/taobao_trade_fullinfo_get.json")
    known = {param["name"] for param in full["responseParams"][0]["subParams"]}
    assert set(orders.TRADE_FIELDS.split(",")) <= known
    listed = fixture_json("top/taobao_trades_sold_increment_get.json")
    by_name = {param["name"]: param for param in listed["responseParams"]}
    assert set(orders.LIST_FIELDS.split(",")) <= {param["name"] for param in by_name["trades"]["subParams"]}


def test_all_types_are_asked_for_once():
    types = orders.TRADE_TYPES.split(",")
    assert len(types) == len(set(types)) == 28
    assert "tmall_i18n" in types


def test_redaction_keeps_the_shape_and_drops_the_secret():
    raw = {
        "session": "s",
        "sign": "ABC",
        "access_token": "t",
        "trade": {"receiver_mobile": "138", "buyer_nick": "b", "oaid": "o", "tid": 1, "sign_time": "x"},
        "list": [{"receiver_name": "n", "num": 2}],
    }
    assert redact(raw) == {
        "session": REDACTED,
        "sign": REDACTED,
        "access_token": REDACTED,
        "trade": {
            "receiver_mobile": REDACTED,
            "buyer_nick": REDACTED,
            "oaid": REDACTED,
            "tid": 1,
            "sign_time": "x",
        },
        "list": [{"receiver_name": REDACTED, "num": 2}],
    }
    assert raw["session"] == "s", "the original is left alone"
