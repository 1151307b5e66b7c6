"""One call: time stamp, refusals, lost answers, limits."""

import ast
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from shop.channels.adapters import errors
from shop.channels.adapters.tmall import parse, tmall_adapter
from shop.channels.adapters.tmall.transport import TopTransport

METHOD = "tmall.item.quantity.update"
READ = "taobao.trade.fullinfo.get"


def test_the_stamp_is_chinese_time_whatever_zone_we_live_in(gateway):
    gateway.script(METHOD, {"quantity_update_result": "1"})
    gateway.transport.call(METHOD, {"item_id": "1", "options": {"type": 1}, "nothing": None, "empty": ""}, writes=True)
    form = gateway.forms[0]
    assert form["timestamp"] == "2026-11-22 20:30:00"
    assert form["options"] == '{"type":1}'
    assert form["format"] == "json"
    assert form["sign_method"] == "hmac-sha256"
    assert "nothing" not in form
    assert "empty" not in form


def test_a_naive_time_is_never_sent():
    with pytest.raises(ValueError, match="time zone"):
        parse.stamp(datetime(2026, 11, 22, 20, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("method", "key"),
    [
        ("taobao.trades.sold.increment.get", "trades_sold_increment_get_response"),
        ("tmall.item.quantity.update", "tmall_item_quantity_update_response"),
        ("alitrip.travel.trade.query", "alitrip_travel_trade_query_response"),
    ],
)
def test_name_of_the_success_record(method, key):
    assert parse.response_key(method) == key


@pytest.mark.parametrize("code", [30, 31])
def test_a_refused_stamp_is_mended_once_by_asking_for_the_time(gateway, refusal, code):
    gateway.script(METHOD, refusal(code), {"quantity_update_result": "1"})
    gateway.script("taobao.time.get", {"time": "2026-11-22 20:50:00"})
    gateway.transport.call(METHOD, writes=True)
    assert gateway.transport.clock_offset == timedelta(minutes=20)
    assert [form["timestamp"][11:] for form in gateway.forms] == ["20:30:00", "20:30:00", "20:50:00"]


def test_a_stamp_refused_twice_is_an_error(gateway, refusal):
    gateway.script(METHOD, refusal(31))
    gateway.script("taobao.time.get", {"time": "2026-11-22 20:50:00"})
    with pytest.raises(errors.ClockSkew):
        gateway.transport.call(METHOD, writes=True)
    assert len(gateway.calls(METHOD)) == 2


@pytest.mark.parametrize(
    ("failure", "when_writing", "when_reading"),
    [
        (httpx.ReadTimeout("slow"), errors.UnknownOutcome, errors.Transient),
        (httpx.WriteTimeout("slow"), errors.UnknownOutcome, errors.Transient),
        (httpx.ReadError("reset"), errors.UnknownOutcome, errors.Transient),
        (httpx.RemoteProtocolError("cut"), errors.UnknownOutcome, errors.Transient),
        (httpx.ConnectTimeout("nobody"), errors.Transient, errors.Transient),
        (httpx.ConnectError("nobody"), errors.Transient, errors.Transient),
        (httpx.Response(502), errors.UnknownOutcome, errors.Transient),
        (httpx.Response(429), errors.RateLimited, errors.RateLimited),
        (httpx.Response(302, headers={"location": "http://elsewhere.invalid/"}), *[errors.ContractViolation] * 2),
        (httpx.Response(200, text='{"half":'), *[errors.ContractViolation] * 2),
        (httpx.Response(200, text="[]"), *[errors.ContractViolation] * 2),
        (httpx.Response(200, text='{"x":NaN}'), *[errors.ContractViolation] * 2),
        (httpx.Response(200, content=b'{"x":"\xff"}'), *[errors.ContractViolation] * 2),
        (httpx.Response(200, text="[" * 100_000), *[errors.ContractViolation] * 2),
        (httpx.Response(200, text='{"other_response":{}}'), *[errors.ContractViolation] * 2),
    ],
)
def test_what_a_failed_exchange_means(gateway, failure, when_writing, when_reading):
    for method, writes, expected in ((METHOD, True, when_writing), (READ, False, when_reading)):
        gateway.script(method, failure)
        with pytest.raises(errors.ChannelError) as caught:
            gateway.transport.call(method, writes=writes)
        assert type(caught.value) is expected


def test_every_call_has_time_outs_even_with_a_client_that_has_none(gateway):
    gateway.client.timeout = None
    gateway.script(METHOD, {"quantity_update_result": "1"})
    gateway.transport.call(METHOD, writes=True)
    assert gateway.time_outs == [{"connect": 3.0, "read": 10.0, "write": 10.0, "pool": 10.0}]


def _endless(chunk: bytes):
    while True:
        yield chunk


def test_an_answer_larger_than_the_limit_is_dropped(gateway):
    gateway.script(READ, httpx.Response(200, content=_endless(b" " * 1_000_000)))
    with pytest.raises(errors.ContractViolation, match="8 MB"):
        gateway.transport.call(READ, writes=False)


def test_an_answer_that_drips_in_is_given_up(gateway):
    ticks = iter(range(0, 10_000, 7))
    transport = TopTransport(
        gateway_url="http://gateway.invalid/router/rest",
        app_key="1",
        app_secret="s",
        session="t",
        client=gateway.client,
        monotonic=lambda: next(ticks),
    )
    gateway.script(METHOD, httpx.Response(200, content=_endless(b" ")))
    with pytest.raises(errors.UnknownOutcome, match="too long"):
        transport.call(METHOD, writes=True)


def test_ids_above_53_bits_and_fractions_stay_exact():
    document = parse.decode(b'{"tid":3620000000000000001,"weight":0.1}')
    assert parse.identity(document, "tid") == "3620000000000000001"
    assert str(document["weight"]) == "0.1"


@pytest.mark.parametrize("value", [1.5, True, "12a", "-1", "１２", [], {}])
def test_an_id_that_is_none(value):
    with pytest.raises(errors.ContractViolation):
        parse.identity({"tid": value}, "tid")


@pytest.mark.parametrize("value", ["1,00", "1e5", "NaN", "", None, True, "1_0", " 1", "９.00", "9" * 30])
def test_an_amount_that_is_none(value):
    with pytest.raises(errors.ContractViolation):
        parse.yuan({"payment": value}, "payment")


def test_an_amount_in_yuan_is_exact():
    assert str(parse.yuan({"payment": "128.10"}, "payment").amount) == "128.10"


def test_nothing_secret_reaches_the_log(gateway, caplog):
    gateway.script(METHOD, {"quantity_update_result": "1"})
    with caplog.at_level(logging.DEBUG):
        gateway.transport.call(METHOD, writes=True)
    assert gateway.forms[0]["sign"] not in caplog.text
    assert "session" not in caplog.text


@pytest.mark.parametrize("url", ["", "ftp://x/", "eco.taobao.com/router/rest", "http://"])
def test_a_gateway_address_that_is_none(url):
    with pytest.raises(ValueError, match="gateway address"):
        tmall_adapter(gateway_url=url, app_key="1", app_secret="s", session="t")


def test_the_adapters_know_neither_django_nor_the_demo():
    folder = Path(parse.__file__).resolve().parents[1]
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not [name for name in names if name.startswith(("django", "shop.demo"))], path


def test_the_connection_report_tells_who_we_are_and_how_clocks_differ(gateway):
    gateway.script("taobao.time.get", {"time": "2026-11-22 20:30:04"})
    gateway.script("taobao.user.seller.get", {"user": {"user_id": 2200000000000000001, "nick": "museum"}})
    report = gateway.adapter.verify_connection()
    assert report.seller_id == "2200000000000000001"
    assert report.seller_name == "museum"
    assert report.clock_offset == timedelta(seconds=4)


def test_dates_without_a_zone_are_chinese():
    assert parse.moment({"modified": "2026-11-22 20:30:00"}, "modified") == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
