"""The basket in HTML, with and without htmx."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Balance
from licensing.models import LicensedSku
from shop.models import Basket, BasketLine
from tests import factories as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_add_opens_a_basket_and_leads_to_it(web, shop_world):
    answer = web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": "2"})
    assert (answer.status_code, answer["Location"]) == (303, "/gb/en/basket/?added")
    cookie = answer.cookies["basket"]
    assert cookie.value == Basket.objects.get().token
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = web.get("/gb/en/basket/")
    assert "£36.00" in page.text
    assert page["Cache-Control"].startswith("max-age=0")
    assert "2" in web.get("/gb/en/fragments/basket/").text


def test_the_basket_follows_to_another_market_at_its_prices(web, shop_world):
    make.variant("MUG-9", prices={"gb": "12.00"})
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    web.post("/gb/en/basket/add/", {"sku": "MUG-9"})
    page = web.get("/fr/en/basket/").text
    assert "€22.00" in page
    assert "Your basket now shows prices for France." in page
    assert "“Mug MUG-9” cannot be sold there. It stays in the basket until you remove it." in page
    assert "We do not sell it in this country." in page
    assert "Go to checkout" not in page
    # Seen, and said no more; back again everything can be bought.
    assert web.post("/fr/en/basket/seen/").status_code == 303
    assert "cannot be sold there" not in web.get("/fr/en/basket/").text
    page = web.get("/gb/en/basket/").text
    assert "£30.00" in page
    assert "Go to checkout" in page


def test_add_with_htmx_answers_a_fragment_and_tells_the_badge(web, shop_world):
    answer = web.post("/gb/en/basket/add/", {"sku": "MUG-1"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#basket-notice"
    assert "basket-changed" in answer["HX-Trigger"]
    assert "<html" not in answer.text
    assert "Added to the basket." in answer.text


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000", "x", "", "1.5", "２", "9" * 4000, "\x00", "<b>"])
def test_an_impossible_quantity_is_refused_in_words(web, shop_world, quantity):
    answer = web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": quantity})
    assert answer.status_code == 422
    assert "Please enter a whole number between 1 and 99." in answer.text
    assert "Mug MUG-1" in answer.text
    assert "<b>" not in answer.text
    assert not BasketLine.objects.exists()
    web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": "3"})
    answer = web.post("/gb/en/basket/update/", {"sku": "MUG-1", "quantity": quantity})
    assert answer.status_code == 422
    assert "Please enter a whole number between 1 and 99." in answer.text
    assert BasketLine.objects.get().quantity == 3


def test_refusals_speak_the_language_of_the_page(web, shop_world):
    answer = web.post("/cn/zh-hans/basket/add/", {"sku": "MUG-1", "quantity": "0"})
    assert "请输入 1 到 99 之间的整数。" in answer.text


@pytest.mark.parametrize("sku", ["", "NOPE", "x" * 5000, "MUG-1\x00", "'; DROP"])
def test_an_unknown_sku_is_refused(web, shop_world, sku):
    answer = web.post("/gb/en/basket/add/", {"sku": sku})
    assert answer.status_code == 422
    assert "no longer in our shop" in answer.text


def test_update_and_remove(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    assert web.post("/gb/en/basket/update/", {"sku": "MUG-1", "quantity": "5"}).status_code == 303
    assert "£90.00" in web.get("/gb/en/basket/").text
    answer = web.post("/gb/en/basket/remove/", {"sku": "MUG-1"}, headers=HTMX)
    assert "Your basket is empty" in answer.text
    assert "basket-changed" in answer["HX-Trigger"]
    # Gone already, or no basket at all: neither is a traceback.
    assert web.post("/gb/en/basket/remove/", {"sku": "MUG-1"}).status_code == 303
    assert web.post("/gb/en/basket/update/", {"sku": "MUG-1", "quantity": "5"}).status_code == 422
    assert web.post("/fr/fr/basket/update/", {"sku": "MUG-1", "quantity": "5"}).status_code == 422


def test_a_line_says_what_is_left_and_closes_the_way_to_checkout(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-2", "quantity": "7"})
    page = web.get("/gb/en/basket/").text
    assert "Only 3 left. Please lower the quantity." in page
    assert "Go to checkout" not in page
    Balance.objects.filter(item__sku="MUG-2").update(safety=3)
    assert "Sold out. Please remove it to continue." in web.get("/gb/en/basket/").text


def test_a_line_whose_rights_ended_says_so(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    LicensedSku.objects.filter(sku="MUG-1").delete()
    assert "We have no licence to sell it at present. Please remove it" in web.get("/gb/en/basket/").text


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\x00", "é"])
def test_a_forged_token_is_an_empty_basket(web, shop_world, token):
    web.cookies["basket"] = token
    assert "Your basket is empty" in web.get("/gb/en/basket/").text


def test_the_basket_needs_the_same_statements_whatever_its_lines(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    web.get("/gb/en/basket/")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            web.get("/gb/en/basket/")
        return len(captured)

    few = statements()
    for number in range(20):
        thing = make.variant(f"P-{number:02d}")
        BasketLine.objects.create(basket=Basket.objects.get(), variant=thing, quantity=1)
    assert statements() == few <= 7


CROSS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://testserver"},  # another scheme is another origin
    {"Origin": "http://testserver.evil.example"},
    {"Referer": "https://evil.example/http://testserver/"},
]
POSTS = ["/gb/en/basket/add/", "/gb/en/basket/update/", "/gb/en/basket/remove/", "/gb/en/checkout/", "/orders/x/pay/"]


@pytest.mark.parametrize("headers", CROSS)
@pytest.mark.parametrize("path", POSTS)
def test_posts_of_other_sites_are_refused(web, shop_world, path, headers):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    answer = web.post(path, {"sku": "MUG-1", "quantity": "2"}, headers=headers)
    assert answer.status_code == 403
    assert BasketLine.objects.get().quantity == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Origin": "http://testserver"},
        {"Referer": "http://testserver/gb/en/products/mug-1/"},
        {},
    ],
)
def test_posts_of_this_site_are_accepted_without_a_token(shop_world, headers):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/gb/en/basket/add/", {"sku": "MUG-1"}, headers=headers).status_code == 303


@pytest.mark.parametrize("path", POSTS[:3])
def test_basket_verbs_are_posts(web, shop_world, path):
    assert web.get(path).status_code == 405
