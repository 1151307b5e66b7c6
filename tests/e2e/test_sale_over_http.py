"""One sale through every room of the running demo, without a browser: store API, Stripe page, worker, Tmall, partner."""

import json
import re
from decimal import Decimal

import httpx
import pytest

from tests.e2e.conftest import Demo, eventually, stock_of
from tests.e2e.paying import consents

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo")]

SHIP_TO = {
    "name": "王小明",
    "line1": "北山街 1 号",
    "city": "杭州市",
    "region": "浙江省",
    "postcode": "310007",
    "phone": "13812345678",
    "country": "CN",
}


@pytest.fixture(scope="module")
def store(demo: Demo):
    with httpx.Client(base_url=f"{demo.url}/api/v1/store", timeout=20) as client:
        yield client


def listed_sku(demo: Demo, *, least: int = 3) -> str:
    """A SKU that Tmall lists, that is priced for China and plentiful."""
    found = demo.row(
        "SELECT v.sku FROM shop_listing l JOIN shop_variant v ON v.id = l.variant_id "
        "JOIN shop_price p ON p.variant_id = v.id JOIN shop_market m ON m.id = p.market_id AND m.code = 'cn' "
        "JOIN inventory_balance b ON b.item_id = v.item_id JOIN inventory_warehouse w ON w.id = b.warehouse_id "
        "JOIN shop_product pr ON pr.id = v.product_id "
        "WHERE w.code = 'NGB' AND b.on_hand - b.held - b.allocated >= %s AND l.acknowledged_version > 0 AND pr.category <> 'books' "
        "ORDER BY v.sku DESC LIMIT 1",
        least,
    )
    assert found, "no listed variant is plentiful"
    return str(found[0])


def test_ready_and_alive(demo):
    assert httpx.get(f"{demo.url}/healthz").status_code == 200
    report = httpx.get(f"{demo.url}/readyz").json()
    assert report == {
        "status": "ready",
        "failing": [],
        "parts": {"database": "ok", "redis": "ok", "migrations": "ok", "beat": "ok"},
    }


def test_a_purchase_through_the_store_api(demo, store):
    eventually(lambda: demo.rows("SELECT 1 FROM shop_listing WHERE acknowledged_version > 0"))
    sku = listed_sku(demo)
    before, shown = stock_of(demo, sku), demo.tmall_quantity(sku)

    basket = store.post("/baskets", json={"market": "cn", "language": "zh-hans"})
    assert basket.status_code == 201, basket.text
    basket_id = basket.json()["id"]
    line = store.post(f"/baskets/{basket_id}/lines", json={"sku": sku, "quantity": 2})
    assert line.status_code == 201, line.text
    quote = store.post(f"/baskets/{basket_id}/quote", json={"ship_to": SHIP_TO})
    assert quote.status_code == 200, quote.text
    assert (quote.json()["kind"], quote.json()["currency"]) == ("FINAL", "CNY")
    # The number is the example of the standard itself, GB 11643.
    identity = {"kind": "cn_resident_id", "number": "11010519491231002X", "name": "王小明", "consent": True}
    body = {"email": "wang@example.org", "ship_to": SHIP_TO, "shipping_option": "standard", "identity": identity}
    body["consents"] = consents(store, basket_id, body)
    key = {"Idempotency-Key": f"e2e-{basket_id}"}
    placed = store.post(f"/baskets/{basket_id}/checkout", json=body, headers=key)
    assert placed.status_code == 201, placed.text
    again = store.post(f"/baskets/{basket_id}/checkout", json=body, headers=key)
    assert again.json() == placed.json()
    order = placed.json()["order"]
    assert order["state"] == "awaiting_payment"
    assert stock_of(demo, sku).held == before.held + 2

    page = httpx.get(placed.json()["payment"]["url"], timeout=20)
    assert page.status_code == 200
    paid = httpx.post(str(page.url), data={"choice": "alipay"}, headers={"Origin": demo.simulators}, timeout=20)
    assert paid.status_code == 303
    assert paid.headers["location"].startswith(f"{demo.url}/orders/{order['token']}/")

    eventually(lambda: store.get(f"/orders/{order['token']}").json()["state"] == "paid")
    after = stock_of(demo, sku)
    assert (after.on_hand, after.held, after.allocated) == (before.on_hand, before.held, before.allocated + 2)
    entry = demo.row(
        "SELECT base, rate, amount, territory, channel FROM licensing_royaltyentry WHERE source = %s",
        f"order:{order['number']}/1",
    )
    assert entry
    goods = Decimal(quote.json()["goods"])
    tax = demo.row(
        "SELECT l.tax FROM shop_orderline l JOIN shop_order o ON o.id = l.order_id WHERE o.number = %s", order["number"]
    )
    assert 0 < tax[0] < goods / 10, "9.1 % of retail import, inside the price"
    assert entry[0] == goods - tax[0]
    assert entry[3:] == ("CN", "web")
    eventually(lambda: demo.tmall_quantity(sku) == shown - 2)
    calls = httpx.get(
        f"{demo.simulators}/top/__control__/calls", params={"method": "tmall.item.quantity.update"}
    ).json()
    assert all(call["sign_ok"] for call in calls["calls"])
    told = f"{demo.simulators}/mailbox/__control__/letters?to=wang@example.org"
    letters = eventually(
        lambda: [one for one in httpx.get(told).json()["letters"] if order["number"] in one["subject"]]
    )
    assert {one["language"] for one in letters} == {"zh-hans"}
    page = httpx.get(f"{demo.simulators}/mailbox/letters/{letters[0]['id']}")
    assert page.status_code == 200
    assert order["number"] in page.text


