"""What pages say of shoppers' rights, by destination: withdrawal, product safety, the guarantee, the legal pages."""

from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from shop.models import LegalPage, Manufacturer, Order, ProductText
from tests import factories as make
from tests.shop.storefront.furnishing import CHECKOUT

pytestmark = pytest.mark.django_db
LINE = "You may withdraw within 14 days of delivery."


@pytest.fixture
def world(shop_world):
    for code in ("eu", "us", "ch", "kr"):
        make.market(code)
    for code, amount in (("eu", "22"), ("us", "25"), ("ch", "24"), ("kr", "37000")):
        make.variant(f"MUG-{code.upper()}", prices={code: amount}, stock_at={"LON": 5, "LIL": 5})
    return shop_world


def legal(code: str, kind: str, language: str, title: str, body: str = "Text.", since: str = "2026-01-01") -> LegalPage:
    return LegalPage.objects.create(
        market=make.market(code), kind=kind, language=language, title=title, body=body, valid_from=since
    )


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/gb/en/products/mug-1/", LINE),
        ("/fr/fr/products/mug-1/", "Vous pouvez vous rétracter dans les 14 jours suivant la livraison."),
        ("/eu/en/products/mug-eu/", LINE),
        ("/kr/en/products/mug-kr/", "You may withdraw within 7 days of delivery."),
        ("/cn/zh-hans/products/mug-1/", "您可以在收货后 7 天内撤回合同。"),
        ("/us/en/products/mug-us/", ""),
        ("/ch/en/products/mug-ch/", ""),
        ("/jp/ja/products/mug-1/", ""),
    ],
)
def test_the_product_page_names_the_days_where_there_are_some(web, world, path, line):
    page = web.get(path).text
    assert line in page
    if not line:
        assert "You may withdraw" not in page
        assert "撤回できます" not in page


def test_checkout_and_order_name_them_too(web, world):
    legal("gb", "withdrawal", "en", "Right of withdrawal")
    cache.clear()
    web.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    page = web.get("/gb/en/checkout/").text
    assert LINE in page
    assert '/gb/en/legal/withdrawal/">How to withdraw' in page
    attempt = page.split('name="attempt" value="')[1].split('"')[0]
    total = page.split('name="expected_total" value="')[1].split('"')[0]
    web.post("/gb/en/checkout/", {**CHECKOUT, "attempt": attempt, "expected_total": total, "intent": "pay"})
    order = Order.objects.get()
    assert LINE in web.get(f"/orders/{order.token}/").text
    Order.objects.update(state="expired")
    assert LINE not in web.get(f"/orders/{order.token}/").text


def test_the_line_follows_the_country_at_checkout(web, world):
    web.post("/ch/en/basket/add/", {"sku": "MUG-CH"})
    assert LINE not in web.get("/ch/en/checkout/").text
    chosen = web.post("/ch/en/checkout/", {"intent": "update", "country": "LI", "address_country": "CH"})
    assert LINE in chosen.text


def made_by(**facts: str) -> Manufacturer:
    maker = Manufacturer.objects.create(
        **{
            "code": "b",
            "name": "Bramley <Editions>",
            "address": "1 Lane\nLeeds",
            "country": "GB",
            "email": "s@b.example",
        }
        | facts
    )
    for text in ProductText.objects.select_related("product"):
        text.product.manufacturer = maker
        text.product.save()
    return maker


def test_an_offer_in_the_union_shows_its_maker_in_the_open(web, world):
    made_by(
        responsible_name="Vitrine SAS", responsible_address="3 place\n59000 Lille", responsible_country="FR",
        responsible_email="eu@v.example",
    )  # fmt: skip
    ProductText.objects.filter(product__slug="mug-eu", language="en").update(warnings="Hot.\nVery hot.")
    page = web.get("/eu/en/products/mug-eu/").text
    block = page.split('class="safety"')[1].split("</section>")[0]
    shown = (
        "Bramley &lt;Editions&gt;", "1 Lane<br>Leeds<br>United Kingdom", "mailto:s@b.example", "Vitrine SAS",
        "59000 Lille<br>France", "eu@v.example", "MUG-EU", "Hot.<br>Very hot.",
    )  # fmt: skip
    for words in shown:
        assert words in block
    assert "<details" not in block
    assert "not recorded" not in block
    assert "Fabricant" in web.get("/eu/fr/products/mug-eu/").text


