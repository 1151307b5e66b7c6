"""Text that the database cannot hold is refused at the API's door, by its place."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from config.parsers import StorableJSONParser, unstorable
from shop.store_api.models import IdempotencyRecord
from tests import factories as make


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ("a\x00", ""),
        ({"a": {"b/c": ["x", "\ud800"]}}, "/a/b~1c/1"),
        ({"a": {"\x00": 1}}, "/a"),
        ([{"a": 1}, "\udc00\ud800"], "/1"),
        (["\x00", "\x00"], "/0"),
        ({"first": "\x00", "second": "\x00"}, "/first"),
        ({"a": ["é😀", None, 1.5, True]}, None),
    ],
)
def test_the_first_text_that_cannot_be_kept_is_named(document: Any, pointer: str | None) -> None:
    assert unstorable(document) == pointer


@given(st.text())
def test_a_text_is_unstorable_when_it_has_a_nul_or_is_no_utf8(text: str) -> None:
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        assert unstorable([text]) == "/0"
    else:
        assert (unstorable([text]) == "/0") == (b"\x00" in encoded)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(ParseError):
        StorableJSONParser().parse(BytesIO(b"[" * 100_000 + b"]" * 100_000))


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Ada\x00", "\ud800"])
@pytest.mark.parametrize("member", ["email", "nonsense"])
def test_an_order_with_such_a_text_is_refused_and_not_remembered(client: Client, text: str, member: str) -> None:
    make.tax_rates()
    basket = make.basket((make.variant("MUG-1", stock_at={"LON": 5}), 1))
    answer = client.post(
        f"/api/v1/store/baskets/{basket.token}/checkout",
        json.dumps({member: text}),
        content_type="application/json",
        headers={"Idempotency-Key": "k-1"},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "text-unstorable"
    assert answer.json()["errors"][0]["pointer"] == f"/{member}"
    assert not IdempotencyRecord.objects.exists()
