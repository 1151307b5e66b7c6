"""Customs of parcels as they are packed, and of orders in every state of being sent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import timezone

from shop.crossborder.china import connections
from shop.models import Order
from shop.orders import actions as orders
from shop.orders import china_filing
from shop.orders.customs import NoPapers, crosses_border, declaration_of
from shop.orders.models import OrderState
from shop.orders.transitions import SENT
from tests import factories as make
from tests.shop.orders import sold
from tests.shop.orders.exports import HANGZHOU, TOKYO, mug, paid
from tests.shop.orders.test_china_filing import REGISTER, paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def test_a_packed_parcel_is_declared_with_its_units_weight_and_number():
    order = paid(make.basket((mug(), 3), (mug("MUG-2"), 1), market_code="jp"), TOKYO)
    parcel = sold.pack(order, "LON", {"MUG-1": 2}, weight_g=1234, tracking_number="RR473124829GB")
    it = declaration_of(order, shipment=parcel)
    assert [(line.sku, line.quantity) for line in it.lines] == [("MUG-1", 2)]
    assert (it.number, it.gross_weight_g, it.tracking) == (parcel.number, 1234, "RR473124829GB")
    assert str(it.item_id) == "RR473124829GB"
    rest = declaration_of(order, shipment=sold.pack(order, "LON", weight_g=1, tracking_number="1Z999AA10123456784"))
    assert (rest.item_id, rest.gross_weight_g, rest.net_weight_g) == (None, 800, 800)
    whole = declaration_of(order)
    assert it.goods_value + rest.goods_value == whole.goods_value
    assert it.freight + rest.freight == whole.freight


def test_the_day_is_that_on_which_the_parcel_left():
    order = paid(make.basket((mug(), 3), market_code="jp"), TOKYO)
    parcel = sold.ship(sold.pack(order, "LON"), shipped_at=timezone.now() - timedelta(days=9))
    assert declaration_of(order, shipment=parcel).on == timezone.localdate() - timedelta(days=9)


def test_a_parcel_within_the_territory_has_no_papers():
    order = sold.paid((make.variant("MUG-1"), 1))
    with pytest.raises(NoPapers, match="does not leave the customs territory"):
        declaration_of(order, shipment=sold.pack(order, "LON"))


def test_parts_that_another_parcel_completes_are_declared_there():
    make.variant("CUP-1", stock_at={"LON": 5}), make.variant("FAN-1", stock_at={"LIL": 5})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 1}), 2), country="JP")
    first, last = sold.pack(order, "LON"), sold.pack(order, "LIL")
    with pytest.raises(NoPapers, match="another parcel completes"):
        declaration_of(order, shipment=first)
    assert [(line.sku, line.quantity) for line in declaration_of(order, shipment=last).lines] == [("SET-1", 2)]


@pytest.mark.parametrize("state", OrderState)
def test_orders_that_are_sent_have_papers_and_no_others(state):
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    Order.objects.filter(id=order.id).update(state=state)
    order.refresh_from_db()
    assert crosses_border(order) == (state in SENT)


@pytest.mark.parametrize("state", OrderState)
def test_china_files_whatever_is_sent_and_withdraws_what_was_refunded(state):
    with override_settings(CHINA_CUSTOMS=REGISTER):
        order = paid_order()
        Order.objects.filter(id=order.id).update(state=state)
        assert list(china_filing.unfiled()) == ([order] if state in SENT else [])


def test_the_only_parcels_number_is_the_waybill_that_china_is_told():
    with override_settings(CHINA_CUSTOMS=REGISTER):
        order = paid_order()
        assert china_filing.request_for(order, connections.register()).logistics is None
        sold.pack(order, "LON", weight_g=1500, tracking_number="SF1234567890")
        filed = china_filing.request_for(order, connections.register()).logistics
        assert (filed.number, filed.weight, filed.packs) == ("SF1234567890", Decimal("1.5"), 1)


def test_an_order_in_several_parcels_has_no_waybill_of_its_own():
    with override_settings(CHINA_CUSTOMS=REGISTER):
        order = paid(make.basket((mug(), 2), market_code="cn"), HANGZHOU)
        sold.pack(order, "LON", {"MUG-1": 1}, tracking_number="SF1234567890")
        assert china_filing._only_parcel(order) is None
        orders.mark_shipped(order_id=order.id, **sold.BY)
        assert china_filing._only_parcel(order) is None