def test_what_is_missing_is_said(web, world):
    page = web.get("/eu/en/products/mug-eu/").text
    assert "We have not recorded yet who made this. Please ask us before you buy." in page
    made_by(address="", email="")
    page = web.get("/eu/en/products/mug-eu/").text
    for words in ("postal address yet", "electronic address yet", "answers for this product in the European Union"):
        assert words in page


def test_a_maker_in_the_union_needs_nobody_else(web, world):
    made_by(country="FR")
    page = web.get("/eu/en/products/mug-eu/").text
    assert "Responsible in the European Union" not in page
    assert "not recorded" not in page


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/gb/en/products/mug-1/", True), ("/fr/en/products/mug-1/", True), ("/us/en/products/mug-us/", False),
     ("/ch/en/products/mug-ch/", False), ("/jp/en/products/mug-1/", False)],
)  # fmt: skip
def test_only_where_it_is_asked_for(web, world, path, shown):
    assert ("Manufacturer and product safety" in web.get(path).text) is shown


def test_the_guarantee_notice_keeps_its_place_in_the_union_alone(web, world):
    legal("fr", "guarantee", "fr", "Garantie légale", "Ici figure la notice.")
    cache.clear()
    page = web.get("/fr/fr/").text
    assert '<a href="/fr/fr/legal/guarantee/">Votre garantie légale de conformité</a>' in page
    assert "règlement d’exécution (UE) 2025/1960" in page
    assert "2025/1960" in web.get("/eu/en/products/mug-eu/").text
    assert "2025/1960" not in web.get("/gb/en/").text + web.get("/ch/fr/").text + web.get("/us/en/").text


def test_legal_pages_stand_at_the_foot_and_open(web, world):
    legal("gb", "terms", "en", "Terms & such", "One <b>line</b>\ntwo.\n\n## Who\nWrite to a@b.example")
    cache.clear()
    assert '<a href="/gb/en/legal/terms/">Terms &amp; such</a>' in web.get("/gb/en/").text
    page = web.get("/gb/en/legal/terms/")
    assert "One &lt;b&gt;line&lt;/b&gt;<br>two." in page.text
    assert '<h2 class="section-title">Who</h2>' in page.text
    assert "mailto:a@b.example" in page.text
    assert "Version 1, in force since 1 January 2026" in page.text
    assert "must-revalidate" in page["Cache-Control"]


def test_a_page_in_another_language_says_so(web, world):
    legal("gb", "terms", "en", "Terms of sale")
    cache.clear()
    page = web.get("/gb/ja/").text
    assert '<a href="/gb/ja/legal/terms/" lang="en" hreflang="en">Terms of sale</a>' in page
    opened = web.get("/gb/ja/legal/terms/").text
    assert '<article class="legal" lang="en">' in opened
    assert '<html lang="ja">' in opened


@pytest.mark.parametrize("path", ["/gb/en/legal/terms/", "/gb/en/legal/nothing/", "/fr/fr/legal/imprint/"])
def test_what_is_not_there_is_a_404(web, world, path):
    legal("gb", "privacy", "en", "Privacy")
    assert web.get(path).status_code == 404


def test_a_version_of_tomorrow_is_not_read_today(web, world):
    legal("gb", "terms", "en", "Old", "Old words.")
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    LegalPage.objects.create(
        market=make.market("gb"), kind="terms", language="en", version=2, title="New", body="New.", valid_from=tomorrow
    )
    cache.clear()
    assert ">Old</a>" in web.get("/gb/en/").text
    assert "Old words." in web.get("/gb/en/legal/terms/").text


def test_the_pages_keep_their_budget(web, world, settings, django_assert_num_queries):
    settings.OFFERS_FOLLOW_EVERY = 600  # stamps are read once in a while, not for each page
    legal("gb", "terms", "en", "Terms")
    cache.clear()
    web.get("/gb/en/")
    with django_assert_num_queries(1):
        web.get("/gb/en/legal/terms/")
    assert timezone.localdate() > date(2026, 9, 27)
