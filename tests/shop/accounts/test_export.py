"""The export holds every table of the register, and all of it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from config.personal_data import register
from shop.accounts.privacy import collecting, exporting
from shop.accounts.privacy.person import person_of
from shop.models import DataExport, Mail
from tests.shop.accounts import people
from tests.shop.accounts.test_erasure import EMAIL, furnished

pytestmark = pytest.mark.django_db


def made(user):
    asked = exporting.request_export(user=user, email=EMAIL, language="en", asked_by="shopper")
    assert exporting.make(export_id=asked.pk)
    return DataExport.objects.get(pk=asked.pk)


def test_it_has_every_table_of_the_register_and_what_is_in_it() -> None:
    user, paid, unpaid = furnished()
    content = json.loads(bytes(made(user).content))
    assert (content["schema"], content["version"]) == (collecting.SCHEMA, collecting.VERSION)
    assert set(content["data"]) == {one.name for one in register().holdings if one.of is not None}
    rows = {name: table["rows"] for name, table in content["data"].items()}
    assert {one["number"] for one in rows["orders"]} == {paid.number, unpaid.number}
    assert rows["orders"][0]["total"] == "10.0000"
    assert len(rows["order_lines"]) == 2
    assert rows["saved_addresses"][0]["address"]["name"] == "Zebedee Quillfeather"
    assert len(rows["wishlist"]) == len(rows["preferences"]) == len(rows["marketing_consents"]) == 1
    assert len(rows["baskets"]) == len(rows["basket_lines"]) == 1
    assert rows["account"][0]["email"] == EMAIL
    for holding in register().holdings:
        if holding.of is not None:
            table = content["data"][holding.name]
            exported = set(table["fields"]) | set(table["not_included"])
            assert set(holding.fields) <= exported, holding.model


def test_secrets_are_not_in_it() -> None:
    user, paid, _unpaid = furnished()
    text = bytes(made(user).content).decode()
    user.refresh_from_db()
    assert user.password not in text
    assert paid.token not in text
    assert "planted-token" not in text


def test_nothing_of_another_person_is_in_it() -> None:
    user, _paid, _unpaid = furnished()
    other = people.order("somebody.else@example.org", user=people.account("somebody.else@example.org"))
    text = bytes(made(user).content).decode()
    assert other.number not in text
    assert "somebody.else" not in text


def test_statements_do_not_grow_with_the_orders(django_assert_num_queries) -> None:
    user, _paid, _unpaid = furnished()
    one_each = sum(1 for one in register().holdings if one.of is not None) + 1  # the tokens of the orders
    person = person_of(user=user)
    with django_assert_num_queries(one_each):
        collecting.document(person, made_at=timezone.now())
    for _turn in range(3):
        people.order(EMAIL, state="expired")
    person = person_of(user=user)
    with django_assert_num_queries(one_each):
        collecting.document(person, made_at=timezone.now())


def test_one_at_a_time_then_it_expires() -> None:
    user = people.account(EMAIL)
    first = exporting.request_export(user=user, email=EMAIL, language="en", asked_by="shopper")
    assert exporting.request_export(user=user, email=EMAIL.upper(), language="en", asked_by="shopper") == first
    assert exporting.make_due() == 1
    ready = DataExport.objects.get()
    assert (ready.state, ready.size) == ("ready", len(bytes(ready.content)))
    assert Mail.objects.filter(kind="data_export_ready", recipient=EMAIL).count() == 1
    assert exporting.expire_due() == 0
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert exporting.expire_due() == 1
    ready.refresh_from_db()
    assert (ready.state, ready.content, ready.email) == ("expired", None, "")
