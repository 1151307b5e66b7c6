"""Documents that were missed are found by the check and written by the sweep; imports write their own."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shop.catalogue.search import indexing
from shop.catalogue.search.checking import faults
from shop.catalogue.search.finding import find
from shop.catalogue.search.synonyms import load
from shop.models import (
    Attribute,
    AttributeOption,
    AttributeValue,
    MuseumObject,
    MuseumText,
    ProductText,
    SearchDocument,
    SearchWord,
    Synonym,
    Theme,
    ThemeProduct,
    ThemeText,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_says_nothing_is_followed_by_the_sweep():
    product = make.variant("MUG-1").product
    indexing.follow()  # a price came after the words
    assert indexing.follow() == 0
    ProductText.objects.filter(product=product, language="en").update(name="Samovar")
    assert f"product {product.pk} in en: behind" in faults()
    with pytest.raises(CommandError, match="search documents"):
        call_command("check_search", stdout=StringIO())
    assert indexing.follow() == 1
    assert set(find("samovar", language="en").products) == {product.pk}
    said = StringIO()
    call_command("check_search", stdout=said)
    assert "are what they would be" in said.getvalue()


@pytest.mark.parametrize("spoil", [{"title": "x"}, {"tsv": "'x':1"}])
def test_the_check_sees_what_is_different(spoil):
    make.variant("MUG-1")
    indexing.follow()
    SearchDocument.objects.filter(language="fr").update(**spoil)
    assert [line.split(": ")[1] for line in faults()] == ["different"]
    call_command("reindex_search", stdout=StringIO())
    assert faults() == []


def test_documents_that_are_gone_or_too_many():
    product = make.variant("MUG-1").product
    SearchDocument.objects.filter(language="fr").delete()
    SearchDocument.objects.create(product=product, language="xx", revision=product.revision, title="x", tsv="")
    assert sorted(line.split(": ")[1] for line in faults()) == ["missing", "too many"]
    indexing.rebuild()
    assert faults() == []


def test_names_around_a_product_are_in_its_documents():
    product = make.variant("MUG-1").product
    theme = Theme.objects.create(slug="t", published=True)
    ThemeText.objects.create(theme=theme, language="en", name="Floating world")
    ThemeProduct.objects.create(theme=theme, product=product)
    museum = MuseumText.objects.get(language="en")
    museum.name = "Ashmole House"
    museum.save()
    attribute = Attribute.objects.create(code="material", labels={"en": "Material"})
    option = AttributeOption.objects.create(attribute=attribute, code="s", labels={"en": "Stoneware", "ja": "炻器"})
    AttributeValue.objects.create(product=product, attribute=attribute, option=option)
    for words in ("floating", "ashmole", "stoneware", "炻器"):
        assert find(words, language="en").products, words
    indexing.follow()
    ThemeText.objects.filter(theme=theme).update(name="Snow")  # the database notes it at the product
    assert indexing.follow() == 1
    assert find("snow", language="en").products
    theme.published = False
    theme.save()
    assert not find("snow", language="en").products
    assert faults() == []


def test_rebuilding_forgets_words_that_are_gone():
    make.variant("MUG-1")
    SearchWord.objects.create(language="en", word="ghost", shown="ghost", of_product=True)
    indexing.rebuild()
    assert not SearchWord.objects.filter(word="ghost").exists()
    assert SearchWord.objects.filter(word="mug", language="en").exists()


def test_an_object_is_found_in_every_language_it_has_words_in():
    museum = make.variant("MUG-1").product.museum
    record = MuseumObject.objects.create(museum=museum, accession_number="1", title="Rosetta Stone", maker="Unknown")
    record.texts.create(language="zh-hans", title="罗塞塔石碑")
    assert [one.title for one in find("羅塞塔", language="ja").objects] == ["Rosetta Stone"]
    assert [one.title for one in find("rosetta", language="zh-hans").objects] == ["罗塞塔石碑"]
    record.texts.all().delete()
    indexing.follow()
    assert find("羅塞塔", language="ja").objects == ()


def test_the_synonyms_that_come_along_are_loaded_once():
    assert load() == Synonym.objects.count() > 20
    assert load() == 0
