"""The account's pages: others' things are not there, lists have fixed statements, forms say what is wrong."""

import pytest
from django.test import Client

from inventory.models import Hold
from shop.accounts import actions
from shop.accounts.models import MarketingConsent, Preference, SavedAddress, Wish
from shop.accounts.privacy import exporting, links
from shop.models import Basket, DataExport, Erasure, Mail
from tests import factories as make
from tests.shop.accounts import people

pytestmark = pytest.mark.django_db
PAGES = (
    "/account/",
    "/account/orders/",
    "/account/addresses/",
    "/account/addresses/new/",
    "/account/wishlist/",
    "/account/preferences/",
    "/account/data/",
)


@pytest.fixture
def user():
    make.market("gb")
    return people.account()


@pytest.fixture
def client_of(user) -> Client:
    return people.signed_in(user)


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_to_accounts_alone_and_are_kept_by_no_cache(page: str, client_of, client) -> None:
    answer = client_of.get(page)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert b"<script>" not in answer.content
    refused = client.get(page)
    assert refused.status_code == 302
    assert refused["Location"] == f"/accounts/login/?next={page}"


def test_another_person_finds_nothing_of_mine(user, client_of) -> None:
    stranger = people.signed_in(people.account("eve@example.org"))
    order = people.order(user=user)
    saved = actions.save_address(user=user, raw=people.ADDRESS)
    export = exporting.request_export(user=user, email=user.email, language="en", asked_by="shopper")
    exporting.make_due()
    mine = [f"/account/orders/{order.number}/", f"/account/addresses/{saved.pk}/", f"/account/data/export/{export.pk}/"]
    assert [client_of.get(one).status_code for one in mine] == [302, 200, 200]
    assert [stranger.get(one).status_code for one in mine] == [404, 404, 404]
    for verb in ("delete", "default"):
        assert stranger.post(f"/account/addresses/{saved.pk}/{verb}/").status_code == 404
    assert SavedAddress.objects.filter(user=user).count() == 1


def test_orders_come_a_page_at_a_time_with_the_same_statements(user, client_of, django_assert_num_queries) -> None:
    for _turn in range(2):
        people.order(user=user)
    client_of.get("/account/orders/")
    with django_assert_num_queries(2):
        client_of.get("/account/orders/")
    for _turn in range(20):
        Hold.objects.update(holder="somebody")
        people.order(user=user)
    with django_assert_num_queries(2):
        first = client_of.get("/account/orders/")
    shown = [one["number"] for one in first.context["orders"]]
    second = client_of.get("/account/orders/", {"after": first.context["following"]})
    shown += [one["number"] for one in second.context["orders"]]
    assert len(shown) == len(set(shown)) == 22
    assert second.context["following"] == ""
    forged = client_of.get("/account/orders/", {"after": "forged"})
    assert len(forged.context["orders"]) == 20


def test_an_address_is_checked_as_its_country_wants(user, client_of) -> None:
    wrong = client_of.post(
        "/account/addresses/new/",
        {
            **{k: v for k, v in people.ADDRESS.items() if k != "country"},
            "address_country": "GB",
            "postcode": "nonsense",
        },
    )
    assert wrong.status_code == 422
    assert "postcode" in wrong.context["form"].errors
    assert not SavedAddress.objects.exists()
    right = client_of.post("/account/addresses/new/", {**people.ADDRESS, "address_country": "GB"})
    assert right.status_code == 302
    assert SavedAddress.objects.get().is_default


def test_there_is_one_default_and_removing_it_names_another(user) -> None:
    first = actions.save_address(user=user, raw=people.ADDRESS)
    second = actions.save_address(user=user, raw=people.ADDRESS, default=True)
    third = actions.save_address(user=user, raw=people.ADDRESS)
    assert list(SavedAddress.objects.filter(is_default=True)) == [second]
    actions.make_default(user=user, address_id=first.pk)
    actions.delete_address(user=user, address_id=first.pk)
    assert list(SavedAddress.objects.filter(is_default=True)) == [third]


def test_checkout_begins_with_an_address_of_the_book(user, client_of) -> None:
    make.agreement()
    saved = actions.save_address(user=user, raw=people.ADDRESS)
    other = actions.save_address(user=user, raw={**people.ADDRESS, "name": "Ada Byron"})
    basket = make.basket((make.variant("MUG-C"), 1))
    type(basket).objects.filter(pk=basket.pk).update(user=user)
    page = client_of.get("/gb/en/checkout/")
    assert page.context["form"]["name"].value() == "Zebedee Quillfeather"
    chosen = client_of.get("/gb/en/checkout/", {"address": other.pk})
    assert chosen.context["form"]["name"].value() == "Ada Byron"
    assert client_of.get("/gb/en/checkout/", {"address": "new"}).context["form"]["name"].value() is None
    eve = people.account("eve@example.org")
    stranger = people.signed_in(eve)
    type(basket).objects.filter(pk=basket.pk).update(user=eve)
    assert stranger.get("/gb/en/checkout/", {"address": saved.pk}).context["form"]["name"].value() is None


