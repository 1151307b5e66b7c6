"""What a shopper reads of her parcels, in every state and language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from shop.models import Order
from shop.orders import actions as orders
from shop.orders.models import OrderState
from shop.storefront.queries.orders import status_of
from tests import factories as make
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def page(client, order: Order) -> str:
    answer = client.get(f"/orders/{order.token}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "ja", "zh-hans"])
@pytest.mark.parametrize("state", OrderState)
def test_every_state_has_words_of_its_own_in_every_language(client, state, language):
    order = sold.paid((make.variant("MUG-1"), 1), language=language)
    paid_at = None if state in {"awaiting_payment", "payment_failed"} else timezone.now()
    Order.objects.filter(id=order.id).update(state=state, paid_at=paid_at)
    order.refresh_from_db()
    with translation.override(language):
        status = status_of(order)
    assert status.title
    assert status.sentence
    assert status.title in page(client, order).replace("&#x27;", "'")
    if language != "en":
        with translation.override("en"):
            assert status_of(order).sentence != status.sentence
    with translation.override(language):
        label = str(OrderState(state).label)
    with translation.override("en"):
        assert language == "en" or label != str(OrderState(state).label)


def test_parcels_are_shown_once_they_have_left_with_what_is_in_each(client):
    order = sold.paid((make.variant("MUG-1"), 2), (make.variant("BOWL-1"), 1))
    first = sold.pack(order, "LON", {"MUG-1": 2}, carrier_code="royal-mail")
    assert "Your parcel" not in page(client, order)
    first = sold.ship(first, tracking_number="RR473124829GB")
    shown = page(client, order)
    assert "Part of your order is on its way" in shown
    assert f'href="{first.tracking_url}"' in shown
    assert "2 × Mug MUG-1</li>" in shown
    assert "1 × Mug BOWL-1</li>" not in shown
    sold.ship(sold.pack(order, "LON"))
    orders.mark_delivered(shipment_id=first.id, **sold.BY)
    shown = page(client, order)
    for words in ("Your parcels", "Delivered on ", "Sent on ", "1 × Mug BOWL-1</li>"):
        assert words in shown


def test_parts_of_a_bundle_are_called_parts(client):
    make.variant("CUP-1", stock_at={"LON": 5}), make.variant("FAN-1", stock_at={"LIL": 5})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 1}), 1))
    sold.ship(sold.pack(order, "LON"))
    assert "Part of Mug SET-1" in page(client, order)


def test_a_dropped_parcel_is_nobodys_business(client):
    order = sold.paid((make.variant("MUG-1"), 1))
    orders.drop_parcel(shipment_id=sold.pack(order, "LON").id, **sold.BY)
    assert "VT-2026" in page(client, order)
    assert "Your parcel<" not in page(client, order)


def test_the_page_costs_the_same_with_one_and_five_parcels(client):
    order = sold.paid((make.variant("MUG-1"), 6))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, order)
        return len(captured)

    sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    statements()
    one = statements()
    for _ in range(4):
        sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    assert statements() == one
