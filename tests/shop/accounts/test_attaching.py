"""Orders of guests come into an account when it proves their address, never by typing one."""

import pytest
from allauth.account.models import EmailAddress

from shop.accounts.actions import attach_orders
from shop.models import Mail
from tests.shop.accounts import people

pytestmark = pytest.mark.django_db


def attach(user) -> list[str]:
    return attach_orders(user=user, language="en")


def test_an_address_that_is_only_typed_brings_nothing() -> None:
    made = people.order()
    assert attach(people.account(verified=False)) == []
    made.refresh_from_db()
    assert made.user is None


def test_a_proved_address_brings_its_orders_whatever_its_case_and_once() -> None:
    user = people.account("Ada@Example.org")
    mine, other = people.order("ADA@example.ORG"), people.order("ada2@example.org")
    assert attach(user) == [mine.number]
    assert attach(user) == []
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.user, other.user) == (user, None)
    letter = Mail.objects.get(kind="orders_attached")
    assert letter.recipient == user.email
    assert letter.facts["numbers"] == mine.number


def test_an_order_of_another_account_stays_there() -> None:
    other = people.account("bob@example.org")
    made = people.order(user=other)
    assert attach(people.account()) == []
    made.refresh_from_db()
    assert made.user == other


def test_signing_up_with_a_code_brings_them(client) -> None:
    made = people.order("new@example.org")
    client.post(
        "/accounts/signup/",
        {"email": "new@example.org", "password1": people.PASSWORD, "password2": people.PASSWORD},
    )
    made.refresh_from_db()
    assert made.user is None
    code = Mail.objects.get(kind="account_code").facts["code"]
    client.post("/accounts/confirm-email/", {"code": code})
    made.refresh_from_db()
    assert made.user is not None
    assert made.user.email == "new@example.org"
    assert EmailAddress.objects.get(user=made.user).verified
    assert "new" not in made.user.username
