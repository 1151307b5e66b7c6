"""Folding and cutting text, and reading what is typed: properties that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.search.documents import document
from shop.catalogue.search.folding import fold, pairs, tokens
from shop.catalogue.search.parsing import MAX_QUERY, MOST_TERMS, clean, parse, plan
from shop.catalogue.search.spelling import distance, nearest

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)
LETTERS = st.text("abcdeé", max_size=7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("羅塞塔石碑", "罗塞塔石碑"),
        ("葛飾北齋", "葛飾北斎"),
        ("葛飾北斎", "葛饰北斋"),
        ("乾隆", "乾隆"),
        ("ﾏｸﾞ", "マグ"),
        ("いちご", "イチゴ"),
        ("ＭＵＧ", "mug"),
        ("Théière", "theiere"),
        ("Œuvre", "oeuvre"),
        ("STRASSE", "straße"),
        ("Kōrin", "Korin"),
    ],
)
def test_forms_of_the_same_fold_alike(one, other):
    assert fold(one) == fold(other)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(HAN, HAN)
def test_a_part_of_a_text_folds_to_a_part(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@given(HAN)
def test_pairs_of_a_run_are_in_its_document(run):
    vector = document({"A": [f"x {run} y"]}).vector
    assert all(f"'{pair}'" in vector for pair in pairs(fold(run)))
    assert all(f"'{one}'" in vector for one in fold(run))


def test_elisions_and_genitives_are_left_out():
    assert [one.text for one in tokens("L’eau d'or, the queen’s cup qu’il")] == [
        "eau",
        "or",
        "the",
        "queen",
        "cup",
        "il",
    ]
    assert [one.shown for one in tokens("Théière")] == ["théière"]


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_few_plain_terms(text):
    terms = parse(text)
    assert len(clean(text)) <= MAX_QUERY
    assert len(terms) <= MOST_TERMS
    for term in terms:
        assert term.tokens
        assert all(token.text.isalnum() or token.run for token in term.tokens)
        assert not set("'\\") & {letter for token in term.tokens for letter in token.text}


def test_phrases_words_and_the_growing_last():
    terms = parse('blue "great wave" mug-1 scar')
    assert [(one.text, one.exact, one.prefix) for one in terms] == [
        ("blue", False, False),
        ("great wave", True, False),
        ("mug 1", False, False),
        ("scar", False, True),
    ]
    assert parse('"scar')[0].prefix
    assert not parse("a")[0].prefix
    assert parse("罗塞塔石碑")[0].phrase() == "'罗塞' <-> '塞塔' <-> '塔石' <-> '石碑'"
    assert parse("& | ! ( ) : * <-> ...") == ()


def test_synonyms_take_the_longest_sequence():
    terms = parse("rosetta stone mug")
    made = plan(terms, {"rosetta stone": ["罗塞塔石碑"], "rosetta": ["rashid"]})
    assert [[term.text for term in group] for group in made.groups] == [["rosetta stone", fold("罗塞塔石碑")], ["mug"]]
    assert plan(parse('"rosetta stone"'), {"rosetta stone": ["x"]}).groups == ((parse('"rosetta stone"')[0],),)


@given(LETTERS, LETTERS)
def test_distance_is_one(one, other):
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
    assert (distance(one, other) == 0) is (one == other)


def test_slips_allowed():
    assert (distance("theif", "thief"), distance("strawbery", "strawberry"), distance("mug", "jug")) == (1, 1, 1)
    assert nearest("theif", ["thief", "their", "theft"]) == ["thief", "their"]
    assert nearest("mgu", ["mug"]) == []  # too short to guess at
    assert nearest("scraf", ["scarf", "scrap"]) == ["scarf", "scrap"]
    assert nearest("lantrens", ["lantern", "lanterns"]) == ["lanterns"]
    assert nearest("wave", ["waves", "wavy"]) == ["waves", "wavy"]
    assert nearest("zzzzzz", ["thief"]) == []
