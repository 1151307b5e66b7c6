"""Setting quantities and reading listings, over HTTP."""

import json

import pytest

from shop.channels.adapters import errors
from shop.channels.adapters.types import ListingRef, ListingStatus, PushOutcome, StockTarget

PUSH = "tmall.item.quantity.update"
ITEM = 692000000001


def target(
    quantity: int, *, sku: str | None = "5100000000001", item: int | str = ITEM, version: int = 1
) -> StockTarget:
    ref = ListingRef(account="tmall", item_id=str(item), sku_id=sku, seller_sku="BM-MUG-01")
    return StockTarget(ref=ref, quantity=quantity, version=version, idempotency_key="ab12")


def confirm(form):
    return {"quantity_update_result": form["item_id"]}


def outcomes(results) -> list[PushOutcome]:
    return [result.outcome for result in results]


def test_the_request_is_the_one_in_the_vectors(loopback, fixture_json):
    vector = next(entry for entry in fixture_json("own/vectors.json") if entry["id"] == "top-req-tmall-quantity")
    loopback.script(PUSH, confirm)
    result = loopback.adapter.push_stock([target(37)])[0]
    assert loopback.forms == [vector["params"] | {"sign": vector["computed"]}]
    assert (result.outcome, result.applied_quantity, result.version) == (PushOutcome.APPLIED, 37, 1)


def test_skus_of_one_item_go_together_twenty_at_a_time(loopback):
    loopback.script(PUSH, confirm)
    targets = [target(n, sku=str(100 + n)) for n in range(45)] + [target(9, item=7, sku=None)]
    results = loopback.adapter.push_stock(targets)
    assert outcomes(results) == [PushOutcome.APPLIED] * 46
    assert [result.ref for result in results] == [entry.ref for entry in targets]
    sizes = sorted(len(json.loads(form["sku_quantities"])) for form in loopback.forms if "sku_quantities" in form)
    assert sizes == [5, 20, 20]
    single = next(form for form in loopback.forms if form["item_id"] == "7")
    assert (single["item_quantity"], single["options"]) == ("9", '{"type":1}')
    assert "sku_quantities" not in single


def test_zero_is_sent_and_not_left_out(loopback):
    loopback.script(PUSH, confirm)
    loopback.adapter.push_stock([target(0, sku=None)])
    assert loopback.forms[0]["item_quantity"] == "0"


def test_only_the_newest_version_of_a_listing_is_sent(loopback):
    loopback.script(PUSH, confirm)
    results = loopback.adapter.push_stock([target(5, version=2), target(9, version=3), target(1, version=1)])
    assert outcomes(results) == [PushOutcome.STALE, PushOutcome.APPLIED, PushOutcome.STALE]
    assert [json.loads(form["sku_quantities"])[0]["quantity"] for form in loopback.forms] == [9]


def test_one_bad_sku_does_not_take_its_siblings_down(loopback, refusal):
    def answer(form):
        wanted = [entry["sku_id"] for entry in json.loads(form["sku_quantities"])]
        return refusal(50, "isv.invalid-parameter:sku-properties") if 2 in wanted else confirm(form)

    loopback.script(PUSH, answer)
    results = loopback.adapter.push_stock([target(n, sku=str(n)) for n in (1, 2, 3)])
    assert outcomes(results) == [PushOutcome.APPLIED, PushOutcome.REJECTED, PushOutcome.APPLIED]
    assert isinstance(results[1].error, errors.InvalidRequest)


@pytest.mark.parametrize(
    ("code", "sub_code", "outcome"),
    [
        (15, "isp.remote-service-timeout", PushOutcome.RETRY),
        (10, "", PushOutcome.RETRY),
        (15, "isv.item-not-exist:invalid-numIid-or-iid-tmall", PushOutcome.REJECTED),
        (15, "isv.item-is-presale:invalid-presale-tags-id-tmall", PushOutcome.REJECTED),
        (15, "isv.item-quantity-item-update-service-error-tmall", PushOutcome.STALE),
        (999, "", PushOutcome.UNKNOWN),
    ],
)
def test_outcome_of_a_refusal(loopback, refusal, code, sub_code, outcome):
    loopback.script(PUSH, refusal(code, sub_code))
    results = loopback.adapter.push_stock([target(1), target(1, item=5)])
    assert outcomes(results) == [outcome, outcome]
    assert len(loopback.forms) == 2, "a refusal of one item says nothing about the next"


