"""A mug with a price history, and days to tell it in."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.crossborder.pricing import actions
from shop.models import Market, PricePolicy, Variant
from tests import factories as make

EU = {"prior_price_days": 30, "prior_price_since": date(2022, 5, 28), "prior_price_source": "Directive 98/6/EC, 6a"}


@pytest.fixture
def go_to(monkeypatch) -> Callable[[date], None]:
    """Let the shop's clock show noon of a day."""

    def go(day: date) -> None:
        noon = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr("django.utils.timezone.now", lambda: noon)

    return go


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def fr(db) -> Market:
    made = make.market("fr")
    PricePolicy.objects.create(market=made, endings=[Decimal(0), Decimal("0.50")], **EU)
    return made


@pytest.fixture
def mug(fr, today) -> Variant:
    """A licensed mug that has cost 20 euros for two years."""
    make.agreement()
    made = make.variant("MUG-1", prices={"gb": "18.00"}, stock_at={"LON": 40, "LIL": 40})
    actions.introduce_prices(
        market=fr, amounts={made.id: Decimal("20.00")}, since=today - timedelta(days=730), actor="test"
    )
    return made
