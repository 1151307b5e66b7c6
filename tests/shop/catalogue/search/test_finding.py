"""What a search finds, in each language and script."""

import pytest

from shop.catalogue.search.checking import faults
from shop.catalogue.search.finding import find
from shop.models import MuseumObject, ObjectText, ProductText, Synonym
from tests import factories as make

pytestmark = pytest.mark.django_db


def name(slug: str, **names: str) -> None:
    """Give a product names by language; ``zh`` is simplified Chinese."""
    for language, words in names.items():
        text = ProductText.objects.get(product__slug=slug, language={"zh": "zh-hans"}.get(language, language))
        text.name = words
        text.save()


@pytest.fixture
def world():
    things = {sku: make.variant(sku).product for sku in ("ROSETTA", "WAVE", "THIEF", "TEAPOT")}
    name(
        "rosetta",
        en="Rosetta Stone paperweights",
        fr="Presse-papier Pierre de Rosette",
        zh="罗塞塔石碑镇纸",
        ja="ロゼッタ・ストーン文鎮",
    )
    name(
        "wave",
        en="The Great Wave print",
        fr="Estampe de la Grande Vague",
        zh="神奈川冲浪里版画",
        ja="神奈川沖浪裏の版画",
    )
    name(
        "thief", en="Strawberry Thief scarf", fr="Foulard Voleur de fraises", zh="草莓小偷丝巾", ja="いちご泥棒スカーフ"
    )
    name("teapot", en="Teapot", fr="Théière émaillée", zh="茶壶", ja="急須")
    wave = MuseumObject.objects.create(
        museum=things["WAVE"].museum,
        accession_number="W.1",
        slug="wave-1",
        title="Under the Wave off Kanagawa",
        maker="Katsushika Hokusai",
    )
    ObjectText.objects.create(museum_object=wave, language="zh-hans", title="葛饰北斋 神奈川冲浪里")
    things["WAVE"].objects_shown.add(wave)
    return things


def slugs(text, language="en", world=None):
    hits = find(text, language=language)
    by_id = {product.pk: product.slug for product in world.values()}
    return {by_id[one] for one in hits.products}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "rosetta", "rosetta"),
        ("en", "paperweight", "rosetta"),
        ("en", "the rosetta", "rosetta"),
        ("en", "paperw", "rosetta"),
        ("en", "ROSETTA stones", "rosetta"),
        ("en", '"great wave"', "wave"),
        ("en", "kanagawa", "wave"),
        ("fr", "theiere", "teapot"),
        ("fr", "THÉIÈRES", "teapot"),
        ("fr", "l’estampe", "wave"),
        ("fr", "fraise", "thief"),
        ("zh-hans", "罗塞塔石碑", "rosetta"),
        ("zh-hans", "羅塞塔石碑", "rosetta"),
        ("en", "羅塞塔石碑", "rosetta"),
        ("zh-hans", "石碑", "rosetta"),
        ("zh-hans", "丝巾", "thief"),
        ("zh-hans", "絲巾", "thief"),
        ("zh-hans", "壶", "teapot"),
        ("zh-hans", "rosetta", "rosetta"),
        ("ja", "ロゼッタ", "rosetta"),
        ("ja", "ﾛｾﾞｯﾀ", "rosetta"),
        ("ja", "浪裏", "wave"),
        ("ja", "イチゴ", "thief"),
        ("en", "WAVE-", "wave"),
    ],
)
def test_each_script_and_language_finds(world, language, text, found):
    assert slugs(text, language, world) == {found}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("石丝", "zh-hans"),
        ("碑石", "zh-hans"),
        ('"wave great"', "en"),
        ("zzzz", "en"),
        ("theiere", "ja"),
        ("", "en"),
        ("& | ! ( ) : *", "en"),
    ],
)
def test_what_is_not_there_is_not_found(world, text, language):
    assert slugs(text, language, world) == set()


@pytest.mark.parametrize(
    ("text", "corrected"),
    [("strawbery", "strawberry"), ("rosteta", "rosetta"), ("stawberry theif", "strawberry thief"), ("scraf", "scarf")],
)
def test_slips_are_put_right(world, text, corrected):
    hits = find(text, language="en")
    assert hits.corrected == corrected
    assert hits.products


def test_a_corrected_word_keeps_its_accents(world):
    assert find("theierre", language="fr").corrected == "théière"


def test_han_is_never_guessed_at(world):
    hits = find("罗塞塔石牌", language="zh-hans")
    assert (dict(hits.products), hits.corrected) == ({}, "")


def test_synonyms_and_artists(world):
    assert slugs("head scarf", world=world) == set()
    Synonym.objects.create(terms=["head scarf", "foulard", "scarf"])
    Synonym.objects.create(kind="artist", terms=["Hokusai", "北斎", "葛飾北斎", "北斋"])
    assert slugs("head scarf", world=world) == {"thief"}
    assert slugs("strawberry foulard", world=world) == {"thief"}
    for alias in ("hokusai", "北斎", "北齋", "葛飾北斎", "北斋", "Hokusai print"):
        assert slugs(alias, "ja", world) == {"wave"}, alias


def test_objects_of_the_collection_are_found_beside(world):
    hits = find("hokusai", language="zh-hans")
    assert [one.title for one in hits.objects] == ["葛饰北斋 神奈川冲浪里"]
    assert find("葛飾", language="en").objects[0].slug == "wave-1"


def test_documents_follow_in_the_same_transaction(world):
    assert faults() == []
    name("teapot", en="Samovar")
    assert slugs("samovar", world=world) == {"teapot"}
    assert slugs("teapot", world=world) == {"teapot"}  # its SKU
    ProductText.objects.get(product__slug="teapot", language="en").delete()
    assert slugs("samovar", world=world) == set()
    assert faults() == []
