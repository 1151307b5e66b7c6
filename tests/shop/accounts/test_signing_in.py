"""Signing up and in: no address is given away, redirects stay at home, the second step is asked."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.test import Client

from shop.models import Mail
from tests import factories as make
from tests.shop.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place() -> None:
    make.market("gb")


def sign_up(client: Client, email: str):
    return client.post(
        "/accounts/signup/", {"email": email, "password1": people.PASSWORD, "password2": people.PASSWORD}
    )


def test_signing_up_says_the_same_whether_the_address_is_known() -> None:
    people.account()
    known, unknown = sign_up(Client(), "ada@example.org"), sign_up(Client(), "new@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1
    assert Mail.objects.get(recipient="ada@example.org").kind == "account_exists"
    assert Mail.objects.get(recipient="new@example.org").kind == "account_code"


@pytest.mark.parametrize("page", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_resetting_and_codes_say_the_same(page: str) -> None:
    people.account()
    answers = [Client().post(page, {"email": one}) for one in ("ada@example.org", "new@example.org")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Mail.objects.get(recipient="new@example.org").kind == "account_unknown"


def test_a_wrong_password_says_the_same_as_a_wrong_address() -> None:
    people.account()
    said = [
        str(Client().post("/accounts/login/", {"login": one, "password": "wrong"}).context["form"].errors)
        for one in ("ada@example.org", "new@example.org")
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_signing_in_nobody_is_led_elsewhere(target: str) -> None:
    people.account()
    answer = Client().post(
        "/accounts/login/", {"login": "ada@example.org", "password": people.PASSWORD, "next": target}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/account/"


def test_an_unproved_address_does_not_get_in() -> None:
    people.account(verified=False)
    client = Client()
    client.post("/accounts/login/", {"login": "ada@example.org", "password": people.PASSWORD})
    assert client.get("/account/").status_code == 302
    assert Mail.objects.get().kind == "account_code"


def test_guessing_is_slowed_down() -> None:
    people.account()
    client = Client()
    for _turn in range(6):
        client.post("/accounts/login/", {"login": "ada@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "ada@example.org", "password": people.PASSWORD})
    assert client.get("/account/").status_code == 302


def test_with_an_authenticator_app_the_password_is_not_enough() -> None:
    user = people.account()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": people.PASSWORD})
    assert client.get("/account/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    counter = next(iter(yield_hotp_counters_from_time()))
    answer = client.post("/accounts/2fa/authenticate/", {"code": format_hotp_value(hotp_value(secret, counter))})
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200


def test_pages_of_signing_in_keep_the_policy_and_speak_the_language() -> None:
    client = Client()
    client.cookies["place"] = "gb/zh-hans"
    page = client.get("/accounts/login/")
    assert page["Content-Security-Policy"].count("script-src 'self';") == 1
    assert '<html lang="zh-Hans">' in page.content.decode()
    text = page.content.decode()
    scripts = [part.split(">", 1)[0] for part in text.split("<script")[1:]]
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)
