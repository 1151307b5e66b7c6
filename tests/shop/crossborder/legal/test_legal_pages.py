"""Legal pages: their plain text, the version in force, and versions that follow one another."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.legal.actions import VersionRefused, draft_next_version
from shop.crossborder.legal.queries import page_in_force
from shop.crossborder.legal.text import Block, blocks
from shop.models import LegalPage
from tests import factories as make

TODAY = date(2026, 11, 23)


def test_paragraphs_and_headings():
    text = "One\ntwo.\n\n## A heading\nUnder it.\n### Smaller\r\n\n\n<b>#hash</b> stays\n#### four\n"
    assert blocks(text) == [
        Block("One\ntwo."), Block("A heading", 2), Block("Under it."), Block("Smaller", 3),
        Block("<b>#hash</b> stays\n#### four"),
    ]  # fmt: skip
    assert blocks(" \n\n") == []


@given(st.text())
def test_no_words_are_lost(text):
    kept = "".join(block.text for block in blocks(text))
    unmarked = "".join(line.strip().removeprefix("### ").removeprefix("## ") for line in text.splitlines())
    assert "".join(kept.split()) == "".join(unmarked.split())


@pytest.fixture
def terms(db) -> LegalPage:
    return LegalPage.objects.create(
        market=make.market("fr"), kind="terms", language="fr", valid_from=date(2026, 1, 1), title="CGV", body="Un."
    )


def read(terms: LegalPage, on: date, *languages: str) -> str | None:
    found = page_in_force(market=terms.market, kind="terms", languages=list(languages or ("fr",)), on=on)
    return f"{found.language} {found.version}" if found else None


def test_a_version_is_read_from_its_first_day(terms, django_assert_num_queries):
    draft_next_version(page=terms, valid_from=date(2026, 12, 1), today=TODAY)
    with django_assert_num_queries(1):
        assert read(terms, date(2026, 11, 30)) == "fr 1"
    assert read(terms, date(2026, 12, 1)) == "fr 2"
    assert read(terms, date(2025, 12, 31)) is None


def test_the_first_language_that_has_a_page_is_read(terms):
    assert read(terms, TODAY, "ja", "fr") == "fr 1"
    LegalPage.objects.create(
        market=terms.market, kind="terms", language="ja", valid_from=TODAY, title="規約", body="一。"
    )
    assert read(terms, TODAY, "ja", "fr") == "ja 1"
    assert read(terms, TODAY, "en") is None


@pytest.mark.parametrize("day", [TODAY, date(2026, 11, 1)])
def test_a_next_version_leaves_time_to_write_it(terms, day):
    with pytest.raises(VersionRefused, match="after today"):
        draft_next_version(page=terms, valid_from=day, today=TODAY)


def test_versions_begin_one_after_the_other(terms):
    draft_next_version(page=terms, valid_from=date(2026, 12, 10), today=TODAY)
    with pytest.raises(VersionRefused, match="Version 2 begins on 2026-12-10"):
        draft_next_version(page=terms, valid_from=date(2026, 12, 10), today=TODAY)
    assert draft_next_version(page=terms, valid_from=date(2026, 12, 11), today=TODAY).version == 3


def test_the_table_refuses_two_texts_for_a_day_and_empty_ones(terms):
    same = {"market": terms.market, "kind": "terms", "language": "fr", "title": "CGV"}
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalPage.objects.create(**same, version=2, valid_from=terms.valid_from, body="Deux.")
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalPage.objects.create(**same, version=2, valid_from=TODAY, body="")
