"""A shopper in a real browser buys in London and in China; then stock, ledger, royalty and marketplace are checked."""

import re
from pathlib import Path

import pytest

from tests.e2e.conftest import ARTEFACTS, Demo, eventually, stock_of
from tests.e2e.paying import agree

pytestmark = [pytest.mark.browser, pytest.mark.demo, pytest.mark.xdist_group("demo")]

# market, language, country, the word for "paid" on the order's page, the button of the payment page
SALES = [
    ("gb", "en", "GB", re.compile(r"paid|thank", re.IGNORECASE), "card"),
    ("cn", "zh-hans", "CN", re.compile("已付款|付款成功|感谢"), "alipay"),
]


def slug_and_sku(demo: Demo, market: str, *, last: bool = False) -> tuple[str, str]:
    """A product that Tmall lists too and that is plentiful where the market's goods come from, once there is one.

    The first by its SKU is left to the tests that count units on the marketplace.
    """
    listed: list[tuple[str, str]] = eventually(
        lambda: demo.rows(
            "SELECT pr.slug, v.sku FROM shop_listing l JOIN shop_variant v ON v.id = l.variant_id "
            "JOIN shop_product pr ON pr.id = v.product_id JOIN shop_price p ON p.variant_id = v.id "
            "JOIN shop_market m ON m.id = p.market_id AND m.code = %s "
            "JOIN shop_marketwarehouse mw ON mw.market_id = m.id AND mw.rank = 0 "
            "JOIN inventory_balance b ON b.item_id = v.item_id AND b.warehouse_id = mw.warehouse_id "
            "WHERE b.on_hand - b.held - b.allocated >= 5 AND pr.category <> 'books' AND l.acknowledged_version > 0 "
            "ORDER BY v.sku",
            market,
        )
    )
    return listed[-1 if last else 0]


def picture(page, name: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(Path(ARTEFACTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("market", "language", "country", "paid", "button"), SALES)
def test_buy(demo, browser, market, language, country, paid, button, width):
    slug, sku = slug_and_sku(demo, market)
    before, shown = stock_of(demo, sku), demo.tmall_quantity(sku)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
    base = f"{demo.url}/{market}/{language}"
    name = f"{market}-{language}-{width}"

    page.goto(f"{base}/")
    picture(page, f"{name}-1-home")
    page.goto(f"{base}/shop/")
    picture(page, f"{name}-2-listing")
    page.goto(f"{base}/products/{slug}/")
    picture(page, f"{name}-3-product")
    choice = page.locator(f'input[type="radio"][name="sku"][value="{sku}"]')
    if choice.count():
        choice.check()
    page.locator("#buy button[type=submit]").click()
    page.locator("#buy").wait_for()
    eventually(
        lambda: demo.rows(
            "SELECT 1 FROM shop_basketline l JOIN shop_variant v ON v.id = l.variant_id WHERE v.sku = %s", sku
        )
    )
    page.goto(f"{base}/basket/")
    picture(page, f"{name}-4-basket")
    page.goto(f"{base}/checkout/")
    page.fill('[name="email"]', "shopper@example.org")
    page.fill('[name="name"]', "王小明" if country == "CN" else "Ada Byron")
    page.fill('[name="line1"]', "北山街 1 号" if country == "CN" else "12 St James's Square")
    page.fill('[name="city"]', "杭州" if country == "CN" else "London")
    page.fill('[name="postcode"]', "310007" if country == "CN" else "SW1Y 4LB")
    if country == "CN":
        page.select_option('[name="region"]', label="浙江省")
        page.fill('[name="phone"]', "138 1234 5678")
        page.fill('[name="identity_number"]', "11010519491231002X")
        page.fill('[name="identity_name"]', "王小明")
        page.check('[name="identity_consent"]')
    picture(page, f"{name}-5-checkout")
    agree(page)
    page.locator('button[name="intent"][value="pay"]').click()
    page.wait_for_url(re.compile(re.escape(demo.simulators)))
    picture(page, f"{name}-6-payment")
    page.locator(f'button[name="choice"][value="{button}"]').click()
    page.wait_for_url(re.compile(r"/orders/"))
    page.locator("h1", has_text=paid).wait_for(timeout=30_000)
    picture(page, f"{name}-7-paid")

    token = re.search(r"/orders/([^/]+)/", page.url)
    assert token
    order = demo.row("SELECT number, state FROM shop_order WHERE token = %s", token.group(1))
    assert order
    assert order[1] == "paid"
    after = stock_of(demo, sku)
    assert (after.on_hand, after.allocated) == (before.on_hand, before.allocated + 1)
    kinds = demo.rows("SELECT kind FROM inventory_movement WHERE cause = %s ORDER BY id", f"order:{order[0]}")
    assert [kind for (kind,) in kinds] == ["hold", "commit"]
    royalty = demo.row(
        "SELECT amount, territory, channel FROM licensing_royaltyentry WHERE source = %s", f"order:{order[0]}/1"
    )
    assert royalty
    assert royalty[0] > 0
    assert royalty[1:] == (country, "web")
    eventually(lambda: demo.tmall_quantity(sku) == shown - 1)
    assert failures == []
    context.close()
