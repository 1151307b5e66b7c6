"""Orders, wishes and accounts in every state that a page can show, made once for the tests that look at pages."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from shop.demo.environment import SHOPPER
from tests.e2e.conftest import Demo, eventually
from tests.e2e.shopping import manage, press, to_payment, token_of

NEWCOMER, PASSWORD = "newcomer@example.org", "an empty case 1759"
WALK = """
from django.contrib.auth.models import User
from allauth.account.models import EmailAddress
from shop.catalogue import previewing
from shop.models import Order, Product
from shop.orders import actions
by = dict(actor="warehouse", cause="e2e")
of = {email: Order.objects.get(email=email + "@pages.example.org") for email in STATES}
actions.cancel_unpaid(order_id=of["cancelled"].id, **by)
for email in ("shipped", "delivered"):
    if of[email].state == "paid":
        actions.mark_shipped(order_id=of[email].id, tracking_number="JD014600000000GB", **by)
for one in of["delivered"].shipments.filter(state="shipped"):
    actions.mark_delivered(shipment_id=one.id, **by)
if not User.objects.filter(email=NEWCOMER).exists():
    user = User.objects.create_user("newcomer", NEWCOMER, PASSWORD)
    EmailAddress.objects.create(user=user, email=NEWCOMER, verified=True, primary=True)
print(previewing.sign(Product.objects.order_by("pk").first().pk))
"""
PAID = "SELECT 1 FROM shop_order WHERE token = %s AND state = 'paid'"
STATES = ("placed", "cancelled", "paid", "shipped", "delivered")


@dataclass(frozen=True)
class Circumstances:
    """Tokens of the orders by their state, of a wish to be told, of a preview; a product of which nothing is left."""

    orders: dict[str, str]
    alert: str
    preview: str
    gone: str


def sold_out(demo: Demo, market: str = "gb") -> tuple[str, str]:
    """Return slug and SKU of an article that the market shows and of which nothing is left."""
    found = demo.row(
        "SELECT p.slug, v.sku FROM shop_variantoffer o JOIN shop_variant v ON v.id = o.variant_id "
        "JOIN shop_product p ON p.id = v.product_id JOIN shop_market m ON m.id = o.market_id "
        "WHERE m.code = %s AND o.state = 0 AND p.published ORDER BY p.sort_order, v.sku LIMIT 1",
        market,
    )
    assert found
    return str(found[0]), str(found[1])


def prepare(demo: Demo, browser: Any) -> Circumstances:
    """Buy five times, move the orders on, and ask to be told of what is sold out."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    page = context.new_page()
    orders = {}
    for state in STATES:
        email = f"{state}@pages.example.org"
        known = demo.row("SELECT token FROM shop_order WHERE email = %s", email)
        if not known:
            to_payment(page, demo, email=email)
            if state in ("paid", "shipped", "delivered"):
                press(page, "card")
                page.wait_for_url(re.compile(r"/orders/"))
                token = token_of(page)
                eventually(lambda token=token: demo.row(PAID, token))
        found = demo.row("SELECT token FROM shop_order WHERE email = %s", email)
        assert found
        orders[state] = str(found[0])
    context.close()
    preview = manage(demo, f"STATES, NEWCOMER, PASSWORD = {STATES!r}, {NEWCOMER!r}, {PASSWORD!r}\n{WALK}").strip()
    slug, sku = sold_out(demo)
    given = {"email": "waits@pages.example.org", "sku": sku}
    asked = httpx.post(f"{demo.url}/gb/en/alerts/", data=given, headers={"Origin": demo.url}, timeout=30)
    assert asked.status_code == 200, asked.text
    alert = demo.row("SELECT token FROM shop_stockalert WHERE email = %s ORDER BY id DESC LIMIT 1", given["email"])
    assert alert
    return Circumstances(orders, str(alert[0]), preview, slug)


def sign_in(page: Any, demo: Demo, *, newcomer: bool = False) -> None:
    """Sign in as the demo's shopper, or as an account that has nothing yet."""
    given = json.loads((demo.state / "demo.json").read_text())["shopper_password"]
    page.goto(f"{demo.url}/accounts/login/")
    page.fill('[name="login"]', NEWCOMER if newcomer else SHOPPER)
    page.fill('[name="password"]', PASSWORD if newcomer else given)
    page.locator('form[action="/accounts/login/"] button[type="submit"]').click()
    page.wait_for_url(f"{demo.url}/account/")


def fill_basket(page: Any, demo: Demo, place: str, *, articles: int = 2) -> None:
    """Put the first articles of a list that can be had into the basket."""
    page.goto(f"{demo.url}/{place}/shop/?availability=in_stock")
    links = [one.get_attribute("href") for one in page.locator(".card a").all()[:articles]]
    for link in links:
        page.goto(f"{demo.url}{link}")
        with page.expect_response(re.compile("/basket/add/")):
            page.locator("#buy button[type=submit]").click()
