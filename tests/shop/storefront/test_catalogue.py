"""Catalogue pages: contents, honesty about stock and rights, caching, and fixed numbers of SQL statements."""

import pytest

from shop.models import MuseumObject, Price, Product, ProductText
from tests import factories as make
from tests.shop.storefront.counting import statements_of
from tests.shop.storefront.furnishing import furnish

pytestmark = pytest.mark.django_db


def test_listing_names_price_museum_and_sold_out(web, shop_world):
    page = web.get("/gb/en/shop/").text
    assert "Mug MUG-1" in page
    assert "£18.00" in page
    assert "The Museum" in page
    assert page.count('<span class="card__state">Sold out') == 1
    assert "3 articles" in page


@pytest.mark.parametrize(
    ("place", "price"), [("/fr/fr", "22,00\xa0€"), ("/cn/zh-hans", "¥198.00"), ("/jp/ja", "￥3,900"), ("/gb/fr", "£")]
)
def test_prices_are_written_as_the_language_writes_them(web, shop_world, place, price):
    assert price in web.get(f"{place}/shop/").text


def test_listing_filters(web, shop_world):
    make.variant("BOOK-1", category="books")
    assert "BOOK-1" in web.get("/gb/en/shop/?category=books").text
    assert "MUG-1" not in web.get("/gb/en/shop/?category=books").text
    assert "MUG-1" in web.get("/gb/en/shop/?museum=museum").text
    assert "MUG-1" not in web.get("/gb/en/shop/?museum=other").text
    assert web.get("/gb/en/shop/?category=nothing").status_code == 404


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("/gb/en", "mug-1", True),
        ("/cn/zh-hans", "马克杯", True),
        ("/cn/zh-hans", "mug", True),  # English names are searched everywhere
        ("/gb/en", "马克杯", True),  # and what is written in Han, whatever the page's language
        ("/gb/en", "100%_\\'\"", False),
        ("/gb/en", "x" * 5000, False),
    ],
)
def test_search(web, shop_world, place, text, found):
    answer = web.get(f"{place}/shop/", {"q": text})
    assert answer.status_code == 200
    assert ("products/mug-1/" in answer.text) is found


def test_search_survives_a_slip_of_the_pen(web, shop_world):
    words = ProductText.objects.get(product__slug="mug-1", language="en")
    words.name = "Strawberry Thief scarf"
    words.save()
    assert "Strawberry Thief" in web.get("/gb/en/shop/?q=strawbery").text


