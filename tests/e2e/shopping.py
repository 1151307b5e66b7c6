"""What a shopper does in the browser until the payment page stands before her."""

import os
import re
import subprocess
import sys
from typing import Any

from tests.e2e.conftest import REPO, Demo, clean_environment
from tests.e2e.paying import agree
from tests.e2e.test_browser_sale import slug_and_sku

ADDRESS = {"name": "Ada Byron", "line1": "12 St James's Square", "city": "London", "postcode": "SW1Y 4LB"}


def to_payment(page: Any, demo: Demo, *, email: str) -> str:
    """Put an article into the basket in London and go to the payment page; return the SKU."""
    slug, sku = slug_and_sku(demo, "gb", last=True)
    page.goto(f"{demo.url}/gb/en/products/{slug}/")
    choice = page.locator(f'input[type="radio"][name="sku"][value="{sku}"]')
    if choice.count():
        choice.check()
    with page.expect_response(re.compile("/basket/add/")):
        page.locator("#buy button[type=submit]").click()
    page.goto(f"{demo.url}/gb/en/checkout/")
    page.fill('[name="email"]', email)
    for name, value in ADDRESS.items():
        page.fill(f'[name="{name}"]', value)
    agree(page)
    page.locator('button[name="intent"][value="pay"]').click()
    page.wait_for_url(re.compile(re.escape(demo.simulators)))
    return sku


def press(page: Any, button: str) -> None:
    """Press a button of the payment page."""
    page.locator(f'button[name="choice"][value="{button}"]').click()


def token_of(page: Any) -> str:
    """Return the token of the order whose page this is."""
    found = re.search(r"/orders/([^/?]+)/", page.url)
    assert found, page.url
    return found.group(1)


def manage(demo: Demo, code: str) -> str:
    """Run a line of the shop's own code beside the demo, as somebody in the warehouse would by the admin."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code],
        cwd=REPO,
        env=clean_environment(demo.state, demo.port) | {"PATH": os.environ["PATH"], "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
