"""Pictures that wait are prepared once, by one worker; what cannot be is named, and nothing is left lying about."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from shop.catalogue import pictures, preparing
from shop.catalogue.models import ProductImage, Rendition, Theme
from shop.catalogue.picture_intake import accept
from tests import factories
from tests.shop.catalogue.picture_files import photograph

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def image() -> ProductImage:
    return kept(factories.variant("MUG-1").product_id)


def kept(product_id: int, *, position: int = 0, size=(700, 350)) -> ProductImage:
    data = photograph(size)
    made = accept(io.BytesIO(data), size=len(data))
    name = default_storage.save(f"products/mug-{position}.jpg", ContentFile(made.data))
    return ProductImage.objects.create(
        product_id=product_id, file=name, width=made.width, height=made.height, position=position, alt={"en": "A mug"}
    )


def test_a_picture_is_prepared_once(image):
    assert preparing.prepare_due() == 1
    image.refresh_from_db()
    assert image.prepared_at
    assert {(one.format, one.width) for one in image.renditions.all()} == {
        (form, width) for form in ("avif", "webp") for width in (320, 480, 640)
    }
    for one in image.renditions.all():
        assert default_storage.size(one.file.name) == one.size
    assert preparing.prepare_due() == 0


def test_pages_get_sources_the_better_first(image, django_assert_num_queries):
    [bare] = pictures.of_products([image.product_id], language="fr", names={image.product_id: "Tasse"})[
        image.product_id
    ]
    assert (bare.sources, bare.alt) == ((), "A mug")
    preparing.prepare_due()
    with django_assert_num_queries(2):
        [picture] = pictures.of_products([image.product_id], language="ja")[image.product_id]
    assert [one.type for one in picture.sources] == ["image/avif", "image/webp"]
    assert [one.split()[1] for one in picture.sources[0].srcset.split(", ")] == ["320w", "480w", "640w"]
    assert picture.url == image.file.url


def test_the_statements_of_cards_do_not_grow(django_assert_num_queries):
    ids = []
    for number in range(4):
        product = factories.variant(f"MUG-{number}").product_id
        ids.append(product)
        for position in range(2):
            kept(product, position=position, size=(330, 200))
    preparing.prepare_due()
    with django_assert_num_queries(2):
        found = pictures.of_products(ids, language="en", first_only=True)
    assert {product: len(rows) for product, rows in found.items()} == dict.fromkeys(ids, 1)


def test_a_drawing_of_ours_needs_none():
    product = factories.variant("MUG-1").product
    ProductImage.objects.create(product=product, file="products/a.svg", width=8, height=8)
    assert preparing.prepare_due() == 0


def test_a_file_that_is_gone_is_named_and_not_tried_for_ever(image):
    default_storage.delete(image.file.name)
    assert preparing.prepare_due() == 1
    image.refresh_from_db()
    assert image.problem.startswith("It cannot be read")
    assert image.prepared_at is None
    assert preparing.prepare_due() == 0
    assert preparing.again(model=ProductImage, ids=[image.pk]) == 1
    assert preparing.due(ProductImage, timezone.now()).count() == 1


def test_a_worker_that_dies_loses_nothing(image):
    now = timezone.now()
    assert preparing._claim(now).pk == image.pk
    assert preparing._claim(now) is None, "another worker leaves it alone"
    assert preparing._claim(now + preparing.LEASE).pk == image.pk
    assert preparing._claim(now + 2 * preparing.LEASE).pk == image.pk
    # It killed three workers: it is left alone, and says so.
    preparing._claim(now + 3 * preparing.LEASE)
    image.refresh_from_db()
    assert image.problem == preparing.GAVE_UP
    assert preparing._claim(now + 4 * preparing.LEASE) is None


def test_a_picture_that_is_exchanged_meanwhile_keeps_nothing_of_the_old(image, monkeypatch):
    real = preparing.render

    def exchanged(data):
        yield from real(data)
        ProductImage.objects.filter(pk=image.pk).update(file="products/other.jpg")

    monkeypatch.setattr(preparing, "render", exchanged)
    preparing._prepare(preparing._claim(timezone.now()))
    assert not Rendition.objects.exists()
    assert default_storage.listdir("renditions")[1] == []


def test_themes_pictures_too(django_assert_num_queries):
    data = photograph((500, 300))
    made = accept(io.BytesIO(data), size=len(data))
    name = default_storage.save("themes/t.jpg", ContentFile(made.data))
    theme = Theme.objects.create(slug="t", picture=name, picture_width=500, picture_height=300)
    Theme.objects.create(slug="bare")
    assert preparing.prepare_due() == 1
    themes = list(Theme.objects.all())
    with django_assert_num_queries(1):
        found = pictures.of_themes(themes, names={theme.pk: "Rain"})
    assert found[theme.pk].alt == "Rain"
    assert len(found[theme.pk].sources) == 2


def test_files_that_no_row_names_go_after_a_day(image):
    preparing.prepare_due()
    stray = default_storage.save("products/stray.jpg", ContentFile(b"x"))
    assert preparing.sweep_files() == 0
    later = timezone.now() + preparing.KEPT_FOR + timedelta(minutes=1)
    assert preparing.sweep_files(now=later) == 1
    assert not default_storage.exists(stray)
    assert default_storage.exists(image.file.name)
    image.delete()
    assert preparing.sweep_files(now=later) == 1 + 6
    assert default_storage.listdir("renditions")[1] == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same(image):
    from threading import Thread

    found = []
    with transaction.atomic():
        ProductImage.objects.select_for_update().get(pk=image.pk)

        def other():
            found.append(preparing._claim(timezone.now()))
            connection.close()

        thread = Thread(target=other)
        thread.start()
        thread.join(timeout=30)
    assert found == [None]
