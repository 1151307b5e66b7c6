"""Every letter in every language: whole, translated, and nobody's name can break out of it."""

import re

import pytest
from lxml import html as lxml_html

from shop.alerts import rendering
from shop.alerts.letters import KINDS, BadLetter, check
from shop.models import Mail
from tests.shop.alerts.samples import FACTS

LANGUAGES = ["en", "fr", "zh-hans", "ja"]


def written(kind, language, **changes):
    return rendering.render(Mail(kind=kind, language=language, facts=FACTS[kind] | changes, recipient="a@example.org"))


def test_every_kind_has_a_sample():
    assert FACTS.keys() == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_letter_is_whole(kind, language):
    letter = written(kind, language)
    assert letter.subject
    assert "\n" not in letter.subject
    page = lxml_html.fromstring(letter.html)
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1
    assert "<mj" not in letter.html
    for said in (letter.subject, letter.text, page.text_content()):
        assert not re.search(r"%\(\w+\)s|\{\{|\}\}|None", said), said
    for address in re.findall(r"https://\S+", letter.text):
        assert address in letter.html.replace("&amp;", "&")


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_english_is_left_over(kind, language):
    """The subject and the first sentence stand for the others: each is a message of the catalogue."""
    plain, translated = written(kind, "en"), written(kind, language)
    assert translated.subject != plain.subject
    ours, theirs = ({line for line in one.text.splitlines() if len(line.split()) > 4} for one in (plain, translated))
    facts = " ".join(str(value) for value in FACTS[kind].values())
    assert {line for line in ours & theirs if line not in facts and "×" not in line} == set()


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "{{ facts }}", "<mj-raw>x</mj-raw>", "A\r\nBcc: x@y.z"])
def test_a_name_is_only_a_name(nasty):
    summary = {"lines": [{"name": nasty, "option": nasty, "quantity": 1, "amount": nasty}], "sums": []}
    letter = written("order_paid", "en", summary=summary, number=nasty)
    page = lxml_html.fromstring(letter.html)
    assert not page.xpath("//script | //mj-raw")
    assert " ".join(nasty.split()) in " ".join(page.text_content().split())
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


@pytest.mark.parametrize(("kind", "facts"), [("nonsense", {}), ("order_paid", {"number": "VT-1", "page": "x"})])
def test_a_letter_that_could_not_be_rendered_is_refused_when_written(kind, facts):
    with pytest.raises(BadLetter):
        check(kind, facts)
