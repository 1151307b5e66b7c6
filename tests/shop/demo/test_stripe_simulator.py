"""The Stripe simulator over real HTTP: driven by the official SDK, held against Stripe's published fixtures."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import stripe

from shop.demo.stripe_simulator import currencies, shapes
from tests.shop.demo.stripe_service import CANCEL, KEY, SUCCESS, Clock, Receiver, Service, eventually, item


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def service(tmp_path: Path, receiver: Receiver, clock: Clock) -> Iterator[Service]:
    made = Service(tmp_path, receiver.port, clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def resources(fixtures_dir: Path) -> dict[str, Any]:
    path = fixtures_dir / "stripe" / "fixtures3.json"
    if not path.is_file():
        pytest.skip(f"Stripe's resource fixtures are not at {path}")
    return json.loads(path.read_text())["resources"]


def test_api_version_is_the_sdks_own():
    assert stripe.api_version == shapes.API_VERSION


def test_a_session_computes_its_total_and_waits(service: Service):
    session = service.open()
    assert session.id.startswith("cs_test_")
    assert (session.amount_total, session.currency) == (2 * 4500 + 495, "gbp")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.url == f"{service.base}/pay/{session.id}"
    assert session.expires_at - session.created == 24 * 3600
    assert session.metadata.to_dict() == {"order": "W-1001"}
    response = session.last_response
    assert response.request_id.startswith("req_")
    assert response.headers["stripe-version"] == stripe.api_version
    lines = service.client.v1.checkout.sessions.line_items.list(session.id).data
    assert [(entry.quantity, entry.amount_total) for entry in lines] == [(2, 9000), (1, 495)]


def test_paying_charges_once_sends_signed_events_and_leads_back(service: Service, receiver: Receiver):
    session = service.open()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.press(session), range(8)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id))
    }
    paid = service.retrieve(session, "payment_intent.latest_charge")
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert (intent.status, intent.amount_received) == ("succeeded", 9495)
    assert intent.metadata.to_dict() == {"order": "W-1001", "payment": "p1"}
    assert (intent.latest_charge.amount, intent.latest_charge.paid) == (9495, True)
    assert len(service.state()["charges"]) == 1
    expected = [
        "charge.succeeded",
        "checkout.session.completed",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]
    eventually(lambda: len(receiver.events) >= 4)
    assert sorted(receiver.types) == expected
    completed = next(event for event in receiver.events if event.type == "checkout.session.completed")
    assert completed.api_version == stripe.api_version
    assert completed.data.object["id"] == session.id
    assert completed.data.object["payment_intent"] == intent.id
    eventually(lambda: not any(event["pending_webhooks"] for event in service.state()["events"]))
    assert {attempt["status"] for attempt in service.state()["deliveries"]} == {200}
    by_intent = service.client.v1.checkout.sessions.list(params={"payment_intent": intent.id, "limit": 3})
    assert [found.id for found in by_intent.data] == [session.id]
    page = service.web.get(f"{service.base}/pay/{session.id}")
    assert "complete" in page.text
    assert "<button" not in page.text


def test_a_decline_says_so_and_allows_another_try(service: Service, receiver: Receiver):
    session = service.open()
    answer = service.press(session, "decline")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stripe/pay/{session.id}")
    page = service.web.get(f"{service.base}/pay/{session.id}").text
    assert 'role="alert"' in page
    assert "declined" in page
    intent = service.retrieve(session, "payment_intent").payment_intent
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", "card_declined")
    with pytest.raises(stripe.InvalidRequestError, match="no successful charge"):
        service.client.v1.refunds.create(params={"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="expire the session"):
        service.client.v1.payment_intents.cancel(intent.id)
    assert service.press(session).headers["location"].startswith("http://127.0.0.1:9/thanks")
    after = service.client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.last_payment_error) == ("succeeded", None)
    eventually(lambda: {"payment_intent.payment_failed", "checkout.session.completed"} <= set(receiver.types))


def test_expiry_on_request_and_by_time(service: Service, receiver: Receiver, clock: Clock):
    first, second = service.open(), service.open(expires_at=int(clock()) + 1801)
    service.press(second, "decline")
    expired = service.client.v1.checkout.sessions.expire(first.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        service.client.v1.checkout.sessions.expire(first.id)
    clock.ahead = 1802
    eventually(lambda: receiver.types.count("checkout.session.expired") == 2)
    assert service.press(second).status_code == 200
    intent = service.retrieve(second, "payment_intent").payment_intent
    assert (intent.status, intent.cancellation_reason) == ("canceled", "automatic")
    assert "expired" in service.web.get(f"{service.base}/pay/{second.id}").text
    assert not [charge for charge in service.state()["charges"] if charge["paid"]]


@pytest.mark.parametrize("seconds", [1700, 24 * 3600 + 60])
def test_expires_at_lies_between_half_an_hour_and_a_day(service: Service, clock: Clock, seconds: int):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.open(expires_at=int(clock()) + seconds)
    assert caught.value.param == "expires_at"


def test_refunds_never_pass_what_was_paid(service: Service, receiver: Receiver):
    session = service.open()
    service.press(session)
    intent = service.retrieve(session).payment_intent
    refunds = service.client.v1.refunds
    part = refunds.create(
        params={"payment_intent": intent, "amount": 495, "reason": "requested_by_customer", "metadata": {"rma": "7"}}
    )
    assert (part.amount, part.status, part.reason, part.metadata["rma"]) == (495, "succeeded", part.reason, "7")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create(params={"payment_intent": intent, "amount": 9001})
    assert (caught.value.param, caught.value.http_status) == ("amount", 400)
    rest = refunds.create(params={"charge": part.charge})
    assert rest.amount == 9000
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create(params={"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"
    found = refunds.retrieve(rest.id, params={"expand": ["charge.refunds", "balance_transaction"]})
    assert (found.charge.refunded, found.charge.amount_refunded) == (True, 9495)
    assert [entry.id for entry in found.charge.refunds.data] == [rest.id, part.id]
    assert found.balance_transaction.net == -9000
    assert service.client.v1.balance.retrieve().available[0].amount == 0
    eventually(lambda: receiver.types.count("charge.refunded") == 2)
    event = next(event for event in receiver.events if event.type == "refund.created")
    assert service.client.v1.events.retrieve(event.id).request.id.startswith("req_")


def test_concurrent_refunds_of_one_charge_add_up(service: Service):
    session = service.open()
    service.press(session)
    intent = service.retrieve(session).payment_intent

    def refund(_: int) -> bool:
        try:
            service.client.v1.refunds.create(params={"payment_intent": intent, "amount": 3000})
        except stripe.InvalidRequestError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(refund, range(6))) == 3


def test_an_idempotency_key_replays_or_refuses(service: Service):
    options = {"idempotency_key": "session:1"}
    first, again = service.open(options=options), service.open(options=options)
    assert first.id == again.id
    assert "idempotent-replayed" not in first.last_response.headers
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert again.last_response.headers["original-request"] == first.last_response.request_id
    with pytest.raises(stripe.IdempotencyError) as caught:
        service.open(options=options, client_reference_id="W-1002")
    assert caught.value.http_status == 400
    assert len(service.state()["sessions"]) == 1
    # A call that was refused for its parameters may be mended under the same key.
    with pytest.raises(stripe.InvalidRequestError):
        service.open(options={"idempotency_key": "session:2"}, colour="red")
    assert service.open(options={"idempotency_key": "session:2"}).id != first.id


def test_a_wrong_key_is_refused(service: Service):
    with pytest.raises(stripe.AuthenticationError) as caught:
        service.with_key("sk_test_somebody_elses_key").v1.balance.retrieve()
    assert caught.value.http_status == 401
    assert "somebody" not in str(caught.value)
    assert service.web.get(f"{service.base}/v1/balance").status_code == 401
    assert service.web.get(f"{service.base}/v1/balance", auth=(KEY, "")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"line_items": [item(colour="red")]}, "line_items[0][price_data][colour]", "parameter_unknown"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"line_items": [{"quantity": 1}]}, "line_items[0][price_data]", "parameter_missing"),
        ({"line_items": [item(product_data={"name": ""})]}, "line_items[0][price_data][product_data][name]", "parameter_invalid_empty"),
        ({"line_items": [item(unit_amount="4.50")]}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ({"line_items": [item(), item(currency="eur")]}, "line_items[1][price_data][currency]", None),
        ({"line_items": [item(currency="xyz")]}, "line_items[0][price_data][currency]", None),
        ({"line_items": [item(unit_amount=29)]}, "line_items", "amount_too_small"),
        ({"line_items": [item(unit_amount=99_999_999), item()]}, "line_items", "amount_too_large"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]", "resource_missing"),
        ({"success_url": "thanks.html"}, "success_url", "url_invalid"),
        ({"customer_email": "ada"}, "customer_email", "email_invalid"),
        ({"mode": "subscription"}, "mode", None),
        ({"metadata": {"k": "v" * 501}}, "metadata[k]", None),
        ({"expand": ["customer.card"]}, "expand", None),
    ],
)  # fmt: skip
def test_parameters_are_refused_by_name(service: Service, changes: dict[str, Any], param: str, code: str | None):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        service.open(**changes)
    assert (caught.value.http_status, caught.value.param, caught.value.code) == (400, param, code)
    assert service.state()["sessions"] == []


def test_unknown_ids_and_addresses_answer_404(service: Service):
    api = service.client.v1
    for ask in (
        lambda: api.checkout.sessions.retrieve("cs_test_none"),
        lambda: api.payment_intents.retrieve("pi_none"),
        lambda: api.refunds.retrieve("re_none"),
        lambda: api.refunds.create(params={"payment_intent": "pi_none"}),
        lambda: api.events.retrieve("evt_none"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            ask()
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized"):
        api.customers.list()
    malformed = service.web.post(f"{service.base}/v1/refunds", content="a=1&a[b]=2", auth=(KEY, ""), headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert malformed.status_code == 400


def test_an_intent_of_its_own_can_be_cancelled(service: Service):
    intents = service.client.v1.payment_intents
    intent = intents.create(params={"amount": 500, "currency": "jpy", "metadata": {"a": "b"}})
    done = intents.cancel(intent.id, params={"cancellation_reason": "abandoned"})
    assert (done.status, done.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.cancel(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"


def test_lists_are_paged_newest_first(service: Service):
    made = [service.open().id for _ in range(5)]
    listing = service.client.v1.checkout.sessions.list(params={"limit": 2})
    assert (listing.has_more, len(listing.data)) == (True, 2)
    assert [session.id for session in listing.auto_paging_iter()] == made[::-1]
    before = service.client.v1.checkout.sessions.list(params={"limit": 2, "ending_before": made[0]})
    assert [session.id for session in before.data] == [made[2], made[1]]
    service.press(service.open())
    kinds = service.client.v1.events.list(params={"types": ["charge.succeeded", "checkout.session.completed"]})
    assert [event.type for event in kinds.data] == ["checkout.session.completed", "charge.succeeded"]


def test_refused_webhooks_are_sent_again_with_the_same_bytes(service: Service, receiver: Receiver):
    receiver.refusals = 1
    service.client.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
    eventually(lambda: receiver.types == ["payment_intent.created"])
    assert len(set(receiver.bodies)) == 1
    eventually(lambda: [entry["status"] for entry in service.state()["deliveries"]] == [200, 500])
    first, second = sorted(service.state()["deliveries"], key=lambda entry: entry["number"])
    assert second["at"] - first["at"] >= 1


def test_a_webhook_that_always_refuses_is_given_up_after_ten_tries(service: Service, receiver: Receiver, clock: Clock):
    receiver.refusals = 1_000
    service.client.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
    event = service.state()["events"][0]["id"]

    def given_up() -> bool:
        clock.ahead += 600
        service.faults()  # any switch wakes the courier
        return service.state()["sendings"][event] == "given up"

    eventually(given_up)
    assert [entry["number"] for entry in service.state()["deliveries"]] == list(range(10, 0, -1))
    assert service.client.v1.events.retrieve(event).pending_webhooks == 0
    assert "given up" in service.web.get(f"{service.base}/_control/").text


def test_what_waits_is_delivered_after_a_restart(tmp_path: Path, clock: Clock):
    receiver = Receiver()
    receiver.close()
    service = Service(tmp_path, receiver.port, clock)
    session = service.open()
    service.press(session)
    failed = eventually(lambda: service.state()["deliveries"])
    assert failed[0]["status"] is None
    assert "refused" in failed[0]["error"]
    service.close()
    receiver = Receiver(receiver.port)
    service = Service(tmp_path, receiver.port, clock)
    try:
        eventually(lambda: "checkout.session.completed" in receiver.types)
        assert service.retrieve(session).payment_status == "paid"
    finally:
        service.close()
        receiver.close()


def test_faults_duplicate_delay_and_fail(service: Service, receiver: Receiver):
    service.faults(duplicate_webhooks=2, fail_next=1)
    with pytest.raises(stripe.APIError) as caught:
        service.open()
    assert caught.value.http_status == 500
    service.client.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
    eventually(lambda: len(receiver.events) == 3)
    assert len({event.id for event in receiver.events}) == 1
    service.faults(duplicate_webhooks=0, delay_webhooks=2)
    began = time.monotonic()
    service.client.v1.payment_intents.create(params={"amount": 500, "currency": "gbp"})
    eventually(lambda: len(receiver.events) == 4)
    assert time.monotonic() - began > 0.9  # the event's second is whole, so up to one second is lost
    refused = service.web.post(f"{service.base}/_control/faults", json={"fail_next": -1})
    assert (refused.status_code, "fail_next" in refused.json()["error"]) == (400, True)


def test_control_pages_send_again_and_show_deliveries(service: Service, receiver: Receiver):
    service.press(service.open())
    eventually(lambda: len(receiver.events) == 4)
    event = receiver.events[0]
    page = service.web.get(f"{service.base}/_control/").text
    assert f"/stripe/_control/events/{event.id}/send" in page
    answer = service.web.post(f"{service.base}/_control/events/{event.id}/send", data={})
    assert (answer.status_code, answer.headers["location"]) == (303, "/stripe/_control/?done=sent")
    eventually(lambda: [found.id for found in receiver.events].count(event.id) == 2)
    elsewhere = {"Origin": "http://evil.example"}
    assert service.web.post(f"{service.base}/_control/faults", data={}, headers=elsewhere).status_code == 403
    session = service.open()
    assert service.web.post(session.url, data={"choice": "card"}, headers=elsewhere).status_code == 403
    assert service.web.post(f"{service.base}/_control/sessions/{session.id}/expire").status_code == 303
    assert service.retrieve(session).status == "expired"


def type_of(value: Any) -> str:
    """The JSON type."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize("kind", ["checkout.session", "payment_intent", "charge", "refund", "dispute", "file", "event"])
