"""Orders end by the calendar: completed after the period to withdraw; silent parcels are taken as delivered or listed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.models import Order, Shipment
from shop.orders import actions as orders
from shop.orders.tasks import complete_due
from shop.orders.transitions import IllegalTransition
from tests import factories as make
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db
TRACKED = "RR473124829GB"


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def sent(days: int, *, tracking: str = TRACKED, delivered: int | None = None) -> Order:
    """An order shipped so many days ago, and delivered, too, where it is said."""
    order = sold.paid((make.variant(f"MUG-{next(sold.SERIAL)}"), 1))
    parcel = sold.pack(order, "LON")
    when = timezone.now() - timedelta(days=days)
    sold.ship(parcel, tracking_number=tracking, shipped_at=when)
    if delivered is not None:
        at = timezone.now() - timedelta(days=delivered)
        orders.mark_delivered(shipment_id=parcel.id, delivered_at=at, **sold.BY)
    order.refresh_from_db()
    return order


def test_a_delivered_order_is_over_after_the_period_and_its_margin_and_not_before():
    order = sent(40, delivered=5)
    assert (order.state, orders.complete_due()) == ("delivered", 0)
    with pytest.raises(IllegalTransition, match="the period to withdraw is not over"):
        orders.complete(order_id=order.id, **sold.BY)
    due = order.completes_at
    assert due > order.shipments.get().delivered_at + timedelta(days=14 + 7)
    Shipment.objects.update(delivered_at=timezone.now() - timedelta(days=30))
    Order.objects.update(completes_at=timezone.now())
    assert [orders.complete_due(), orders.complete_due()] == [1, 0]
    assert sold.state(order) == "completed"
    event = order.events.last()
    assert (event.actor, event.cause) == ("sweeper", "the period to withdraw is over")


def test_a_date_that_no_longer_holds_is_looked_at_anew():
    order = sent(40, delivered=5)
    Order.objects.update(completes_at=timezone.now())
    assert orders.complete_due() == 1
    assert sold.state(order) == "delivered"
    order.refresh_from_db()
    assert order.completes_at > timezone.now()
    assert orders.complete_due() == 0


def test_a_parcel_without_tracking_counts_as_delivered_in_time():
    early, late = sent(30, tracking=""), sent(60, tracking="")
    complete_due()
    assert (sold.state(early), sold.state(late)) == ("shipped", "completed")


def test_a_tracked_parcel_without_news_is_listed_and_never_completed_by_itself(settings):
    fresh, silent = sent(settings.PARCEL_NEWS_DAYS - 1), sent(settings.PARCEL_NEWS_DAYS)
    sent(400, delivered=399)
    assert [one.order for one in orders.without_news()] == [silent]
    complete_due()
    assert {sold.state(fresh), sold.state(silent)} == {"shipped"}
    with pytest.raises(IllegalTransition):
        orders.complete(order_id=silent.id, **sold.BY)
    orders.mark_delivered(
        shipment_id=silent.shipments.get().id, delivered_at=timezone.now() - timedelta(days=1), **sold.BY
    )
    assert not orders.without_news().exists()


def test_orders_that_lack_the_date_get_it():
    order = sent(60, tracking="")
    Order.objects.update(completes_at=None)
    assert orders.complete_due() == 0
    complete_due()
    assert sold.state(order) == "completed"


def test_an_unpaid_order_that_failed_expires_as_well():
    order = sold.placed((make.variant("MUG-1"), 1))
    Order.objects.filter(id=order.id).update(state="payment_failed", expires_at=timezone.now())
    assert orders.expire_unpaid() == 1
    assert sold.state(order) == "expired"
