"""A guest in a real browser: declined, away and back, withdrawn, sent back; and once by the keyboard alone."""

import re

import pytest

from tests.e2e.conftest import Demo, eventually
from tests.e2e.shopping import ADDRESS, manage, press, to_payment, token_of
from tests.e2e.test_browser_sale import picture, slug_and_sku

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo")]


@pytest.fixture(params=[1440], ids=str)
def page(request, browser):
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="en")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en", has_touch=True)
    yield context.new_page()
    context.close()


def state_of(demo: Demo, token: str) -> str:
    found = demo.row("SELECT state FROM shop_order WHERE token = %s", token)
    assert found
    return str(found[0])


def paid(page, demo: Demo, email: str) -> str:
    to_payment(page, demo, email=email)
    press(page, "card")
    page.wait_for_url(re.compile(r"/orders/"))
    token = token_of(page)
    eventually(lambda: state_of(demo, token) == "paid")
    return token


def test_declined_then_paid(demo, page):
    to_payment(page, demo, email="declined@example.org")
    press(page, "decline")
    page.locator("[role=alert], .problem, .notice").first.wait_for()
    picture(page, "declined")
    press(page, "card")
    page.wait_for_url(re.compile(r"/orders/"))
    page.locator("h1", has_text=re.compile("paid|thank", re.IGNORECASE)).wait_for(timeout=30_000)


def test_away_and_back(demo, page):
    """She leaves the payment page, comes back to her order another day, and pays then: once."""
    to_payment(page, demo, email="away@example.org")
    found = eventually(lambda: demo.row("SELECT token FROM shop_order WHERE email = 'away@example.org'"))
    page.goto(f"{demo.url}/orders/{found[0]}/")
    picture(page, "away-and-back")
    page.locator("form[action$='/pay/'] button").click()
    page.wait_for_url(re.compile(re.escape(demo.simulators)))
    press(page, "card")
    page.wait_for_url(re.compile(r"/orders/"))
    eventually(lambda: state_of(demo, found[0]) == "paid")
    payments = demo.rows(
        "SELECT p.state FROM shop_payment p JOIN shop_order o ON o.id = p.order_id WHERE o.token = %s", found[0]
    )
    assert [state for (state,) in payments] == ["succeeded"]


def test_withdrawn_before_it_left(demo, phone):
    """On a phone, without an account: stated, confirmed, receipted; the money goes back by itself."""
    token = paid(phone, demo, "withdraws@example.org")
    phone.goto(f"{demo.url}/orders/{token}/withdraw/")
    picture(phone, "withdraw-1-state")
    phone.locator('button[name="intent"][value="state"]').click()
    phone.locator('button[name="intent"][value="confirm"]').wait_for()
    picture(phone, "withdraw-2-confirm")
    phone.locator('button[name="intent"][value="confirm"]').click()
    phone.locator("h1", has_text="received").wait_for()
    picture(phone, "withdraw-3-receipt")
    eventually(lambda: state_of(demo, token) == "refunded", within=90)
    assert demo.row("SELECT 1 FROM shop_mail WHERE kind = 'withdrawal_receipt' AND recipient = 'withdraws@example.org'")


def test_sent_back_after_it_arrived(demo, page):
    token = paid(page, demo, "returns@example.org")
    manage(
        demo,
        "from shop.models import Order; from shop.orders import actions; "
        f"order = Order.objects.get(token={token!r}); by = dict(actor='warehouse', cause='e2e'); "
        "actions.mark_shipped(order_id=order.id, **by); "
        "[actions.mark_delivered(shipment_id=one.id, **by) for one in order.shipments.all()]",
    )
    assert state_of(demo, token) == "delivered"
    page.goto(f"{demo.url}/orders/{token}/return/")
    page.locator('select[name^="units_"]').first.select_option("1")
    page.locator('input[type="radio"][name="kind"]').first.check()
    page.locator('select[name="reason"]').select_option(index=1)
    picture(page, "return-1-form")
    page.locator("form.undo__form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/returns/"))
    picture(page, "return-2-page")
    found = demo.row(
        "SELECT r.number FROM shop_returnrequest r JOIN shop_order o ON o.id = r.order_id WHERE o.token = %s", token
    )
    assert found
    assert found[0].startswith("RA-")


def test_by_the_keyboard_alone(demo, page):
    """From the product to the paid order without a pointer: only Tab, typing, Space and Enter."""
    slug, _sku = slug_and_sku(demo, "gb", last=True)
    page.goto(f"{demo.url}/gb/en/products/{slug}/")

    def walk_to(selector: str, *, most: int = 80) -> None:
        for _step in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"{selector} cannot be reached with the Tab key on {page.url}")

    walk_to("#buy button[type=submit]")
    with page.expect_response(re.compile("/basket/add/")):
        page.keyboard.press("Enter")
    page.goto(f"{demo.url}/gb/en/checkout/")
    walk_to('[name="email"]')
    page.keyboard.type("keys@example.org")
    for name, value in ADDRESS.items():
        walk_to(f'[name="{name}"]')
        page.keyboard.type(value)
    for number in range(page.locator('input[type="checkbox"][name^="consent_"]').count()):
        name = page.locator('input[type="checkbox"][name^="consent_"]').nth(number).get_attribute("name")
        walk_to(f'[name="{name}"]')
        page.keyboard.press("Space")
    walk_to('button[name="intent"][value="pay"]')
    focus = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert focus != "none", "the focus must be seen"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(demo.simulators)))
    walk_to('button[name="choice"][value="card"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/"))
    eventually(lambda: state_of(demo, token_of(page)) == "paid")
