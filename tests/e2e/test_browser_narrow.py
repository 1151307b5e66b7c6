"""On a telephone no page is wider than the screen, and each has one heading: the shop's, the account's and the admin's."""

import json
import re

import pytest

from shop.demo.environment import MERCHANDISER, SHOPPER
from tests.e2e.conftest import Demo
from tests.e2e.shopping import press, to_payment, token_of

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]

SHOP = ["", "shop/", "basket/", "checkout/", "withdraw/", "legal/terms/"]
ENTRANCE = ["login/", "signup/", "password/reset/", "login/code/"]
SIGNING_IN = ["email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/", "reauthenticate/", "logout/"]
ACCOUNT = ["", "orders/", "addresses/", "addresses/new/", "wishlist/", "preferences/", "data/", "data/erase/"]
SALES = [
    "order",
    "shipment",
    "shipment/to-ship",
    "returnrequest",
    "withdrawalstatement",
    "unexpectedunits",
    "payment",
    "refund",
    "paymentcase",
    "dispute",
    "invoice",
    "stripeevent",
    "mail",
    "buyeridentity",
    "orderconsent",
    "promotion",
    "promotion/add",
    "promotioncode",
    "promotionuse",
    "wrappingprice",
]
# The rows whose pages hold long words of other companies.
DETAILS = ["order", "payment", "stripeevent", "mail", "promotion"]
# Elements that stick out of the page: what a person would have to scroll sideways for.
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).concat(String(document.documentElement.scrollWidth))"""


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en", has_touch=True)
    yield context.new_page()
    context.close()


def secret(demo: Demo, name: str) -> str:
    return str(json.loads((demo.state / "demo.json").read_text())[name])


def walk(page, addresses: list[str]) -> list[str]:
    """Return what is wrong, by address."""
    wrong = []
    for address in addresses:
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        sticking_out = page.evaluate(WIDER)
        if answer.status != 200 or sticking_out:
            wrong.append(f"{address}: {answer.status} {sticking_out}")
    return wrong


def test_the_shop(demo, phone):
    to_payment(phone, demo, email="narrow@example.org")
    press(phone, "card")
    phone.wait_for_url(re.compile(r"/orders/"))
    order = f"{demo.url}/orders/{token_of(phone)}/"
    pages = [f"{demo.url}/{place}/{one}" for place in ("gb/en", "fr/fr", "cn/zh-hans", "jp/ja") for one in SHOP]
    assert walk(phone, [*pages, order, f"{order}withdraw/", f"{demo.url}/my-data/"]) == []


def test_a_checkout_with_every_mistake(demo, phone):
    for place in ("gb/en", "cn/zh-hans"):
        phone.goto(f"{demo.url}/{place}/shop/")
        phone.locator(".card a").first.click()
        phone.locator('#buy input[type="radio"]:not([disabled])').first.check()
        with phone.expect_response(re.compile("/basket/add/")):
            phone.locator("#buy button[type=submit]").click()
        phone.goto(f"{demo.url}/{place}/checkout/")
        phone.locator('button[name="intent"][value="pay"]').click()
        phone.locator("#problems").wait_for()
        assert phone.evaluate(WIDER) == []
        # Each mistake is said beside its field and leads there from above.
        for link in phone.locator("#problems a").all():
            assert phone.locator(str(link.get_attribute("href"))).count() == 1


def test_the_account(demo, phone):
    accounts = f"{demo.url}/accounts"
    assert walk(phone, [f"{accounts}/{one}" for one in ENTRANCE]) == []
    phone.goto(f"{accounts}/login/")
    phone.fill('[name="login"]', SHOPPER)
    phone.fill('[name="password"]', secret(demo, "shopper_password"))
    phone.locator('form[action="/accounts/login/"] button[type="submit"]').click()
    phone.wait_for_url(f"{demo.url}/account/")
    pages = [f"{accounts}/{one}" for one in SIGNING_IN] + [f"{demo.url}/account/{one}" for one in ACCOUNT]
    assert walk(phone, pages) == []


def test_the_admin_s_pages_of_sales(demo, phone):
    admin = f"{demo.url}/admin"
    phone.goto(f"{admin}/")
    phone.fill('[name="username"]', MERCHANDISER)
    phone.fill('[name="password"]', secret(demo, "merchandiser_password"))
    phone.locator('button[type="submit"]').first.click()
    phone.wait_for_url(f"{admin}/")
    pages = [f"{admin}/", f"{admin}/chaos/", *(f"{admin}/shop/{one}/" for one in SALES)]
    for one in DETAILS:
        found = demo.row(f"SELECT id FROM shop_{one} LIMIT 1")  # noqa: S608 (names of our own, above)
        pages += [f"{admin}/shop/{one}/{found[0]}/change/"] if found else []
    assert walk(phone, pages) == []


def test_a_promotion_s_form_fits_a_desk(demo, browser):
    """Its dates and times stood side by side and left the screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
    page = context.new_page()
    page.goto(f"{demo.url}/admin/login/?next=/admin/shop/promotion/add/")
    page.fill('[name="username"]', MERCHANDISER)
    page.fill('[name="password"]', secret(demo, "merchandiser_password"))
    page.locator('button[type="submit"]').first.click()
    page.wait_for_url(re.compile("/promotion/add/"))
    assert page.evaluate(WIDER) == []
    context.close()
