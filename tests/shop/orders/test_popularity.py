"""Units sold of late, counted on the product in one statement."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.models import Order, OrderLine, Product
from shop.orders import popularity
from tests import factories
from tests.admin.conftest import place

pytestmark = pytest.mark.django_db


def sold(thing, key: str, *, quantity: int, days: float, cancelled: int = 0) -> None:
    order = place(thing, key=key, quantity=quantity, pay=True)
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - timedelta(days=days))
    OrderLine.objects.filter(order=order).update(cancelled=cancelled)


def test_units_of_ninety_days_without_the_cancelled(django_assert_num_queries):
    factories.agreement()
    mug = factories.variant("MUG-1", stock_at={"LON": 50}, prices={"gb": "18.00"})
    bowl = factories.variant("BOWL-1", stock_at={"LON": 50}, prices={"gb": "18.00"})
    sold(mug, "a", quantity=3, days=1)
    sold(mug, "b", quantity=4, days=89.9, cancelled=1)
    sold(mug, "c", quantity=7, days=90.1)
    place(mug, key="unpaid", quantity=2)
    with django_assert_num_queries(1):
        assert popularity.count_sales() == 1
    assert Product.objects.get(pk=mug.product_id).popularity == 6
    assert Product.objects.get(pk=bowl.product_id).popularity == 0
    revision = Product.objects.get(pk=mug.product_id).revision
    assert popularity.count_sales() == 0, "a second count writes nothing"
    assert Product.objects.get(pk=mug.product_id).revision == revision
    assert popularity.count_sales(now=timezone.now() + timedelta(days=60)) == 1
    assert Product.objects.get(pk=mug.product_id).popularity == 3
