"""Paid orders for China by cross-border e-commerce reach customs: real orders, amounts to the cent, sweeps."""

import json
import stat
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from shop.checkout import actions as checkout
from shop.crossborder.china import actions as customs
from shop.crossborder.china import connections
from shop.crossborder.china.tasks import poll_customs, send_customs
from shop.crossborder.models import CustomsDocument, CustomsFiling, IdentityAccess
from shop.models import Order, Payment
from shop.orders import actions as orders
from shop.orders import china_filing
from shop.orders.tasks import file_china_customs
from tests import factories as make
from tests.shop.crossborder.china.conftest import customs as customs_side  # noqa: F401 (a fixture)
from tests.shop.crossborder.china.facts import WANG

pytestmark = pytest.mark.django_db
REGISTER = {
    "platform_code": "3301960P01", "platform_name": "博物馆商城", "merchant_code": "3301960M02", "merchant_name": "博物馆商店",
    "pay_code": "3301960Z03", "pay_name": "支付公司", "logistics_code": "3301960L04", "logistics_name": "物流公司",
    "transfer_code": "3301960M02", "transfer_name": "博物馆商店", "dxp_id": "DXPENT0000000001",
}  # fmt: skip


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()
    with override_settings(CHINA_CUSTOMS=REGISTER):
        yield


@pytest.fixture
def waybills(monkeypatch):
    monkeypatch.setattr(Order, "waybill_no", property(lambda order: f"SF{order.number}"), raising=False)


def paid_order(*lines, route: str | None = "cbec", phone: str = "13800138000") -> Order:
    goods = lines or (
        (make.variant(f"MUG-{make.SERIAL.__next__()}", prices={"cn": "168.00"}, stock_at={"LON": 50}), 1),
    )
    address = {**make.address("CN"), "city": "上海市", "phone": phone}
    order = checkout.place_order(
        basket=make.basket(*goods, market_code="cn", language="zh-hans"),
        email="wang@example.org",
        ship_to=address,
        shipping_option="standard",
        cause_key=f"k{make.SERIAL.__next__()}",
        identity=make.identity(WANG.number, WANG.name),
    ).order
    if route != "cbec":
        order.quote = {**order.quote, "route": route or ""}
        order.save(update_fields=["quote"])
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    order.payments.update(
        state=Payment.State.SUCCEEDED,
        payment_intent=f"pi_{order.number}",
        charged=order.total,
        charged_currency=order.currency,
    )
    order.refresh_from_db()
    return order


def filing_of(order: Order) -> CustomsFiling:
    return CustomsFiling.objects.get(source=f"order:{order.number}")


def test_the_amounts_of_a_real_order_match_to_the_cent():
    third = make.variant("ODD", prices={"cn": "33.35"}, stock_at={"LON": 50})
    mug = make.variant("MUG", prices={"cn": "168.00"}, stock_at={"LON": 50})
    order = paid_order((third, 3), (mug, 2))
    request = china_filing.request_for(order, connections.register())
    document = request.order
    assert document.paid == order.total == order.payments.get().amount
    assert document.goods + document.freight + document.tax - document.discount == document.paid
    assert document.tax == order.tax
    assert sum((line.total for line in document.items), Decimal(0)) == document.goods
    assert sum(line.quantity for line in document.items) == 5
    assert {line.name for line in document.items} == {"马克杯 ODD", "马克杯 MUG"}
    assert {line.country for line in document.items} == {"303"}
    assert request.payment.transaction_id == f"pi_{order.number}"
    assert customs.file(request).state == "waiting"


def test_a_paid_order_is_filed_once_and_cleared(waybills, customs_side):  # noqa: F811
    order = paid_order()
    with override_settings(CHINA_CUSTOMS_URL=customs_side.address):
        file_china_customs()
        file_china_customs()
        assert CustomsFiling.objects.count() == 1
        send_customs()
        customs_side.clock.forward(seconds=11)
        poll_customs()
    filing = filing_of(order)
    assert (filing.state, filing.reason) == ("cleared", "")
    assert WANG.number not in json.dumps(filing.payload)
    assert set(CustomsDocument.objects.values_list("sent_version", flat=True)) == {1}
    assert china_filing.sweep() == 0