@pytest.mark.parametrize(
    ("code", "sub_code", "expected"),
    [
        (7, "accesscontrol.limited-by-api-access-count", errors.RateLimited),
        (27, "session-expired", errors.AuthExpired),
        (25, "isv.sign-check-failure", errors.AuthMisconfigured),
        (12, "", errors.PermissionDenied),
    ],
)
def test_nothing_more_is_sent_when_the_account_is_at_fault(loopback, refusal, code, sub_code, expected):
    loopback.script(PUSH, refusal(code, sub_code))
    results = loopback.adapter.push_stock([target(1), target(-1, item=5), target(1, item=6)])
    assert outcomes(results) == [PushOutcome.RETRY, PushOutcome.REJECTED, PushOutcome.RETRY]
    assert isinstance(results[2].error, expected)
    assert len(loopback.forms) == 1


@pytest.mark.parametrize("bad", [target(-1), target(1, item="abc"), target(1, sku="x;1")])
def test_targets_that_are_never_sent(loopback, bad):
    assert outcomes(loopback.adapter.push_stock([bad])) == [PushOutcome.REJECTED]
    assert loopback.forms == []


def test_a_confirmation_of_another_item_is_not_believed(loopback):
    loopback.script(PUSH, {"quantity_update_result": "1"})
    assert outcomes(loopback.adapter.push_stock([target(1)])) == [PushOutcome.UNKNOWN]


SELLER_LIST = "taobao.items.seller.list.get"
ONE = "taobao.item.seller.get"


def item(number: int, **changes):
    skus = [{"sku_id": number * 10 + n, "outer_id": f"S{n}", "quantity": n, "price": "64.00"} for n in (1, 2)]
    return {"num_iid": number, "approve_status": "onsale", "title": "杯子", "num": 3, "skus": {"sku": skus}} | changes


def test_stock_is_read_per_sku_and_only_a_confirmed_absence_is_gone(loopback, refusal):
    loopback.script(
        SELLER_LIST, {"items": {"item": [item(1), item(2, skus={}, outer_id="C", approve_status="instock")]}}
    )
    loopback.script(
        ONE,
        lambda form: (
            {"item": item(4, violation=True)}
            if form["num_iid"] == "4"
            else refusal(50, "isv.item-not-exist:invalid-numIid-or-iid-tmall")
        ),
    )

    def ref(number: int, sku: str | None, code: str = "") -> ListingRef:
        return ListingRef(account="tmall", item_id=str(number), sku_id=sku, seller_sku=code)

    asked = [
        ref(1, "12"),
        ref(1, "99"),
        ref(1, None, "S1"),
        ref(1, None, "?"),
        ref(2, None),
        ref(3, "31"),
        ref(4, "41"),
    ]
    states = loopback.adapter.read_stock(asked)
    assert [(state.status, state.quantity) for state in states] == [
        (ListingStatus.ACTIVE, 2),
        (ListingStatus.GONE, None),
        (ListingStatus.ACTIVE, 1),
        (ListingStatus.UNKNOWN, None),
        (ListingStatus.INACTIVE, 3),
        (ListingStatus.GONE, None),
        (ListingStatus.LOCKED, 1),
    ]
    assert states[2].ref.sku_id == "11"
    assert loopback.calls(SELLER_LIST)[0]["num_iids"] == "1,2,3,4"


def test_all_four_lists_of_items_are_read_to_the_end(loopback):
    pages = {None: range(1, 251), "sold_out": [300], "violation_off_shelf": []}

    def listed(form):
        numbers = list(pages.get(form.get("banner"), []))
        if form["method"] == "taobao.items.inventory.get" and "banner" not in form:
            numbers = [250, 251]  # one item moved between the lists
        start = (int(form["page_no"]) - 1) * int(form["page_size"])
        rows = [{"num_iid": number} for number in numbers[start : start + int(form["page_size"])]]
        return {"total_results": len(numbers)} | ({"items": {"item": rows}} if rows else {})

    loopback.script("taobao.items.onsale.get", listed)
    loopback.script("taobao.items.inventory.get", listed)
    loopback.script(
        SELLER_LIST,
        lambda form: {"items": {"item": [item(int(number), skus={}) for number in form["num_iids"].split(",")]}},
    )
    states = loopback.adapter.list_listings()
    assert {int(state.ref.item_id) for state in states} == {*range(1, 252), 300}
    assert len(states) == 252


def test_a_missing_list_of_items_with_a_count_is_refused(loopback):
    loopback.script("taobao.items.onsale.get", {"total_results": 3})
    with pytest.raises(errors.ContractViolation):
        loopback.adapter.list_listings()
