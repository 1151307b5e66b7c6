"""Kept pages: rendered once, true to the last sale, the same for everybody, and never what is somebody's own."""

import gzip
from threading import Barrier, Lock, Thread

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory
from redis.exceptions import ConnectionError as ValkeyAway

from config.redis_client import client as valkey
from inventory.stock import actions as stock
from shop.models import Market, MuseumText, ObjectText, ProductText, Publication
from shop.storefront import freshness
from shop.storefront.page_cache import keys, release, serving, stamps, store, turns
from shop.storefront.queries import collection
from shop.storefront.queries import product as product_queries
from tests import factories as make
from tests.shop.storefront.furnishing import furnish

pytestmark = pytest.mark.django_db
PAGE = "/gb/en/products/mug-1/"
GZIP = {"accept-encoding": "br;q=0, gzip"}


@pytest.fixture
def rendered(monkeypatch):
    """Count how often a product's page, and the first page, are made."""
    counts = {"product": 0, "home": 0}

    def counting(name, original):
        def made(**named):
            counts[name] += 1
            return original(**named)

        return made

    monkeypatch.setattr(product_queries, "product_page", counting("product", product_queries.product_page))
    monkeypatch.setattr(collection, "home_page", counting("home", collection.home_page))
    return counts


def _sell(thing, units: int) -> None:
    """Hold units, as placing an order does."""
    place = make.warehouse("LON")
    stock.hold(
        demand={thing.item_id: units}, warehouses=[place.id], holder="web", cause_key=f"web:{units}", expires_at=None
    )


def test_a_sale_is_on_the_page_and_in_the_lists_without_any_worker(web, shop_world):
    """``OFFERS_FOLLOW_EVERY`` is 0 here: what is asked for at most once a second elsewhere is asked for each time."""
    assert "Only 3 left" in web.get("/gb/en/products/mug-2/").text
    assert web.get("/gb/en/shop/").text.count('<span class="card__state">Sold out') == 1
    _sell(shop_world["few"], 1)
    assert "Only 2 left" in web.get("/gb/en/products/mug-2/").text
    _sell(shop_world["few"], 2)
    assert "Sold out" in web.get("/gb/en/products/mug-2/").text
    assert web.get("/gb/en/shop/").text.count('<span class="card__state">Sold out') == 2


def test_a_page_is_made_once(web, shop_world, rendered):
    first = web.get(PAGE)
    assert web.get(PAGE).content == first.content
    store.share.clear()  # another process: what Valkey has
    assert web.get(PAGE).content == first.content
    assert rendered["product"] == 1


def test_a_change_elsewhere_leaves_a_product_alone_but_not_the_lists(web, shop_world, rendered):
    for path in (PAGE, "/gb/en/"):
        web.get(path)
    ProductText.objects.filter(product__slug="mug-3", language="en").update(name="Renamed elsewhere")
    assert "Renamed elsewhere" in web.get("/gb/en/shop/").text
    for path in (PAGE, "/gb/en/"):
        web.get(path)
    assert rendered == {"product": 1, "home": 2}


def test_a_change_of_its_own_is_seen_at_once(web, shop_world):
    assert "New name" not in web.get(PAGE).text
    ProductText.objects.filter(product__slug="mug-1", language="en").update(name="New name")
    assert "New name" in web.get(PAGE).text


def test_words_around_the_products_are_seen_at_once(web, shop_world):
    furnish(shop_world["plenty"])
    assert "The Museum" in web.get("/gb/en/museums/museum/").text
    MuseumText.objects.filter(language="en").update(name="A museum renamed")
    assert "A museum renamed" in web.get("/gb/en/museums/museum/").text
    assert "A museum renamed" in web.get(PAGE).text
    web.get("/gb/en/objects/object-mug-1-0/")
    ObjectText.objects.update(title="Another title")
    assert "Another title" in web.get("/gb/en/objects/object-mug-1-0/").text
    Market.objects.filter(code="gb").update(prices_include_tax=False)
    assert "excl. tax" in web.get(PAGE).text


def test_a_neighbours_sale_changes_its_card(web, shop_world):
    furnish(shop_world["plenty"])
    shop_world["few"].product.objects_shown.set(shop_world["plenty"].product.objects_shown.all())
    assert "MUG-2" in web.get(PAGE).text
    ProductText.objects.filter(product__slug="mug-2", language="en").update(name="The neighbour")
    assert "The neighbour" in web.get(PAGE).text


def test_a_language_in_which_a_product_is_not_shown_has_no_page(web, shop_world):
    product, market = shop_world["plenty"].product, make.market("gb")
    Publication.objects.create(product=product, market=market, language="fr", shown=False)
    assert web.get("/gb/fr/products/mug-1/").status_code == 404
    assert "mug-1" not in web.get("/gb/fr/").text
    assert "mug-1" not in web.get("/gb/fr/museums/museum/").text
    assert web.get(PAGE).status_code == 200


def test_unknown_parameters_are_ignored_and_come_back_nowhere(web, shop_world, rendered):
    plain = web.get(PAGE)
    odd = web.get(PAGE + "?utm_source=x&q=poison&page=3")
    assert odd.content == plain.content
    assert rendered["product"] == 1


