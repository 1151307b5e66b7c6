"""The mail server is down, slow, or not to be heard: orders do not notice, and every letter arrives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from shop.alerts import sending
from shop.models import Mail, Order
from tests.faults.books import books_agree
from tests.faults.shopping import place
from tests.faults.stripe_side import eventually
from tests.faults.sweeps import work_inbox
from tests.shop.demo.mail_side import MailSide, mail_server

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = {"order_placed", "order_paid"}


@pytest.fixture
def post(tmp_path: Path) -> Iterator[MailSide]:
    """The mail server, and the shop's settings for it."""
    with mail_server(tmp_path / "mail") as side, override_settings(**side.settings):
        yield side


def sell(world, stripe_side) -> Order:
    placed = place(world, 2)
    stripe_side.press(placed.payment.url)
    eventually(stripe_side.delivered)
    work_inbox()
    return Order.objects.get()


def an_attempt() -> int:
    """What the sweep does when every waiting letter is due."""
    Mail.objects.filter(state="waiting").update(due_at=timezone.now())
    return sending.send_due()


def test_down_while_an_order_is_placed_and_paid(post, world, stripe_side):
    post.switch(down=True)
    assert sell(world, stripe_side).state == "paid"
    assert an_attempt() == 0
    waiting = Mail.objects.filter(kind__in=KINDS)
    assert {(one.kind, one.state) for one in waiting} == {(kind, "waiting") for kind in KINDS}
    assert all("refused" in one.last_error.lower() for one in waiting)
    post.switch(down=False)
    assert an_attempt() >= len(KINDS)
    assert an_attempt() == 0
    letters = post.letters("ada@example.org")
    assert len(letters) == len({one["message_id"] for one in letters}) == Mail.objects.count()
    assert not Mail.objects.exclude(state="sent").exists()
    books_agree(stripe_side)


def test_put_off_and_then_taken(post, world, stripe_side):
    post.switch(busy=True, times=0)
    sell(world, stripe_side)
    an_attempt()
    assert not post.letters()
    assert set(Mail.objects.values_list("state", flat=True)) == {"waiting"}
    post.switch(busy=False)
    an_attempt()
    assert len(post.letters()) == Mail.objects.count()


def test_taken_but_not_heard_comes_twice_as_the_same_letter(post, world, stripe_side):
    sell(world, stripe_side)
    an_attempt()
    Mail.objects.exclude(kind="order_paid").delete()
    Mail.objects.update(state="waiting", sent_at=None)
    post.web.post("/__control__/reset", json={})
    post.switch(unheard=True, times=1)
    assert an_attempt() == 0
    assert an_attempt() == 1
    first, second = reversed(post.letters())
    assert first["message_id"] == second["message_id"]
    assert (first["again"], second["again"]) == (False, True)


def test_refused_for_good_is_given_up_and_can_be_sent_again(post, world, stripe_side):
    post.switch(refuse=True, times=0)
    assert sell(world, stripe_side).state == "paid"
    an_attempt()
    mail = Mail.objects.get(kind="order_paid")
    assert (mail.state, mail.due_at) == ("failed", None)
    assert "550" in mail.last_error
    post.switch(refuse=False)
    sending.again(mail_id=mail.pk)
    an_attempt()
    mail.refresh_from_db()
    assert mail.state == "sent"
