"""The bench: whatever comes is taken in, inspected, booked, and paid back once."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from inventory.stock import proofs
from shop.models import Refund, ReturnLine, UnexpectedUnits
from shop.payments import refunding
from shop.returns import actions, facts, sweeping
from shop.returns.actions import Finding
from shop.returns.errors import DeductionRefused, ReasonMissing, WrongFinding
from shop.returns.transitions import IllegalReturnMove
from tests import factories as make
from tests.shop.orders import sold
from tests.shop.returns import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(till):
    make.agreement()
    world.return_addresses()
    return world.mugs()


@pytest.fixture
def order(mug):
    return world.delivered((mug, 3), shipping=Decimal("4.95"), quote={"standard_delivery": {"amount": "4.95"}})


def test_a_parcel_is_quarantined_once(mug, order):
    made = world.ask(order, 2)
    assert world.counters(mug) == (7, 0, 0)
    for _again in range(2):
        received = world.come(made, 2)
    assert received.state == "received"
    assert received.due_what == "inspect"
    assert world.counters(mug) == (7, 2, 0)
    assert proofs.differences() == {}


def test_two_parcels_make_one_return(mug, order):
    made = world.ask(order, 2)
    world.come(made, 1)
    again = world.come(made, 1, key="second")
    assert again.state == "received"
    assert again.lines.get().received == 2


def test_inspection_books_each_unit_where_it_belongs(mug, order):
    made = world.come(world.ask(order, 3), 3)
    done = world.inspected(made, Finding(resaleable=1, quarantined=1, damaged=1, written_off=1, accepted=3))
    assert done.state == "inspected"
    assert world.counters(mug) == (8, 1, 0)
    assert proofs.differences() == {}
    # Saying it again changes nothing.
    world.inspected(made, Finding(resaleable=3, accepted=3))
    assert world.counters(mug) == (8, 1, 0)


@pytest.mark.parametrize(
    ("finding", "error"),
    [
        (Finding(resaleable=1, accepted=2), WrongFinding),
        (Finding(resaleable=2, damaged=1, accepted=2), WrongFinding),
        (Finding(resaleable=2, written_off=1, accepted=2), WrongFinding),
        (Finding(resaleable=2, accepted=3), WrongFinding),
        (Finding(resaleable=3, damaged=-1, accepted=2), WrongFinding),
        (Finding(resaleable=2, accepted=1), ReasonMissing),
    ],
)
def test_figures_that_do_not_add_up_are_refused(mug, order, finding, error):
    made = world.come(world.ask(order, 2), 2)
    with pytest.raises(error):
        world.inspected(made, finding)
    made.refresh_from_db()
    assert made.state == "received"
    assert world.counters(mug) == (7, 2, 0)


def test_nothing_is_inspected_before_it_came(order):
    with pytest.raises(IllegalReturnMove):
        world.inspected(world.ask(order, 1))


def test_the_refund_follows_and_closes_the_return(order):
    made = world.inspected(world.come(world.ask(order, 2), 2))
    for _again in range(2):
        closed = actions.repay(request_id=made.pk)
    refund = Refund.objects.get()
    assert (closed.state, closed.refund) == ("closed", refund)
    assert refund.amount == Decimal("20.00")
    assert closed.delivery_refund == 0  # something of the order is kept
    order.refresh_from_db()
    assert order.state == "delivered"


def test_the_whole_order_takes_standard_delivery_with_it_and_is_returned(mug):
    order = world.delivered((mug, 3), shipping=Decimal("14.95"), quote={"standard_delivery": {"amount": "4.95"}})
    first = world.inspected(world.come(world.ask(order, 1), 1))
    actions.repay(request_id=first.pk)
    second = world.inspected(world.come(world.ask(order, 2, key="rest"), 2, key="rest"))
    assert second.delivery_refund == Decimal("4.95")
    actions.repay(request_id=second.pk)
    assert sum(one.amount for one in Refund.objects.all()) == Decimal("34.95")
    order.refresh_from_db()
    assert order.state == "returned"
    assert order.events.last().to_state == "returned"


def test_faulty_goods_take_the_whole_delivery_with_them(mug):
    order = world.delivered(
        (mug, 1), shipping=Decimal("14.95"), quote={"standard_delivery": {"amount": "4.95"}}, ago=timedelta(days=3)
    )
    made = world.inspected(world.come(world.ask(order, kind="faulty"), 1), Finding(damaged=1, accepted=1))
    assert made.delivery_refund == Decimal("14.95")


def test_the_shops_own_window_gives_no_delivery_back(mug):
    make.market("us")
    order = world.delivered(
        (mug, 1), shipping=Decimal("4.95"), country="US", quote={"standard_delivery": {"amount": "4.95"}}
    )
    made = world.ask(order)
    assert made.basis == "us-shop"
    assert world.inspected(world.come(made, 1)).delivery_refund == 0


def test_a_deduction_needs_a_reason_and_stays_within_the_goods(order):
    made = world.come(world.ask(order, 2), 2)
    with pytest.raises(ReasonMissing):
        world.inspected(made, deduction=Decimal(5))
    with pytest.raises(DeductionRefused):
        world.inspected(made, deduction=Decimal("20.01"), deduction_reason="worn")
    done = world.inspected(made, deduction=Decimal(5), deduction_reason="worn")
    closed = actions.repay(request_id=done.pk)
    assert closed.refund.amount == Decimal("15.00")


def test_goods_that_are_worth_nothing_any_more_are_closed_without_a_refund(order):
    made = world.come(world.ask(order, 1), 1)
    done = world.inspected(made, deduction=Decimal(10), deduction_reason="destroyed")
    assert actions.repay(request_id=done.pk).state == "closed"
    assert not Refund.objects.exists()


def test_units_that_are_not_accepted_are_not_paid_back(order):
    made = world.come(world.ask(order, 2), 2)
    done = world.inspected(made, Finding(resaleable=1, damaged=1, accepted=1, note="The seal of one was broken."))
    assert actions.repay(request_id=done.pk).refund.amount == Decimal("10.00")


def test_nothing_accepted_is_closed_without_a_refund(order):
    made = world.come(world.ask(order, 1), 1)
    done = world.inspected(made, Finding(damaged=1, accepted=0, note="Not our article."))
    assert actions.repay(request_id=done.pk).state == "closed"
    assert not Refund.objects.exists()


def test_units_that_never_came_are_free_again(order):
    made = world.come(world.ask(order, 3), 1)
    world.inspected(made)
    assert facts.returnables(order)[0].left == 2


def test_surplus_is_taken_in_as_a_line_for_a_person(mug, order):
    made = world.ask(order, 1)
    world.come(made, 3)
    surplus = UnexpectedUnits.objects.get()
    assert (surplus.units, surplus.why, surplus.stocked, surplus.request) == (2, "surplus", True, made)
    assert made.lines.get().received == 1
    assert world.counters(mug) == (7, 3, 0)
    # The person accepts it: a return of its own, ready to be inspected.
    more = actions.accept_unexpected(unexpected_id=surplus.pk, actor="ann")
    assert (more.state, more.lines.get().units) == ("received", 2)
    world.inspected(more)
    assert world.counters(mug) == (9, 1, 0)
    assert proofs.differences() == {}


def test_a_late_parcel_is_taken_in_and_can_be_accepted(order):
    made = world.ask(order, 1)
    actions.give_up(request_id=made.pk, actor="ann", cause="nothing came")
    assert world.come(made, 1).state == "closed"
    late = UnexpectedUnits.objects.get()
    assert (late.why, late.stocked) == ("late", True)
    assert actions.accept_unexpected(unexpected_id=late.pk, actor="ann").state == "received"


def test_a_parcel_without_authorisation_waits_for_a_person(mug, order):
    content = [actions.Parcel(units=1, order_line=world.line(order))]
    for _again in range(2):
        (found,) = actions.receive_unannounced(
            order=order, content=content, warehouse=make.warehouse("LON"), cause_key="box", actor="bench"
        )
    assert (found.why, found.stocked) == ("unannounced", True)
    assert world.counters(mug) == (7, 1, 0)
    with pytest.raises(ReasonMissing):
        actions.close_unexpected(unexpected_id=found.pk, resolution="sent_back", note="", actor="ann")
    actions.close_unexpected(unexpected_id=found.pk, resolution="sent_back", note="Not wanted.", actor="ann")


def test_a_parcel_of_nobody_known_is_kept_beside_the_books(mug, order):
    (found,) = actions.receive_unannounced(
        order=None,
        content=[actions.Parcel(units=1, sku="MUG-1")],
        warehouse=make.warehouse("LON"),
        cause_key="box",
        actor="bench",
        note="Sender unreadable",
    )
    assert (found.why, found.stocked) == ("unknown", False)
    assert world.counters(mug) == (7, 0, 0)
    accepted = actions.accept_unexpected(unexpected_id=found.pk, actor="ann", order_line=world.line(order))
    assert accepted.order == order
    assert world.counters(mug) == (7, 1, 0)


def test_more_than_ever_left_stays_beside_the_books(mug, order):
    made = world.ask(order, 3)
    world.come(made, 5)
    surplus = UnexpectedUnits.objects.get()
    assert (surplus.units, surplus.stocked) == (2, False)
    assert world.counters(mug) == (7, 3, 0)


def test_a_bundle_comes_back_as_its_parts(till):
    make.agreement()
    world.return_addresses()
    cup, saucer = make.variant("CUP", stock_at={"LON": 4}), make.variant("SAUCER", stock_at={"LON": 4})
    pair = sold.bundle("PAIR", {"CUP": 1, "SAUCER": 2})
    order = world.delivered((pair, 1))
    assert (world.counters(cup)[0], world.counters(saucer)[0]) == (3, 2)
    world.inspected(world.come(world.ask(order), 1))
    assert (world.counters(cup)[0], world.counters(saucer)[0]) == (4, 4)
    assert proofs.differences() == {}


def test_the_sweep_pays_back_what_a_lost_task_left(order):
    made = world.inspected(world.come(world.ask(order, 1), 1))
    assert sweeping.sweep() == 1
    made.refresh_from_db()
    assert made.state == "closed"
    assert sweeping.sweep() == 0


def test_a_refund_that_failed_is_asked_for_anew_by_a_person_alone(order):
    made = world.inspected(world.come(world.ask(order, 1), 1))
    failed = refunding.refund(
        order_id=order.pk,
        lines={world.line(order).pk: 1},
        reason=Refund.Reason.RETURNED,
        cause_key=f"return:{made.number}:0",
        actor="t",
    )
    refunding.apply(refund_id=failed.pk, said=SimpleNamespace(id="re_1", status="failed", to_dict=dict))
    made.refund = failed
    made.save()
    assert sweeping.sweep() == 0
    assert actions.repay(request_id=made.pk).state == "inspected"
    closed = actions.repay(request_id=made.pk, again=True)
    assert (closed.state, closed.refund.state) == ("closed", "succeeded")
    assert closed.refund != failed


def test_the_database_stands_behind_the_figures(order):
    from django.db import IntegrityError, transaction

    made = world.ask(order, 1)
    row = made.lines.get()
    for wrong in ({"received": 2}, {"resaleable": 1}, {"accepted": 1}, {"written_off": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnLine.objects.filter(pk=row.pk).update(**wrong)
