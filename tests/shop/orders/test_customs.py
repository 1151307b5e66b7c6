"""An order is declared with what was promised: goods without taxes, exact to the minor unit, from where they lie."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from inventory.models import BundleComponent
from inventory.stock import actions as stock
from shop.crossborder.customs import documents
from shop.crossborder.customs.checking import Fault
from shop.crossborder.customs.declaration import FxUsed
from shop.crossborder.exchange import actions as exchange
from shop.crossborder.models import ExchangeRate, Market
from shop.crossborder.money import round_money
from shop.models import OrderLine
from shop.orders import actions as orders
from shop.orders.customs import (
    NoPapers,
    SeveralParcels,
    crosses_border,
    declaration_of,
    faults_of,
    language_of,
    parcels_of,
    seller_of,
)
from tests import factories as make
from tests.shop.orders.exports import HANGZHOU, SELLER, TOKYO, mug, paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    settings.SELLER = SELLER
    make.agreement()
    make.tax_rates()


def test_an_order_to_japan_is_declared():
    order = paid(make.basket((mug(), 2), market_code="jp"), TOKYO)
    it = declaration_of(order, on=date(2026, 11, 20))
    assert faults_of(it) == []
    assert (it.number, it.on, it.currency) == (order.number, date(2026, 11, 20), "JPY")
    assert (it.sender.name, it.sender.references.eori) == ("Test Trading Ltd", "")
    assert it.sender.references.printed() == [("VAT", "GB123456789")]
    assert (it.addressee.name, it.addressee.country, it.addressee.email) == ("山田 花子", "JP", "buyer@example.org")
    assert it.incoterm_place == "渋谷区, Japan"
    (line,) = it.lines
    assert (line.quantity, line.unit_value, line.value) == (2, Decimal(3400), Decimal(6800))
    assert (line.description, line.description_local) == ("Stoneware mug, printed decoration", "")
    assert (line.merchant_product_id, line.manufacturer_product_id) == ("MUG-1", "MK-MUG-1")
    assert (it.gross_weight_g, it.freight, it.total) == (800, Decimal(500), Decimal(7300))
    assert (language_of(order), crosses_border(order), it.dispatch_country) == ("ja", True, "GB")
    assert documents.commercial_invoice(it, language="ja").startswith(b"%PDF")


def test_taxes_inside_the_price_are_no_part_of_the_value():
    thing = mug(stock_at={"LON": 10})
    order = paid(make.basket((thing, 3), market_code="cn"), HANGZHOU)
    assert order.tax_included
    assert order.tax > 0
    it = declaration_of(order)
    assert it.goods_value == sum(line.amount - line.tax for line in order.lines.all())
    assert it.total == order.total - order.tax
    assert it.taxes_collected == order.tax
    assert {line.description_local for line in it.lines} == {"炻器杯, 印花"}
    assert all(line.value == line.unit_value * line.quantity for line in it.lines)
    assert faults_of(it) == []


@pytest.mark.parametrize(
    ("amount", "quantity", "declared"),
    [
        ("10.00", 3, [(2, "3.33"), (1, "3.34")]),
        ("10.00", 4, [(4, "2.50")]),
        ("0.02", 3, [(1, "0.00"), (2, "0.01")]),
        ("99.99", 5, [(1, "19.99"), (4, "20.00")]),
    ],
)
def test_what_does_not_divide_evenly_is_declared_in_two_lines(amount, quantity, declared):
    order = paid(make.basket((mug(stock_at={"LON": 20}), quantity), market_code="cn"), HANGZHOU)
    OrderLine.objects.filter(order=order).update(
        unit_price=Decimal(amount), discount=Decimal(amount) * quantity - Decimal(amount), amount=Decimal(amount), tax=0
    )
    it = declaration_of(order)
    assert [(line.quantity, str(line.unit_value)) for line in it.lines] == declared
    assert it.goods_value == Decimal(amount)
    assert sum(line.net_weight_g for line in it.lines) == 400 * quantity


def test_a_domestic_order_has_no_papers():
    order = paid(make.basket((mug(), 1)), make.address() | {"phone": "+44 20 7946 0000"})
    assert not crosses_border(order)
    with pytest.raises(NoPapers, match="customs territory"):
        declaration_of(order)


def test_an_unpaid_order_has_no_papers():
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    order.state = "awaiting_payment"
    assert not crosses_border(order)
    with pytest.raises(NoPapers, match="paid for"):
        declaration_of(order)


def test_what_lies_behind_the_border_is_not_declared():
    here, there = mug("MUG-LON", stock_at={"LON": 5}), mug("MUG-NGB", stock_at={"NGB": 5})
    order = paid(make.basket((here, 1), (there, 2), market_code="cn"), HANGZHOU)
    it = declaration_of(order)
    assert [line.sku for line in it.lines] == ["MUG-LON"]
    assert it.number == f"{order.number}-LON"
    # Freight and taxes by value: one mug of three.
    assert it.taxes_collected == round_money(order.tax / 3, "CNY")
    assert 0 < it.freight < order.shipping / 3
    with pytest.raises(NoPapers, match="from NGB"):
        declaration_of(order, warehouse="NGB")


def test_two_parcels_are_told_apart():
    market = make.market("cn")
    lille = make.warehouse("LIL", "FR")
    market.marketwarehouse_set.create(warehouse=lille, rank=5)
    order = paid(
        make.basket(
            (mug("MUG-LON", stock_at={"LON": 5}), 1), (mug("MUG-LIL", stock_at={"LIL": 5}), 1), market_code="cn"
        ),
        HANGZHOU,
    )
    with pytest.raises(SeveralParcels, match="LIL, LON") as refused:
        declaration_of(order)
    assert refused.value.codes == ["LIL", "LON"]
    lon, lil = (declaration_of(order, warehouse=code) for code in ("LON", "LIL"))
    assert ([line.sku for line in lon.lines], [line.sku for line in lil.lines]) == (["MUG-LON"], ["MUG-LIL"])
    assert lil.dispatch_country == "FR"
    assert lon.goods_value + lil.goods_value == sum(line.amount - line.tax for line in order.lines.all())


def test_a_bundle_is_declared_by_its_components():
    part, whole = mug("MUG-PART", stock_at={"LON": 6}), mug("SET-1", stock_at={})
    BundleComponent.objects.create(bundle=whole.item, component=part.item, quantity=2)
    order = paid(make.basket((whole, 2), market_code="jp"), TOKYO)
    (line,) = declaration_of(order).lines
    assert (line.sku, line.quantity) == ("SET-1", 2)


def test_units_cancelled_at_the_warehouse_are_not_declared():
    order = paid(make.basket((mug(), 2), market_code="jp"), TOKYO)
    stock.cancel(hold_id=order.hold_id, actor="test")
    assert parcels_of(order, on=date(2026, 11, 20)) == []


def test_faults_name_what_the_catalogue_lacks(settings):
    settings.SELLER = {}
    make.market("jp")
    Market.objects.update(seller=None)
    order = paid(make.basket((mug(described=False), 1), market_code="jp"), TOKYO | {"phone": ""} | {"line1": "서울"})
    faults = faults_of(declaration_of(order))
    assert all(isinstance(fault, Fault) for fault in faults)
    assert {(fault.pointer, fault.code) for fault in faults} >= {
        ("/sender/name", "name_required"),
        ("/lines/0/description", "description_missing"),
        ("/addressee", "unprintable"),
    }


def test_the_seller_is_that_of_the_market_with_its_numbers_of_the_day():
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    seller = make.seller()
    seller.eori, seller.line2, seller.phone = "GB123456789000", "Second floor", "+442079460142"
    seller.save()
    seller.registrations.update(valid=DateRange(date(2020, 1, 1), date(2026, 1, 1)))
    it = seller_of(order, on=date(2025, 12, 31))
    assert (it.name, it.lines, it.city, it.country) == (
        "Test Trading Ltd",
        ("1 Bell Yard", "Second floor"),
        "London",
        "GB",
    )
    assert (it.references.eori, it.references.vat) == ("GB123456789000", "GB123456789")
    assert it.references.ioss == make.REGISTERED["IOSS"]
    assert make.REGISTERED["IOSS"] not in str(it.references.printed())
    assert seller_of(order, on=date(2026, 1, 1)).references.vat == ""


def test_an_order_without_a_market_is_sent_by_the_configured_seller():
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    order.market = None
    assert seller_of(order).name == "Aldermere Trading Ltd"


def test_a_shipped_order_keeps_the_day_it_left():
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    orders.mark_shipped(order_id=order.id, actor="test", cause="test")
    order.refresh_from_db()
    event = order.events.get(to_state="shipped")
    assert declaration_of(order).on == event.created_at.date()
    assert [line.quantity for line in declaration_of(order).lines] == [1]


@pytest.mark.parametrize("kinds", [1, 6])
def test_the_number_of_statements_does_not_grow(kinds, django_assert_num_queries):
    order = paid(make.basket(*((mug(f"MUG-{n}"), 1) for n in range(kinds)), market_code="jp"), TOKYO)
    with django_assert_num_queries(8):  # two for the seller, two for rates: those of customs, then reference rates
        assert len(declaration_of(order).lines) == kinds


def test_the_rate_of_the_day_is_named_that_of_customs_before_the_reference(settings):
    order = paid(make.basket((mug(), 1), market_code="jp"), TOKYO)
    ExchangeRate.objects.all().delete()
    assert declaration_of(order).fx is None
    today = timezone.localdate()
    for kind, yen in (("reference", "165"), ("customs", "176")):
        for currency, per_eur in (("GBP", "0.88"), ("JPY", yen)):
            exchange.set_rate(
                kind=kind, currency=currency, per_eur=Decimal(per_eur), on=today, reason="r", actor="a", source=kind
            )
        fx = declaration_of(order).fx
        assert fx == FxUsed("GBP", "JPY", Decimal(yen) / Decimal("0.88"), today, kind)
    settings.BASE_CURRENCY = "JPY"
    assert declaration_of(order).fx is None