@pytest.mark.parametrize(
    ("query", "is_kept", "shared"),
    [
        ("", True, True),
        ("page=2", True, True),
        ("page=1000000000", False, False),
        ("page=-1", False, False),
        ("q=mug", False, False),
        ("category=mugs", True, False),
        ("category=" + "x" * 10_000, False, False),
        ("&".join(f"museum={n}" for n in range(60)), False, False),
    ],
)
def test_what_there_is_no_end_to_is_not_kept(query, is_kept, shared):
    found = keys.key_of(RequestFactory().get(f"/gb/en/shop/?{query}"), ("category", "museum", "q", "page"))
    assert (found is not None) is is_kept
    assert (found is not None and found.shared) is shared


def test_the_page_sees_what_it_reads_alone():
    seen = keys.read_by_page(QueryDict("page=2&evil=1&category=a&category=b"), ("category", "page"))
    assert seen.urlencode() == "category=a&category=b&page=2"


def test_packed_once_and_unpacked_for_who_asks(web, shop_world):
    plain, packed = web.get(PAGE), web.get(PAGE, headers=GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert gzip.decompress(packed.content) == plain.content
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
    assert plain["ETag"] == packed["ETag"]
    refused = web.get(PAGE, headers={"accept-encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused


@pytest.mark.parametrize("path", [PAGE, "/gb/en/", "/gb/en/shop/?q=mug"])
def test_who_has_the_page_gets_304(web, shop_world, path):
    tag = web.get(path)["ETag"]
    again = web.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == serving.POLICY


def test_errors_are_not_kept(web, shop_world):
    for _ in range(2):
        assert web.get("/gb/en/products/none/").status_code == 404
    assert not store.share.held


@pytest.mark.parametrize("secret", ["cookie", "session", "token", "private", "error", "vary"])
def test_what_is_somebodys_own_may_not_be_kept(secret):
    request, response = HttpRequest(), HttpResponse("page")
    assert serving.may_be_kept(request, response)
    match secret:
        case "cookie":
            response.set_cookie("a", "b")
        case "session":
            request.session = type("S", (), {"accessed": True, "modified": False})()
        case "token":
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
        case "private":
            response["Cache-Control"] = "private"
        case "vary":
            response["Vary"] = "Cookie"
        case "error":
            response.status_code = 500
    assert not serving.may_be_kept(request, response)


def test_flushing_lets_pages_be_made_anew(web, shop_world, rendered, capsys):
    web.get(PAGE)
    call_command("flush_pages")
    assert "no longer served" in capsys.readouterr().out
    web.get(PAGE)
    assert rendered["product"] == 2


def test_pages_are_served_while_valkey_is_away(web, shop_world, monkeypatch):
    whole = web.get(PAGE).content

    def away(*_args, **_named):
        raise ValkeyAway

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache, name, away, raising=False)
    monkeypatch.setattr(turns, "client", away)
    assert release.generation() == ""
    assert web.get(PAGE).content == whole


def test_a_turn_is_taken_once(settings, monkeypatch):
    assert freshness.due("gb")
    assert freshness.due("gb"), "0 seconds: always"
    settings.OFFERS_FOLLOW_EVERY = 60
    assert freshness.due("gb")
    assert not freshness.due("gb")
    assert freshness.due("cn")

    def away(*_args):
        raise ValkeyAway

    monkeypatch.setattr(freshness.cache, "add", away, raising=False)
    monkeypatch.setattr(freshness, "_alone", {})
    assert freshness.due("gb")
    assert not freshness.due("gb")


def test_stamps_are_remembered_as_long_as_they_may_be(shop_world, settings, django_assert_num_queries):
    settings.OFFERS_FOLLOW_EVERY = 600
    market = make.market("gb")
    first = stamps.of_product(market, "mug-1")
    with django_assert_num_queries(0):
        assert stamps.of_product(market, "mug-1") == first
    with django_assert_num_queries(1):
        stamps.of_product(market, "mug-2")
    assert stamps.of_product(market, "none") == ""


def _all_at_once(work, *, many: int = 20) -> None:
    threads = [Thread(target=work) for _ in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


@pytest.mark.parametrize("guarded", [True, False])
def test_of_twenty_at_once_one_renders(guarded):
    barrier, lock, made, found = Barrier(20), Lock(), [], {}

    def render():
        with lock:
            made.append(1)
        found["page"] = "page"
        return "page"

    def visit():
        if guarded:
            barrier.wait()
            assert turns.render_once("test:herd", look=lambda: found.get("page"), render=render, shared=True) == "page"
        else:  # negative control: all have looked before anybody has rendered
            missing = found.get("page") is None
            barrier.wait()
            if missing:
                render()

    _all_at_once(visit)
    assert len(made) == (1 if guarded else 20)
    assert not turns._locks


def test_another_process_at_work_is_waited_for():
    found = {}
    valkey().set("vitrine-turn:test:other", 1, px=5_000)

    def look():
        # The other process is done when we look for the second time.
        found["looks"] = found.get("looks", 0) + 1
        return "theirs" if found["looks"] > 1 else None

    assert turns.render_once("test:other", look=look, render=lambda: "mine", shared=True) == "theirs"
    valkey().delete("vitrine-turn:test:other")


def test_a_process_keeps_so_much_and_no_more():
    share = store.Share(limit=200)
    pages = [store.pack(stamp="s", body=bytes(f"page {n}", "ascii"), headers={}) for n in range(20)]
    for number, page in enumerate(pages):
        share.put(str(number), page)
    assert share.held <= 200
    assert share.get("0", "s") is None
    assert share.get("19", "s") is pages[19]
    assert share.get("19", "another stamp") is None
