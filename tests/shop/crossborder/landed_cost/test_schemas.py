"""``request.schema.json`` and ``answer.schema.json`` say what the door takes and gives."""

import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from shop.crossborder.landed_cost.answer import StepCode
from shop.crossborder.landed_cost.json_request import parse_request
from shop.crossborder.landed_cost.registrations import REGISTRATIONS
from shop.crossborder.landed_cost.request import Request
from shop.management.commands.landed_cost import answer
from tests.shop.crossborder.landed_cost.purchases import DAY, FX, book, purchase
from tests.shop.crossborder.landed_cost.test_bad_input import NUMBERS, WRONG, body
from tests.shop.crossborder.landed_cost.test_properties import purchases
from tests.shop.crossborder.landed_cost.test_worked_cases import CASES


def schema(name: str) -> Draft202012Validator:
    text = files("shop.crossborder.landed_cost").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


ROOT = Path(__file__).parents[4]
REQUEST, ANSWER = schema("request"), schema("answer")
EXAMPLES = {kind: good for kind, good, _bad in NUMBERS}


def as_json(request: Request) -> dict:
    """Return the request as JSON has it."""
    return {
        "country": request.country,
        "postcode": request.postcode,
        "region": request.region,
        "date": request.on.isoformat(),
        "currency": request.currency,
        "prices_include_tax": request.prices_include_tax,
        "incoterm": str(request.incoterm),
        "fx": {"on": FX.on.isoformat(), "per_eur": {code: str(rate) for code, rate in FX.per_eur.items()}},
        "bought_this_year": str(request.bought_this_year),
        "consignments": [
            {
                "seller_country": one.seller_country,
                "from_country": one.from_country,
                "shipping": str(one.shipping),
                "currency": one.currency,
                "registrations": {kind: EXAMPLES[kind] for kind in one.registrations},
                "bonded": one.bonded,
                "route": one.route,
                "lines": [
                    line._asdict()
                    | {"flags": sorted(line.flags), "unit_price": str(line.unit_price), "discount": str(line.discount)}
                    for line in one.lines
                ],
            }
            for one in request.consignments
        ],
    }


def served(raw) -> dict:
    found = json.loads(json.dumps(answer(json.dumps(raw), book(), today=DAY)))
    ANSWER.validate(found)
    return found


@pytest.mark.parametrize("case", CASES, ids=[one[0] for one in CASES])
def test_a_worked_case_goes_through_the_door(case):
    _name, args, more, duty, tax, total = case
    raw = as_json(purchase(*args, **more))
    REQUEST.validate(raw)
    found = served(raw)
    assert (found["duty"], found["tax"], found["total"]) == (duty, tax, total)
    named = {step["rule"] for step in found["steps"]} - {None}
    assert named <= set(found["rules"])


@given(purchases())
def test_every_request_and_its_answer_are_as_the_schemas_say(request_):
    raw = as_json(request_)
    REQUEST.validate(raw)
    assert served(raw).get("problem") in {None, "not-deliverable"}
    again = parse_request(raw, today=DAY + timedelta(days=1))
    assert again.consignments[0].lines == request_.consignments[0].lines
    assert again.on == request_.on


@pytest.mark.parametrize(("changes", "pointer", "code"), WRONG, ids=range(len(WRONG)))
def test_what_the_schema_refuses_is_refused(changes, pointer, code):
    raw = body(**changes)
    try:
        text = json.dumps(raw)
    except ValueError:
        pytest.skip("no JSON number has so many digits")
    found = json.loads(json.dumps(answer(text, book(), today=DAY)))
    ANSWER.validate(found)
    assert found["problem"] in {"bad-request", "invalid-json"}


def test_the_schema_accepts_nothing_that_has_a_field_of_a_wrong_type():
    for changes, _pointer, code in WRONG:
        value = next(iter(changes.values()))
        if code == "unknown" or isinstance(value, (bool, float)):
            assert not REQUEST.is_valid(body(**changes)) or changes.keys() & {"part__bonded", "line__origin_proven"}


def test_the_schemas_know_every_kind_of_number_and_step():
    assert set(REQUEST.schema["$defs"]["registrations"]["properties"]) == set(REGISTRATIONS)
    steps = ANSWER.schema["$defs"]["quote"]["properties"]["steps"]["items"]["properties"]["step"]["enum"]
    assert steps == [str(one) for one in StepCode]


@pytest.mark.parametrize("line", ["{", "[" * 100_000, " " * 1_000_001, '{"a": ' + "1" * 5000 + "}"])
def test_a_problem_without_a_request_is_one_too(line):
    found = answer(line, book(), today=DAY)
    ANSWER.validate(found)
    assert found["problem"] in {"invalid-json", "too-large"}


def test_the_guides_example_is_what_the_engine_answers():
    guide = (ROOT / "docs" / "landed-cost.md").read_text(encoding="utf-8")
    asked, shown = (json.loads(part.split("```")[0]) for part in guide.split("```json")[1:])
    REQUEST.validate(asked)
    found = served(asked)
    rules = found.pop("rules")
    assert found | {"rulebook": ""} == shown | {"rulebook": ""}
    assert all(f"`{key}`" in guide for key in rules)
