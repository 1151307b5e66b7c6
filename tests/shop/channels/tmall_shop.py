"""The simulated Tmall shop as a test sees it: its gateway for adapters, its control door for the world outside."""

from typing import Any

import httpx

from shop.channels.adapters.contract import ChannelAdapter
from shop.channels.adapters.tmall import tmall_adapter
from shop.channels.adapters.types import ListingRef

KEYS = {"app_key": "12345678", "app_secret": "helloworld", "session": "seller-session"}


class Shop:
    """The simulated shop with its control door, and adapters that talk to its gateway."""

    def __init__(self, address: str) -> None:
        self.gateway_url = f"{address}/router/rest"
        self.door = httpx.Client(base_url=f"{address}/__control__", timeout=10)

    def adapter(self, **changes: Any) -> ChannelAdapter:
        return tmall_adapter(**({"gateway_url": self.gateway_url} | KEYS | changes))

    def shelve(self, *entries: dict[str, Any]) -> list[ListingRef]:
        answer = self.door.put("/items", json={"items": list(entries)})
        assert answer.status_code == 200, answer.text
        return [
            ListingRef(account="tmall", item_id=row["num_iid"], sku_id=row["sku_id"], seller_sku=row["outer_id"])
            for row in answer.json()["items"]
        ]

    def order(self, *lines: tuple[str, int], **more: Any) -> str:
        body = {"lines": [{"outer_id": code, "num": num} for code, num in lines], "buyer": "tb_wang"} | more
        answer = self.door.post("/orders", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["tid"])

    def fault(self, **fault: Any) -> None:
        answer = self.door.post("/faults", json=fault)
        assert answer.status_code == 200, answer.text

    def calls(self, method: str) -> list[dict[str, Any]]:
        return self.door.get("/calls", params={"method": method}).json()["calls"]

    def quantity(self, code: str) -> int:
        state = self.door.get("/state").json()
        rows = [sku for item in state["items"] for sku in (item["skus"] or [item])]
        return next(row["quantity"] for row in rows if row["outer_id"] == code)


def entry(code: str, quantity: int = 10, **more: Any) -> dict[str, Any]:
    return {"outer_id": code, "title": f"大英博物馆 {code}", "price": "64.00", "quantity": quantity} | more