def test_other_routes_and_unpaid_orders_are_left_alone():
    paid_order(route=None)
    paid_order(route="post")
    unpaid = paid_order()
    Order.objects.filter(pk=unpaid.pk).update(state="awaiting_payment")
    assert china_filing.sweep() == 0
    assert not CustomsFiling.objects.exists()
    with pytest.raises(china_filing.NotFilable):
        china_filing.request_for(paid_order(route="post"), connections.register())


def test_without_an_identity_the_filing_waits_in_words_and_goes_on_when_it_is_there(waybills):
    order = paid_order()
    kept = order.identity
    Order.objects.update(identity=None)
    assert china_filing.sweep() == 1
    assert (filing_of(order).state, filing_of(order).reason) == ("waiting", "The buyer's identity is not known yet.")
    assert not CustomsDocument.objects.exclude(due_at=None).exists()
    Order.objects.update(identity=kept)
    assert china_filing.sweep() == 1
    assert filing_of(order).state == "open"
    assert CustomsDocument.objects.filter(due_at__lte=timezone.now()).count() == 3
    opened = china_filing.resolve_identity(filing_of(order).identity_ref)
    assert (opened.name, opened.number) == (WANG.name, WANG.number)
    assert IdentityAccess.objects.latest("id").actor == "customs filing"
    assert china_filing.resolve_identity("order:nobody") is None


def test_an_order_that_cannot_be_filed_says_why_and_is_taken_up_when_mended():
    order = paid_order(phone="")
    china_filing.sweep()
    filing = filing_of(order)
    assert filing.state == "attention"
    assert "/order/buyerTelephone: This is missing." in filing.reason
    order.ship_to = {**order.ship_to, "phone": "13800138000"}
    order.save(update_fields=["ship_to"])
    china_filing.sweep()
    assert (filing_of(order).state, filing_of(order).reason) == ("waiting", "There is no waybill yet.")


def test_orders_without_a_filing_come_before_those_that_wait():
    first = paid_order()
    china_filing.sweep(limit=1)
    second = paid_order()
    china_filing.sweep(limit=1)
    assert {filing_of(first).order_no, filing_of(second).order_no} == {first.number, second.number}


def test_a_refunded_order_is_withdrawn():
    order = paid_order()
    china_filing.sweep()
    orders.mark_refunded(order_id=order.id, actor="test", cause="test")
    assert china_filing.sweep() == 1
    assert filing_of(order).state == "withdrawn"
    assert china_filing.sweep() == 0


def test_without_our_numbers_nothing_is_filed():
    paid_order()
    with override_settings(CHINA_CUSTOMS=REGISTER | {"pay_code": "", "dxp_id": ""}):
        assert china_filing.sweep() == 0
        with pytest.raises(connections.NotConfigured, match="CHINA_CUSTOMS_PAY_CODE, CHINA_CUSTOMS_DXP_ID"):
            connections.register()
    assert not CustomsFiling.objects.exists()


def test_the_sweep_finds_its_orders_in_one_statement(django_assert_num_queries):
    for _number in range(3):
        paid_order()
    with django_assert_num_queries(1):
        assert len(china_filing.unfiled()[:50]) == 3


def test_messages_are_exported_for_a_broker(waybills, tmp_path, capsys):
    order = paid_order()
    china_filing.sweep()
    today = timezone.localdate()
    folder, archive = tmp_path / "out", tmp_path / "out.zip"
    days = ["--from", today.isoformat(), "--to", today.isoformat()]
    call_command("export_ceb", *days, str(folder))
    call_command("export_ceb", *days, str(archive))
    assert "3 messages" in capsys.readouterr().out
    files = sorted(path.name for path in folder.iterdir())
    assert [name.split("_")[:2] for name in files] == [[kind, order.number] for kind in ("CEB311", "CEB411", "CEB511")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*folder.iterdir(), archive)} == {0o600}
    with zipfile.ZipFile(archive) as opened:
        assert sorted(opened.namelist()) == files
        assert WANG.number.encode() in opened.read(files[0])
    assert set(CustomsDocument.objects.values_list("sent_version", flat=True)) == {0}, "an export changes nothing"
    yesterday = (today - timedelta(days=1)).isoformat()
    call_command("export_ceb", "--from", yesterday, "--to", yesterday, str(folder))
    assert "0 messages" in capsys.readouterr().out
    for arguments in (["--from", today.isoformat(), "--to", yesterday, str(folder)], [*days, str(archive)]):
        with pytest.raises(CommandError):
            call_command("export_ceb", *arguments)
