"""Terms as a document: everything is said, and whatever is wrong is named at its place."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.royalties.engine.document import FORM, read_terms, read_versions
from licensing.royalties.engine.errors import Refused
from licensing.royalties.engine.terms import Base, GreaterOf, Percent, PerUnit, Tiers

TIERS = {
    "mode": "marginal",
    "accumulator": "contract_year",
    "measure": "net_sales",
    "threshold": "inclusive",
    "scope": "agreement",
    "count_free_goods": False,
    "returns": "recompute",
    "steps": [{"from": "0", "rate": "0.08"}, {"from": "100000", "rate": "0.10"}],
}
FULL: dict[str, Any] = {
    "form": FORM,
    "currency": "GBP",
    "contract_year_starts": "04-01",
    "scope": {
        "territories": ["GB", "FR"],
        "channels": "all",
        "term": {"from": "2026-01-01", "until": "2028-12-31"},
        "sell_off_days": 90,
        "declared_stock": None,
        "unit_caps": {"MUG-1": 30000},
    },
    "base": "net_sales",
    "deductions": {
        "named": {
            "returns": {"allowed": True, "cap": None, "evidence": True},
            "promo": {"allowed": True, "cap": {"fraction": "0.05", "period": "statement"}, "evidence": False},
        },
        "others": "disallow",
        "together": [{"kinds": ["promo", "returns"], "fraction": "0.1", "period": "contract_year_ytd"}],
    },
    "rates": [
        {"id": "R1", "when": {}, "priority": 0, "value": {"percent": "0.08"}, "clause": "4.1"},
        {"id": "R2", "when": {"channel": ["tmall"]}, "priority": 0, "value": {"tiers": TIERS}},
        {"id": "R3", "when": {"category": ["mugs"], "territory": ["CN"]}, "priority": 0, "base": "fob", "value": {"per_unit": {"amount": "4.00", "currency": "CNY"}}},
        {"id": "R4", "when": {"category": ["mugs"], "channel": ["tmall"]}, "priority": 1, "value": {"greater_of": {"percent": "0.08", "per_unit": {"amount": "1.20", "currency": "GBP"}, "per": "line"}}},
    ],
    "returns": {"without_sale": "refuse"},
    "fx": {"method": "month_average", "fallback": "refuse"},
    "guarantee": {"amount": "20000", "test": "cumulative", "proration": "by_days"},
    "advance": {"amount": "15000", "restore_on_return": False},
    "fund": {"rate": "0.02", "taxed": False},
    "reserve": {"rate": "0.15", "release": ["0.5", "0.5"]},
    "tax": {"bearing": "exclusive", "vat": "0.06", "withholding": "0.1"},
}  # fmt: skip


def test_a_whole_document_is_read() -> None:
    found = read_terms(copy.deepcopy(FULL))
    assert [type(one.value) for one in found.rules] == [Percent, Tiers, PerUnit, GreaterOf]
    assert (found.rules[2].base, found.rules[1].base) == (Base.FOB, Base.NET_SALES)
    assert found.scope.channels is None
    assert found.scope.territories == {"GB", "FR"}
    assert found.rules[0].clause == "4.1"


def changed(path: str, value: Any) -> dict[str, Any]:
    document: Any = copy.deepcopy(FULL)
    *way, last = path.strip("/").split("/")
    node = document
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is ...:
        del node[last]
    elif isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value
    return dict(document)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("/form", "other/1", "unknown-form"),
        ("/currency", "gbp", "bad-text"),
        ("/currency", ..., "missing"),
        ("/contract_year_starts", "02-29", "bad-date"),
        ("/fx", ..., "missing"),
        ("/guarantee", ..., "missing"),
        ("/guarantee/test", ..., "missing"),
        ("/guarantee/test", "sometimes", "unknown-choice"),
        ("/advance/amount", 15000, "not-a-number"),
        ("/advance/amount", 15000.5, "not-a-number"),
        ("/advance/amount", "-1", "out-of-range"),
        ("/advance/amount", "1e9", "not-a-number"),
        ("/fund/rate", "8", "out-of-range"),
        ("/fund/taxed", "no", "not-a-flag"),
        ("/fund/colour", "red", "unknown"),
        ("/colour", "red", "unknown"),
        ("/rates/0/colour", "red", "unknown"),
        ("/rates/0/when/colour", "red", "unknown"),
        ("/rates/0/value", {"percent": 0.08}, "not-a-number"),
        ("/rates/0/value", {}, "one-value"),
        ("/rates/0/value", {"percent": "0.1", "tiers": TIERS}, "one-value"),
        ("/rates/1/id", "R1", "rate-twice"),
        ("/rates/3/priority", 0, "rate-tie"),
        ("/rates/0/priority", "0", "not-a-whole-number"),
        ("/rates", [], "no-rates"),
        ("/rates", {}, "not-a-list"),
        ("/rates/1/value/tiers/steps", [{"from": "0", "rate": "0.1"}, {"from": "0", "rate": "0.2"}], "tiers-overlap"),
        ("/rates/1/value/tiers/steps", [{"from": "9", "rate": "0.1"}, {"from": "5", "rate": "0.2"}], "tiers-overlap"),
        ("/rates/1/value/tiers/steps/0/from", "1", "tiers-start"),
        ("/rates/1/value/tiers", TIERS | {"mode": "retroactive", "measure": "royalty"}, "tiers-circular"),
        ("/rates/1/value/tiers", TIERS | {"mode": "retroactive", "returns": "first_tier"}, "tiers-returns"),
        ("/rates/1/value/tiers/threshold", ..., "missing"),
        ("/deductions/named/promo/cap/period", ..., "missing"),
        ("/deductions/together/0/kinds", ["promo", "freight"], "deduction-unknown"),
        ("/deductions/others", ..., "missing"),
        ("/reserve/release", ["0.5"], "reserve-release"),
        ("/reserve/release", [], "reserve-release"),
        ("/scope/term/until", "2025-01-01", "term-order"),
        ("/scope/term/from", "2026-02-30", "bad-date"),
        ("/scope/territories", [], "not-a-list"),
        ("/scope/unit_caps", {"MUG-1": -1}, "not-units"),
        ("/scope", None, "missing"),
        ("/returns", "pool", "not-an-object"),
        ("/tax/bearing", None, "unknown-choice"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(path: str, value: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_terms(changed(path, value))
    assert code in {one.code for one in refused.value.faults}
    parent = path.rpartition("/")[0]
    assert any(one.where.startswith((path, parent, "/rates")) for one in refused.value.faults), refused.value.faults


def test_every_fault_is_named_at_once() -> None:
    document = changed("/currency", "x") | {"base": "net", "colour": 1}
    with pytest.raises(Refused) as refused:
        read_terms(document)
    assert {one.where for one in refused.value.faults} == {"/currency", "/base", "/colour"}


def leaves(node: Any, path: str = "") -> list[str]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [found for name, one in children for found in [f"{path}/{name}", *leaves(one, f"{path}/{name}")]]


@given(st.sampled_from(leaves(FULL)), st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_nonsense_anywhere_is_refused_or_read_and_never_breaks(path: str, value: Any) -> None:
    try:
        read_terms(changed(path, value))
    except Refused as refused:
        assert refused.faults  # noqa: PT017 (either is right)


@pytest.mark.parametrize("document", [None, [], "x", 1, {}])
def test_what_is_no_document(document: Any) -> None:
    with pytest.raises(Refused):
        read_versions(document)


def versions(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    document = {"versions": [{"number": n, "since": f"2026-0{n}-01", "terms": copy.deepcopy(FULL)} for n in (1, 2)]}
    change(document)
    return document


def test_versions_are_read() -> None:
    assert [one.number for one in read_versions(versions(lambda _document: None))] == [1, 2]


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        (lambda d: d["versions"][1].update(number=1), "/versions", "version-twice"),
        (lambda d: d["versions"][1].update(since="2026-01-01"), "/versions", "version-twice"),
        (lambda d: d["versions"][1]["terms"].update(currency="EUR"), "/versions", "currency-changes"),
        (lambda d: d["versions"][1]["terms"].update(base="x"), "/versions/1/terms/base", "unknown-choice"),
        (lambda d: d["versions"][1].update(until="2027-01-01"), "/versions/1/until", "unknown"),
        (lambda d: d.update(versions=[]), "/versions", "no-versions"),
    ],
)
def test_wrong_versions(change: Callable[[dict[str, Any]], None], where: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_versions(versions(change))
    assert (where, code) in {(one.where, one.code) for one in refused.value.faults}


def test_json_round_trip() -> None:
    assert read_terms(json.loads(json.dumps(FULL))) == read_terms(copy.deepcopy(FULL))


def test_the_document_of_the_docs_is_read() -> None:
    page = (Path(__file__).parents[4] / "docs" / "royalty-terms.md").read_text(encoding="utf-8")
    assert read_terms(json.loads(page.split("```json")[1].split("```")[0])) == read_terms(copy.deepcopy(FULL))
