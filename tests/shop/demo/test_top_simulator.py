"""The Tmall simulator over real HTTP, held against published metadata and signature vectors."""

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.serving import make_server

from shop.demo.top_simulator import contract, envelope, signature, wire
from shop.demo.top_simulator.app import create_app
from shop.demo.top_simulator.clock import CHINA, to_wire
from shop.demo.top_simulator.gateway import ANSWERS
from shop.demo.top_simulator.refusal import Refused
from shop.demo.top_simulator.store import Store

FIXTURES = Path(os.environ.get("VITRINE_FIXTURES", Path(__file__).parents[4] / "shared" / "fixtures"))
KEY, SECRET, SESSION = "12345678", "helloworld", "session-of-the-seller"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=CHINA)
ALL_TYPES = "guarantee_trade,auto_delivery,ec,cod,step,tmall_i18n,fixed,eticket"
TRADE_FIELDS = "tid,status,type,modified,payment,orders"
needs_fixtures = pytest.mark.skipif(not FIXTURES.is_dir(), reason=f"no conformance fixtures at {FIXTURES}")


class Clock:
    """The platform's clock, moved by hand."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **step: float) -> None:
        self.moment += timedelta(**step)


class Shop:
    """A caller with its own signer, written here a second time on purpose."""

    def __init__(self, base: str, clock: Clock) -> None:
        self.base = base
        self.clock = clock
        self.http = httpx.Client(timeout=10, trust_env=False)

    def signed(self, method: str, *, sign_method: str = "hmac-sha256", **params: Any) -> dict[str, str]:
        form = {
            "method": method,
            "app_key": KEY,
            "session": SESSION,
            "timestamp": to_wire(self.clock()),
            "format": "json",
            "v": "2.0",
            "sign_method": sign_method,
        }
        for name, value in params.items():
            if value is None:
                form.pop(name, None)
            else:
                form[name] = str(value)
        text = "".join(k + form[k] for k in sorted(form) if form[k])
        if sign_method == "md5":
            form["sign"] = hashlib.md5((SECRET + text + SECRET).encode()).hexdigest().upper()  # noqa: S324
        else:
            kind = {"hmac": "md5"}.get(sign_method, "sha256")
            form["sign"] = hmac.new(SECRET.encode(), text.encode(), kind).hexdigest().upper()
        return form

    def post(self, form: dict[str, str]) -> dict[str, Any]:
        response = self.http.post(f"{self.base}/router/rest", data=form)
        assert response.status_code == 200
        return response.json()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        body = self.post(self.signed(method, **params))
        assert "error_response" not in body, body
        (key,) = body
        assert key == envelope.response_key(method)
        return body[key]

    def refused(self, method: str, **params: Any) -> tuple[int, str]:
        body = self.post(self.signed(method, **params))
        error = body["error_response"]
        assert error["request_id"]
        assert error["msg"]
        return error["code"], error.get("sub_code", "")

    def control(self, verb: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        response = self.http.request(verb, f"{self.base}/__control__/{path}", json=body)
        assert response.status_code == status, response.text
        return response.json()

    def put(self, *entries: dict[str, Any]) -> list[dict[str, Any]]:
        return self.control("PUT", "items", list(entries))["items"]

    def order(self, outer_id: str, num: int = 1, *, status: int = 201, **more: Any) -> dict[str, Any]:
        body = {"lines": [{"outer_id": outer_id, "num": num}], "buyer": "林小姐", "paid": True, **more}
        return self.control("POST", "orders", body, status=status)

    def changed(self, start: datetime, end: datetime, **params: Any) -> dict[str, Any]:
        merged = {"fields": TRADE_FIELDS, "type": ALL_TYPES, **params}
        return self.call(
            "taobao.trades.sold.increment.get", start_modified=to_wire(start), end_modified=to_wire(end), **merged
        )

    def quantity(self, outer_id: str) -> int:
        skus = self.call("taobao.skus.custom.get", fields="quantity", outer_id=outer_id)["skus"]["sku"]
        return skus[0]["quantity"]


@contextmanager
def serving(folder: Path, clock: Clock, **more: Any) -> Iterator[Shop]:
    app = create_app(state=folder, app_key=KEY, app_secret=SECRET, session=SESSION, now=clock, **more)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    shop = Shop(f"http://127.0.0.1:{server.server_port}", clock)
    try:
        yield shop
    finally:
        shop.http.close()
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(tmp_path: Path, clock: Clock) -> Iterator[Shop]:
    with serving(tmp_path, clock) as running:
        yield running


MUG = {"outer_id": "BM-MUG-01", "item_key": "mug", "title": "大英博物馆 杯子", "price": "128.00", "quantity": 10}
MUG_BLUE = {**MUG, "outer_id": "BM-MUG-02", "quantity": 4}
CARD = {"outer_id": "BM-CARD", "title": "明信片", "price": "9.90", "quantity": 5, "has_skus": False}


# --- signatures -------------------------------------------------------------------------------------------------


def top_vectors() -> list[dict[str, Any]]:
    file = FIXTURES / "own" / "vectors.json"
    if not file.is_file():
        return []
    vectors = json.loads(file.read_text(encoding="utf-8"))
    return [vector for vector in vectors if vector["channel"] == "top" and "sign_method" in vector["params"]]


@needs_fixtures
def test_vectors_cover_all_three_sign_methods():
    assert {vector["params"]["sign_method"] for vector in top_vectors()} == {"md5", "hmac", "hmac-sha256"}


@pytest.mark.parametrize("vector", top_vectors(), ids=lambda vector: vector["id"])
def test_vector_is_accepted_and_refused_when_one_character_changes(vector: dict[str, Any]):
    params, secret = vector["params"], vector["secret"].encode()
    signed = {**params, "sign": vector["computed"]}
    assert signature.is_genuine(signed, secret=secret)
    for name, value in params.items():
        if value:
            other = "x" if value[-1] != "x" else "y"
            assert not signature.is_genuine({**signed, name: value[:-1] + other}, secret=secret), name
    flipped = "0" if vector["computed"][0] != "0" else "1"
    assert not signature.is_genuine({**signed, "sign": flipped + vector["computed"][1:]}, secret=secret)
    assert not signature.is_genuine({**signed, "sign": vector["computed"].lower()}, secret=secret)
    assert not signature.is_genuine(signed, secret=secret + b"x")


@needs_fixtures
def test_rfc_vectors():
    vectors = json.loads((FIXTURES / "own" / "vectors.json").read_text(encoding="utf-8"))
    by_id = {vector["id"]: vector for vector in vectors}
    for name, sign_method in (("top-hmac-rfc2202", "hmac"), ("top-hmacsha256-rfc4231", "hmac-sha256")):
        vector = by_id[name]
        secret = bytes.fromhex(vector["secret_hex"])
        assert signature.digest(vector["params"], secret=secret, sign_method=sign_method) == vector["computed"]


@needs_fixtures
@pytest.mark.parametrize("name", ["top-req-tmall-quantity", "top-req-trades-increment", "top-req-ship"])
def test_whole_request_bodies_pass_the_door(tmp_path: Path, name: str):
    (vector,) = [vector for vector in top_vectors() if vector["id"] == name]
    clock = Clock(datetime(2026, 11, 22, 20, 30, tzinfo=CHINA))
    app = create_app(state=tmp_path, app_key="12345678", app_secret=vector["secret"], session="test", now=clock)
    body = vector["form_body"].encode()
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://sim") as http:
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        answer = http.post("/router/rest", content=body, headers=headers).json()
        # The door opens: what comes back is the method's own answer about an empty shop.
        assert answer.get("error_response", {}).get("sub_code", "") in {
            "",
            "isv.item-not-exist:invalid-numIid-or-iid-tmall",
            "isv.logistics-offline-service-error:B01",
        }
        broken = http.post("/router/rest", content=body.replace(b"v=2.0", b"v=2.0&target_app_key=1"), headers=headers)
        assert broken.json()["error_response"]["code"] == 25
        (first, second) = http.get("/__control__/calls").json()["calls"]
    assert (first["sign_ok"], second["sign_ok"]) == (True, False)


# --- metadata ---------------------------------------------------------------------------------------------------


def metadata(method: str) -> dict[str, Any]:
    file = FIXTURES / "top" / f"{method.replace('.', '_')}.json"
    if not file.is_file():
        pytest.skip(f"no metadata for {method} at {file}")
    return json.loads(file.read_text(encoding="utf-8"))


def test_every_contract_has_an_answer():
    assert ANSWERS.keys() == contract.CONTRACTS.keys()


@pytest.mark.parametrize("method", sorted(contract.CONTRACTS))
def test_parameters_are_those_of_the_metadata(method: str):
    declared = {
        param["name"]: (param["type"].replace(" ", ""), bool(param.get("required", False)))
        for param in metadata(method).get("requestParams", [])
    }
    ours = {name: (p.type, p.required) for name, p in contract.CONTRACTS[method].parameters.items()}
    assert ours == declared


def assert_declared(answer: dict[str, Any], declared: list[dict[str, Any]], path: str) -> None:
    by_name = {param["name"]: param for param in declared}
    for name, value in answer.items():
        assert name in by_name, f"{path}.{name} is not declared"
        param = by_name[name]
        kind = param["type"].replace(" ", "")
        if kind.endswith("[]"):
            (inner, rows), *rest = value.items()
            assert not rest
            assert inner == kind[:-2].lower()
            assert rows
            for row in rows:
                assert_declared(row, param["subParams"], f"{path}.{name}")
        elif param.get("subParams"):
            assert_declared(value, param["subParams"], f"{path}.{name}")
        else:
            expected = {"Number": int, "Boolean": bool}.get(kind, str)
            assert type(value) is expected, f"{path}.{name} is {value!r}, declared {kind}"


def test_answers_hold_only_declared_fields_of_the_declared_types(shop: Shop, clock: Clock):
    mug, _ = shop.put(MUG, MUG_BLUE)
    shop.put({**CARD, "shelf": "off_shelf"})
    shop.put({**CARD, "outer_id": "BM-PIN"})
    trade = shop.order("BM-MUG-01", 2, post_fee="12.00", buyer_message="请包装")
    shop.order("BM-PIN", paid=False)
    unpaid = shop.order("BM-MUG-02", paid=False)
    end = clock() + timedelta(minutes=1)
    window = {"start_modified": to_wire(NOON), "end_modified": to_wire(end), "type": ALL_TYPES}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("taobao.time.get", {}),
        ("taobao.user.seller.get", {"fields": "*ALL*"}),
        ("taobao.items.onsale.get", {"fields": "*ALL*"}),
        ("taobao.items.inventory.get", {"fields": "*ALL*"}),
        ("taobao.item.seller.get", {"fields": "*ALL*", "num_iid": mug["num_iid"]}),
        ("taobao.items.seller.list.get", {"fields": "*ALL*,sku", "num_iids": mug["num_iid"]}),
        ("taobao.item.skus.get", {"fields": "*ALL*", "num_iids": mug["num_iid"]}),
        ("taobao.skus.custom.get", {"fields": "*ALL*", "outer_id": "BM-MUG-01"}),
        ("taobao.trades.sold.increment.get", {"fields": "*ALL*", **window}),
        ("taobao.trades.sold.get", {"fields": "*ALL*", "type": ALL_TYPES, "use_has_next": "true"}),
        ("taobao.trade.fullinfo.get", {"fields": "*ALL*", "tid": trade["tid"], "include_oaid": "true"}),
        ("taobao.item.quantity.update", {"num_iid": mug["num_iid"], "sku_id": mug["sku_id"], "quantity": 7}),
        ("taobao.skus.quantity.update", {"num_iid": mug["num_iid"], "outerid_quantities": "BM-MUG-01:8"}),
        (
            "tmall.item.quantity.update",
            {"item_id": mug["num_iid"], "sku_quantities": quantities(outer_id="BM-MUG-01", quantity=9)},
        ),
        ("taobao.logistics.offline.send", {"tid": trade["tid"], "out_sid": "SF1234567890", "company_code": "SF"}),
        ("taobao.trade.close", {"tid": unpaid["tid"], "close_reason": "缺货"}),
    ]
    assert {method for method, _ in calls} == contract.CONTRACTS.keys()
    for method, params in calls:
        declared = metadata(method)["responseParams"]
        if "*ALL*" in params.get("fields", ""):
            top = declared[0] if declared[0].get("subParams") else next(p for p in declared if p.get("subParams"))
            every = ",".join(param["name"] for param in top["subParams"])
            params["fields"] = params["fields"].replace("*ALL*", every)
        answer = shop.call(method, **params)
        answer.pop("request_id")
        assert answer
        assert_declared(answer, declared, method)


def quantities(**entry: Any) -> str:
    return json.dumps([entry], ensure_ascii=False)


# --- the door ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign_method", ["md5", "hmac", "hmac-sha256"])
def test_all_sign_methods_open(shop: Shop, sign_method: str):
    assert (
        shop.call("taobao.user.seller.get", sign_method=sign_method, fields="nick")["user"]["nick"] == wire.SELLER_NICK
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": ""}, 21),
        ({"method": "taobao.item.explode"}, 22),
        ({"format": "xml"}, 23),
        ({"format": None}, 23),
        ({"sign": ""}, 24),
        ({"sign": "0" * 64}, 25),
        ({"sign_method": "sha512"}, 25),
        ({"fields": "nick,sex"}, 25),
        ({"app_key": None}, 28),
        ({"app_key": "999"}, 29),
        ({"timestamp": None}, 30),
        ({"timestamp": "2026-11-22T12:00:00"}, 31),
        ({"v": None}, 32),
        ({"v": "1.0"}, 33),
    ],
)
def test_a_changed_request_is_refused(shop: Shop, change: dict[str, str | None], code: int):
    form: dict[str, Any] = {**shop.signed("taobao.user.seller.get", fields="nick"), **change}
    body = shop.post({name: value for name, value in form.items() if value is not None})
    assert body["error_response"]["code"] == code


@pytest.mark.parametrize(("session", "code"), [(None, 26), ("another", 27)])
def test_session_is_checked(shop: Shop, session: str | None, code: int):
    assert shop.refused("taobao.user.seller.get", fields="nick", session=session)[0] == code


@pytest.mark.parametrize(("minutes", "good"), [(-10, True), (10, True), (-11, False), (11, False), (-480, False)])
def test_timestamp_window(shop: Shop, clock: Clock, minutes: int, *, good: bool):
    stamp = to_wire(clock() + timedelta(minutes=minutes))
    body = shop.post(shop.signed("taobao.user.seller.get", fields="nick", timestamp=stamp))
    assert body.get("error_response", {"code": 0})["code"] == (0 if good else 31)


def test_time_can_be_asked_with_a_wrong_clock_and_without_session(shop: Shop, clock: Clock):
    assert shop.call("taobao.time.get", timestamp="2020-01-01 00:00:00", session=None)["time"] == to_wire(clock())


def test_missing_unknown_and_malformed_arguments(shop: Shop):
    assert shop.refused("taobao.trade.fullinfo.get", fields="tid") == (40, "isv.missing-parameter:tid")
    assert shop.refused("taobao.trade.fullinfo.get", fields="", tid=1) == (40, "isv.missing-parameter:fields")
    assert shop.refused("taobao.trade.fullinfo.get", fields="tid", tid="x") == (41, "isv.invalid-parameter:tid")
    assert shop.refused("taobao.trade.fullinfo.get", fields="tid", tid=2**63) == (41, "isv.invalid-parameter:tid")
    assert shop.refused("taobao.time.get", moon="full") == (41, "isv.invalid-parameter:moon")


def test_get_reads_but_does_not_write(shop: Shop):
    form = shop.signed("taobao.user.seller.get", fields="nick")
    assert "user_seller_get_response" in shop.http.get(f"{shop.base}/router/rest", params=form).json()
    form = shop.signed("taobao.trade.close", tid=1, close_reason="缺货")
    assert shop.http.get(f"{shop.base}/router/rest", params=form).json()["error_response"]["code"] == 9
    assert shop.http.put(f"{shop.base}/router/rest", data=form).json()["error_response"]["code"] == 9


def test_calls_are_logged_with_the_session_redacted(shop: Shop):
    shop.call("taobao.user.seller.get", fields="nick")
    shop.post({**shop.signed("taobao.user.seller.get", fields="nick"), "sign": "0"})
    shop.call("taobao.time.get")
    text = shop.http.get(f"{shop.base}/__control__/calls").text
    assert SESSION not in text
    assert SECRET not in text
    calls = json.loads(text)["calls"]
    seen = [(call["method"], call["sign_ok"], call["code"]) for call in calls]
    assert seen == [
        ("taobao.user.seller.get", True, 0),
        ("taobao.user.seller.get", False, 25),
        ("taobao.time.get", True, 0),
    ]
    assert calls[0]["params"] == {"fields": "nick"}
    path = f"calls?method=taobao.time.get&after={calls[1]['id']}"
    assert len(shop.control("GET", path)["calls"]) == 1


# --- envelope ---------------------------------------------------------------------------------------------------


def test_success_keys():
    assert envelope.response_key("taobao.trades.sold.increment.get") == "trades_sold_increment_get_response"
    assert envelope.response_key("tmall.item.quantity.update") == "tmall_item_quantity_update_response"


def test_lists_are_wrapped_and_an_empty_list_is_a_missing_key(shop: Shop):
    assert "items" not in shop.call("taobao.items.onsale.get", fields="num_iid")
    assert shop.call("taobao.items.onsale.get", fields="num_iid")["total_results"] == 0
    (placed,) = shop.put(MUG)
    found = shop.call("taobao.items.onsale.get", fields="num_iid")
    assert found["items"] == {"item": [{"num_iid": int(placed["num_iid"])}]}
    plain = shop.call("taobao.items.onsale.get", fields="num_iid", simplify="true")
    assert plain["items"] == [{"num_iid": int(placed["num_iid"])}]


def test_ids_are_beyond_what_a_float_holds(shop: Shop):
    (placed,) = shop.put(MUG)
    trade = shop.order("BM-MUG-01")
    for number in (placed["num_iid"], placed["sku_id"], trade["tid"]):
        assert int(number) > 2**53


# --- listings ---------------------------------------------------------------------------------------------------


def test_put_is_idempotent_and_keeps_ids(shop: Shop, clock: Clock):
    first = shop.put(MUG, MUG_BLUE, CARD)
    before = shop.control("GET", "state")
    clock.forward(minutes=5)
    assert shop.put(MUG, MUG_BLUE, CARD) == first
    assert shop.control("GET", "state") == before
    assert first[0]["num_iid"] == first[1]["num_iid"]
    assert first[2]["sku_id"] is None
    shop.order("BM-MUG-01", 3)
    shop.control("PUT", "items?keep_quantity=1", [MUG])
    assert shop.quantity("BM-MUG-01") == 7
    shop.put(MUG)
    assert shop.quantity("BM-MUG-01") == 10


@pytest.mark.parametrize(
    "entry",
    [
        {**MUG, "price": "12.345"},
        {**MUG, "price": 12.5},
        {**MUG, "price": "NaN"},
        {**MUG, "quantity": -1},
        {**MUG, "quantity": True},
        {**MUG, "title": " "},
        {**MUG, "outer_id": "a,b"},
        {**MUG, "shelf": "cellar"},
        "mug",
    ],
)
def test_bad_items_are_refused_in_one_sentence_and_nothing_is_stored(shop: Shop, entry: Any):
    error = shop.control("PUT", "items", [CARD, entry], status=400)["error"]
    assert error.endswith(".")
    assert shop.control("GET", "state")["items"] == []


def test_seeding_in_process_before_the_server_runs_and_restart(tmp_path: Path, clock: Clock):
    (seeded,) = Store(tmp_path).put_items([MUG])
    with serving(tmp_path, clock) as shop:
        assert shop.put(MUG) == [seeded]
        trade = shop.order("BM-MUG-01", 2)
    with serving(tmp_path, clock) as shop:
        assert shop.quantity("BM-MUG-01") == 8
        assert shop.call("taobao.trade.fullinfo.get", fields="tid", tid=trade["tid"])["trade"]["tid"] == int(
            trade["tid"]
        )
        assert shop.order("BM-MUG-01")["tid"] > trade["tid"]
    with pytest.raises(Refused):
        Store(tmp_path).put_items([{**MUG, "price": 1.5}])


def test_sold_out_items_leave_the_shelf_and_are_found_only_under_their_banner(shop: Shop):
    shop.put(MUG, {**CARD, "shelf": "violation_off_shelf"}, {**CARD, "outer_id": "BM-PIN", "shelf": "off_shelf"})
    shop.order("BM-MUG-01", 10)

    def codes(method: str, **params: Any) -> list[str]:
        answer = shop.call(method, fields="outer_id", **params)
        return [item["outer_id"] for item in answer.get("items", {"item": []})["item"]]

    assert codes("taobao.items.onsale.get") == []
    assert codes("taobao.items.inventory.get") == ["BM-PIN"]
    assert codes("taobao.items.inventory.get", banner="sold_out") == ["mug"]
    assert codes("taobao.items.inventory.get", banner="violation_off_shelf") == ["BM-CARD"]
    assert codes("taobao.items.inventory.get", banner="never_on_shelf") == []
    assert shop.refused("taobao.items.inventory.get", fields="num", banner="attic")[0] == 41
    assert shop.refused("taobao.items.inventory.get", fields="num", page_no=102)[0] == 41
    assert shop.refused("taobao.items.onsale.get", fields="num", page_size=201)[0] == 41
    assert shop.refused("taobao.items.onsale.get", fields="num", page_no=101, page_size=200)[0] == 41


def test_item_reads(shop: Shop):
    mug, blue, card = shop.put(MUG, MUG_BLUE, CARD)
    item = shop.call("taobao.item.seller.get", fields="num,sub_stock,sku.sku_id,sku.quantity", num_iid=mug["num_iid"])[
        "item"
    ]
    assert (item["num"], item["sub_stock"]) == (14, 2)
    assert item["skus"]["sku"] == [
        {"sku_id": int(mug["sku_id"]), "quantity": 10},
        {"sku_id": int(blue["sku_id"]), "quantity": 4},
    ]
    listed = shop.call("taobao.items.seller.list.get", fields="num_iid,skus", num_iids=f"{card['num_iid']},1,2")
    assert listed["items"]["item"] == [{"num_iid": int(card["num_iid"])}]
    listed = shop.call("taobao.items.seller.list.get", fields="num_iid,sku", num_iids=mug["num_iid"])
    assert len(listed["items"]["item"][0]["skus"]["sku"]) == 2
    too_many = ",".join(str(n) for n in range(21))
    assert shop.refused("taobao.items.seller.list.get", fields="num", num_iids=too_many)[0] == 41
    skus = shop.call("taobao.item.skus.get", fields="outer_id,price", num_iids=mug["num_iid"])["skus"]["sku"]
    assert skus == [{"outer_id": "BM-MUG-01", "price": "128.00"}, {"outer_id": "BM-MUG-02", "price": "128.00"}]
    assert shop.refused("taobao.item.seller.get", fields="num", num_iid=1)[1].startswith("isv.item-not-exist")
    shop.put({**CARD, "shelf": "deleted"})
    refused = shop.refused("taobao.item.seller.get", fields="num", num_iid=card["num_iid"])
    assert refused[1].startswith("isv.item-is-delete")


def test_one_code_may_name_several_skus(shop: Shop):
    shop.put({**MUG, "properties": "颜色:红"}, {**MUG, "properties": "颜色:蓝"}, {**MUG, "item_key": "gift set"})
    skus = shop.call("taobao.skus.custom.get", fields="num_iid,quantity", outer_id="BM-MUG-01")["skus"]["sku"]
    assert len(skus) == 3
    num_iid = skus[0]["num_iid"]
    shop.call("taobao.skus.quantity.update", num_iid=num_iid, outerid_quantities="BM-MUG-01:3")
    skus = shop.call("taobao.skus.custom.get", fields="quantity", outer_id="BM-MUG-01")["skus"]["sku"]
    assert [sku["quantity"] for sku in skus] == [3, 3, 10]


# --- stock ------------------------------------------------------------------------------------------------------

BELOW_ZERO = "isv.error-inventory-invalid-item-quantity-tmall"
MISMATCH = "isv.item-quantity-item-update-service-error-tmall"


def test_item_quantity_update(shop: Shop):
    mug, card = shop.put(MUG, CARD)
    method, ids = "taobao.item.quantity.update", {"num_iid": mug["num_iid"], "sku_id": mug["sku_id"]}
    item = shop.call(method, **ids, quantity=37)["item"]
    assert item["num"] == 37
    assert item["skus"]["sku"][0]["quantity"] == 37
    shop.call(method, num_iid=mug["num_iid"], outer_id="BM-MUG-01", quantity=-7, type=2)
    assert shop.quantity("BM-MUG-01") == 30
    assert shop.refused(method, **ids, quantity=-31, type=2) == (15, BELOW_ZERO)
    assert shop.refused(method, **ids, quantity=-1) == (15, BELOW_ZERO)
    assert shop.refused(method, **ids, quantity=1, type=3)[0] == 41
    assert shop.refused(method, num_iid=mug["num_iid"], quantity=5) == (15, MISMATCH)
    assert (
        shop.refused(method, num_iid=mug["num_iid"], sku_id=1, quantity=5)[1] == "isv.invalid-parameter:sku-properties"
    )
    assert shop.call(method, num_iid=card["num_iid"], quantity=6)["item"]["num"] == 6
    assert shop.quantity("BM-MUG-01") == 30


def test_skus_quantity_update_clamps_at_zero(shop: Shop):
    mug, blue = shop.put(MUG, MUG_BLUE)
    method, num_iid = "taobao.skus.quantity.update", mug["num_iid"]
    shop.call(method, num_iid=num_iid, skuid_quantities=f"{mug['sku_id']}:-99;{blue['sku_id']}:1", type=2)
    assert (shop.quantity("BM-MUG-01"), shop.quantity("BM-MUG-02")) == (0, 5)
    assert shop.refused(method, num_iid=num_iid, skuid_quantities=f"{mug['sku_id']}:-1") == (15, BELOW_ZERO)
    refused = shop.refused(method, num_iid=num_iid, outerid_quantities="BM-MUG-02:9;NOPE:1")
    assert refused == (15, "isv.invalid-parameter:sku-properties")
    assert shop.quantity("BM-MUG-02") == 5  # all or nothing
    many = ";".join(f"{n}:1" for n in range(21))
    assert shop.refused(method, num_iid=num_iid, skuid_quantities=many)[0] == 41
    assert shop.refused(method, num_iid=num_iid)[0] == 40


def test_tmall_quantity_update(shop: Shop):
    mug, blue, card = shop.put(MUG, MUG_BLUE, CARD)
    method, item_id = "tmall.item.quantity.update", mug["num_iid"]
    both = json.dumps([{"sku_id": int(mug["sku_id"]), "quantity": 20}, {"sku_id": int(blue["sku_id"]), "quantity": 30}])
    answer = shop.call(method, item_id=item_id, sku_quantities=both, options='{"type":1}')
    assert answer["quantity_update_result"] == item_id
    assert (shop.quantity("BM-MUG-01"), shop.quantity("BM-MUG-02")) == (20, 30)
    minus = quantities(outer_id="BM-MUG-01", quantity=-5)
    once = {"item_id": item_id, "sku_quantities": minus, "options": '{"type":2,"outer_biz_key":"A1b2"}'}
    for _ in range(3):
        assert shop.call(method, **once)["quantity_update_result"] == item_id
    assert shop.quantity("BM-MUG-01") == 15
    for _ in range(2):
        shop.call(method, item_id=item_id, sku_quantities=minus, options='{"type":2}')
    assert shop.quantity("BM-MUG-01") == 5
    below = {
        "sku_quantities": quantities(outer_id="BM-MUG-01", quantity=-6),
        "options": '{"type":2,"outer_biz_key":"FF"}',
    }
    assert shop.refused(method, item_id=item_id, **below) == (50, BELOW_ZERO)
    # A refused increment has not used its key up.
    shop.put({**MUG, "quantity": 6})
    shop.call(method, item_id=item_id, **below)
    assert shop.quantity("BM-MUG-01") == 0
    assert shop.refused(method, item_id=item_id, item_quantity=5) == (50, MISMATCH)
    shop.call(method, item_id=card["num_iid"], item_quantity=8)
    mixed = json.dumps([{"sku_id": int(mug["sku_id"]), "quantity": 1}, {"outer_id": "BM-MUG-02", "quantity": 1}])
    assert shop.refused(method, item_id=item_id, sku_quantities=mixed)[0] == 41
    assert shop.refused(method, item_id=item_id, sku_quantities="[")[0] == 41
    assert shop.refused(method, item_id=item_id, sku_quantities="[{}]")[0] == 41
    assert shop.refused(method, item_id=item_id, sku_quantities=minus, options='{"outer_biz_key":"xyz"}')[0] == 41
    assert shop.refused(method, item_id=item_id)[0] == 40


def test_presale_items_take_increments_only(shop: Shop):
    (mug,) = shop.put({**MUG, "presale": True})
    ids = {"item_id": mug["num_iid"], "sku_quantities": quantities(sku_id=mug["sku_id"], quantity=3)}
    refused = shop.refused("tmall.item.quantity.update", **ids)
    assert refused == (50, "isv.item-is-presale:invalid-presale-tags-id-tmall")
    shop.call("tmall.item.quantity.update", **ids, options='{"type":2}')
    assert shop.quantity("BM-MUG-01") == 13


# --- trades -----------------------------------------------------------------------------------------------------


def test_stock_falls_on_payment_and_the_platform_never_sells_what_it_has_not(shop: Shop):
    (mug,) = shop.put(MUG)
    first = shop.order("BM-MUG-01", 7, paid=False)
    second = shop.order("BM-MUG-01", 7, paid=False)
    assert shop.quantity("BM-MUG-01") == 10
    held = shop.call("taobao.item.seller.get", fields="with_hold_quantity", num_iid=mug["num_iid"])["item"]
    assert held == {"with_hold_quantity": 14}
    paid = shop.control("POST", f"orders/{first['tid']}/pay")
    assert paid["status"] == "WAIT_SELLER_SEND_GOODS"
    assert shop.quantity("BM-MUG-01") == 3
    shop.control("POST", f"orders/{second['tid']}/pay", status=409)
    shop.control("POST", f"orders/{first['tid']}/pay", status=409)
    shop.order("BM-MUG-01", 4, status=409)
    shop.order("BM-MUG-01", 4, paid=False, status=409)
    shop.order("NOPE", status=404)
    shop.order("BM-MUG-01", 0, status=400)
    assert shop.quantity("BM-MUG-01") == 3
    assert len(shop.control("GET", "state")["trades"]) == 2
    closed = shop.control("POST", f"orders/{second['tid']}/close")
    assert closed["status"] == "TRADE_CLOSED_BY_TAOBAO"
    refunded = shop.control("POST", f"orders/{first['tid']}/close", {"reason": "退款"})
    assert refunded["status"] == "TRADE_CLOSED"
    assert shop.quantity("BM-MUG-01") == 3


def test_buyers_at_once_never_oversell(shop: Shop):
    shop.put(MUG)
    answers: list[int] = []

    def buy() -> None:
        body = {"lines": [{"outer_id": "BM-MUG-01", "num": 1}], "paid": True}
        with httpx.Client(timeout=30, trust_env=False) as http:
            answers.append(http.post(f"{shop.base}/__control__/orders", json=body).status_code)

    threads = [threading.Thread(target=buy) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == [201] * 10 + [409] * 6
    assert shop.quantity("BM-MUG-01") == 0


def test_cross_border_trades_are_missing_by_default(shop: Shop, clock: Clock):
    shop.put(MUG)
    abroad = shop.order("BM-MUG-01")
    home = shop.order("BM-MUG-01", type="fixed")
    window = (clock() - timedelta(minutes=5), clock())
    by_default = shop.changed(*window, type=None)
    assert [trade["tid"] for trade in by_default["trades"]["trade"]] == [int(home["tid"])]
    asked = shop.changed(*window, type="guarantee_trade,tmall_i18n")
    assert [trade["tid"] for trade in asked["trades"]["trade"]] == [int(home["tid"]), int(abroad["tid"])]
    assert {trade["type"] for trade in asked["trades"]["trade"]} == {"fixed", "tmall_i18n"}


def test_window_and_page_limits(shop: Shop, clock: Clock):
    start = clock() - timedelta(days=2)
    method = "taobao.trades.sold.increment.get"

    def code(end: datetime, **params: Any) -> int:
        return shop.refused(method, fields="tid", start_modified=to_wire(start), end_modified=to_wire(end), **params)[0]

    assert code(start + timedelta(days=1, seconds=1)) == 41
    assert code(start) == 41
    assert code(start + timedelta(hours=1), page_size=101) == 41
    assert code(start + timedelta(hours=1), page_no=0) == 41
    assert shop.changed(start, start + timedelta(days=1))["total_results"] == 0
    empty = shop.changed(start, start + timedelta(days=1), use_has_next="true")
    assert empty["has_next"] is False
    assert empty.keys() == {"has_next", "request_id"}


def read_pages_while_orders_change(shop: Shop, clock: Clock, pages: list[int]) -> tuple[set[int], set[int]]:
    """Nine orders, three to a page; after each page the newest unchanged one changes and so leaves the window.

    Returns all orders, and those found in this window together with the next one.
    """
    shop.put({**MUG, "quantity": 100})
    start, tids = clock(), []
    for _ in range(9):
        clock.forward(seconds=10)
        tids.append(int(shop.order("BM-MUG-01")["tid"]))
    end, everything, seen = clock(), set(tids), set()
    counted = shop.changed(start, end, page_size=3, fields="tid")
    assert counted["total_results"] == 9
    assert [trade["tid"] for trade in counted["trades"]["trade"]] == tids[:-4:-1]
    for page_no in pages:
        answer = shop.changed(start, end, page_size=3, page_no=page_no, use_has_next="true", fields="tid")
        assert "total_results" not in answer
        seen |= {trade["tid"] for trade in answer["trades"]["trade"]}
        clock.forward(seconds=10)
        shop.control("POST", f"orders/{tids.pop()}/status", {"status": "TRADE_FINISHED"})
    later = shop.changed(end, clock(), fields="tid,status")["trades"]["trade"]
    assert {trade["status"] for trade in later} >= {"TRADE_FINISHED"}
    return everything, seen | {trade["tid"] for trade in later}


def test_paging_from_last_to_first_loses_nothing_while_orders_change(shop: Shop, clock: Clock):
    everything, seen = read_pages_while_orders_change(shop, clock, [3, 2, 1])
    assert seen == everything


def test_negative_control_paging_forward_loses_orders(shop: Shop, clock: Clock):
    everything, seen = read_pages_while_orders_change(shop, clock, [1, 2, 3])
    assert len(everything - seen) == 2


def test_only_asked_fields_come_back(shop: Shop):
    shop.put(MUG, CARD)
    lines = [{"outer_id": "BM-MUG-01", "num": 2}, {"outer_id": "BM-CARD", "num": 1}]
    trade = shop.control("POST", "orders", {"lines": lines, "paid": True, "post_fee": "20"}, status=201)
    full = shop.call("taobao.trade.fullinfo.get", fields="tid,payment,orders.oid,orders.num,nonsense", tid=trade["tid"])
    assert full["trade"].keys() == {"tid", "payment", "orders"}
    assert full["trade"]["payment"] == "285.90"
    assert [set(line) for line in full["trade"]["orders"]["order"]] == [{"oid", "num"}] * 2
    payments = shop.call("taobao.trade.fullinfo.get", fields="orders", tid=trade["tid"])["trade"]["orders"]["order"]
    assert [line["payment"] for line in payments] == ["256.00", "9.90"]
    alone = shop.order("BM-CARD", post_fee="20.00")
    (line,) = shop.call("taobao.trade.fullinfo.get", fields="orders", tid=alone["tid"])["trade"]["orders"]["order"]
    assert line["payment"] == "29.90"
    assert "sku_id" not in line
    assert shop.refused("taobao.trade.fullinfo.get", fields="tid", tid=1) == (15, "isv.trade-not-exist")


def test_personal_data_comes_masked_and_oaid_needs_its_sources(shop: Shop):
    shop.put(MUG)
    receiver = {"name": "王小明", "address": "文三路269号", "mobile": "13812345678", "phone": "0571-8888"}
    trade = shop.order("BM-MUG-01", receiver=receiver)
    sources = ",".join(sorted(wire.OAID_SOURCES))
    full = shop.call("taobao.trade.fullinfo.get", fields=sources, tid=trade["tid"], include_oaid="true")["trade"]
    assert full["receiver_name"] == "王**"
    assert full["receiver_mobile"] == "*********78"
    assert "269" not in full["receiver_address"]
    assert len(full["oaid"]) == 40
    partly = shop.call("taobao.trade.fullinfo.get", fields="oaid,receiver_name,created", tid=trade["tid"])["trade"]
    assert "oaid" not in partly


def test_unknown_states_are_possible(shop: Shop, clock: Clock):
    shop.put(MUG)
    body = {"lines": [{"outer_id": "BM-MUG-01", "num": 1}], "paid": True, "status": "SENT_BY_PIGEON"}
    trade = shop.control("POST", "orders", body, status=201)
    found = shop.changed(clock() - timedelta(minutes=1), clock())["trades"]["trade"][0]
    assert found["status"] == found["orders"]["order"][0]["status"] == "SENT_BY_PIGEON"
    shop.control("POST", f"orders/{trade['tid']}/status", {"status": "PAID_FORBID_CONSIGN"})
    send = {"tid": trade["tid"], "out_sid": "SF1234567890", "company_code": "SF"}
    assert shop.refused("taobao.logistics.offline.send", **send)[1].endswith(":B02")
    shop.control("POST", "orders/1/status", {"status": "X"}, status=404)
    shop.control("POST", f"orders/{trade['tid']}/status", {}, status=400)


def test_sold_get_by_creation_and_state_groups(shop: Shop, clock: Clock):
    shop.put(MUG)
    old = shop.order("BM-MUG-01", paid=False)
    clock.forward(days=91)
    new = shop.order("BM-MUG-01", paid=False)
    found = shop.call("taobao.trades.sold.get", fields="tid", type="tmall_i18n", start_created=old["created"])
    assert [trade["tid"] for trade in found["trades"]["trade"]] == [int(new["tid"])]
    waiting = shop.call("taobao.trades.sold.get", fields="tid", type="tmall_i18n", status="ALL_WAIT_PAY")
    assert waiting["total_results"] == 1
    closed = shop.call("taobao.trades.sold.get", fields="tid", type="tmall_i18n", status="ALL_CLOSED")
    assert closed["total_results"] == 0


def test_shipping_once_and_in_parts(shop: Shop):
    shop.put(MUG, CARD)
    method = "taobao.logistics.offline.send"
    trade = shop.order("BM-MUG-01")
    parcel = {"out_sid": "SF1234567890", "company_code": "SF"}
    assert shop.refused(method, tid=trade["tid"], out_sid="??", company_code="SF")[1].endswith(":B60")
    assert shop.call(method, tid=trade["tid"], **parcel)["shipping"] == {"is_success": True}
    full = shop.call("taobao.trade.fullinfo.get", fields="status,consign_time,orders", tid=trade["tid"])["trade"]
    assert full["status"] == "WAIT_BUYER_CONFIRM_GOODS"
    assert full["orders"]["order"][0]["invoice_no"] == "SF1234567890"
    assert shop.refused(method, tid=trade["tid"], **parcel) == (15, "isv.logistics-offline-service-error:B04")
    assert shop.refused(method, tid=1, **parcel)[1].endswith(":B01")
    unpaid = shop.order("BM-MUG-01", paid=False)
    assert shop.refused(method, tid=unpaid["tid"], **parcel)[1].endswith(":B02")
    lines = [{"outer_id": "BM-MUG-01", "num": 1}, {"outer_id": "BM-CARD", "num": 1}]
    split = shop.control("POST", "orders", {"lines": lines, "paid": True}, status=201)
    first, second = (line["oid"] for line in split["lines"])
    assert shop.refused(method, tid=split["tid"], sub_tid=first, **parcel)[1].endswith(":P38")
    for oid, status in ((first, "SELLER_CONSIGNED_PART"), (second, "WAIT_BUYER_CONFIRM_GOODS")):
        shop.call(method, tid=split["tid"], is_split=1, sub_tid=oid, **parcel)
        assert shop.call("taobao.trade.fullinfo.get", fields="status", tid=split["tid"])["trade"]["status"] == status


def test_closing_by_the_seller(shop: Shop):
    shop.put(MUG, CARD)
    method = "taobao.trade.close"
    lines = [{"outer_id": "BM-MUG-01", "num": 1}, {"outer_id": "BM-CARD", "num": 1}]
    trade = shop.control("POST", "orders", {"lines": lines}, status=201)
    assert shop.refused(method, tid=trade["tid"], close_reason="because")[0] == 41
    first, second = (line["oid"] for line in trade["lines"])
    assert shop.call(method, tid=first, close_reason="缺货")["trade"]["tid"] == int(trade["tid"])
    assert (
        shop.call("taobao.trade.fullinfo.get", fields="status", tid=trade["tid"])["trade"]["status"] == "WAIT_BUYER_PAY"
    )
    shop.call(method, tid=second, close_reason="缺货")
    status = shop.call("taobao.trade.fullinfo.get", fields="status", tid=trade["tid"])["trade"]["status"]
    assert status == "TRADE_CLOSED_BY_TAOBAO"
    assert shop.refused(method, tid=trade["tid"], close_reason="缺货")[0] == 15
    assert shop.refused(method, tid=shop.order("BM-MUG-01")["tid"], close_reason="缺货")[0] == 15


# --- weather ----------------------------------------------------------------------------------------------------


def test_a_ban_holds_for_its_seconds_and_for_its_method_only(shop: Shop, clock: Clock):
    shop.control("POST", "faults", {"ban_seconds": 30, "method": "taobao.user.seller.get"})
    shop.call("taobao.time.get")
    body = shop.post(shop.signed("taobao.user.seller.get", fields="nick"))["error_response"]
    assert (body["code"], body["sub_code"]) == (7, "accesscontrol.limited-by-api-access-count")
    assert body["sub_msg"] == "This ban will last for 30 more seconds"
    clock.forward(seconds=29)
    body = shop.post(shop.signed("taobao.user.seller.get", fields="nick"))["error_response"]
    assert body["sub_msg"] == "This ban will last for 1 more seconds"
    shop.call("taobao.time.get")
    clock.forward(seconds=1)
    shop.call("taobao.user.seller.get", fields="nick")


def test_the_bucket_of_each_method(tmp_path: Path, clock: Clock):
    with serving(tmp_path, clock, burst=3, per_second=1) as shop:
        for _ in range(3):
            shop.call("taobao.user.seller.get", fields="nick")
        assert shop.refused("taobao.user.seller.get", fields="nick")[0] == 7
        shop.call("taobao.time.get")
        clock.forward(seconds=2)
        shop.call("taobao.user.seller.get", fields="nick")


def test_time_outs_before_and_after_the_work(shop: Shop):
    (mug,) = shop.put(MUG)
    update = {"item_id": mug["num_iid"], "sku_quantities": quantities(sku_id=mug["sku_id"], quantity=3)}
    method = "tmall.item.quantity.update"
    shop.control("POST", "faults", {"timeout_before": 0})
    assert shop.refused(method, **update) == (15, "isp.remote-service-timeout")
    assert shop.quantity("BM-MUG-01") == 10
    shop.control("POST", "faults", {"timeout_after": 0})
    assert shop.refused(method, **update) == (15, "isp.remote-service-timeout")
    assert shop.quantity("BM-MUG-01") == 3
    shop.control("POST", "faults", {"timeout_before": 1})
    with pytest.raises(httpx.ReadTimeout):
        shop.http.post(f"{shop.base}/router/rest", data=shop.signed(method, **update), timeout=0.2)


def test_other_faults_and_their_count(shop: Shop):
    ask = {"fields": "nick"}
    shop.control("POST", "faults", {"error_10": True, "next_n": 2})
    assert [shop.refused("taobao.user.seller.get", **ask)[0] for _ in range(2)] == [10, 10]
    shop.call("taobao.user.seller.get", **ask)
    shop.control("POST", "faults", {"malformed": True})
    response = shop.http.post(f"{shop.base}/router/rest", data=shop.signed("taobao.user.seller.get", **ask))
    assert response.status_code == 200
    with pytest.raises(ValueError):
        response.json()
    shop.control("POST", "faults", {"http_503": True})
    response = shop.http.post(f"{shop.base}/router/rest", data=shop.signed("taobao.user.seller.get", **ask))
    assert response.status_code == 503
    shop.control("POST", "faults", {"session_revoked": True, "next_n": 0})
    assert [shop.refused("taobao.user.seller.get", **ask) for _ in range(3)] == [(27, "session-expired")] * 3
    shop.control("POST", "faults", {"read_only_session": True, "next_n": 0})
    shop.call("taobao.user.seller.get", **ask)
    assert shop.refused("taobao.trade.close", tid=1, close_reason="缺货")[0] == 12
    shop.control("POST", "faults", {})
    assert shop.control("GET", "faults")["faults"] == {}
    for wrong in ({"gremlins": 1}, {"ban_seconds": -1}, {"next_n": "3"}, [1]):
        assert shop.control("POST", "faults", wrong, status=400)["error"].endswith(".")


# --- doors for people and tests ---------------------------------------------------------------------------------


def test_reset_empties_the_books_and_never_reuses_an_id(shop: Shop):
    (mug,) = shop.put(MUG)
    trade = shop.order("BM-MUG-01")
    shop.control("POST", "reset", {})
    assert shop.control("GET", "state") == {"items": [], "trades": []}
    (again,) = shop.put(MUG)
    assert again["num_iid"] > mug["num_iid"]
    assert shop.order("BM-MUG-01")["tid"] > trade["tid"]


def test_control_refuses_what_it_does_not_know(shop: Shop):
    assert shop.control("GET", "moon", status=404)["error"]
    for content, kind in ((b"{", "application/json"), (b"a=1", "application/x-www-form-urlencoded")):
        response = shop.http.post(f"{shop.base}/__control__/orders", content=content, headers={"Content-Type": kind})
        assert response.status_code in {400, 415}
        assert response.json()["error"].endswith(".")
    response = shop.http.post(f"{shop.base}/__control__/reset", json={}, headers={"Origin": "https://elsewhere.test"})
    assert response.status_code == 403
    shop.control("GET", "calls?limit=x", status=400)


def test_the_page_shows_the_shop_and_sells(shop: Shop):
    assert "Nothing on sale yet" in shop.http.get(f"{shop.base}/").text
    shop.put({**MUG, "title": "杯子 <b>&"}, CARD)
    text = shop.http.get(f"{shop.base}/").text
    assert "天猫旗舰店（模拟）" in text
    assert "杯子 &lt;b&gt;&amp;" in text
    buy = {"outer_id": "BM-MUG-01", "num": "2", "buyer": "李<i>"}
    answer = shop.http.post(f"{shop.base}/buy", data=buy)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/?placed=")
    text = shop.http.get(f"{shop.base}{answer.headers['location']}").text
    assert "已付款" in text
    assert "李&lt;i&gt;" in text
    assert shop.quantity("BM-MUG-01") == 8
    assert "taobao.skus.custom.get" in shop.http.get(f"{shop.base}/").text
    answer = shop.http.post(f"{shop.base}/buy", data={**buy, "num": "9"})
    assert answer.status_code == 409
    assert "Tmall has fewer than 9" in answer.text
    assert shop.http.post(f"{shop.base}/buy", data={**buy, "num": "-1"}).status_code == 400
    foreign = shop.http.post(f"{shop.base}/buy", data=buy, headers={"Origin": "https://elsewhere.test"})
    assert foreign.status_code == 403
    assert shop.http.get(f"{shop.base}/attic").status_code == 404


def test_links_follow_the_mount_point(tmp_path: Path):
    from werkzeug.middleware.dispatcher import DispatcherMiddleware
    from werkzeug.wrappers import Response

    app = create_app(state=tmp_path, app_key=KEY, app_secret=SECRET, session=SESSION)
    Store(tmp_path).put_items([MUG])
    mounted = DispatcherMiddleware(Response("root"), {"/top": app})
    with httpx.Client(transport=httpx.WSGITransport(app=mounted), base_url="http://sim") as http:
        assert 'action="/top/buy"' in http.get("/top/").text
        answer = http.post("/top/buy", data={"outer_id": "BM-MUG-01", "num": "1", "buyer": "x"})
        assert answer.headers["location"].startswith("/top/?placed=")
        assert http.get("/top/__control__/state").json()["items"][0]["quantity"] == 9
