"""Schemathesis as a stranger at the store API's door: whatever our OpenAPI allows, or forbids, it never meets a 500.

Every answer must have a status, a content type and a shape that the schema names, and what the schema forbids must be
refused. Half of the visits name a basket, an article and an order that exist, so that they get past the door.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks, openapi
from schemathesis.specs.openapi import checks as specified

from shop.checkout import actions
from shop.store_api.api import StoreView
from tests import factories as make

pytestmark = pytest.mark.django_db
PREFIX = "/api/v1/store/"
CHECKS = [
    checks.not_a_server_error,
    specified.status_code_conformance,
    specified.content_type_conformance,
    specified.response_schema_conformance,
    specified.negative_data_rejection,
]
LABELS = [
    "POST alerts",
    "GET markets",
    "GET products",
    "GET products/{slug}",
    "POST baskets",
    "GET baskets/{token}",
    "PATCH baskets/{token}",
    "POST baskets/{token}/codes",
    "DELETE baskets/{token}/codes/{code}",
    "DELETE baskets/{token}/notices",
    "POST baskets/{token}/lines",
    "PATCH baskets/{token}/lines/{sku}",
    "DELETE baskets/{token}/lines/{sku}",
    "POST baskets/{token}/quote",
    "POST baskets/{token}/checkout",
    "GET orders/{token}",
    "POST orders/{token}/withdrawal",
    "POST orders/{token}/returns",
    "GET returns/{token}",
]
# Any text is a token, so only what else an operation takes can be wrong.
FALLIBLE = [label for label in LABELS if label.startswith(("POST", "PATCH", "GET products"))]
HOSTILE = ["%00", "a%00b", "%F0%9F%98%80", "%C3%28", "..%2f..", "x" * 3000, "'%20OR%201=1--", "%20", "%0d%0aX:1", "-1"]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[schemathesis.BaseSchema]:
    """The schema of the store API as it is served, without its limit of requests per minute."""
    monkeypatch.setattr(StoreView, "throttle_classes", [])
    document = json.loads(Client().get("/api/schema?format=json").content)
    document["paths"] = {path: item for path, item in document["paths"].items() if path.startswith(PREFIX)}
    schema = openapi.from_dict(document)
    schema.app = WSGIHandler()
    # The test's transaction lives in this connection, so that requests must not close it (Django's client cares too).
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield schema
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def known() -> dict[str, dict[str, str]]:
    """Return room → path parameters of things that exist."""
    make.agreement()
    make.tax_rates()
    mug = make.variant("MUG-1", stock_at={"LON": 50})
    placed = actions.place_order(
        basket=make.basket((mug, 1)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="known",
    )
    return {
        "baskets": {"token": make.basket((mug, 2)).token, "sku": "MUG-1", "code": "SPRING"},
        "orders": {"token": placed.order.token},
        "products": {"slug": mug.product.slug},
    }


def test_every_operation_is_visited(store: schemathesis.BaseSchema) -> None:
    assert {one.ok().label.replace(PREFIX, "") for one in store.get_all_operations()} == set(LABELS)


@pytest.mark.parametrize(
    ("label", "mode"),
    [(label, GenerationMode.POSITIVE) for label in LABELS] + [(label, GenerationMode.NEGATIVE) for label in FALLIBLE],
)
def test_a_stranger_never_meets_a_500(
    store: schemathesis.BaseSchema, known: dict[str, dict[str, str]], label: str, mode: GenerationMode
) -> None:
    verb, path = label.split(" ")
    operation = store[PREFIX + path][verb]
    standing = known.get(path.split("/")[0], {})

    @given(case=operation.as_strategy(generation_mode=mode), existing=st.booleans())
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def visit(case: Any, existing: bool) -> None:  # noqa: FBT001
        if existing and case.path_parameters:
            case.path_parameters = {name: standing.get(name, value) for name, value in case.path_parameters.items()}
        case.call_and_validate(checks=CHECKS)

    visit()


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", ["baskets/{}", "baskets/{}/lines/MUG-1", "products/{}?market=gb", "orders/{}"])
def test_hostile_ids_are_just_unknown(client: Client, path: str, hostile: str) -> None:
    assert client.get(PREFIX + path.format(hostile)).status_code in {404, 405}


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("field", ["market", "language", "category", "q", "cursor", "limit"])
def test_hostile_queries_are_refused_or_find_nothing(
    client: Client, known: dict[str, dict[str, str]], field: str, hostile: str
) -> None:
    query = "&".join(f"{name}={value}" for name, value in ({"market": "gb"} | {field: hostile}).items())
    answer = client.get(f"{PREFIX}products?{query}")
    assert answer.status_code in {200, 400, 404, 422}, answer.content
    assert answer.status_code != 200 or field in {"category", "q", "cursor", "limit"}
