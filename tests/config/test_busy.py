"""While the database is away, pages and the API ask to come again; other errors are not hidden behind that."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError

from tests import factories as make

pytestmark = pytest.mark.django_db
PLACE = "inventory.stock.queries.available_by_item"


def away(*_arguments, **_options):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def stall():
    cache.clear()  # what markets sell is remembered for a few seconds
    make.agreement()
    make.tax_rates()
    make.variant("MUG-1", stock_at={"LON": 3})


def test_the_api_answers_503_with_a_problem(client, stall, monkeypatch):
    monkeypatch.setattr(PLACE, away)
    answer = client.get("/api/v1/store/products?market=gb&language=en")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert (answer.headers["Content-Type"], answer.json()["code"]) == ("application/problem+json", "busy")


def test_a_page_answers_503_and_says_to_try_again(client, stall, monkeypatch):
    monkeypatch.setattr(PLACE, away)
    answer = client.get("/gb/en/shop/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "try the same again" in answer.text


def test_what_is_no_passing_trouble_stays_an_error(client, stall, monkeypatch):
    def broken(*_arguments, **_options):
        raise IntegrityError("duplicate key")

    monkeypatch.setattr(PLACE, broken)
    client.raise_request_exception = False
    assert client.get("/gb/en/shop/").status_code == 500
