"""The three messages: golden XML, compactness, namespaces, lengths; what breaks the format is named."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from shop.crossborder.china import codes, messages
from shop.crossborder.china.documents import AppType, Identity, InvalidFiling, Stamp
from tests.shop.crossborder.china.facts import TRANSFER, WANG, request

STAMP = Stamp("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", AppType.NEW, datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC))
CEB = {"c": "http://www.chinaport.gov.cn/ceb"}
FROM = request()


def order_xml() -> bytes:
    return messages.order_message(FROM.order, payment=FROM.payment, buyer=WANG, stamp=STAMP, transfer=TRANSFER)


GOLDEN_PAYMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<ceb:CEB411Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0">'
    "<ceb:Payment><ceb:PaymentHead><ceb:guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</ceb:guid><ceb:appType>1</ceb:appType>"
    "<ceb:appTime>20261124003005</ceb:appTime><ceb:appStatus>2</ceb:appStatus><ceb:payCode>3301960Z03</ceb:payCode>"
    "<ceb:payName>支付公司</ceb:payName><ceb:payTransactionId>pi_VT-2026-000123</ceb:payTransactionId>"
    "<ceb:orderNo>VT-2026-000123</ceb:orderNo><ceb:ebpCode>3301960P01</ceb:ebpCode><ceb:ebpName>博物馆商城</ceb:ebpName>"
    "<ceb:payerIdType>1</ceb:payerIdType><ceb:payerIdNumber>11010519491231002X</ceb:payerIdNumber>"
    "<ceb:payerName>王小明</ceb:payerName><ceb:telephone>13800138000</ceb:telephone><ceb:amountPaid>449.49</ceb:amountPaid>"
    "<ceb:currency>142</ceb:currency><ceb:payTime>20261123123000</ceb:payTime></ceb:PaymentHead></ceb:Payment>"
    "<ceb:BaseTransfer><ceb:copCode>3301960M02</ceb:copCode><ceb:copName>博物馆商店</ceb:copName><ceb:dxpMode>DXP</ceb:dxpMode>"
    "<ceb:dxpId>DXPENT0000000001</ceb:dxpId></ceb:BaseTransfer></ceb:CEB411Message>"
)


def test_the_payment_message_is_byte_for_byte_this():
    built = messages.payment_message(FROM.payment, payer=WANG, stamp=STAMP, transfer=TRANSFER)
    assert built.decode() == GOLDEN_PAYMENT


def test_the_order_message_says_it_all_in_the_specifications_order():
    root = etree.fromstring(order_xml())
    head = root.find("c:Order/c:OrderHead", CEB)
    assert [etree.QName(one).localname for one in head] == [
        "guid", "appType", "appTime", "appStatus", "orderType", "orderNo", "ebpCode", "ebpName", "ebcCode", "ebcName",
        "goodsValue", "freight", "discount", "taxTotal", "acturalPaid", "currency", "buyerRegNo", "buyerName",
        "buyerTelephone", "buyerIdType", "buyerIdNumber", "payCode", "payName", "payTransactionId", "consignee",
        "consigneeTelephone", "consigneeAddress",
    ]  # fmt: skip
    values = {etree.QName(one).localname: one.text for one in head}
    assert (values["goodsValue"], values["freight"], values["discount"], values["taxTotal"], values["acturalPaid"]) == (
        "367.00", "45.00", "0.00", "37.49", "449.49",
    )  # fmt: skip
    assert (values["currency"], values["buyerIdType"], values["orderType"]) == ("142", "1", "I")
    lines = [[one.text for one in line] for line in root.findall("c:Order/c:OrderList", CEB)]
    assert lines == [
        ["1", "MUG-1", "马克杯", "011", "1", "168.00", "168.00", "142", "303"],
        ["2", "PUZ-1", "拼图", "140", "1", "199.00", "199.00", "142", "303"],
    ]


def test_the_waybill_names_order_weight_and_consignee():
    built = messages.logistics_message(FROM.logistics, stamp=STAMP, transfer=TRANSFER)
    head = etree.fromstring(built).find("c:Logistics/c:LogisticsHead", CEB)
    assert [(etree.QName(one).localname, one.text) for one in head][4:] == [
        ("logisticsCode", "3301960L04"), ("logisticsName", "物流公司"), ("logisticsNo", "SFVT-2026-000123"),
        ("orderNo", "VT-2026-000123"), ("freight", "45.00"), ("insuredFee", "0.00"), ("currency", "142"), ("weight", "1.2"),
        ("packNo", "1"), ("goodsInfo", "马克杯; 拼图"), ("consignee", "王小明"),
        ("consigneeAddress", "上海市 浦东新区 世纪大道1号"), ("consigneeTelephone", "13800138000"),
    ]  # fmt: skip


def test_messages_are_compact_and_escape_what_people_type():
    odd = replace(FROM.order, consignee=replace(FROM.order.consignee, address='<1 号> & "2" ]]>'))
    built = messages.order_message(odd, payment=None, buyer=WANG, stamp=STAMP, transfer=TRANSFER)
    assert b"\n" not in built
    assert b">  <" not in built
    root = etree.fromstring(built)
    assert root.findtext(".//c:consigneeAddress", namespaces=CEB) == '<1 号> & "2" ]]>'
    assert root.find(".//c:payCode", CEB) is None
    assert root.nsmap == {"ceb": "http://www.chinaport.gov.cn/ceb"}
    assert {etree.QName(one).namespace for one in root.iter()} == {"http://www.chinaport.gov.cn/ceb"}


@pytest.mark.parametrize("number", ["", "11010519491231002x1", "110105194912310021", "110105194902310025", "英" * 18])
def test_what_is_no_identity_never_becomes_a_message(number: str):
    with pytest.raises(InvalidFiling) as refused:
        messages.payment_message(FROM.payment, payer=Identity("王", number), stamp=STAMP, transfer=TRANSFER)
    assert any(fault.pointer == "/payment/payer/number" for fault in refused.value.faults)
    assert not number or number not in str(refused.value)


def test_an_identity_does_not_show_in_a_repr():
    assert WANG.number not in repr(WANG)


def test_guids_have_36_characters():
    with pytest.raises(InvalidFiling, match="/PaymentHead/guid: This must have 36 characters"):
        messages.payment_message(FROM.payment, payer=WANG, stamp=replace(STAMP, guid="SHORT"), transfer=TRANSFER)


def test_the_lists_are_whole():
    for block in ("OrderHead", "OrderList", "PaymentHead", "LogisticsHead", "BaseTransfer"):
        assert codes.fields(block)
    assert codes.countries()["GB"] == "303"
    assert codes.limit("transaction", on=datetime(2026, 11, 23, tzinfo=UTC).date()).amount == Decimal(5000)
    assert codes.limit("transaction", on=datetime(2018, 12, 31, tzinfo=UTC).date()) is None
    assert all(code.meaning and code.what_to_do for code in codes.reply_codes().values())
