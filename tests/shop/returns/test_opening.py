"""Opening a return: by rule in time, by a person else; and what is refused by name."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from shop.models import ExceptedGoods, LegalPage, ReturnRequest
from shop.returns import actions, facts
from shop.returns.errors import NotExchangeable, NothingToReturn, NotReturnable, ReasonMissing, UnknownLine
from shop.returns.transitions import IllegalReturnMove
from tests import factories as make
from tests.shop.returns import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    make.agreement()
    world.return_addresses()
    return world.mugs()


def test_in_time_it_is_authorised_at_once(mug):
    order = world.delivered((mug, 3))
    made = world.ask(order, 2)
    assert made.state == "authorised"
    assert made.number.startswith("RA-")
    assert made.basis == "gb-withdrawal"
    assert made.warehouse.code == "LON"
    assert made.send_back_by == timezone.localdate() + timedelta(days=14)
    assert [(event.to_state, event.actor) for event in made.events.all()] == [
        ("requested", "shopper"),
        ("authorised", "rules"),
    ]


def test_the_same_cause_opens_one(mug):
    order = world.delivered((mug, 3))
    assert world.ask(order, 2) == world.ask(order, 2)
    assert ReturnRequest.objects.count() == 1


@pytest.mark.parametrize(("days", "state"), [(14, "authorised"), (15, "requested")])
def test_the_last_day_counts_and_the_day_after_needs_a_person(mug, days, state):
    order = world.delivered((mug, 1), ago=timedelta(days=days))
    assert world.ask(order).state == state


def test_a_shopper_who_was_not_told_is_in_time_for_a_year(mug):
    order = world.delivered((mug, 1), ago=timedelta(days=200))
    LegalPage.objects.all().delete()
    assert world.ask(order).state == "authorised"


def test_a_return_in_time_needs_no_end_before_delivery(mug):
    order = world.shipped((mug, 1))
    assert facts.period_of(order).last is None
    assert world.ask(order).state == "authorised"


def test_an_order_partly_delivered_has_no_end_yet(mug):
    order = world.paid((mug, 2))
    from tests.shop.orders import sold

    sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    sold.ship(sold.pack(order, "LON", {"MUG-1": 1}))
    first = order.shipments.order_by("serial").first()
    order.shipments.filter(pk=first.pk).update(state="delivered", delivered_at=timezone.now())
    assert facts.delivered_at(order) is None
    world.deliver(order)
    assert facts.delivered_at(order) is not None


def test_goods_made_to_order_need_a_person_and_faulty_ones_do_not(mug):
    ExceptedGoods.objects.create(
        kind="custom", product=mug.product, valid=DateRange(date(2020, 1, 1), None), source="engraved"
    )
    order = world.delivered((mug, 2))
    assert world.ask(order, 1).state == "requested"
    assert world.ask(order, 1, kind="faulty", key="faulty").state == "authorised"


def test_sealed_goods_are_authorised_and_looked_at(mug):
    ExceptedGoods.objects.create(
        kind="sealed_hygiene", category=mug.product.category, valid=DateRange(date(2020, 1, 1), None), source="seal"
    )
    order = world.delivered((mug, 1))
    assert world.ask(order).state == "authorised"
    assert facts.returnables(order)[0].sealed


def test_more_than_left_is_refused_with_what_can_be(mug):
    order = world.delivered((mug, 3))
    world.ask(order, 2)
    with pytest.raises(NotReturnable) as refused:
        world.ask(order, 2, key="again")
    assert (refused.value.asked, refused.value.left) == (2, 1)


def test_nothing_can_be_returned_before_it_left(mug):
    order = world.paid((mug, 1))
    with pytest.raises(NotReturnable):
        world.ask(order)


def test_a_line_of_another_order_and_no_units_are_refused(mug):
    order, other = world.delivered((mug, 1)), world.delivered((mug, 1))
    with pytest.raises(UnknownLine):
        actions.open_return(
            order_id=order.pk, kind="return", lines={world.line(other).pk: actions.Wanted(1)}, cause_key="x", actor="x"
        )
    with pytest.raises(NothingToReturn):
        world.ask(order, 0)


def test_an_exchange_is_for_another_variant_of_the_product(mug):
    order = world.delivered((mug, 1))
    stranger = world.mugs("MUG-2")
    with pytest.raises(NotExchangeable):
        actions.open_return(
            order_id=order.pk,
            kind="exchange",
            lines={world.line(order).pk: actions.Wanted(1, stranger)},
            cause_key="x",
            actor="x",
        )


def test_a_person_authorises_or_refuses_with_a_reason(mug):
    order = world.delivered((mug, 2), ago=timedelta(days=60))
    made = world.ask(order, 2)
    assert (made.due_what, made.due_on) == ("answer", timezone.localdate() + timedelta(days=3))
    with pytest.raises(ReasonMissing):
        actions.refuse(request_id=made.pk, reason="  ", actor="ann")
    refused = actions.refuse(request_id=made.pk, reason="It has been used.", actor="ann")
    assert (refused.state, refused.due_on) == ("refused", None)
    # Its units are free again, and a person may think better of it while they are.
    assert facts.returnables(order)[0].left == 2
    assert actions.authorise(request_id=made.pk, actor="ann").state == "authorised"
    assert facts.returnables(order)[0].left == 0
    with pytest.raises(IllegalReturnMove):
        actions.refuse(request_id=made.pk, reason="No.", actor="ann")


def test_proof_of_sending_starts_the_days_of_the_refund(mug):
    made = world.ask(world.delivered((mug, 1)))
    assert made.refund_by is None
    sent = actions.mark_sent(request_id=made.pk, tracking="JD01", actor="shopper")
    assert (sent.state, sent.tracking) == ("in_transit", "JD01")
    assert sent.refund_by == timezone.localdate() + timedelta(days=14)
    assert sent.due_what == "refund"


def test_what_never_came_can_be_returned_later(mug):
    order = world.delivered((mug, 1))
    made = world.ask(order)
    assert actions.give_up(request_id=made.pk, actor="shopper", cause="kept").state == "closed"
    assert world.ask(order, key="again").state == "authorised"
