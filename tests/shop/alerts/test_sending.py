"""Letters go out once, wait while the mail server is away, and never stand in the way of an order."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from shop.alerts import sending
from shop.alerts.mail import write
from shop.models import Mail, Order
from shop.orders import actions as orders
from tests import factories as make
from tests.concurrency.together import all_at_once
from tests.shop.alerts.samples import FACTS
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db


def letter(key="k", **changes):
    write(
        **{
            "kind": "order_paid",
            "key": key,
            "to": "ada@example.org",
            "language": "en",
            "facts": FACTS["order_paid"],
            **changes,
        }
    )


def test_the_same_event_writes_one_letter(django_assert_num_queries):
    with django_assert_num_queries(1):
        letter()
    letter()
    assert Mail.objects.count() == 1


def test_nobody_is_written_to_without_an_address():
    letter(to="")
    assert not Mail.objects.exists()


def test_a_letter_is_sent_and_kept_as_it_went():
    letter()
    assert sending.send(key="k")
    assert not sending.send(key="k")
    sent = outbox.outbox[0]
    row = Mail.objects.get()
    assert (row.state, row.subject, row.text) == ("sent", sent.subject, sent.body)
    assert (sent.to, sent.alternatives[0][1]) == (["ada@example.org"], "text/html")
    assert sent.extra_headers["Message-ID"] == sending.message_id(row)


def test_a_letter_whose_worker_died_goes_out_with_the_same_id():
    letter()
    Mail.objects.update(state="sending", due_at=timezone.now() - timedelta(seconds=1))
    first = sending.message_id(Mail.objects.get())
    assert sending.send_due() == 1
    assert outbox.outbox[0].extra_headers["Message-ID"] == first


class Broken:
    """A mail server that answers with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_messages(self, _messages):
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConnectionRefusedError("nobody listens"), "waiting"),
        (TimeoutError("no answer"), "waiting"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting"),
        (smtplib.SMTPDataError(451, b"try later"), "waiting"),
        (smtplib.SMTPRecipientsRefused({"ada@example.org": (450, b"greylisted")}), "waiting"),
        (smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no such user")}), "failed"),
    ],
)
def test_a_server_that_does_not_take_it(monkeypatch, error, state):
    letter()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "get_connection", lambda **_settings: Broken(error))
        assert not sending.send(key="k")
    row = Mail.objects.get()
    assert (row.state, row.attempts, row.last_error != "") == (state, 1, True)
    if state == "waiting":
        assert row.due_at > timezone.now()
        Mail.objects.update(due_at=timezone.now())
        assert sending.send_due() == 1
    else:
        assert row.due_at is None
        sending.again(mail_id=row.id)
        assert sending.send(key="k")


def test_it_is_given_up_after_some_days(monkeypatch):
    letter()
    monkeypatch.setattr(sending, "get_connection", lambda **_settings: Broken(OSError("away")))
    for _attempt in range(sending.MOST_ATTEMPTS):
        Mail.objects.update(due_at=timezone.now())
        sending.send_due()
    assert (Mail.objects.get().state, sending.send_due()) == ("failed", 0)


def test_an_orders_life_is_told_once_each():
    make.agreement()
    mug = make.variant("MUG-1", stock_at={"LON": 9})
    order = sold.placed((mug, 2))
    for _ in range(2):
        orders.mark_paid(order_id=order.id, actor="stripe", cause="test")
    for _ in range(2):
        orders.mark_shipped(order_id=order.id, actor="test", cause="test")
    assert sorted(Mail.objects.values_list("kind", flat=True)) == ["order_paid", "order_placed", "order_shipped"]
    assert sending.send_due() == 3
    assert {one.to[0] for one in outbox.outbox} == {order.email}


def test_a_marketplaces_buyer_is_not_written_to():
    make.agreement()
    sold.placed((make.variant("MUG-1", stock_at={"LON": 9}), 1), channel="tmall")
    assert not Mail.objects.exists()


def test_money_that_came_too_late_is_told_of():
    make.agreement()
    order = sold.placed((make.variant("MUG-1", stock_at={"LON": 1}), 1))
    Order.objects.update(expires_at=timezone.now())
    orders.expire_unpaid()
    winner = sold.placed((order.lines.get().variant, 1))
    orders.mark_paid(order_id=winner.id, actor="stripe", cause="test")
    orders.mark_paid(order_id=order.id, actor="stripe", cause="test")
    assert Mail.objects.filter(order_id=order.id, kind="order_sent_back").count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_a_letter_once():
    letter()
    outcomes = all_at_once(lambda _number: str(sending.send(key="k")))
    assert sorted(outcomes) == ["False"] * 7 + ["True"]


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_it_goes_out_more_than_once(monkeypatch):
    """The negative control: workers that only look whether a letter is due."""
    letter()
    monkeypatch.setattr(sending, "_claim", lambda which: Mail.objects.filter(which, sending.DUE).first())
    outcomes = all_at_once(lambda _number: str(sending.send(key="k")))
    assert outcomes.count("True") > 1


@pytest.mark.django_db(transaction=True)
def test_an_order_stands_while_the_mail_server_is_down(monkeypatch):
    """Nothing of mail happens inside the order's transaction, and no failure of mail reaches the order."""
    make.agreement()
    asked = []

    class Down:
        def send_messages(self, _messages):
            asked.append(connection.in_atomic_block)
            raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(sending, "get_connection", lambda **_settings: Down())
    order = sold.placed((make.variant("MUG-1", stock_at={"LON": 9}), 1))
    orders.mark_paid(order_id=order.id, actor="stripe", cause="test")
    sending.send_due()
    order.refresh_from_db()
    assert order.state == "paid"
    assert asked == [False, False]
    assert set(Mail.objects.values_list("state", flat=True)) == {"waiting"}
    monkeypatch.undo()
    Mail.objects.update(due_at=timezone.now())
    assert sending.send_due() == 2
