"""Pictures as pages offer them: AVIF, WebP and what every browser reads, sized, lazy but the first, in no more statements."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.crossborder.offering.narrowing import Filters
from shop.crossborder.offering.refreshing import refresh
from shop.models import ProductImage, Rendition, Theme, ThemeProduct, ThemeText
from shop.storefront.queries.cards import offered_cards
from shop.storefront.queries.listing import find
from shop.storefront.queries.product import product_page
from tests import factories as make

pytestmark = pytest.mark.django_db
WIDTHS = (320, 640)


def picture(product, position: int, *, suffix: str = "jpg") -> ProductImage:
    image = ProductImage.objects.create(
        product=product,
        file=f"products/{product.slug}-{position}.{suffix}",
        width=1600,
        height=1200,
        position=position,
        alt={"en": f"View {position}", "fr": f"Vue {position}"},
    )
    if suffix != "svg":
        for form in ("webp", "avif"):
            for width in reversed(WIDTHS):
                name = f"renditions/{product.slug}-{position}-{width}.{form}"
                Rendition.objects.create(picture=image, format=form, width=width, height=width, size=9, file=name)
    return image


@pytest.fixture
def gb(db):
    market = make.market("gb")
    make.agreement()
    return market


def thing(sku: str, pictures: int = 2, suffix: str = "jpg"):
    product = make.variant(sku, category="mugs", prices={"gb": "12.00"}, stock_at={"LON": 9}).product
    for position in range(pictures):
        picture(product, position, suffix=suffix)
    return product


def answer(client, path: str) -> str:
    cache.clear()
    response = client.get(f"/gb/en/{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_gallery_offers_avif_before_webp_before_the_upload(client, gb):
    product = thing("PIC-1")
    refresh(market=gb)
    text = answer(client, f"products/{product.slug}/")
    gallery = text[text.index('class="gallery"') : text.index('class="product__facts"')]
    pictures = re.findall(r"<picture>.*?</picture>", gallery)
    assert len(pictures) == 2
    for number, one in enumerate(pictures):
        assert re.findall(r'type="(image/\w+)"', one) == ["image/avif", "image/webp"]
        slug = re.escape(product.slug)
        for form in ("avif", "webp"):
            assert re.search(
                rf'srcset="\S*{slug}-{number}-320\.{form} 320w, \S*{slug}-{number}-640\.{form} 640w" sizes="[^"]+vw"',
                one,
            )
        assert re.search(rf'<img src="\S*{slug}-{number}\.jpg" width="1600" height="1200" alt="View {number}"', one)
        assert ('loading="lazy"' in one) is (number > 0)
        assert ('fetchpriority="high"' in one) is (number == 0)


def test_cards_offer_the_first_picture(client, gb):
    product = thing("PIC-2")
    refresh(market=gb)
    text = answer(client, "shop/")
    assert f"{product.slug}-0-320.avif 320w" in text
    assert f"{product.slug}-1-" not in text
    assert text.index("image/avif") < text.index("image/webp")


def test_drawings_and_pictures_that_wait_stand_as_they_are(client, gb):
    drawn, waiting = thing("PIC-3", suffix="svg"), thing("PIC-4", pictures=0)
    ProductImage.objects.create(product=waiting, file="products/waits.png", width=400, height=400)
    refresh(market=gb)
    for product, file in ((drawn, f"{drawn.slug}-0.svg"), (waiting, "waits.png")):
        text = answer(client, f"products/{product.slug}/")
        assert file in text
        assert "<picture>" not in text


def test_a_theme_offers_its_own_renditions(client, gb):
    product = thing("PIC-5", pictures=0)
    theme = Theme.objects.create(
        slug="waves", published=True, picture="themes/waves.jpg", picture_width=1800, picture_height=1200
    )
    ThemeText.objects.create(theme=theme, language="en", name="Waves")
    ThemeProduct.objects.create(theme=theme, product=product)
    Rendition.objects.create(
        theme=theme, format="avif", width=640, height=427, size=9, file="renditions/waves-640.avif"
    )
    refresh(market=gb)
    for path in ("themes/", "themes/waves/", ""):
        text = answer(client, path)
        assert re.search(r'type="image/avif" srcset="\S*renditions/waves-640.avif 640w"', text), path
        assert 'width="1800" height="1200"' in text


@pytest.mark.parametrize("pictures", [1, 6])
def test_renditions_cost_no_statement(gb, pictures):
    products = [thing(f"PIC-{number}", pictures) for number in range(6, 6 + pictures)]
    refresh(market=gb)
    find(market=gb, language="en", filters=Filters(), page=1)
    with CaptureQueriesContext(connection) as listing:
        found = find(market=gb, language="en", filters=Filters(), page=1)
    assert len(found.cards) == pictures
    assert all(len(card.picture.sources) == 2 for card in found.cards)
    with CaptureQueriesContext(connection) as product:
        page = product_page(slug=products[0].slug, market=gb, language="en")
    assert page
    assert len(page.pictures) == pictures
    with CaptureQueriesContext(connection) as cards:
        offered_cards([one.pk for one in products], market=gb, language="en")
    assert (len(listing) <= 6, len(product) <= 8, len(cards)) == (True, True, 1)