def test_an_order_placed_on_tmall_arrives(demo):
    eventually(lambda: demo.rows("SELECT 1 FROM shop_listing WHERE acknowledged_version > 0"))
    sku = listed_sku(demo)
    eventually(lambda: demo.tmall_quantity(sku) > 0)
    before = stock_of(demo, sku)
    answer = httpx.post(
        f"{demo.simulators}/top/__control__/orders",
        json={"lines": [{"outer_id": sku, "num": 1}], "buyer": "tb_li", "paid": True},
    )
    assert answer.status_code == 201, answer.text
    tid = str(answer.json()["tid"])
    found = eventually(
        lambda: demo.row(
            "SELECT o.number, o.state, o.channel FROM shop_order o JOIN shop_channelorder c ON c.order_id = o.id "
            "WHERE c.external_id = %s",
            tid,
        ),
        within=60,
    )
    assert found[1:] == ("paid", "tmall")
    after = stock_of(demo, sku)
    assert (after.on_hand, after.allocated) == (before.on_hand, before.allocated + 1)
    rate = demo.row("SELECT rate FROM licensing_royaltyentry WHERE source = %s", f"order:{found[0]}/1")
    web = demo.row(
        "SELECT v.terms->'rates'->>'tmall' FROM licensing_agreementversion v JOIN licensing_royaltyentry e ON e.version_id = v.id "
        "WHERE e.source = %s",
        f"order:{found[0]}/1",
    )
    assert rate
    assert web
    assert rate[0] == Decimal(web[0])


def test_more_than_there_is_answers_409_with_the_line(demo, store):
    found = demo.row(
        "SELECT v.sku, b.on_hand - b.held - b.allocated FROM shop_variant v JOIN inventory_balance b ON b.item_id = v.item_id "
        "JOIN inventory_warehouse w ON w.id = b.warehouse_id AND w.code = 'LON' "
        "JOIN shop_price p ON p.variant_id = v.id JOIN shop_market m ON m.id = p.market_id AND m.code = 'gb' "
        "WHERE b.on_hand - b.held - b.allocated BETWEEN 1 AND 20 ORDER BY v.sku LIMIT 1"
    )
    assert found
    sku, left = found
    basket_id = store.post("/baskets", json={"market": "gb", "language": "en"}).json()["id"]
    store.post(f"/baskets/{basket_id}/lines", json={"sku": sku, "quantity": left + 1})
    body = {
        "email": "ada@example.org",
        "ship_to": {"name": "Ada", "line1": "12 Square", "city": "London", "postcode": "SW1Y 4LB", "country": "GB"},
        "shipping_option": "standard",
    }
    body["consents"] = consents(store, basket_id, body)
    refused = store.post(f"/baskets/{basket_id}/checkout", json=body, headers={"Idempotency-Key": f"e2e-{basket_id}"})
    assert refused.status_code == 409, refused.text
    assert refused.headers["content-type"].startswith("application/problem+json")
    error = refused.json()["errors"][0]
    assert (error["sku"], error["asked"], error["available"]) == (sku, left + 1, left)


def test_the_partner_reads_its_own(demo):
    key = json.loads((demo.state / "demo.json").read_text())["partner_key"]
    address = f"{demo.url}/api/v1/partner/agreements"
    own = httpx.get(address, headers={"Authorization": f"Bearer {key}"})
    assert own.status_code == 200, own.text
    numbers = {row["number"] for row in own.json()["results"]}
    everybody = {row[0] for row in demo.rows("SELECT number FROM licensing_agreement")}
    assert numbers
    assert numbers < everybody
    foreign = next(iter(everybody - numbers))
    assert httpx.get(f"{address}/{foreign}", headers={"Authorization": f"Bearer {key}"}).status_code == 404
    assert httpx.get(address).status_code == 401


def test_unknown_market_is_a_404_in_the_right_language(demo):
    answer = httpx.get(f"{demo.url}/xx/fr/")
    assert answer.status_code == 404
    assert re.search(r'<html[^>]*lang="fr"', answer.text)


def test_the_ledger_explains_every_balance(demo):
    import subprocess
    import sys

    from tests.e2e.conftest import REPO, clean_environment

    proof = subprocess.run(
        [sys.executable, "manage.py", "check_stock"],
        cwd=REPO,
        env=clean_environment(demo.state, demo.port),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert proof.returncode == 0, proof.stdout + proof.stderr
