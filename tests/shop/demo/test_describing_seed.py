"""The demo's kinds of product, attributes and themes: complete in every language, and never over what people changed."""

from datetime import date

import pytest

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    MuseumObject,
    Product,
    RightsStatus,
    Theme,
    ThemeText,
)
from shop.demo import museum
from shop.demo.museum import LANGUAGES, describing
from shop.demo.seed import catalogue, markets, themes
from shop.demo.seed import describing as describing_seed

FACTS = describing.load()
CONTENT = museum.load()
TODAY = date(2026, 11, 23)


def test_every_label_and_theme_is_there_in_every_language():
    labels = [row["labels"] for row in FACTS.attributes]
    labels += [one["labels"] for row in FACTS.attributes for one in row["options"]]
    labels += [row[name] for row in FACTS.themes for name in ("name", "introduction")]
    assert all(set(one) == set(LANGUAGES) and all(text.strip() for text in one.values()) for one in labels)


def test_what_is_said_of_materials_exists():
    options = {row["code"]: {one["code"] for one in row["options"]} for row in FACTS.attributes}
    assert {product.material_key for product in CONTENT.products} <= set(FACTS.values)
    for words in FACTS.values.values():
        assert words["material"]
        for code, said in words.items():
            if isinstance(said, list):
                assert set(said) <= options[code]
    assert options["material"] == {code for words in FACTS.values.values() for code in words["material"]}


@pytest.fixture
def seeded(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    markets.seed()
    catalogue.seed(CONTENT)
    describing_seed.seed(CONTENT)
    themes.seed(today=TODAY)


def test_every_product_is_described(seeded):
    assert not Product.objects.filter(product_type=None).exists()
    material = Attribute.objects.get(code="material")
    assert Product.objects.exclude(attribute_values__attribute=material).count() == 0
    assert AttributeValue.objects.get(product__slug="great-wave-print", attribute__code="paper-weight").number == 230
    assert not MuseumObject.objects.exclude(rights_status=RightsStatus.PUBLIC_DOMAIN).exists()
    assert not MuseumObject.objects.exclude(external_url__startswith="https://").exists()


def test_themes_have_texts_goods_and_days(seeded):
    assert ThemeText.objects.count() == len(FACTS.themes) * len(LANGUAGES)
    current = Theme.objects.get(slug="floating-world")
    assert current.opens_on < TODAY < current.closes_on
    assert list(current.places.values_list("product__slug", flat=True))[:2] == ["great-wave-print", "red-fuji-print"]
    for row in FACTS.themes:
        theme = Theme.objects.get(slug=row["slug"])
        assert theme.places.count() == len(row["products"])
        assert theme.objects_shown.count() == len(row["objects"])


def test_a_second_run_keeps_what_people_changed(seeded):
    print_ = Product.objects.get(slug="great-wave-print")
    print_.attribute_values.filter(attribute__code="technique").delete()
    Theme.objects.filter(slug="creatures").update(published=False)
    Theme.objects.get(slug="creatures").places.first().delete()
    before = AttributeValue.objects.count(), Theme.objects.get(slug="creatures").places.count()
    describing_seed.seed(CONTENT)
    themes.seed(today=TODAY)
    assert (AttributeValue.objects.count(), Theme.objects.get(slug="creatures").places.count()) == before
    assert not Theme.objects.get(slug="creatures").published
