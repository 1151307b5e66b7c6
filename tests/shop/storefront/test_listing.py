"""The listing and the search page: facets, orders, pages, bad input, and fixed numbers of statements."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from shop.crossborder.offering.narrowing import FACETS, Filters
from shop.crossborder.offering.refreshing import refresh
from shop.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    Museum,
    MuseumObject,
    Product,
    ProductOffer,
    ProductText,
    SearchMiss,
    Theme,
    ThemeProduct,
)
from shop.storefront.queries.listing import find
from shop.storefront.queries.suggesting import suggestions
from tests import factories as make

pytestmark = pytest.mark.django_db
PRICES = ("10.00", "25.00", "24.99", "60.00", "300.00", "120.00")
CATEGORIES = ("mugs", "scarves", "mugs", "books", "prints")
CULTURES = ("Japan", "France", "")
YEARS = (1829, -490, None, 1900)


@pytest.fixture
def window(db):
    """Twelve products that differ in everything that they are narrowed by."""
    gb = make.market("gb")
    make.agreement()
    material = Attribute.objects.create(code="material", facet=True, labels={"en": "Material"})
    options = [
        AttributeOption.objects.create(attribute=material, code=code, labels={"en": code.title()})
        for code in ("silk", "paper")
    ]
    themes = [Theme.objects.create(slug=slug, published=slug != "hidden") for slug in ("waves", "flowers", "hidden")]
    other = Museum.objects.create(slug="other")
    for number in range(12):
        stock = {"LON": (0, 3, 40)[number % 3]}
        thing = make.variant(
            f"P-{number:02d}",
            category=CATEGORIES[number % 5],
            prices={"gb": PRICES[number % 6]},
            stock_at=stock,
        ).product
        if number % 4 == 0:
            Product.objects.filter(pk=thing.pk).update(museum=other)
        for at in range(number % 3):
            record = MuseumObject.objects.create(
                museum=other,
                accession_number=f"{number}.{at}",
                title="Record",
                culture=CULTURES[(number + at) % 3],
                year_from=YEARS[(number + at) % 4],
            )
            thing.objects_shown.add(record)
        for theme in themes[: number % 4]:
            ThemeProduct.objects.create(theme=theme, product=thing)
        for option in options[: number % 3]:
            AttributeValue.objects.create(product=thing, attribute=material, option=option)
    refresh(market=gb)
    return gb


def facts(market) -> dict[str, dict[str, set[str]]]:
    """Slug → facet → values, read row by row."""
    known = {}
    for offer in ProductOffer.objects.filter(market=market).select_related("product__museum"):
        product = offer.product
        years = [one.year_from for one in product.objects_shown.all() if one.year_from]
        low = max(end for end in (0, 25, 50, 100, 250) if end <= offer.amount)
        high = {0: 25, 25: 50, 50: 100, 100: 250, 250: ""}[low]
        known[product.slug] = {
            "category": {product.category},
            "museum": {product.museum.slug},
            "theme": {one.slug for one in product.themes.filter(published=True)},
            "culture": {one.culture for one in product.objects_shown.all()} - {""},
            "period": {str((year + 99) // 100 if year > 0 else -((99 - year) // 100)) for year in years},
            "material": {one.option.code for one in product.attribute_values.all()},
            "price": {f"{low}-{high}"},
            "availability": {("sold_out", "backorder", "in_stock", "in_stock")[offer.state]},
        }
    return known


VALUES = {
    "category": ["mugs", "scarves", "books", "umbrellas"],
    "museum": ["museum", "other", "nowhere"],
    "theme": ["waves", "flowers", "hidden"],
    "culture": ["Japan", "France", "Atlantis"],
    "period": ["19", "-5", "abc"],
    "material": ["silk", "paper"],
    "price": ["0-25", "25-50", "50-100", "250-", "cheap"],
    "availability": ["in_stock", "sold_out", "soon"],
}
CHOSEN = st.fixed_dictionaries(
    {}, optional={code: st.lists(st.sampled_from(values), min_size=1, max_size=2) for code, values in VALUES.items()}
)


def test_facets_agree_with_a_count_by_hand(window):
    known = facts(window)
    assert len(known) == 12

    @how(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CHOSEN)
    def check(chosen):
        def kept(own: str = "") -> list[str]:
            return [
                slug
                for slug, facets in known.items()
                if all(facets[code] & set(values) for code, values in chosen.items() if code != own)
            ]

        results = find(market=window, language="en", filters=Filters.read(lambda code: chosen.get(code, [])))
        assert {card.slug for card in results.cards} == set(kept())
        assert results.total == len(kept())
        shown = {facet.code: {one.value: one for one in facet.choices} for facet in results.facets}
        for code in FACETS:
            counted: dict[str, int] = dict.fromkeys(chosen.get(code, []), 0)
            for slug in kept(code):
                for value in known[slug][code]:
                    counted[value] = counted.get(value, 0) + 1
            assert {value: one.count for value, one in shown.get(code, {}).items()} == counted, code
            assert {value for value, one in shown.get(code, {}).items() if one.chosen} == set(chosen.get(code, []))

    check()


def test_orders(window):
    def order(sort):
        filters = Filters.read(lambda code: [sort] if code == "sort" else [])
        return [card.slug for card in find(market=window, language="en", filters=filters).cards]

    amounts = dict(ProductOffer.objects.values_list("product__slug", "amount"))
    rising = [amounts[slug] for slug in order("price")]
    assert rising == sorted(rising)
    assert [amounts[slug] for slug in order("-price")] == sorted(rising, reverse=True)
    assert order("newest")[0] == "p-11"
    assert order("nonsense") == order("recommended")
    gone = set(ProductOffer.objects.filter(state=0).values_list("product__slug", flat=True))
    assert set(order("recommended")[-len(gone) :]) == gone


def test_what_can_be_had_and_what_is_bought_comes_first(window):
    ProductText.objects.filter(language="en").update(name="Same", description="Same.")
    from shop.catalogue.search.indexing import follow

    follow()
    Product.objects.filter(slug="p-02").update(popularity=900)
    cards = find(market=window, language="en", filters=Filters(text="same")).cards
    assert cards[0].slug == "p-02"
    sold_out = [card.sold_out for card in cards]
    assert sold_out == sorted(sold_out)


def test_new_comes_before_old(window):
    Product.objects.exclude(slug="p-05").update(created_at=timezone.now() - timedelta(days=400))
    scores = find(market=window, language="en", filters=Filters(text="p-05 mug")).cards
    assert [card.slug for card in scores][:1] == ["p-05"] or not scores


BAD = [
    "page=1000000000",
    "page=-1",
    "page=99999999999999999999",
    "page=x",
    "q=" + "x" * 10_000,
    "q=%26+%7C+!+(+)+:+*",
    "q='%3A*+%3C-%3E+%5C",
    "q=%E5%A3%B6",
    "q=%22",
    "q=...",
    "museum=none&theme=%27&culture=%22&period=99999999999&material=%5C",
    "price=1-&price=999999999999-&price=-5&price=9-1",
    "availability=x&sort=x&unknown=1",
    "&".join(f"museum=m{number}" for number in range(500)),
]


@pytest.mark.parametrize("query", BAD)
def test_bad_input_is_a_page(web, shop_world, query):
    answer = web.get(f"/gb/en/shop/?{query}")
    assert answer.status_code == 200
    assert web.get(f"/gb/en/fragments/suggest/?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/gb/en/shop/", "/gb/en/fragments/suggest/", "/api/v1/store/products"])
def test_a_nul_is_refused(web, shop_world, path):
    assert web.get(f"{path}?market=gb&q=%00").status_code in {400, 404}


def test_narrowing_on_the_page(web, window):
    page = web.get("/gb/en/shop/?category=mugs&category=books&price=25-50").text
    assert "Remove Mugs" in page
    assert "£25.00 to £50.00" in page
    assert 'name="material" value="silk"' in page
    assert "/gb/en/shop/?category=books&amp;price=25-50" in page  # the chip takes the mugs back


def test_corrected_suggested_and_collected(web, shop_world):
    ProductText.objects.get(product__slug="mug-1", language="en").delete()
    ProductText.objects.create(product=shop_world["plenty"].product, language="en", name="Strawberry", description="x")
    page = web.get("/gb/en/shop/?q=strawbery").text
    assert "These are results for “strawberry”" in page
    assert "products/mug-1/" in page
    nothing = web.get("/gb/en/shop/?q=qqqqqq").text
    assert "category=mugs" in nothing
    MuseumObject.objects.create(museum=shop_world["plenty"].product.museum, accession_number="9", title="Qqqqqq vase")
    assert "In the collection" in web.get("/gb/en/shop/?q=qqqqqq").text


def test_suggestions(web, shop_world):
    page = web.get("/gb/en/shop/").text
    assert page
    assert "products/mug-1/" in web.get("/gb/en/fragments/suggest/?q=mu").text
    assert "products/mug-1/" in web.get("/gb/en/fragments/suggest/?q=马克").text
    assert "products" not in web.get("/gb/en/fragments/suggest/?q=").text


def counted(work) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.parametrize(
    ("filters", "most"),
    [
        (Filters(), 3),
        (Filters(chosen={"category": ("mugs",), "theme": ("waves",), "period": ("19",), "price": ("0-25",)}), 3),
        (Filters(text="mug", chosen={"museum": ("museum",)}), 5),
        (Filters(text="mgu"), 7),
    ],
)
# One of them is saved by a shelf that is kept, see test_shelving.py; what this test has written itself keeps none.
def test_statements_do_not_grow_with_rows(window, filters, most):
    few = counted(lambda: find(market=window, language="en", filters=filters))
    for number in range(20):
        make.variant(f"Q-{number:02d}")
    refresh(market=window)
    assert counted(lambda: find(market=window, language="en", filters=filters)) == few <= most


def test_suggestions_need_three_statements(window):
    assert counted(lambda: suggestions("mu", market=window, language="en")) == 3


def test_the_page_needs_six_statements_between_two_followings(web, shop_world, settings):
    settings.OFFERS_FOLLOW_EVERY = 60
    for path in ("/gb/en/shop/", "/gb/en/shop/?q=mug&category=mugs"):
        web.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert web.get(path).status_code == 200
        assert len(captured) <= 6


def test_searches_in_vain_are_counted_without_persons(web, shop_world, monkeypatch):
    for typed in ("Zzzz", "zzzz", "ada@example.org", "+44 7700 900123", "   "):
        web.get("/gb/en/shop/", {"q": typed})
    assert list(SearchMiss.objects.values_list("words", "count", "market", "language")) == [("zzzz", 2, "gb", "en")]
    monkeypatch.setattr("shop.catalogue.search.misses.MOST_A_DAY", 2)
    for typed in ("yyyy", "xxxx", "zzzz"):
        web.get("/gb/en/shop/", {"q": typed})
    assert dict(SearchMiss.objects.values_list("words", "count")) == {"zzzz": 3, "yyyy": 1}


def test_old_searches_are_forgotten(db):
    from shop.catalogue.search import misses

    today = timezone.now().date()
    misses.note(text="old", market="gb", language="en", on=today - timedelta(days=91))
    misses.note(text="new", market="gb", language="en", on=today - timedelta(days=90))
    assert misses.forget() == 1
    assert SearchMiss.objects.get().words == "new"
