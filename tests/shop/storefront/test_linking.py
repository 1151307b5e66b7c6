"""Addresses in running text: also where no space parts them from the words, and nothing that is none."""

import pytest

from shop.storefront.linking import linked

MAIL = '<a href="mailto:trading@vitrine.example">trading@vitrine.example</a>'
WEB = '<a href="https://vitrine.example/a?b=1" rel="nofollow">https://vitrine.example/a?b=1</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请写信至trading@vitrine.example，并注明页面。", f"请写信至{MAIL}，并注明页面。"),
        ("Write to trading@vitrine.example.", f"Write to {MAIL}."),
        ("見る：https://vitrine.example/a?b=1。次へ", f"見る：{WEB}。次へ"),
        ("(https://vitrine.example/a?b=1).", f"({WEB})."),
        ("<b>@</b> & a@b", "&lt;b&gt;@&lt;/b&gt; &amp; a@b"),
        ("javascript://alert(1)", "javascript://alert(1)"),
        ("", ""),
    ],
)
def test_linked(text, shown):
    assert linked(text) == shown


def test_long_text_takes_no_time():
    assert linked("a" * 50_000 + "@") == "a" * 50_000 + "@"


def test_an_address_is_escaped():
    shown = linked('https://a.example/?x="<script>')
    assert "<script" not in shown
    assert '"<' not in shown
