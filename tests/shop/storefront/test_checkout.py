"""Checkout and the order's page, as a shopper without JavaScript meets them."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from inventory.models import Balance
from licensing.models import LicensedSku
from shop.models import Market, Order, OrderLine, Payment, Price, ShippingOption
from shop.orders import actions as orders
from tests.shop.storefront.furnishing import CHECKOUT

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": "2"})
    return web


def form(page: str, **changes: str) -> dict[str, str]:
    """The form as the page would send it."""

    def hidden(name: str) -> str:
        return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]

    return CHECKOUT | {"attempt": hidden("attempt"), "expected_total": hidden("expected_total")} | changes


def test_the_quote_is_shown_with_its_tax_and_source(filled):
    page = filled.get("/gb/en/checkout/").text
    for words in ("£36.00", "£4.95", "£40.95", "of which VAT 20%", "£6.83", "Source: ", "Pay £40.95"):
        assert words in page
    assert "This total is an estimate." not in page


def test_delivery_that_is_free_for_these_goods_says_so_at_the_choice(filled):
    assert filled.get("/gb/en/checkout/").text.count("£4.95") == 2
    ShippingOption.objects.update(free_above=30)
    page = filled.get("/gb/en/checkout/").text
    assert "£4.95" not in page
    assert "Pay £36.00" in page


def test_zero_rated_and_standard_lines_are_told_apart(filled, shop_world):
    from tests import factories as make

    make.variant("BOOK-1", category="books", prices={"gb": "30.00"})
    filled.post("/gb/en/basket/add/", {"sku": "BOOK-1"})
    page = filled.get("/gb/en/checkout/").text
    assert "of which VAT 0%" in page
    assert "of which VAT 20%" in page


def test_an_unconfirmed_rule_makes_an_estimate_in_words(web, shop_world):
    Price.objects.filter(variant__sku="MUG-1", market__code="jp").update(amount=39000)
    web.post("/jp/en/basket/add/", {"sku": "MUG-1"})
    page = web.get("/jp/en/checkout/").text
    for words in (
        "This total is an estimate.",
        "A rule still awaits confirmation",
        "of which on delivery, about",
        "To pay now",
    ):
        assert words in page


def test_a_parcel_within_the_exemption_is_final(web, shop_world):
    from tests import factories as make

    make.rule_book("jp-import", "jp-10000")
    web.post("/jp/en/basket/add/", {"sku": "MUG-1"})
    page = web.get("/jp/en/checkout/").text
    assert "This total is an estimate." not in page
    assert "nothing is asked of you on delivery" in page


def test_an_order_is_placed_once_however_often_the_button_is_pressed(filled):
    data = form(filled.get("/gb/en/checkout/").text)
    first, second = filled.post("/gb/en/checkout/", data), filled.post("/gb/en/checkout/", data)
    order = Order.objects.get()
    assert first.status_code == second.status_code == 303
    # Stripe is not configured here, so there is no payment page yet.
    assert first["Location"] == second["Location"] == f"/orders/{order.token}/"
    assert order.cause_key.endswith(data["attempt"])
    assert order.ship_to["line1"] == CHECKOUT["line1"]
    assert str(order.total.normalize()) == "40.95"
    assert "Your basket is empty" in filled.get("/gb/en/basket/").text


def test_the_payment_page_is_allowed_as_the_goal_of_the_form(filled, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:8111"
    policy = filled.get("/gb/en/checkout/")["Content-Security-Policy"]
    assert "form-action 'self' https://checkout.stripe.com http://127.0.0.1:8111;" in policy + ";"


def test_update_quotes_anew_and_keeps_what_was_typed(filled):
    ShippingOption.objects.create(
        market=Market.objects.get(code="gb"),
        code="express",
        names={"en": "Express"},
        amount="9.95",
        days_from=1,
        days_to=1,
        position=1,
    )
    answer = filled.post(
        "/gb/en/checkout/", {"intent": "update", "email": "half@", "name": "Ada", "shipping_option": "express"}
    )
    assert answer.status_code == 200
    assert "Pay £45.95" in answer.text
    assert 'value="half@"' in answer.text
    assert "1 working day" in answer.text
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", ""),
        ("name", ""),
        ("name", "x" * 121),
        ("city", "a\x07b"),
        ("postcode", ""),
        ("country", "FR"),
        ("country", "<b>"),
        ("shipping_option", "teleport"),
        ("attempt", "not-a-uuid"),
    ],
)
def test_a_bad_field_is_marked_and_nothing_is_ordered(filled, field, value):
    data = form(filled.get("/gb/en/checkout/").text, **{field: value})
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 422
    assert "Please look at the fields marked below." in answer.text
    assert "<b>" not in answer.text
    assert not Order.objects.exists()


def test_a_changed_total_is_shown_before_anything_is_ordered(filled, shop_world):
    data = form(filled.get("/gb/en/checkout/").text)
    Price.objects.filter(variant=shop_world["plenty"], market__code="gb").update(amount="20.00")
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "The total has changed" in answer.text
    assert "Pay £44.95" in answer.text
    assert not Order.objects.exists()
    assert filled.post("/gb/en/checkout/", form(answer.text)).status_code == 303


def test_a_line_that_sold_out_meanwhile_is_named(filled):
    data = form(filled.get("/gb/en/checkout/").text)
    Balance.objects.filter(item__sku="MUG-1").update(safety=39)
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "“Mug MUG-1”: you asked for 2, and 1 are left." in answer.text
    Balance.objects.filter(item__sku="MUG-1").update(safety=40)
    assert "“Mug MUG-1” is sold out." in filled.post("/gb/en/checkout/", data).text
    assert not Order.objects.exists()


def test_a_line_whose_rights_ended_meanwhile_is_named(filled):
    data = form(filled.get("/gb/en/checkout/").text)
    LicensedSku.objects.filter(sku="MUG-1").delete()
    answer = filled.post("/gb/en/checkout/", data)
    assert answer.status_code == 409
    assert "“Mug MUG-1” is not available in this country." in answer.text
    assert filled.get("/gb/en/checkout/").status_code == 409


def test_an_expired_price_is_named(filled, shop_world):
    today = timezone.localdate()
    Price.objects.filter(variant=shop_world["plenty"]).update(valid=DateRange(today - timedelta(days=9), today))
    assert "is not available in this country" in filled.get("/gb/en/checkout/").text


def test_an_empty_basket_leads_back(web, shop_world):
    for answer in (web.get("/gb/en/checkout/"), web.post("/gb/en/checkout/", {})):
        assert (answer.status_code, answer["Location"]) == (302, "/gb/en/basket/")


def test_the_order_speaks_the_language_last_read(filled):
    page = filled.get("/gb/fr/checkout/").text
    filled.post("/gb/fr/checkout/", form(page))
    order = Order.objects.get()
    assert order.language == "fr"
    assert OrderLine.objects.get().name == "Tasse MUG-1"
    page = filled.get(f"/orders/{order.token}/", headers={"accept-language": "ja"})
    assert '<html lang="fr">' in page.text
    assert page["Content-Language"] == "fr"
    assert "En attente de paiement" in page.text


def test_a_signed_in_shopper_finds_the_order_in_the_account(filled, django_user_model):
    filled.force_login(django_user_model.objects.create_user("ada", "ada@example.org", "secret"))
    page = filled.get("/gb/en/checkout/").text
    assert 'value="ada@example.org"' in page
    assert Order.objects.count() == 0
    filled.post("/gb/en/checkout/", form(page))
    assert Order.objects.get().number in filled.get("/account/").text


def test_the_account_asks_who_you_are(web, shop_world):
    answer = web.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.fixture
def order(filled) -> Order:
    filled.post("/gb/en/checkout/", form(filled.get("/gb/en/checkout/").text))
    return Order.objects.get()


def test_an_unpaid_order_can_be_paid_and_waits_after_paying(web, order):
    path = f"/orders/{order.token}/"
    page = web.get(path)
    assert "Continue to payment" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "same-origin"
    waiting = web.get(f"{path}?from=payment").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    assert "Confirming your payment" in waiting
    assert 'hx-trigger="every 2s"' in web.get(f"{path}state/").text


def test_without_stripe_the_payment_page_is_said_to_be_away(web, order):
    answer = web.post(f"/orders/{order.token}/pay/")
    assert answer.status_code == 303
    assert "cannot be reached just now" in web.get(answer["Location"]).text


def test_an_open_session_is_led_to(web, order):
    Payment.objects.update(state="open", url="https://pay.example/c/1", session_id="cs_1")
    answer = web.post(f"/orders/{order.token}/pay/")
    assert (answer.status_code, answer["Location"]) == (303, "https://pay.example/c/1")
    assert "https://pay.example" in web.get(f"/orders/{order.token}/")["Content-Security-Policy"]


def test_once_paid_the_page_says_thank_you_and_stops_looking(web, order):
    orders.mark_paid(order_id=order.id, actor="test", cause="test")
    path = f"/orders/{order.token}/"
    page = web.get(f"{path}?from=payment").text
    assert "Thank you" in page
    assert "http-equiv" not in page
    assert "Continue to payment" not in page
    assert web.get(f"{path}state/")["HX-Redirect"] == path
    assert web.post(f"{path}pay/")["Location"] == path


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("expired", "The time to pay has run out"),
        ("cancelled", "Cancelled"),
        ("refunded", "Refunded"),
    ],
)
def test_other_states_are_said_in_words(web, order, state, words):
    Order.objects.update(state=state)
    page = web.get(f"/orders/{order.token}/").text
    assert words in page
    assert "Continue to payment" not in page


def test_paid_without_stock_promises_the_money_back(web, order):
    Order.objects.update(state="paid_without_stock", paid_at=timezone.now())
    assert "sending the whole amount back" in web.get(f"/orders/{order.token}/").text


def test_a_window_that_is_over_offers_no_payment(web, order):
    Order.objects.update(expires_at=timezone.now())
    assert "Continue to payment" not in web.get(f"/orders/{order.token}/").text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "5f0c0ffe-0000-4000-8000-000000000000"])
def test_a_guessed_token_is_a_404(web, order, token):
    assert web.get(f"/orders/{token}/").status_code == 404
    assert web.get(f"/orders/{order.id}/").status_code == 404
    assert web.get(f"/orders/{order.number}/").status_code == 404
