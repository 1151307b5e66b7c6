"""Themes, live events, help, related goods, attributes and the style guide."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from shop.crossborder.offering.refreshing import refresh_products
from shop.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    Museum,
    MuseumObject,
    Product,
    Theme,
    ThemeProduct,
    ThemeText,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(shop_world):
    made = Theme.objects.create(slug="waves", published=True)
    ThemeText.objects.create(theme=made, language="en", name="Waves", introduction="Water & wind.")
    ThemeText.objects.create(theme=made, language="fr", name="Vagues", introduction="L’eau et le vent.")
    for position, slug in enumerate(("mug-2", "mug-1")):
        ThemeProduct.objects.create(theme=made, product=Product.objects.get(slug=slug), position=position)
    return made


def exhibition(slug: str, *, opens: int, closes: int) -> Theme:
    """An exhibition that opens and closes so many days from today."""
    today = timezone.localdate()
    made = Theme.objects.create(
        slug=slug,
        kind=Theme.Kind.EXHIBITION,
        museum=Museum.objects.get(),
        opens_on=today + timedelta(days=opens),
        closes_on=today + timedelta(days=closes),
        published=True,
    )
    ThemeText.objects.create(theme=made, language="en", name=f"Exhibition {slug}")
    return made


def test_a_theme_shows_its_goods_in_its_own_order(web, theme):
    page = web.get("/gb/en/themes/waves/").text
    assert "Water &amp; wind." in page
    assert page.index("products/mug-2/") < page.index("products/mug-1/")
    assert "Vagues" in web.get("/fr/fr/themes/waves/").text
    assert "Waves" in web.get("/jp/ja/themes/waves/").text  # English where there is no Japanese


def test_what_is_not_published_or_over_is_not_shown(web, theme):
    exhibition("last-day", opens=-9, closes=0)
    exhibition("over", opens=-9, closes=-1)
    Theme.objects.create(slug="hidden", published=False)
    page = web.get("/gb/en/themes/").text
    assert "themes/waves/" in page
    assert "themes/last-day/" in page
    assert "themes/over/" not in page
    assert web.get("/gb/en/themes/over/").status_code == 404
    assert web.get("/gb/en/themes/hidden/").status_code == 404


def test_live_events_are_honest_and_show_exhibitions_alone(web, theme):
    exhibition("on-now", opens=-1, closes=5)
    page = web.get("/gb/en/events/").text
    assert "No tour is planned at present" in page
    assert "themes/on-now/" in page
    assert "themes/waves/" not in page


@pytest.mark.parametrize(("path", "statements"), [("themes/", 1), ("themes/waves/", 4), ("events/", 1)])
def test_statements_do_not_grow(web, theme, path, statements, django_assert_max_num_queries, settings):
    settings.OFFERS_FOLLOW_EVERY = 60
    web.get(f"/gb/en/{path}")
    for number in range(5):
        exhibition(f"show-{number}", opens=0, closes=number)
    with django_assert_max_num_queries(statements + 5):  # what following the offers costs
        web.get(f"/gb/en/{path}")


@pytest.mark.parametrize("topic", ["delivery", "returns", "payments", "contact"])
@pytest.mark.parametrize("place", ["/gb/en", "/fr/fr", "/cn/zh-hans", "/jp/ja"])
def test_help_answers_in_every_place(web, shop_world, place, topic):
    assert web.get(f"{place}/help/{topic}/").status_code == 200


def test_help_says_what_the_market_has(web, shop_world):
    assert "GBP" in web.get("/gb/en/help/payments/").text
    assert "United Kingdom" in web.get("/gb/en/help/").text
    assert web.get("/gb/en/help/anything/").status_code == 404


def test_a_product_names_its_attributes_and_what_shares_its_object(web, shop_world):
    first, second = Product.objects.get(slug="mug-1"), Product.objects.get(slug="mug-2")
    shown = MuseumObject.objects.create(museum=first.museum, accession_number="A.1", slug="a-1", title="Wave")
    first.objects_shown.add(shown)
    second.objects_shown.add(shown)
    glaze = Attribute.objects.create(code="glaze", labels={"en": "Glaze", "fr": "Émail"})
    for code in ("ash", "iron"):
        option = AttributeOption.objects.create(attribute=glaze, code=code, labels={"en": code.title()})
        AttributeValue.objects.create(product=first, attribute=glaze, option=option)
    refresh_products(product_ids=[first.pk, second.pk])
    page = web.get("/gb/en/products/mug-1/").text
    assert "Ash, Iron" in page
    assert "products/mug-2/" in page
    assert "products/mug-3/" not in page
    assert "Émail" in web.get("/fr/fr/products/mug-1/").text


def test_the_style_guide_is_for_the_demonstration_alone(web, shop_world):
    assert web.get("/styleguide/").status_code == 404
    with override_settings(DEMO=True):
        assert web.get("/styleguide/").status_code == 200
