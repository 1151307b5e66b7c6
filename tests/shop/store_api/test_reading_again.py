"""What is read from the store API may be kept, and is asked for again by its ETag."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
BASE = "/api/v1/store"


@pytest.fixture
def mug():
    make.agreement()
    make.tax_rates()
    return make.variant("MUG-1", stock_at={"LON": 50})


@pytest.fixture(params=["/markets", "/products?market=gb", "/products/{slug}?market=gb", "/baskets/{token}"])
def address(request, mug):
    basket = make.basket((mug, 1))
    return BASE + request.param.format(slug=mug.product.slug, token=basket.token)


def test_the_same_is_not_sent_twice(client, address):
    first = client.get(address)
    assert first.status_code == 200
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).content == first.content


def test_what_changed_is_sent(client, mug):
    basket = make.basket((mug, 1))
    address = f"{BASE}/baskets/{basket.token}"
    first = client.get(address)
    basket.lines.update(quantity=2)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again.json()["lines"][0]["quantity"] == 2


def test_a_shared_cache_keeps_no_basket(client, mug):
    basket = make.basket((mug, 1))
    assert client.get(f"{BASE}/baskets/{basket.token}")["Cache-Control"] == "private, no-cache"
    assert client.get(f"{BASE}/products?market=gb")["Cache-Control"] == "public, no-cache"
    refused = client.get(f"{BASE}/baskets/none")
    assert (refused.status_code, refused["Cache-Control"]) == (404, "no-store")
    quote = client.post(
        f"{BASE}/baskets/{basket.token}/quote", {"ship_to": {"country": "GB"}}, content_type="application/json"
    )
    assert (quote.status_code, quote["Cache-Control"]) == (200, "no-store")
