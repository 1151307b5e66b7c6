"""The chaos page: there only with simulators, for managers only; it shows, switches, and says who is away."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import stripe
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from config.roles import MANAGER, MERCHANDISER, ensure_groups
from shop.demo import environment
from shop.demo.customs_simulator.app import create_app as create_customs
from shop.demo.stripe_simulator.app import create_app as create_stripe
from shop.demo.top_simulator.app import create_app as create_top
from shop.desk.chaos import simulators
from tests.shop.demo.stripe_service import eventually

pytestmark = pytest.mark.django_db
PAGE = "/admin/chaos/"


@pytest.fixture
def controls(tmp_path: Path, settings: Any) -> Iterator[dict[str, str]]:
    """Three simulators in one server, and one address where nobody listens."""
    server = make_server("127.0.0.1", 0, lambda *_: iter(()), threaded=True)
    origin = f"http://127.0.0.1:{server.server_port}"
    app = create_stripe(
        state=tmp_path,
        secret_key="sk_test_1",
        webhook_secret="whsec_1",
        webhook_url="http://127.0.0.1:9/hook",
        public_url=f"{origin}/stripe",
    )
    server.app = DispatcherMiddleware(
        lambda *_: iter(()),
        {
            "/stripe": app,
            "/top": create_top(state=tmp_path, app_key="1", app_secret="s", session="t"),
            "/customs": create_customs(state=tmp_path),
        },
    )
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.SIMULATOR_CONTROLS = {
        "stripe": f"{origin}/stripe/_control",
        "tmall": f"{origin}/top/__control__",
        "customs": f"{origin}/customs/__control__",
        "mail": "http://127.0.0.1:9/mail/_control",
    }
    yield settings.SIMULATOR_CONTROLS
    app.close()
    server.shutdown()
    thread.join()
    server.server_close()


def member(group: str) -> Client:
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager() -> Client:
    return member(MANAGER)


def switches(key: str) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in next(one for one in simulators.look() if one.key == key).switches}


def fields(key: str, **changed: Any) -> dict[str, Any]:
    """What the form sends: off fields empty, flags only when they are on."""
    known = {name: value for name, value in switches(key).items() if value not in {None, False}}
    return {name: value for name, value in {**known, **changed}.items() if value is not False}


def test_without_simulators_there_is_no_page(manager, settings):
    assert settings.SIMULATOR_CONTROLS == {}
    for answer in (manager.get(PAGE), manager.post(f"{PAGE}off"), Client().get(PAGE)):
        assert answer.status_code == 404
    assert b"Chaos" not in manager.get("/admin/").content


def test_only_a_demo_has_control_addresses(tmp_path, settings):
    built = environment.build(state=tmp_path, secrets=environment._fresh(), port=8000, given={})
    assert json.loads(built.values["SIMULATOR_CONTROLS"]) == {
        "stripe": "http://127.0.0.1:8001/stripe/_control",
        "tmall": "http://127.0.0.1:8001/top/__control__",
        "customs": "http://127.0.0.1:8001/customs/__control__",
        "mail": "http://127.0.0.1:8001/mailbox/__control__",
    }
    real = environment.build(
        state=tmp_path,
        secrets=environment._fresh(),
        port=8000,
        given={"STRIPE_SECRET_KEY": "sk_live_1", "EMAIL_URL": "smtp://post.example"},
    )
    assert not {"stripe", "mail"} & json.loads(real.values["SIMULATOR_CONTROLS"]).keys()
    assert "EMAIL_URL" not in real.values


def test_managers_only(controls):
    assert Client().get(PAGE).status_code == 302
    merchandiser = member(MERCHANDISER)
    assert merchandiser.get(PAGE).status_code == 403
    assert merchandiser.post(f"{PAGE}off").status_code == 403
    assert b"/admin/chaos/" not in merchandiser.get("/admin/").content
    assert b"/admin/chaos/" in member(MANAGER).get("/admin/").content


def test_it_shows_each_simulator_and_who_is_away(controls, manager):
    page = manager.get(PAGE).content.decode()
    for said in ("Stripe", "Tmall", "China customs", "Time out after (calls)", "Drop a share of webhooks"):
        assert said in page
    assert "Nothing answers at http://127.0.0.1:9/mail/_control." in page
    assert "Events unprocessed" in page
    assert "Last sweeps" in page


def test_the_page_costs_the_same_however_much_waits(controls, manager, django_assert_max_num_queries):
    manager.get(PAGE)
    with django_assert_max_num_queries(20):
        manager.get(PAGE)


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("stripe", {"drop_next": 2, "delay_webhooks": 1.5}),
        ("tmall", {"timeout_before": 0, "next_n": 3, "http_503": True, "method": "taobao.time.get"}),
        ("customs", {"refuse": "22001", "reorder": True, "kind": "payment", "times": 0}),
    ],
)
def test_switching_and_all_off(controls, manager, key, changed):
    rest = switches(key)
    answer = manager.post(reverse("chaos:switch", args=[key]), fields(key, **changed), follow=True)
    assert "are set." in answer.content.decode()
    assert switches(key) == rest | changed
    told = manager.post(reverse("chaos:off"), follow=True).content.decode()
    assert switches(key) == rest
    # The one that is away is named, the others are off all the same.
    assert "Mail: Nothing answers" in told


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("stripe", {"drop_share": 101}, "At most 100."),
        ("stripe", {"fail_next": "many"}, "Enter a number."),
        ("stripe", {"fail_next": -1}, "greater than or equal to 0"),
        ("customs", {"kind": "letters"}, "letters is not one of the available choices"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_switched(controls, manager, key, wrong, said):
    rest = switches(key)
    answer = manager.post(reverse("chaos:switch", args=[key]), fields(key, **wrong))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert switches(key) == rest


def test_what_the_simulator_refuses_is_said_in_its_words(controls, manager):
    answer = manager.post(reverse("chaos:switch", args=["customs"]), fields("customs", refuse="no-code!"), follow=True)
    assert "refuse is a code of letters and digits." in answer.content.decode()


def test_a_dropped_webhook_is_delivered_by_hand(controls, manager):
    simulators.switch("stripe", {"drop_next": 1})
    base = controls["stripe"].removesuffix("/_control")
    stripe.StripeClient("sk_test_1", base_addresses={"api": base}).v1.payment_intents.create(
        params={"amount": 500, "currency": "gbp"}
    )
    page = manager.get(PAGE).content.decode()
    assert "payment_intent.created" in page
    assert "never sent" in page
    event = simulators._look_at("stripe").deliveries[0].event
    answer = manager.post(reverse("chaos:deliver", args=["stripe", event]), follow=True)
    assert f"{event} is delivered again." in answer.content.decode()
    eventually(lambda: simulators._look_at("stripe").deliveries[0].sent)
    unknown = manager.post(reverse("chaos:deliver", args=["stripe", "evt_none"]), follow=True)
    assert "There is no event evt_none." in unknown.content.decode()
    assert manager.post(reverse("chaos:deliver", args=["bank", event])).status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://stripe.example/_control", "is not on this machine"),
        ("http://127.0.0.1:9", "Nothing answers"),
    ],
)
def test_only_this_machine_is_asked(settings, address, said):
    settings.SIMULATOR_CONTROLS = {"other": address}
    assert said in simulators.look()[0].problem


def test_an_answer_that_is_none_of_a_simulators(controls, settings):
    settings.SIMULATOR_CONTROLS = {"odd": controls["customs"].removesuffix("/__control__")}
    assert simulators.look()[0].problem