def test_search_words_are_escaped(web, shop_world):
    page = web.get("/gb/en/shop/", {"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_pages_of_24(web, shop_world):
    for number in range(24):
        make.variant(f"P-{number:02d}")
    first, second = web.get("/gb/en/shop/").text, web.get("/gb/en/shop/?page=2").text
    assert first.count('<li class="card') == 24
    assert "Page 2 of 2" in second
    assert "Page 2 of 2" in web.get("/gb/en/shop/?page=99999").text
    assert "Page 1 of 2" in web.get("/gb/en/shop/?page=-1").text


def test_what_is_not_licensed_or_priced_is_left_out_and_its_page_says_so(web, shop_world):
    make.variant("RARE-1", licensed=False)
    make.variant("GB-ONLY", prices={"gb": "9.00"})
    assert "RARE-1" not in web.get("/gb/en/shop/").text
    assert "GB-ONLY" not in web.get("/fr/fr/shop/").text
    for path in ("/gb/en/products/rare-1/", "/fr/en/products/gb-only/"):
        answer = web.get(path)
        assert answer.status_code == 200
        assert "Not available in this country" in answer.text
        assert "basket/add" not in answer.text


def test_rights_of_one_country_do_not_open_another(web, db):
    make.market("gb")
    make.market("cn")
    make.agreement(territories=("GB",))
    make.variant("MUG-9", prices={"gb": "18.00", "cn": "198.00"})
    assert "MUG-9" in web.get("/gb/en/shop/").text
    assert "MUG-9" not in web.get("/cn/en/shop/").text


def test_unpublished_products_have_no_page(web, shop_world):
    Product.objects.filter(slug="mug-1").update(published=False)
    assert web.get("/gb/en/products/mug-1/").status_code == 404
    assert "MUG-1" not in web.get("/gb/en/shop/").text


def test_product_page(web, shop_world):
    furnish(shop_world["plenty"])
    page = web.get("/gb/en/products/mug-1/").text
    for words in ("£18.00", "incl. VAT", "In stock", "After the object", "Founders’ Bequest, 1911", "MUG-1.0"):
        assert words in page
    assert 'alt="A mug"' in page
    assert "/gb/en/objects/object-mug-1-0/" in page
    assert "2–4 working days" in page
    assert "United Kingdom" in page
    assert "Only 3 left" in web.get("/gb/en/products/mug-2/").text
    sold_out = web.get("/gb/en/products/mug-3/").text
    assert "Sold out" in sold_out
    assert "Add to basket" not in sold_out
    assert "excl. tax" in web.get("/jp/en/products/mug-1/").text


def test_museum_and_object_pages(web, shop_world):
    furnish(shop_world["plenty"])
    museum = web.get("/gb/en/museums/museum/").text
    assert "The Museum" in museum
    assert "Under the Wave" in museum
    record = web.get("/gb/fr/objects/object-mug-1-0/").text
    assert "Founders’ Bequest, 1911" in record
    assert "Tasse MUG-1" in record
    assert web.get("/gb/en/museums/none/").status_code == 404
    assert web.get("/gb/en/objects/none/").status_code == 404


def test_an_imported_object_without_an_address_has_no_link(web, shop_world):
    thing = shop_world["plenty"]
    bare = MuseumObject.objects.create(museum=thing.product.museum, accession_number="X.1", title="Bare record")
    thing.product.objects_shown.add(bare)
    assert "Bare record" in web.get("/gb/en/products/mug-1/").text
    assert "Bare record" not in web.get("/gb/en/museums/museum/").text


CATALOGUE = [
    "/gb/en/",
    "/gb/en/shop/",
    "/gb/en/products/mug-1/",
    "/gb/en/museums/museum/",
    "/gb/en/objects/object-mug-1-0/",
]


@pytest.mark.parametrize("path", CATALOGUE)
def test_catalogue_pages_are_the_same_for_everybody(web, client, shop_world, django_user_model, path):
    furnish(shop_world["plenty"])
    client.force_login(django_user_model.objects.create_user("ada", "ada@example.org", "secret"))
    client.post("/gb/en/basket/add/", {"sku": "MUG-1"})
    anonymous, known = web.get(path), client.get(path)
    assert anonymous.content == known.content
    assert "Cookie" not in known.get("Vary", "")
    assert not known.cookies
    assert {"public", "max-age=0", "must-revalidate"} == {part.strip() for part in known["Cache-Control"].split(",")}
    assert web.get(path, headers={"if-none-match": anonymous["ETag"]}).status_code == 304
    assert web.post(path).status_code == 405


@pytest.mark.parametrize("path", [*CATALOGUE, "/gb/en/basket/", "/accounts/login/", "/gb/xx/"])
def test_pages_run_nothing_inline(web, shop_world, path):
    furnish(shop_world["plenty"])
    answer = web.get(path)
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    # A block of data is no script: nothing in it runs.
    data = answer.text.count('type="application/json"') + answer.text.count('type="application/ld+json"')
    assert answer.text.count("<script") - data == answer.text.count("<script src=")
    assert "//cdn" not in answer.text


def test_listing_needs_six_statements_whatever_the_rows(web, shop_world, settings):
    few = statements_of(web, "/gb/en/shop/?q=mug", settings)
    for number in range(27):
        furnish(make.variant(f"P-{number:02d}"))
    many = statements_of(web, "/gb/en/shop/?q=mug", settings)
    assert few == many <= 6


def test_product_needs_eight_statements_whatever_the_rows(web, shop_world, settings):
    thing = shop_world["plenty"]
    furnish(thing, pictures=1, objects=1)
    few = statements_of(web, "/gb/en/products/mug-1/", settings)
    furnish_more = [make.variant(f"V-{number:02d}") for number in range(27)]
    for one in furnish_more:
        one.product = thing.product
        one.save()
    MuseumObject.objects.bulk_create(
        MuseumObject(museum=thing.product.museum, accession_number=f"M.{n}", slug=f"m-{n}", title="x")
        for n in range(29)
    )
    thing.product.objects_shown.set(MuseumObject.objects.all())
    many = statements_of(web, "/gb/en/products/mug-1/", settings)
    assert few == many <= 8


@pytest.mark.parametrize("path", ["/gb/en/", "/gb/en/museums/museum/", "/gb/en/objects/object-mug-1-0/"])
def test_other_pages_need_the_same_whatever_the_rows(web, shop_world, settings, path):
    furnish(shop_world["plenty"])
    few = statements_of(web, path, settings)
    for number in range(27):
        furnish(make.variant(f"P-{number:02d}"))
    assert statements_of(web, path, settings) == few <= 8


def test_a_price_of_tomorrow_is_not_a_price_of_today(web, shop_world):
    from datetime import timedelta

    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.utils import timezone

    tomorrow = timezone.localdate() + timedelta(days=1)
    Price.objects.filter(variant=shop_world["plenty"]).update(valid=DateRange(tomorrow, None))
    assert "MUG-1" not in web.get("/gb/en/shop/").text
