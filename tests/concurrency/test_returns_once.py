"""A unit is returned once, however many ask at the same moment. The negative control shows that the race is real."""

from decimal import Decimal
from threading import Barrier

import pytest
from django.db import transaction
from django.db.models import F

from inventory.stock import proofs
from shop.models import Refund, ReturnClaim, ReturnRequest, WithdrawalStatement
from shop.returns import actions, drafts
from shop.returns.errors import NotReturnable
from tests import factories as make
from tests.concurrency.together import all_at_once
from tests.shop.returns import world
from tests.shop.returns.conftest import stripe_side, till

__all__ = ["stripe_side", "till"]
ASKING = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(till):
    make.agreement()
    world.return_addresses()
    return world.delivered((world.mugs(), 2))


def test_of_two_units_two_are_returned(order):
    line = world.line(order)

    def ask(number: int) -> str:
        try:
            actions.open_return(
                order_id=order.pk,
                kind="return",
                lines={line.pk: actions.Wanted(1)},
                cause_key=f"ask:{number}",
                actor="shopper",
            )
        except NotReturnable:
            return "refused"
        return "open"

    assert sorted(all_at_once(ask, ASKING)) == ["open"] * 2 + ["refused"] * 6
    assert ReturnRequest.objects.count() == 2
    assert ReturnClaim.objects.get().claimed == 2


def test_control_reading_before_writing_returns_units_that_never_left(order):
    line = world.line(order)
    ReturnClaim.objects.create(order_line=line, ordered=1_000)  # the check of the database is out of the way
    looked = Barrier(ASKING)

    def ask(_number: int) -> str:
        claim = ReturnClaim.objects.get(order_line=line)
        if claim.claimed + 1 > 2:
            return "refused"
        looked.wait(timeout=30)
        ReturnClaim.objects.filter(order_line=line).update(claimed=F("claimed") + 1)
        return "open"

    assert all_at_once(ask, ASKING) == ["open"] * ASKING
    assert ReturnClaim.objects.get().claimed == ASKING  # of two units


def test_one_form_sent_eight_times_opens_one_return(order):
    assert len(set(all_at_once(lambda _number: world.ask(order, 2).number, ASKING))) == 1
    assert ReturnClaim.objects.get().claimed == 2


def test_one_parcel_told_eight_times_is_taken_in_once(order):
    made = world.ask(order, 2)
    assert set(all_at_once(lambda _number: world.come(made, 1).state, ASKING)) == {"received"}
    assert made.lines.get().received == 1
    assert proofs.differences() == {}


def test_one_inspection_is_paid_back_once(order):
    made = world.inspected(world.come(world.ask(order, 2), 2))
    outcomes = all_at_once(lambda _number: actions.repay(request_id=made.pk).state, ASKING)
    assert set(outcomes) <= {"inspected", "closed"}
    assert actions.repay(request_id=made.pk).state == "closed"
    assert Refund.objects.get().amount == Decimal("20.00")


def test_one_confirmation_sent_eight_times_is_one_statement(order):
    token = drafts.sign(
        drafts.Draft(name="Ada", order_number=order.number, email=order.email, language="en", order=str(order.pk))
    )
    assert len(set(all_at_once(lambda _number: str(actions.confirm(token=token).pk), ASKING))) == 1
    statement = WithdrawalStatement.objects.get()
    outcomes = all_at_once(lambda _number: actions.carry_out(statement_id=statement.pk), ASKING)
    assert set(outcomes) == {"done"}
    assert ReturnRequest.objects.get().lines.get().units == 2


def test_a_claim_outside_a_transaction_is_refused(order):
    from shop.returns.actions.claims import claim

    with pytest.raises(transaction.TransactionManagementError):
        claim(world.line(order), 1)
