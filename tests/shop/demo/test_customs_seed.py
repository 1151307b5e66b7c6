"""Everything the demo sells can be declared: no description of it is one that customs refuse."""

import json

import pytest

from shop.crossborder.customs.checking import check
from shop.demo import museum
from shop.demo.museum import DATA
from shop.demo.seed import catalogue, customs, markets
from shop.models import Variant
from tests.shop.crossborder.customs.declared import declaration, line

CONTENT = museum.load()
WORDS = json.loads((DATA / "customs.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("product", CONTENT.products, ids=lambda one: one.slug)
def test_every_variant_has_words_that_customs_accept(product):
    for variant in product.variants:
        said = customs.describe(product, variant, WORDS)
        goods = line(
            description=said["en"], description_local=said["zh"], hs_code=variant.hs_code, origin=variant.origin
        )
        assert check(declaration(lines=(goods,))) == []


def test_no_words_are_idle():
    slugs = {product.slug for product in CONTENT.products}
    codes = {variant.hs_code for product in CONTENT.products for variant in product.variants}
    materials = [product.material["en"] for product in CONTENT.products]
    assert set(WORDS["by_product"]) <= slugs
    assert set(WORDS["by_hs_code"]) <= codes
    assert all(any(one.startswith(start) for one in materials) for start in WORDS["by_material"])


@pytest.mark.django_db
def test_seeding_fills_what_is_empty_and_keeps_what_was_written(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    markets.seed()
    catalogue.seed(CONTENT)
    customs.seed(CONTENT)
    assert not Variant.objects.filter(customs_description="").exists()
    replicas = Variant.objects.filter(product__category="replicas")
    assert set(replicas.values_list("reproduction_year", flat=True)) == {customs.MADE_IN}
    assert not Variant.objects.exclude(product__category="replicas").filter(reproduction_year__isnull=False).exists()
    one = replicas.first()
    one.customs_description = "Cat figure, resin, hand-patinated"
    one.save()
    customs.seed(CONTENT)
    one.refresh_from_db()
    assert one.customs_description == "Cat figure, resin, hand-patinated"
