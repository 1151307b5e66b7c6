"""A passkey in a real browser: made in the account, then signed in with alone; and what an address without a name says."""

import json
import re

import pytest

from shop.demo.environment import SHOPPER
from tests.e2e.conftest import Demo
from tests.e2e.test_browser_sale import picture

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo")]


def named(demo: Demo) -> str:
    """The demo's address with a host name: no passkey is bound to a number."""
    return f"http://localhost:{demo.port}"


def password(demo: Demo) -> str:
    return str(json.loads((demo.state / "demo.json").read_text())["shopper_password"])


def sign_in(page, demo: Demo, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill('[name="login"]', SHOPPER)
    page.fill('[name="password"]', password(demo))
    page.locator('form[action="/accounts/login/"] button[type="submit"]').click()
    page.wait_for_url(f"{site}/account/")


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    yield context.new_page()
    context.close()


@pytest.fixture
def authenticator(page):
    """A telephone's own authenticator, played by Chromium."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda: session.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]


def prove(page, demo: Demo) -> None:
    """What opens the account is changed only by somebody who has just proved herself."""
    if "reauthenticate" in page.url:
        page.fill('[name="password"]', password(demo))
        page.locator('main form button[type="submit"]').first.click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def remove_passkey(page, demo: Demo, site: str) -> None:
    """Leave the demo's shopper as she was: other tests sign her in with the password alone."""
    page.goto(f"{site}/accounts/2fa/webauthn/")
    page.locator('a[href$="/remove/"]').click()
    prove(page, demo)
    page.locator('main form[action$="/remove/"] button').click()
    page.wait_for_url(lambda url: "/remove/" not in url)


def test_a_passkey_is_made_and_signs_in(demo, page, authenticator):
    site = named(demo)
    sign_in(page, demo, site)
    page.goto(f"{site}/accounts/2fa/")
    page.locator('a[href$="/webauthn/add/"]').click()
    prove(page, demo)
    page.wait_for_url(re.compile(r"/webauthn/add/"))
    picture(page, "passkey-1-add")
    page.fill('[name="name"]', "Telephone")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    try:
        kept = authenticator()
        assert [one["rpId"] for one in kept] == ["localhost"]
        page.goto(f"{site}/accounts/2fa/webauthn/")
        page.locator("main", has_text="Telephone").wait_for()
        picture(page, "passkey-2-list")

        page.goto(f"{site}/accounts/logout/")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda url: "/logout/" not in url)
        page.goto(f"{site}/account/")
        page.wait_for_url(re.compile(r"/accounts/login/"))
        page.locator("#passkey_login").click()
        page.wait_for_url(f"{site}/account/")
        page.locator("main", has_text=SHOPPER).wait_for()
        assert authenticator()[0]["signCount"] > kept[0]["signCount"]
    finally:
        remove_passkey(page, demo, site)
    assert not demo.rows("SELECT 1 FROM mfa_authenticator WHERE type = 'webauthn'")


def test_called_off_is_said_on_the_page(demo, page):
    """No authenticator answers: the page says so, and the password still opens."""
    site = named(demo)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": False}})
    page.goto(f"{site}/accounts/login/")
    page.locator("#passkey_login").click()
    page.locator("#passkey-problem").wait_for()
    assert "did not give us a passkey" in page.locator("#passkey-problem").inner_text()
    sign_in(page, demo, site)


def test_at_a_number_the_page_leads_to_the_name(demo, page):
    """A passkey cannot be bound to 127.0.0.1: the page says where it can be."""
    page.goto(f"{demo.url}/accounts/login/?next=/account/orders/")
    link = page.locator("main .notice a")
    assert link.get_attribute("href") == f"{named(demo)}/accounts/login/?next=/account/orders/"
    link.click()
    page.locator("#passkey_login").wait_for()
    assert page.locator("main .notice a").count() == 0
