"""The withdrawal function: kept once, receipted once, carried out by what has left; and nothing told to strangers."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.utils import timezone

from inventory.models import Balance
from shop.models import Mail, Refund, ReturnRequest, WithdrawalStatement
from shop.returns import actions, drafts, matching
from shop.returns.errors import DraftExpired, DraftUnreadable, NotYours, ReasonMissing, UnknownLine
from tests import factories as make
from tests.shop.orders import sold
from tests.shop.returns import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(till):
    make.agreement()
    world.return_addresses()
    return world.mugs()


def draft(order, /, **facts) -> drafts.Draft:
    return drafts.Draft(
        **{"name": "Ada Byron", "order_number": order.number, "email": order.email, "language": "en", **facts}
    )


def stated(order, /, **facts) -> WithdrawalStatement:
    return actions.confirm(token=drafts.sign(draft(order, **facts)))


def carried(order, /, **facts) -> WithdrawalStatement:
    statement = stated(order, **facts)
    actions.carry_out(statement_id=statement.pk)
    statement.refresh_from_db()
    return statement


def test_a_draft_writes_nothing_and_its_confirmation_once(mug):
    order = world.paid((mug, 1))
    token = drafts.sign(draft(order))
    assert not WithdrawalStatement.objects.exists()
    first, again = actions.confirm(token=token), actions.confirm(token=token)
    assert first == again
    assert WithdrawalStatement.objects.count() == 1
    receipt = Mail.objects.get(kind="withdrawal_receipt")
    assert receipt.recipient == "ada@example.org"


def test_a_draft_that_was_changed_or_is_old_is_refused(mug, monkeypatch):
    token = drafts.sign(draft(world.paid((mug, 1))))
    with pytest.raises(DraftUnreadable):
        drafts.read(token[:-2] + ("aa" if token[-2:] != "aa" else "bb"))
    with pytest.raises(DraftUnreadable):
        drafts.read("x" * 9_000)
    with pytest.raises(DraftUnreadable):
        drafts.read(signing.dumps({"name": "x"}, salt=drafts.SALT))
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: now + drafts.KEPT - 5)
    assert drafts.read(token).name == "Ada Byron"
    monkeypatch.setattr(signing.time, "time", lambda: now + drafts.KEPT + 5)
    with pytest.raises(DraftExpired):
        drafts.read(token)


def test_before_it_leaves_everything_is_paid_back_at_once(mug):
    order = world.paid((mug, 2), shipping=Decimal("14.95"))
    done = carried(order)
    assert (done.state, done.order) == ("done", order)
    assert Refund.objects.get().amount == Decimal("34.95")
    assert not ReturnRequest.objects.exists()


def test_an_unpaid_order_is_cancelled(mug):
    order = sold.placed((mug, 2))
    assert carried(order).state == "done"
    assert sold.state(order) == "cancelled"
    assert Balance.objects.get().held == 0


def test_after_it_left_a_return_is_opened_in_time(mug):
    order = world.delivered((mug, 2))
    done = carried(order)
    made = ReturnRequest.objects.get()
    assert made.number in done.outcome
    assert (made.kind, made.state, made.asked_at) == ("withdrawal", "authorised", done.sent_at)
    assert made.send_back_by == timezone.localdate() + timedelta(days=14)
    assert not Refund.objects.exists()


def test_in_the_period_before_delivery_it_is_a_return_too(mug):
    assert carried(world.shipped((mug, 1))).state == "done"
    assert ReturnRequest.objects.get().state == "authorised"


def test_of_an_order_partly_sent_the_rest_is_paid_back_and_the_sent_comes_back(mug):
    order = world.paid((mug, 3))
    sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    assert carried(order).state == "done"
    assert Refund.objects.get().amount == Decimal("20.00")
    assert ReturnRequest.objects.get().lines.get().units == 1


def test_a_part_of_the_order_leaves_the_rest(mug):
    order = world.delivered((mug, 3))
    carried(order, order=str(order.pk), lines={str(world.line(order).pk): 2})
    assert ReturnRequest.objects.get().lines.get().units == 2


def test_a_second_statement_finds_nothing_left(mug):
    order = world.delivered((mug, 1))
    carried(order)
    again = carried(order)
    assert again.state == "done"
    assert "Nothing was left" in again.outcome
    assert ReturnRequest.objects.count() == 1
    assert Mail.objects.filter(kind="withdrawal_receipt").count() == 2


@pytest.mark.parametrize(("days", "state"), [(14, "done"), (15, "person")])
def test_the_last_day_counts_and_the_day_after_is_for_a_person(mug, days, state):
    order = world.delivered((mug, 1), ago=timedelta(days=days))
    assert carried(order).state == state


def test_a_number_that_fits_nothing_waits_for_a_person(mug):
    order = world.delivered((mug, 1))
    lost = carried(order, order_number="VT-2026-999999")
    assert (lost.state, lost.order) == ("unmatched", None)
    # A person finds the order; the period does not bind her, and it counts from the statement.
    with pytest.raises(ReasonMissing):
        actions.match(statement_id=lost.pk, order=order, lines={}, actor="ann")
    with pytest.raises(UnknownLine):
        actions.match(statement_id=lost.pk, order=order, lines={0: 1}, actor="ann")
    actions.match(statement_id=lost.pk, order=order, lines={world.line(order).pk: 1}, actor="ann")
    assert actions.carry_out(statement_id=lost.pk) == "done"
    made = ReturnRequest.objects.get()
    assert (made.state, made.asked_at) == ("authorised", lost.sent_at)
    with pytest.raises(NotYours):
        actions.match(statement_id=lost.pk, order=order, lines={world.line(order).pk: 1}, actor="ann")
    with pytest.raises(NotYours):
        actions.set_aside(statement_id=lost.pk, reason="spam", actor="ann")


def test_a_strangers_guess_at_a_number_does_nothing(mug):
    order = world.paid((mug, 1))
    guess = carried(order, email="mallory@example.org")
    assert guess.state == "unmatched"
    assert sold.state(order) == "paid"
    assert actions.set_aside(statement_id=guess.pk, reason="not the buyer", actor="ann").state == "set_aside"


def test_her_own_words_are_for_a_person(mug):
    order = world.delivered((mug, 1))
    assert carried(order, lines_text="the blue one").state == "person"


def test_a_marketplaces_order_is_undone_there(mug):
    order = world.delivered((mug, 1))
    order.channel = "tmall"
    order.save()
    assert carried(order).state == "person"


@pytest.mark.parametrize(
    "typed",
    [
        "VT-2026-000123",
        " vt 2026 123 ",
        "VT2026000123",
        "vt-2026-0123",
        "Order VT-2026-000123",
        "ＶＴ－２０２６－０００１２３",
    ],
)
def test_a_number_is_read_as_people_type_it(typed):
    assert matching.normal_number(typed) == "VT-2026-000123"


@pytest.mark.parametrize("typed", ["", "123", "VT-26-1", "VT-2026-1234567", "VT-000123", "RA-2026-000123"])
def test_what_is_no_number_is_none(typed):
    assert matching.normal_number(typed) == ""


def test_the_receipt_says_what_was_stated_and_when(mug):
    order = world.paid((mug, 2))
    stated(order, order=str(order.pk), lines={str(world.line(order).pk): 1}, market="gb")
    facts = Mail.objects.get(kind="withdrawal_receipt").facts
    text = str(facts)
    for said in ("Ada Byron", order.number, "ada@example.org", "Mug MUG-1"):
        assert said in text
    statement = WithdrawalStatement.objects.get()
    local = timezone.localtime(statement.sent_at, ZoneInfo("Europe/London"))
    assert f"{local:%H:%M:%S} {local:%Z}" in text
    # Nothing of the receipt says whether there is such an order.
    assert "page" not in facts
