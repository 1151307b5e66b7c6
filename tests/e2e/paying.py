"""Pay as a shopper does on the payment provider's page, without a browser."""

from typing import Any
from urllib.parse import urlsplit

import httpx


def pay(url: str, choice: str = "card") -> httpx.Response:
    """Press one of the buttons of the page; the answer leads back to the shop."""
    parts = urlsplit(url)
    return httpx.post(url, data={"choice": choice}, headers={"Origin": f"{parts.scheme}://{parts.netloc}"}, timeout=20)


def consents(store: httpx.Client, basket: str, body: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a shop sends when the shopper ticked every box: the API says which, where they are missing."""
    headers = {"Idempotency-Key": f"consents-{basket}"}
    asked = store.post(f"/baskets/{basket}/checkout", json=body, headers=headers).json()
    return [{"kind": one["kind"], "version": one["version"]} for one in asked["errors"] if "kind" in one]


def agree(page: Any) -> None:
    """Tick the boxes of the checkout page that are not ticked yet."""
    for box in page.locator('input[type="checkbox"][name^="consent_"]').all():
        box.check()