def test_objects_have_every_field_of_stripes_fixture(service: Service, resources: dict[str, Any], kind: str):
    opened, paid, refused = service.open(), service.open(), service.open(customer_email=None, locale=None)
    service.press(paid)
    service.press(refused, "decline")
    service.client.v1.refunds.create(params={"payment_intent": service.retrieve(paid).payment_intent})
    service.client.v1.checkout.sessions.expire(opened.id)
    disputed = service.open()
    service.press(disputed)
    intent = service.client.v1.payment_intents.retrieve(service.retrieve(disputed).payment_intent)
    service.web.post(f"{service.base}/_control/charges/{intent.latest_charge}/dispute")
    picture = BytesIO(b"\x89PNG\r\n")
    picture.name = "parcel.png"
    service.client.v1.files.create(params={"purpose": "dispute_evidence", "file": picture})
    state = service.state()
    found = [
        entry for held in state.values() if isinstance(held, list) for entry in held if entry.get("object") == kind
    ]
    assert found
    for ours in found:
        theirs = resources[kind]
        assert set(theirs) <= set(ours)
        for name, value in theirs.items():
            if value is not None and ours[name] is not None:
                assert type_of(ours[name]) == type_of(value), name


def test_the_page_speaks_the_sessions_language_and_escapes(service: Service):
    zh = service.open(
        locale="zh",
        line_items=[item(currency="cny", unit_amount=128_00)],
        customer_email=None,
    )
    assert zh.payment_method_types == ["card", "alipay"]
    answer = service.web.get(zh.url)
    assert '<html lang="zh-Hans">' in answer.text
    assert "支付宝" in answer.text
    assert "¥128.00" in answer.text
    assert "<script" not in answer.text
    assert "form-action 'self' http://127.0.0.1:9" in answer.headers["Content-Security-Policy"]
    wrong = service.press(zh, "alipay", email="nobody")
    assert (wrong.status_code, 'value="nobody"' in wrong.text) == (422, True)
    assert service.press(zh, "alipay", email="li@example.org").status_code == 303
    paid = service.retrieve(zh, "payment_intent.latest_charge")
    assert paid.customer_details.email == "li@example.org"
    assert paid.payment_intent.latest_charge.payment_method_details.type == "alipay"
    english = service.web.get(service.open().url).text
    assert "Cat &amp; &lt;Mouse&gt; scarf" in english
    assert f'href="{CANCEL}"' in english
    assert "Alipay" not in english
    french = service.web.get(service.open(locale="auto").url, headers={"Accept-Language": "fr-CH, en;q=0.5"}).text
    assert "94,95" in french
    assert service.web.get(f"{service.base}/pay/cs_test_none").status_code == 404
    assert service.press(service.open(), "everything").status_code == 400


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (1200, "jpy", "ja_JP", "￥1,200"),
        (1200, "gbp", "en_GB", "£12.00"),
        (1234500, "kwd", "en_GB", "KWD 1,234.500"),
        (1200, "krw", "en_GB", "₩1,200"),
    ],
)
def test_amounts_are_shown_with_their_currencys_decimals(amount: int, currency: str, locale: str, shown: str):
    assert currencies.display(amount, currency, locale=locale) == shown