def test_the_wishlist_is_a_fragment_and_moves_to_the_basket(user, client_of, client) -> None:
    make.agreement()
    thing = make.variant("MUG-W")
    page = client_of.get("/gb/en/products/mug-w/")
    assert "public" in page["Cache-Control"]
    assert page.content == client.get("/gb/en/products/mug-w/").content
    change = {"sku": thing.sku, "slug": "mug-w", "intent": "add"}
    assert client.post("/gb/en/wishlist/", change)["Location"] == "/accounts/login/?next=/gb/en/products/mug-w/"
    client_of.post("/gb/en/wishlist/", change)
    client_of.post("/gb/en/wishlist/", change)
    assert Wish.objects.get().user == user
    assert "true" in client_of.get("/gb/en/fragments/wish/mug-w/").content.decode()
    assert client_of.get("/account/wishlist/").status_code == 200
    moved = client_of.post("/account/wishlist/act/", {"sku": thing.sku, "intent": "basket"})
    assert moved["Location"] == "/gb/en/basket/"
    assert not Wish.objects.exists()
    assert Basket.objects.get().lines.get().variant == thing


def test_wishing_from_another_site_is_refused(client_of) -> None:
    make.variant("MUG-W")
    answer = client_of.post("/gb/en/wishlist/", {"sku": "MUG-W"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Wish.objects.exists()


def test_each_change_of_mind_about_news_is_proved(user, client_of) -> None:
    for marketing in ({"marketing": "on"}, {"marketing": "on"}, {}):
        assert client_of.post("/account/preferences/", {"place": "gb/fr", **marketing}).status_code == 302
    assert list(MarketingConsent.objects.values_list("given", flat=True)) == [True, False]
    assert MarketingConsent.objects.first().text.startswith("Écrivez-moi")
    assert Preference.objects.get().language == "fr"
    assert client_of.post("/account/preferences/", {"place": "xx/en"}).status_code == 422


def test_erasing_asks_to_sign_in_again(user) -> None:
    stale = people.signed_in(user)  # by no method that the library knows of
    answer = stale.post("/account/data/erase/")
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/" in answer["Location"]
    assert not Erasure.objects.exists()
    fresh = Client()
    fresh.post("/accounts/login/", {"login": user.email, "password": people.PASSWORD})
    fresh.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    assert fresh.post("/account/data/erase/")["Location"] == "/account/data/"
    assert Erasure.objects.get().user == user
    fresh.post("/account/data/keep/")
    assert Erasure.objects.get().state == "revoked"


def test_my_data_answers_the_same_for_every_address_and_sends_a_link(user, client) -> None:
    known = client.post("/my-data/", {"email": user.email})
    unknown = client.post("/my-data/", {"email": "nobody@example.org"})
    assert known.content == unknown.content
    assert Mail.objects.filter(kind="data_link").count() == 2
    for _turn in range(8):
        client.post("/my-data/", {"email": "nobody@example.org"})
    assert Mail.objects.filter(kind="data_link", recipient="nobody@example.org").count() == 5


def test_a_guest_asks_by_her_link_and_fetches_by_the_letter(client) -> None:
    make.market("gb")
    order = people.order("guest@example.org", state="expired")
    page = links.link(email="guest@example.org", asked_by="shopper").split("8000")[-1]
    page = "/my-data/" + page.split("/my-data/")[1]
    client.post(page, {"intent": "export"})
    exporting.make_due()
    letter = Mail.objects.get(kind="data_export_ready")
    fetched = client.get("/my-data/file/" + letter.facts["page"].split("/my-data/file/")[1])
    assert order.number in fetched.content.decode()
    client.post(page, {"intent": "erase"})
    assert Erasure.objects.get().email == "guest@example.org"
    assert client.get(page[:-3] + "xx/").status_code == 404
    DataExport.objects.update(user=people.account())
    assert client.get("/my-data/file/" + letter.facts["page"].split("/my-data/file/")[1]).status_code == 404


def test_with_an_account_the_link_only_leads_to_signing_in(user, client) -> None:
    page = "/my-data/" + links.link(email=user.email, asked_by="shopper").split("/my-data/")[1]
    assert client.get(page).context["has_account"]
    client.post(page, {"intent": "erase"})
    assert not Erasure.objects.exists()
