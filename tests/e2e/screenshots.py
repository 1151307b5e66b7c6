"""``python -m tests.e2e.screenshots``: start the demo, walk a sale, and renew the pictures of the README."""

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from shop.demo.environment import MERCHANDISER
from tests.e2e.conftest import BROWSER_FLAGS, REPO, Demo, eventually, free_ports
from tests.e2e.paying import agree

IMAGES = REPO / "docs" / "images"
WIDE = {"width": 1360, "height": 900}


def settle(page: Page) -> None:
    """Scroll through once, so that lazy pictures are there, and wait until the page is quiet."""
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) { window.scrollTo(0, y); "
        "await new Promise(done => setTimeout(done, 60)); } window.scrollTo(0, 0); }"
    )
    page.wait_for_load_state("networkidle")


def save(page: Page, name: str, **options: Any) -> None:
    settle(page)
    page.screenshot(path=str(IMAGES / f"{name}.jpg"), type="jpeg", quality=82, **options)


def walk(demo: Demo, page: Page) -> None:
    """Home, product, payment, paid, admin, the marketplace."""
    shop = f"{demo.url}/gb/en"
    page.goto(f"{shop}/")
    save(page, "shop")
    page.goto(f"{demo.url}/cn/zh-hans/")
    save(page, "shop-zh")
    found = demo.row(
        "SELECT p.slug FROM shop_product p JOIN shop_variant v ON v.product_id = p.id JOIN shop_listing l ON l.variant_id = v.id "
        "JOIN inventory_balance b ON b.item_id = v.item_id JOIN inventory_warehouse w ON w.id = b.warehouse_id AND w.code = 'LON' "
        "WHERE p.category = 'mugs' GROUP BY p.slug, p.sort_order HAVING min(b.on_hand) > 5 ORDER BY p.sort_order LIMIT 1"
    )
    assert found
    page.goto(f"{shop}/products/{found[0]}/")
    save(page, "product")
    page.locator("#buy button[type=submit]").click()
    eventually(lambda: demo.rows("SELECT 1 FROM shop_basketline"))
    page.goto(f"{shop}/checkout/")
    for field, text in {
        "email": "ada@example.org",
        "name": "Ada Byron",
        "line1": "12 St James’s Square",
        "city": "London",
        "postcode": "SW1Y 4LB",
    }.items():
        page.fill(f'[name="{field}"]', text)
    save(page, "checkout")
    agree(page)
    page.locator('button[name="intent"][value="pay"]').click()
    page.wait_for_url(re.compile(re.escape(demo.simulators)))
    page.locator('button[name="choice"][value="card"]').click()
    page.wait_for_url(re.compile(r"/orders/"))
    eventually(lambda: demo.rows("SELECT 1 FROM shop_order WHERE state = 'paid'"))
    page.reload()
    save(page, "paid")
    password = json.loads((demo.state / "demo.json").read_text())["merchandiser_password"]
    page.goto(f"{demo.url}/admin/")
    page.fill('[name="username"]', MERCHANDISER)
    page.fill('[name="password"]', password)
    page.locator('button[type="submit"]').click()
    page.wait_for_url(f"{demo.url}/admin/")
    save(page, "admin")
    page.goto(f"{demo.url}/admin/inventory/balance/")
    save(page, "stock")
    page.goto(f"{demo.simulators}/top/")
    save(page, "tmall")


def main() -> None:
    """Take the pictures on a fresh demo of its own."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="vitrine-pictures-"))
    demo = Demo(folder / "state", free_ports())
    try:
        demo.start()
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
            page = browser.new_context(viewport=WIDE, locale="en-GB").new_page()
            eventually(lambda: demo.rows("SELECT 1 FROM shop_listing WHERE acknowledged_version > 0"))
            walk(demo, page)
            browser.close()
    finally:
        demo.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
