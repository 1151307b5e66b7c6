"""The simulators' faults: what each does, its bounds, that it outlives a restart, and that all go off at once."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe
from werkzeug.test import Client

from shop.demo.customs_simulator.app import create_app as create_customs
from shop.demo.top_simulator.app import create_app as create_top
from tests.shop.demo.stripe_service import KEY, Clock, Receiver, Service, eventually

KINDS = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(tmp_path: Path, receiver: Receiver, clock: Clock) -> Iterator[Service]:
    made = Service(tmp_path, receiver.port, clock)
    yield made
    made.close()


def control(service: Service, path: str, wanted: Any = None) -> Any:
    url = f"{service.base}/_control/{path}"
    answer = service.web.get(url) if wanted is None else service.web.post(url, json=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(service: Service) -> dict[str, str]:
    return {one["type"]: one["state"] for one in control(service, "deliveries")["deliveries"]}


# --- What is delivered ----------------------------------------------------------------------------------------------


def test_gathered_events_arrive_newest_first(service: Service, receiver: Receiver, clock: Clock):
    service.faults(reorder_webhooks=600)
    session = service.open()
    service.press(session)
    assert receiver.types == []
    clock.ahead += 601
    service.faults()  # wakes the courier
    eventually(lambda: len(receiver.events) == 4)
    assert receiver.types == KINDS[::-1]


def test_in_order_without_the_fault(service: Service, receiver: Receiver):
    service.press(service.open())
    eventually(lambda: len(receiver.events) == 4)
    assert receiver.types == KINDS


def test_dropped_events_are_kept_and_delivered_by_hand(service: Service, receiver: Receiver):
    service.faults(drop_next=2)
    service.press(service.open())
    eventually(lambda: states(service)[KINDS[3]] == "delivered")
    assert receiver.types == KINDS[2:]
    assert states(service) == dict.fromkeys(KINDS[:2], "dropped") | dict.fromkeys(KINDS[2:], "delivered")
    assert "dropped" in service.web.get(f"{service.base}/_control/").text
    assert control(service, "faults")["drop_next"] == 0
    lost = next(one for one in control(service, "deliveries")["deliveries"] if one["type"] == KINDS[1])
    assert (lost["status"], lost["sent"]) == (None, 0)
    control(service, f"events/{lost['event']}/send", {})
    eventually(lambda: KINDS[1] in receiver.types)
    eventually(lambda: states(service)[KINDS[1]] == "delivered")


@pytest.mark.parametrize(("share", "dropped"), [(0, 0), (25, 2), (50, 4), (100, 8)])
def test_a_share_is_dropped_evenly(service: Service, share: int, dropped: int):
    service.faults(drop_share=share)
    for _ in range(2):
        service.press(service.open())
    found = [one["state"] for one in control(service, "deliveries")["deliveries"]]
    assert found.count("dropped") == dropped
    assert len(found) == 8


# --- What is answered -----------------------------------------------------------------------------------------------


def test_time_out_before_does_nothing(service: Service):
    service.faults(timeout_before=1)
    with pytest.raises(stripe.APIConnectionError):
        service.open()
    assert service.state()["sessions"] == []
    assert service.open().status == "open"


def test_time_out_after_keeps_what_it_did_and_the_key_gets_the_first_answer(service: Service):
    service.faults(timeout_after=1)
    with pytest.raises(stripe.APIConnectionError):
        service.open(options={"idempotency_key": "k"})
    kept = service.state()["sessions"]
    assert len(kept) == 1
    assert service.open(options={"idempotency_key": "k"}).id == kept[0]["id"]
    assert len(service.state()["sessions"]) == 1


def test_a_call_hangs_longer_than_its_client_waits(service: Service):
    service.faults(timeout_after=1, hang_seconds=60)
    impatient = stripe.StripeClient(
        KEY, base_addresses={"api": service.base}, max_network_retries=0, http_client=stripe.RequestsClient(timeout=0.2)
    )
    with pytest.raises(stripe.APIConnectionError, match="timed out"):
        impatient.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
    assert len(service.state()["payment_intents"]) == 1


def test_the_cut_reaches_the_client_through_the_demos_web_server(tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    given = {"VITRINE_STATE": str(tmp_path), "SIMULATORS_URL": base, "STRIPE_SECRET_KEY": KEY,
             "STRIPE_WEBHOOK_SECRET": "whsec_x", "STRIPE_WEBHOOK_URL": "http://127.0.0.1:9/hook"}  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--factory", "shop.demo.simulators:create_app"]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ | given, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:

        def up() -> bool:
            try:
                return httpx.get(f"{base}/healthz", timeout=5).status_code == 200
            except httpx.TransportError:
                return False

        eventually(up, seconds=60)
        httpx.post(f"{base}/stripe/_control/switches", json={"timeout_after": 1}).raise_for_status()
        client = stripe.StripeClient(KEY, base_addresses={"api": f"{base}/stripe"}, max_network_retries=0)
        with pytest.raises(stripe.APIConnectionError):
            client.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
        assert len(client.v1.payment_intents.list().data) == 1
    finally:
        server.terminate()
        server.wait(30)


# --- Bounds, restarts, all off --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"drop_share": 101}, "drop_share is a whole number from 0 to 100."),
        ({"reorder_webhooks": -1}, "reorder_webhooks is a whole number from 0 to 3600."),
        ({"timeout_after": 0.5}, "timeout_after is a whole number from 0 to 1000."),
        ({"hang_seconds": True}, "hang_seconds is a whole number from 0 to 60."),
        ({"delay_webhooks": "1"}, "delay_webhooks is a number from 0 to 86400."),
        ({"earthquake": 1}, "There is no fault earthquake"),
        ([], "Send an object"),
    ],
)
def test_out_of_bounds_is_refused_and_nothing_set(service: Service, wanted: Any, said: str):
    answer = service.web.post(f"{service.base}/_control/switches", json=wanted)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)
    assert set(control(service, "faults").values()) == {0}


def test_both_ends_of_each_bound_are_taken(service: Service):
    for one in control(service, "switches")["switches"]:
        assert one["means"].endswith(".")
        for value in (one["most"], 0):
            told = control(service, "switches", {one["name"]: value})["switches"]
            assert next(row["value"] for row in told if row["name"] == one["name"]) == value


def test_faults_outlive_a_restart_and_go_off_together(tmp_path: Path, receiver: Receiver, clock: Clock):
    before = Service(tmp_path, receiver.port, clock)
    wanted = {"drop_next": 3, "timeout_before": 2, "reorder_webhooks": 5}
    before.faults(**wanted)
    before.close()
    service = Service(tmp_path, receiver.port, clock)
    try:
        assert {name: value for name, value in control(service, "faults").items() if value} == wanted
        control(service, "switches/off", {})
        assert set(control(service, "faults").values()) == {0}
    finally:
        service.close()


OTHERS = {
    "top": lambda state: create_top(state=state, app_key="1", app_secret="s", session="t"),
    "customs": lambda state: create_customs(state=state),
}


def switches(client: Client, path: str = "switches", wanted: Any = None) -> dict[str, Any]:
    url = f"/__control__/{path}"
    answer = client.get(url) if wanted is None else client.post(url, json=wanted)
    assert answer.status_code == 200, answer.text
    return {one["name"]: one["value"] for one in json.loads(answer.text)["switches"]}


@pytest.mark.parametrize(
    ("which", "first", "second"),
    [
        ("top", {"timeout_before": 0, "next_n": 4}, {"http_503": True, "timeout_before": None}),
        ("customs", {"duplicate_reply": True, "times": 0}, {"reorder": True, "duplicate_reply": False}),
    ],
)
def test_the_other_simulators_speak_the_same_switchboard(tmp_path: Path, which: str, first: Any, second: Any):
    client = Client(OTHERS[which](tmp_path))
    rest = switches(client)
    assert switches(client, wanted=first) == rest | first
    assert switches(client, wanted=second) == rest | first | second
    # What was not named stays, also over a restart.
    again = Client(OTHERS[which](tmp_path))
    assert switches(again) == rest | first | second
    refused = again.post("/__control__/switches", json={"earthquake": 1})
    assert (refused.status_code, "no fault earthquake" in refused.text) == (400, True)
    assert switches(again, "switches/off", {}) == rest
    assert switches(Client(OTHERS[which](tmp_path))) == rest


def test_faults_that_are_used_up_are_off(tmp_path: Path):
    client = Client(OTHERS["top"](tmp_path))
    switches(client, wanted={"http_503": True, "next_n": 1})
    began = time.monotonic()
    client.post("/router/rest", data={"method": "x"})  # refused before any fault
    assert switches(client)["http_503"] is True
    assert time.monotonic() >= began
