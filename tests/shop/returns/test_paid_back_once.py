"""A refund of a return that failed goes back once and with the same sums, whichever page asks for it anew."""

from decimal import Decimal

import pytest
from django.utils import timezone

from shop.models import Payment, PaymentCase, Refund, ReturnRequest
from shop.payments import deciding
from shop.payments.refund_outcomes import settle
from shop.returns import actions, sweeping
from tests import factories as make
from tests.shop.returns import world

pytestmark = pytest.mark.django_db
NOTE = "The buyer gave another account."


@pytest.fixture
def failed(till):
    """A return of one unit of three at 10.00, less 4.00, whose refund the bank has refused."""
    make.agreement()
    world.return_addresses()
    order = world.delivered((world.mugs(), 3))
    made = world.inspected(
        world.come(world.ask(order, 1), 1), deduction=Decimal(4), deduction_reason="The seal is broken."
    )
    closed = actions.repay(request_id=made.pk)
    settle(closed.refund_id, Refund.State.FAILED, error="The account is closed.")
    # As it is where the bank refuses before the money went.
    ReturnRequest.objects.filter(pk=made.pk).update(state="inspected", closed_at=None)
    return ReturnRequest.objects.get(pk=made.pk)


def decide() -> Refund:
    return deciding.pay_back_again(case_id=PaymentCase.objects.get().pk, actor="finance", note=NOTE)


def test_a_deduction_is_kept_when_the_case_pays_back_again(failed):
    row = decide()
    assert (row.state, row.amount, row.other) == ("succeeded", Decimal(6), Decimal(-4))
    assert Payment.objects.get().refunded == Decimal(6)


def test_what_the_case_paid_back_the_return_does_not_pay_again(failed):
    row = decide()
    for _again in range(2):
        done = actions.repay(request_id=failed.pk, again=True)
    assert (done.state, done.refund) == ("closed", row)
    assert Payment.objects.get().refunded == Decimal(6)


def test_what_the_return_paid_back_the_case_does_not_pay_again(failed):
    done = actions.repay(request_id=failed.pk, again=True)
    assert (done.state, done.refund.amount) == ("closed", Decimal(6))
    assert PaymentCase.objects.get().resolved_at is not None
    with pytest.raises(deciding.NotDecidable):
        decide()
    assert Payment.objects.get().refunded == Decimal(6)


def test_the_sweep_closes_a_return_that_the_case_paid_back(failed):
    assert sweeping.sweep() == 0  # nobody has decided
    row = decide()
    assert sweeping.sweep() == 1
    failed.refresh_from_db()
    assert (failed.state, failed.refund) == ("closed", row)


def test_returns_that_cannot_be_paid_back_do_not_stand_before_others(failed):
    waiting = decide()
    Refund.objects.filter(pk=waiting.pk).update(state=Refund.State.PENDING, settled_at=None)
    actions.repay(request_id=failed.pk)  # adopted, and on its way
    order = world.delivered((world.mugs("MUG-2"), 1))
    later = world.inspected(world.come(world.ask(order, 1), 1, key="later"))
    ReturnRequest.objects.filter(pk=later.pk).update(inspected_at=timezone.now())
    assert sweeping.sweep(limit=1) == 1
    later.refresh_from_db()
    assert later.state == "closed"
