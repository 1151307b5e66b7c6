"""What a seller is registered for on a day, and that no two numbers hold at a time."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from shop.crossborder.sellers.queries import registrations
from shop.models import Registration, Seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Seller:
    return Seller.objects.create(code="s", legal_name="S Ltd", line1="1 Yard", city="Leeds", country="GB")


def registered(seller: Seller, kind: str, number: str, first: date, after: date | None = None, state: str = "") -> None:
    Registration.objects.create(
        seller=seller, kind=kind, number=number, jurisdiction=state, valid=DateRange(first, after)
    )


def test_only_the_numbers_of_the_day_and_in_one_statement(seller, django_assert_num_queries):
    change = date(2026, 7, 1)
    registered(seller, "IOSS", "IM2760000001", date(2021, 7, 1), change)
    registered(seller, "IOSS", "IM2760000002", change)
    registered(seller, "AU_ARN", "300012345678", date(2027, 1, 1))
    with django_assert_num_queries(1):
        assert registrations(seller_id=seller.id, on=date(2026, 6, 30)) == {"IOSS": "IM2760000001"}
    assert registrations(seller_id=seller.id, on=change) == {"IOSS": "IM2760000002"}
    assert set(registrations(seller_id=seller.id, on=date(2027, 1, 1))) == {"IOSS", "AU_ARN"}
    assert registrations(seller_id=None, on=change) == {}


def test_one_number_a_kind_and_state_at_a_time(seller):
    registered(seller, "EU_VAT", "FR40303265045", date(2026, 1, 1), state="FR")
    registered(seller, "EU_VAT", "DE136695976", date(2026, 1, 1), state="DE")
    with pytest.raises(IntegrityError), transaction.atomic():
        registered(seller, "EU_VAT", "FR03512803495", date(2026, 6, 1), state="FR")
