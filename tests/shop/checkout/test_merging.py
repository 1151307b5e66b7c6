"""One basket an account: merged at log-in, the same on two devices, kept as long as it is used."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from shop.checkout import basket as verbs
from shop.checkout.merging import merge
from shop.checkout.models import MAX_LINES
from shop.models import Basket, BasketLine, Market
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def ada(shop_world) -> User:
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 302, answer.text[:2000]


def aged(basket: Basket, **age) -> Basket:
    Basket.objects.filter(pk=basket.pk).update(updated_at=timezone.now() - timedelta(**age))
    return Basket.objects.select_related("market").get(pk=basket.pk)


def units(basket: Basket) -> dict[str, int]:
    return dict(basket.lines.order_by("variant__sku").values_list("variant__sku", "quantity"))


def test_a_guests_basket_joins_the_accounts_at_log_in_and_is_the_same_elsewhere(web, shop_world, ada):
    account = make.basket((shop_world["plenty"], 1))
    Basket.objects.filter(pk=account.pk).update(user=ada)
    web.post("/gb/en/basket/add/", {"sku": "MUG-1", "quantity": "2"})
    web.post("/gb/en/basket/add/", {"sku": "MUG-2"})
    sign_in(web)
    assert units(account) == {"MUG-1": 3, "MUG-2": 1}
    assert Basket.objects.count() == 1
    page = web.get("/gb/en/basket/").text
    assert "What you had put in as a guest was added to your basket." in page
    phone = Client()
    phone.force_login(ada)
    phone.post("/gb/en/basket/add/", {"sku": "MUG-2"})
    assert units(account) == {"MUG-1": 3, "MUG-2": 2}
    # Signed out, the device shows nothing of it.
    web.post("/accounts/logout/")
    assert "Your basket is empty" in web.get("/gb/en/basket/").text


def test_the_first_basket_of_an_account_is_the_guests_own(web, shop_world, ada):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    guest = Basket.objects.get()
    sign_in(web)
    assert Basket.objects.get().pk == guest.pk
    assert Basket.objects.get().user == ada
    assert Basket.objects.get().news == []


def test_the_market_used_last_wins_whichever_side_it_is_on(shop_world, ada):
    account, guest = make.basket((shop_world["plenty"], 1), market_code="fr", language="fr"), make.basket()
    Basket.objects.filter(pk=account.pk).update(user=ada)
    merged = merge(guest=aged(guest, hours=1), user=ada)
    assert (merged.market.code, merged.language) == ("fr", "fr")
    aged(merged, hours=2)
    guest = make.basket((shop_world["plenty"], 1))
    merged = merge(guest=guest, user=ada)
    assert (merged.market.code, merged.language) == ("gb", "en")
    assert merged.lines.get().price_added == Decimal("18.00")


def test_merging_keeps_to_the_limits_and_says_so(shop_world, ada):
    account = make.basket((shop_world["plenty"], 60))
    Basket.objects.filter(pk=account.pk).update(user=ada)
    guest = make.basket((shop_world["plenty"], 40), (shop_world["few"], 1))
    merged = merge(guest=guest, user=ada)
    assert units(merged) == {"MUG-1": 99, "MUG-2": 1}
    assert {"code": "quantity_limited", "sku": "MUG-1", "asked": 100, "maximum": 99} in merged.news
    # Merging what is gone already changes nothing.
    assert units(merge(guest=guest, user=ada)) == {"MUG-1": 99, "MUG-2": 1}


def test_a_full_basket_leaves_out_what_it_cannot_hold(shop_world, ada, monkeypatch):
    monkeypatch.setattr("shop.checkout.merging.MAX_LINES", 1)
    assert MAX_LINES > 1
    account = make.basket((shop_world["plenty"], 1))
    Basket.objects.filter(pk=account.pk).update(user=ada)
    merged = merge(guest=make.basket((shop_world["few"], 1)), user=ada)
    assert units(merged) == {"MUG-1": 1}
    assert {"code": "basket_full", "sku": "MUG-2", "maximum": 1} in merged.news


def test_codes_and_words_come_along(shop_world, ada):
    code = make.promotion("SPRING")
    account, guest = make.basket((shop_world["plenty"], 1)), make.basket((shop_world["plenty"], 1))
    Basket.objects.filter(pk=account.pk).update(user=ada, note="ring twice")
    guest.codes.create(code=code)
    verbs.describe(basket=guest, gift_message="Happy birthday")
    merged = merge(guest=guest, user=ada)
    assert [one.code for one in merged.codes.all()] == [code]
    assert (merged.gift_message, merged.note) == ("Happy birthday", "ring twice")


def test_what_changed_since_it_was_put_in_is_said_until_seen(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    shop_world["plenty"].prices.filter(market__code="gb").update(amount="16.50")
    page = web.get("/gb/en/basket/").text
    assert "The price went down from £18.00 to £16.50 since you put it in." in page
    assert "Go to checkout" in page
    web.post("/gb/en/basket/seen/")
    assert "The price went" not in web.get("/gb/en/basket/").text
    shop_world["plenty"].prices.filter(market__code="gb").update(amount="16.51")
    assert "The price went up from £16.50 to £16.51" in web.get("/gb/en/basket/").text


def test_a_quantity_break_is_no_change_of_price(shop_world):
    thing, market = shop_world["plenty"], Market.objects.get(code="gb")
    thing.prices.create(market=market, amount="15.00", min_quantity=5, valid=make.ALWAYS)
    basket = make.basket()
    verbs.add(basket=basket, sku="MUG-1", quantity=1)
    assert verbs.set_quantity(basket=basket, sku="MUG-1", quantity=5).price_added == Decimal("15.00")
    assert verbs.set_quantity(basket=basket, sku="MUG-1", quantity=4).price_added == Decimal("18.00")


def test_baskets_are_kept_30_days_from_their_last_use(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    basket = aged(Basket.objects.get(), days=29, hours=23)
    assert verbs.expire() == 0
    web.get("/gb/en/basket/")
    assert Basket.objects.get().updated_at > basket.updated_at
    aged(basket, days=30, seconds=1)
    other = make.basket((shop_world["plenty"], 1))
    assert verbs.expire() == 1
    assert list(BasketLine.objects.values_list("basket_id", flat=True)) == [other.pk]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [("gift_message", "x" * 300, "x" * 301), ("note", "é" * 500, "é" * 501), ("note", "two\r\nlines", "bell\x07")],
)
def test_words_keep_to_their_limits(web, shop_world, field, good, bad):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    assert web.post("/gb/en/basket/gift/", {field: good}).status_code == 303
    kept = getattr(Basket.objects.get(), field)
    assert kept == good.replace("\r\n", "\n")
    answer = web.post("/gb/en/basket/gift/", {field: bad})
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert getattr(Basket.objects.get(), field) == kept


def test_wrapping_is_offered_where_it_has_a_price(web, shop_world):
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    assert "Wrap it as a gift" not in web.get("/gb/en/basket/").text
    assert web.post("/gb/en/basket/gift/", {"gift_wrap": "on"}).status_code == 422
    row = Market.objects.get(code="gb").wrapping_prices.create(amount="4.50", valid=make.ALWAYS)
    web.post("/gb/en/basket/gift/", {"gift_wrap": "on"})
    assert Basket.objects.get().gift_wrap
    assert "£4.50" in web.get("/gb/en/basket/").text
    # 18.00 + 4.95 + 4.50
    assert "Pay £27.45" in web.get("/gb/en/checkout/").text
    row.delete()
    assert "Gift wrap is not offered here and was taken out." in web.get("/gb/en/basket/").text
    assert not Basket.objects.get().gift_wrap


def test_codes_on_the_page_and_too_many_guesses(web, shop_world, settings):
    make.promotion("SPRING")
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    answer = web.post("/gb/en/basket/codes/add/", {"code": "<b>nope"})
    assert answer.status_code == 422
    assert "We do not know the code &lt;B&gt;NOPE." in answer.text
    assert web.post("/gb/en/basket/codes/add/", {"code": "spring"}).status_code == 303
    page = web.get("/gb/en/basket/").text
    assert "-£1.80" in page or "−£1.80" in page
    assert "£16.20" in page
    assert web.post("/gb/en/basket/codes/remove/", {"code": "SPRING"}).status_code == 303
    for _each in range(9):
        answer = web.post("/gb/en/basket/codes/add/", {"code": "nope"})
    assert "Too many codes were tried." in answer.text
    assert not Basket.objects.get().codes.exists()
