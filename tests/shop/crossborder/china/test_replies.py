"""Replies as the Single Window publishes them, and what is not a reply."""

from datetime import UTC, datetime

import pytest

from shop.crossborder.china import replies
from shop.crossborder.china.codes import Outcome
from shop.crossborder.china.documents import Kind
from shop.crossborder.china.replies import UnreadableReply

NS = 'xmlns="http://www.chinaport.gov.cn/ceb"'
GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"


def message(name: str, inside: str, **elements: str) -> bytes:
    body = "".join(f"<{key}>{value}</{key}>" for key, value in elements.items())
    return f'<{name} {NS} guid="{GUID}" version="1.0"><{inside}>{body}</{inside}></{name}>'.encode()


def order_reply(**changes: str) -> bytes:
    facts = {
        "guid": GUID.lower(),
        "ebpCode": "1105910159",
        "ebcCode": "1105910159",
        "orderNo": "order20160321116420545",
        "returnStatus": "2",
        "returnTime": "20160428182238000",
        "returnInfo": f"新增申报成功[{GUID}]",
    }
    return message("CEB312Message", "OrderReturn", **(facts | changes))


def test_an_order_reply():
    (reply,) = replies.parse(order_reply())
    assert (reply.kind, reply.company_code, reply.merchant_code, reply.number) == (
        Kind.ORDER, "1105910159", "1105910159", "order20160321116420545",
    )  # fmt: skip
    assert (reply.guid, reply.echoed, reply.status, reply.code) == (GUID, GUID, "2", "2")
    assert reply.at == datetime(2016, 4, 28, 10, 22, 38, tzinfo=UTC)
    assert reply.outcome is Outcome.PROCESSING


def test_payment_waybill_and_status_replies():
    common = {
        "guid": GUID,
        "returnStatus": "120",
        "returnTime": "20160311210300",
        "returnInfo": "[Code:1800;Desc:逻辑校验通过]",
    }
    (payment,) = replies.parse(message("CEB412Message", "PaymentReturn", payCode="P", payTransactionId="T1", **common))
    assert (payment.kind, payment.company_code, payment.number, payment.code) == (Kind.PAYMENT, "P", "T1", "1800")
    assert payment.outcome is Outcome.ACCEPTED
    (waybill,) = replies.parse(
        message("CEB512Message", "LogisticsReturn", logisticsCode="L", logisticsNo="N", **common)
    )
    assert (waybill.kind, waybill.number, waybill.about_status) == (Kind.LOGISTICS, "N", False)
    (way,) = replies.parse(
        message("CEB514Message", "LogisticsStatusReturn", logisticsCode="L", logisticsNo="N", **common)
    )
    assert way.about_status


@pytest.mark.parametrize(
    ("status", "info", "outcome"),
    [
        ("3", "", Outcome.PROCESSING),
        ("4", "", Outcome.RETRY),
        ("100", "[Code:1313;Desc:超过年度限额]", Outcome.REFUSED),
        ("100", "[Code:1301;Desc:系统异常，请稍后重试]", Outcome.RETRY),
        ("100", "[Code:9999;Desc:?]", Outcome.REFUSED),
        ("-621041", "", Outcome.REFUSED),
        ("777", "", Outcome.PROCESSING),
    ],
)
def test_what_a_code_means(status, info, outcome):
    (reply,) = replies.parse(order_reply(returnStatus=status, returnInfo=info))
    assert reply.outcome is outcome


def test_gb2312_is_read_too():
    text = order_reply().decode()
    (reply,) = replies.parse(f'<?xml version="1.0" encoding="gb2312"?>{text}'.encode("gb2312"))
    assert reply.info.startswith("新增申报成功")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not XML"),
        (b"<a>", "not XML"),
        (b"<CEB312Message/>", "CEB312Message"),
        (f"<CEB999Message {NS}/>".encode(), "CEB999Message"),
        (f"<CEB312Message {NS}/>".encode(), "holds no OrderReturn"),
        (order_reply(returnTime="20161301000000"), "calendar"),
        (order_reply(returnTime="yesterday"), "returnTime"),
        (order_reply(returnStatus="ok"), "returnStatus"),
        (order_reply(orderNo=""), "orderNo is missing"),
        (order_reply(orderNo="<b/>"), "orderNo"),
        (order_reply(guid="A" * 37), "guid is longer"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + order_reply(returnInfo="&a;"), "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + order_reply(), "document type"),
        (b" " * (512 * 1024 + 1), "512 KB"),
    ],
)
def test_what_is_not_a_reply_is_said_why(raw, says):
    with pytest.raises(UnreadableReply, match=says):
        replies.parse(raw)
