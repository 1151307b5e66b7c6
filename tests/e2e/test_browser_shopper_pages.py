"""The pages of one shopper in a real browser: basket, checkout, orders in every state, account, wishes, returns, and what is empty."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.circumstances import Circumstances, fill_basket, prepare, sign_in
from tests.e2e.conftest import REPO, Demo
from tests.e2e.looking import HEIGHTS, look, watch
from tests.e2e.shopping import manage

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo"), pytest.mark.timeout(900)]

WIDTHS = (390, 820, 1440)
ACCOUNT = ("", "orders/", "addresses/", "addresses/new/", "wishlist/", "preferences/", "data/", "data/erase/")
ENTRANCE = ("login/", "signup/", "password/reset/", "login/code/")
SECURITY = ("email/", "password/change/", "2fa/", "sessions/", "reauthenticate/", "logout/")
BROKEN = (
    "from django.test import RequestFactory; from shop.storefront.errors import server_error; "
    "print(server_error(RequestFactory().get('/')).content.decode())"
)


@pytest.fixture(scope="module")
def found(demo: Demo, browser: Any) -> Circumstances:
    return prepare(demo, browser)


@pytest.fixture(params=WIDTHS, ids=str)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


class Walk:
    """A visit to many pages at one width; ``troubles`` is what was wrong."""

    def __init__(self, browser: Any, demo: Demo, width: int, **options: Any) -> None:
        size = {"width": width, "height": HEIGHTS[width]}
        self.context = browser.new_context(viewport=size, reduced_motion="reduce", **({"locale": "en-GB"} | options))
        self.page = self.context.new_page()
        self.demo, self.width, self.troubles = demo, width, watch(self.page)

    def see(self, name: str, path: str = "", *, act: Callable[[Any], None] | None = None, status: int = 200) -> None:
        """Go to a page (stay, without a path), do something there, and look."""
        if path:
            answer = self.page.goto(f"{self.demo.url}{path}")
            assert answer.status == status, f"{path}: {answer.status}"
        if act:
            act(self.page)
        self.page.wait_for_load_state("networkidle")
        self.troubles += look(self.page, f"{self.width}-{name}", width=self.width)

    def end(self) -> None:
        self.context.close()
        # A refused form answers 409 or 422, a page that is missing 404: the browser notes these itself.
        left = [
            one for one in self.troubles if not re.search(r"Failed to load resource.*(404|409|422|429|500|503)", one)
        ]
        assert not left, "\n".join(left)


def press(button: str) -> Callable[[Any], None]:
    """Return the pressing of a button, and the waiting for what comes of it."""

    def pressed(page: Any) -> None:
        page.locator(button).first.click()
        page.wait_for_load_state("networkidle")

    return pressed


def answering(status: int, body: str) -> Callable[[Any], None]:
    """Return what the proxy, or the shop in trouble, would answer."""
    return lambda route: route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)


@pytest.mark.parametrize("place", ["gb/en", "cn/zh-hans", "jp/ja"])
def test_basket_and_checkout(demo, browser, width, place):
    name = place.replace("/", "-")
    walk = Walk(browser, demo, width, locale=place.split("/")[1])
    fill_basket(walk.page, demo, place)
    walk.see(f"{name}-added")
    walk.see(f"{name}-basket", f"/{place}/basket/")
    walk.see(
        f"{name}-basket-error",
        act=lambda page: (page.locator(".quantity").first.fill("many"), press(".line__update button")(page)),
    )
    walk.see(f"{name}-checkout", f"/{place}/checkout/")
    walk.see(f"{name}-checkout-errors", act=press('button[name="intent"][value="pay"]'))
    assert walk.page.locator('#problems[role="alert"]').is_visible()
    assert walk.page.locator("#problems a").count() == walk.page.locator(".field__error").count() > 0
    walk.end()


def test_orders(demo, browser, found, width):
    walk = Walk(browser, demo, width)
    for state, token in found.orders.items():
        walk.see(f"order-{state}", f"/orders/{token}/")
    paid, delivered = found.orders["paid"], found.orders["delivered"]
    walk.see("withdraw", "/gb/en/withdraw/")
    walk.see("withdraw-errors", act=press("main form button[type=submit]"))
    walk.see("withdraw-order", f"/orders/{paid}/withdraw/")
    walk.see("withdraw-confirm", act=press('button[name="intent"][value="state"]'))
    walk.see("return", f"/orders/{delivered}/return/")
    walk.see("return-errors", act=press("form.undo__form button[type=submit]"))
    walk.end()


def test_wishes_to_be_told(demo, browser, found, width):
    walk = Walk(browser, demo, width)
    walk.see("product-gone", f"/gb/en/products/{found.gone}/")
    walk.see("product-gone-form", act=press(".restock > summary"))
    walk.see("alert-confirm", f"/gb/en/alerts/{found.alert}/confirm/")
    walk.see("alert-stop", f"/gb/en/alerts/{found.alert}/stop/")
    walk.see("preview", f"/gb/en/preview/{found.preview}/")
    walk.end()


def test_account(demo, browser, found, width):
    walk = Walk(browser, demo, width)
    for page in ENTRANCE:
        walk.see(f"entrance-{page.strip('/').replace('/', '-')}", f"/accounts/{page}")
    walk.see(
        "entrance-login-errors",
        "/accounts/login/",
        act=lambda page: (
            page.fill('[name="login"]', "nobody@example.org"),
            page.fill('[name="password"]', "wrong"),
            press('form[action="/accounts/login/"] button[type="submit"]')(page),
        ),
    )
    sign_in(walk.page, demo, newcomer=True)
    for page in ACCOUNT[:5]:
        walk.see(f"account-empty-{page.strip('/').replace('/', '-') or 'overview'}", f"/account/{page}")
    walk.see("account-address-errors", "/account/addresses/new/", act=press("main form button[type=submit]"))
    walk.end()


def test_account_that_holds_something(demo, browser, found, width):
    walk = Walk(browser, demo, width)
    sign_in(walk.page, demo)
    for one in demo.rows("SELECT slug FROM shop_product WHERE published ORDER BY sort_order LIMIT 3"):
        walk.page.goto(f"{demo.url}/gb/en/products/{one[0]}/")
        walk.page.wait_for_load_state("networkidle")
        if walk.page.locator("#wish-which").count():
            walk.page.locator("#wish-which").click()
        button = walk.page.locator('#wish [aria-pressed="false"]').first
        if button.count():
            with walk.page.expect_response(re.compile("/wishlist/")):
                button.click()
    for page in ACCOUNT:
        walk.see(f"account-{page.strip('/').replace('/', '-') or 'overview'}", f"/account/{page}")
    for page in SECURITY:
        walk.see(f"security-{page.strip('/').replace('/', '-')}", f"/accounts/{page}")
    walk.end()


def test_what_is_broken_and_what_is_closed(demo, browser, width):
    walk = Walk(browser, demo, width)
    broken = manage(demo, BROKEN)
    closed = (REPO / "shop" / "static" / "shop" / "maintenance.html").read_text()
    for name, status, body in (("broken", 500, broken), ("maintenance", 503, closed)):
        walk.page.route(f"**/{name}/", answering(status, body))
        walk.see(name, f"/{name}/", status=status)
    walk.see("missing-order", "/orders/nothing/", status=404)
    walk.end()
