"""The simulator's own rules: schema, doors, identity, repeats; written apart from the shop's builder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from stdnum.cn import ric
from werkzeug.test import Client

from shop.crossborder.china import messages
from shop.crossborder.china.documents import AppType, Stamp
from shop.crossborder.identities.numbers import BadNumber, NumberKind, check
from shop.demo.customs_simulator import rules
from shop.demo.customs_simulator.app import create_app
from tests.shop.crossborder.china.facts import PAID_AT, TRANSFER, WANG, request

STAMP = Stamp("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", AppType.NEW, PAID_AT)
SALE = request()


def order_body() -> bytes:
    return messages.order_message(SALE.order, payment=SALE.payment, buyer=WANG, stamp=STAMP, transfer=TRANSFER)


def latest(customs) -> tuple[str, str]:
    envelopes = customs.door.get("/replies", params={"limit": "50"}).json()["replies"]
    root = etree.fromstring(envelopes[-1]["message"].encode())
    values = {etree.QName(one).localname: one.text for one in root.iter()}
    return values["returnStatus"], values["returnInfo"]


@given(st.one_of(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), st.just(WANG.number), st.text(max_size=19)))
def test_both_sides_agree_on_check_characters(number):
    try:
        kept = check(NumberKind.CN_RESIDENT_ID, number)
    except BadNumber:
        kept = ""
    if kept:
        assert rules.is_identity(kept)
    if rules.is_identity(number):
        assert ric.calc_check_digit(number) == number[-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ceb:currency>142<", b"<ceb:currency>502<"),
        (b"<ceb:freight>45.00<", b"<ceb:freight>-1<"),
        (b"<ceb:appTime>20261123123000<", b"<ceb:appTime>2026-11-23<"),
        (b"<ceb:buyerName>\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e</ceb:buyerName>", b""),
        (b'version="1.0">', b'version="2.0">'),
        (b"<ceb:Order>", b"<ceb:Order><ceb:more/>"),
    ],
)
def test_what_breaks_the_schema_is_refused_in_a_reply(customs, old, new):
    body = order_body()
    assert old in body
    assert customs.post(body.replace(old, new)).status_code == 202
    status, info = latest(customs)
    assert status == "-311001"
    assert info


def test_what_cannot_be_answered_is_refused_at_the_door(customs):
    for body, code in [
        (b"no", "not_xml"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "not_xml"),
        (b"<a/>", "unknown_message"),
        (order_body().replace(b"<ceb:orderNo>VT-2026-000123</ceb:orderNo>", b""), "no_number"),
    ]:
        answer = customs.post(body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert customs.documents() == []


def test_amounts_may_differ_by_five_in_a_hundred_but_not_more(customs):
    near = order_body().replace(b"<ceb:acturalPaid>449.49<", b"<ceb:acturalPaid>430.00<")
    customs.post(near)
    assert latest(customs)[0] == "2"
    far = near.replace(b">430.00<", b">400.00<").replace(b"4CDE1CFD", b"5CDE1CFD")
    customs.post(far)
    customs.clock.forward(seconds=11)
    assert latest(customs) == ("100", "[Code:S105;Desc:金额不符:商品价格+运杂费+税款-抵扣≠实际支付]")


def test_strangers_are_not_registered(customs):
    customs.post(order_body().replace(b"3301960M02</ceb:ebcCode>", b"9999999999</ceb:ebcCode>"))
    customs.clock.forward(seconds=11)
    assert latest(customs)[1].startswith("[Code:S101;")


def test_a_reply_waits_for_its_time(customs):
    customs.post(order_body().replace(WANG.number.encode(), b"110105194912310021"))
    assert latest(customs)[0] == "2"
    customs.clock.forward(seconds=9)
    assert latest(customs)[0] == "2"
    customs.clock.forward(seconds=2)
    assert latest(customs)[1].startswith("[Code:S102;")


def test_doors(customs, tmp_path):
    assert customs.door.post("/__control__/faults", json={"earthquake": 1}).status_code == 400
    assert (
        customs.door.post("/__control__/faults", json={}, headers={"Origin": "http://evil.example"}).status_code == 403
    )
    assert customs.door.post("/__control__/delay", json={"seconds": -1}).status_code == 400
    assert customs.door.get("/replies", params={"limit": "0"}).status_code == 400
    assert customs.door.get("/nowhere").status_code == 404
    customs.post(order_body())
    page = customs.door.get("/")
    assert "VT-2026-000123" in page.text
    assert WANG.number not in page.text
    assert WANG.number not in customs.door.get("/__control__/state").text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert customs.door.post("/__control__/reset").status_code == 200
    assert customs.documents() == []
    locked = Client(create_app(state=tmp_path / "locked", token="secret"))
    assert locked.get("/replies").status_code == 401
    assert locked.get("/replies", headers={"Authorization": "Bearer secret"}).status_code == 200
