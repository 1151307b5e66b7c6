"""The store API: a withdrawal in two steps, a return asked for once, problems with pointers."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from shop.models import ReturnRequest, WithdrawalStatement
from shop.returns import tasks
from tests import factories as make
from tests.shop.returns import world

pytestmark = pytest.mark.django_db
API = "/api/v1/store"


@pytest.fixture
def api() -> APIClient:
    cache.clear()
    return APIClient()


@pytest.fixture
def mug():
    make.agreement()
    world.return_addresses()
    return world.mugs()


@pytest.fixture
def carried(monkeypatch) -> list[str]:
    handed: list[str] = []
    monkeypatch.setattr(tasks.carry_out, "delay", handed.append)
    return handed


def problem(answer, status: int, code: str, pointer: str) -> None:
    assert answer.status_code == status, answer.json()
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert body["code"] == code
    assert body["errors"][0]["pointer"] == pointer


def test_a_statement_answers_a_draft_and_its_confirmation_the_receipt(api, mug, carried):
    order = world.delivered((mug, 3))
    page = f"{API}/orders/{order.token}/withdrawal"
    draft = api.post(
        page, {"name": "Ada", "email": "ada@example.org", "lines": [{"position": 1, "units": 2}]}, format="json"
    )
    assert draft.status_code == 200
    assert draft.json()["lines"] == [{"position": 1, "units": 2}]
    assert not WithdrawalStatement.objects.exists()
    confirmation = {"confirmation": draft.json()["confirmation"]}
    receipts = [api.post(page, confirmation, format="json") for _again in range(2)]
    assert [one.status_code for one in receipts] == [201, 201]
    assert receipts[0].json() == receipts[1].json()
    statement = WithdrawalStatement.objects.get()
    assert (statement.order, statement.lines) == (order, {str(world.line(order).pk): 2})
    assert set(carried) == {str(statement.pk)}


def test_what_is_missing_or_wrong_has_a_pointer(api, mug):
    order, other = world.delivered((mug, 1)), world.delivered((mug, 1))
    page = f"{API}/orders/{order.token}/withdrawal"
    problem(api.post(page, {"name": "Ada"}, format="json"), 400, "validation-error", "/email")
    said = {"name": "Ada", "email": "ada@example.org"}
    wrong = [{"position": 9, "units": 1}]
    problem(api.post(page, said | {"lines": wrong}, format="json"), 422, "unknown-line", "/lines/0/position")
    twice = [{"position": 1, "units": 1}, {"position": 1, "units": 1}]
    problem(api.post(page, said | {"lines": twice}, format="json"), 422, "line-named-twice", "/lines/1/position")
    problem(api.post(page, {"confirmation": "x.y"}, format="json"), 422, "confirmation-unreadable", "/confirmation")
    # A confirmation is good for the order that it names.
    foreign = api.post(f"{API}/orders/{other.token}/withdrawal", said, format="json").json()["confirmation"]
    problem(api.post(page, {"confirmation": foreign}, format="json"), 422, "confirmation-unreadable", "/confirmation")
    assert api.post(f"{API}/orders/nobody/withdrawal", said, format="json").status_code == 404


def ask(api, order, body, key="k-1"):
    return api.post(f"{API}/orders/{order.token}/returns", body, format="json", headers={"Idempotency-Key": key})


def test_a_return_is_opened_once_and_shown_to_whoever_has_its_token(api, mug):
    order = world.delivered((mug, 2))
    body = {"kind": "return", "lines": [{"position": 1, "units": 2}], "reason": "changed_mind"}
    made, again = ask(api, order, body), ask(api, order, body)
    assert made.status_code == 201
    assert made.json() == again.json()
    found = ReturnRequest.objects.get()
    shown = api.get(f"{API}/returns/{found.token}").json()
    assert shown == made.json()
    assert (shown["state"], shown["lines"][0]["units"], shown["deduction"]) == ("authorised", 2, "0.00")
    assert shown["address"][0] == "Returns, Unit 4"
    assert api.get(f"{API}/returns/nobody").status_code == 404


def test_refusals_of_a_return(api, mug):
    order = world.delivered((mug, 1))
    problem(ask(api, order, {"kind": "return", "lines": []}, "a"), 400, "validation-error", "/lines")
    problem(ask(api, order, {"kind": "withdrawal", "lines": [{"position": 1, "units": 1}]}, "b"), 400,
            "validation-error", "/kind")  # fmt: skip
    problem(ask(api, order, {"kind": "return", "lines": [{"position": 1, "units": 2}]}, "c"), 409,
            "not-returnable", "/lines/0/units")  # fmt: skip
    problem(ask(api, order, {"kind": "exchange", "lines": [{"position": 1, "units": 1}]}, "d"), 409,
            "not-exchangeable", "/lines/0/instead")  # fmt: skip
    stranger = world.mugs("MUG-2")
    lines = [{"position": 1, "units": 1, "instead": stranger.sku}]
    problem(ask(api, order, {"kind": "exchange", "lines": lines}, "e"), 409, "not-exchangeable", "/lines/0/instead")
    answer = api.post(f"{API}/orders/{order.token}/returns", {"kind": "return"}, format="json")
    assert answer.status_code == 400
    assert not ReturnRequest.objects.exists()


def test_the_schema_names_the_doors(api):
    paths = api.get("/api/schema", headers={"Accept": "application/json"}).json()["paths"]
    for path in ("orders/{token}/withdrawal", "orders/{token}/returns", "returns/{token}"):
        assert f"{API}/{path}" in paths
