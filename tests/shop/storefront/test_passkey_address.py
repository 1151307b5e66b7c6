"""Pages about passkeys lead from a loopback number to the host name; devices are named in two words."""

import pytest
from django.test import Client, override_settings

from shop.storefront.devices import device
from tests import factories as make
from tests.shop.accounts import people

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def place() -> None:
    make.market("gb")


@pytest.mark.django_db
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("host", "leads_to"),
    [
        ("127.0.0.1:9000", "http://localhost:9000/accounts/login/?next=/account/"),
        ("127.0.0.1", "http://localhost/accounts/login/?next=/account/"),
        ("[::1]:9000", "http://localhost:9000/accounts/login/?next=/account/"),
        ("localhost:9000", ""),
        ("192.0.2.7", ""),
        ("shop.example", ""),
    ],
)
def test_the_page_leads_to_the_name(host: str, leads_to: str) -> None:
    with override_settings(ALLOWED_HOSTS=["*"]):
        page = Client(headers={"host": host}).get("/accounts/login/?next=/account/")
    assert page.context["passkey_address"] == leads_to
    assert ("only at an address with a name" in page.content.decode()) == bool(leads_to)


@pytest.mark.django_db
@pytest.mark.usefixtures("place")
def test_nothing_is_said_on_other_pages_nor_where_the_name_is_refused() -> None:
    assert Client(headers={"host": "127.0.0.1:9000"}).get("/accounts/signup/").context["passkey_address"] == ""
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        assert Client(headers={"host": "127.0.0.1:9000"}).get("/accounts/login/").context["passkey_address"] == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/accounts/2fa/", "Add a passkey"),
        ("/accounts/2fa/webauthn/", "Add a passkey"),
        ("/accounts/sessions/", "Where you are signed in"),
        ("/accounts/email/", "Email Addresses"),
        ("/accounts/password/change/", "Change Password"),
    ],
)
def test_pages_about_signing_in_stand_in_the_account(page: str, words: str) -> None:
    """Each shows the account's navigation, with itself marked."""
    answer = people.signed_in(people.account()).get(page, headers={"user-agent": FIREFOX}).content.decode()
    assert words in answer
    assert 'class="account__nav"' in answer
    assert answer.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (EDGE, "Edge · Windows"),
        (IPHONE, "Safari · iPhone"),
        (FIREFOX, "Firefox · Linux"),
        ("curl/8.9.1", "curl/8.9.1"),
        ("x" * 61, "x" * 60 + "…"),
        ("", ""),
    ],
)
def test_a_device_has_two_words(said: str, name: str) -> None:
    assert device(said) == name
