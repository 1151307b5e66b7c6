"""Personal data in withdrawals and returns."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from config.personal_data import ERASED_ADDRESS, Holding, Obstacle, Person, erased, kept, reduced
from shop.returns.models import ReturnRequest, WithdrawalStatement
from shop.returns.models.requests import ReturnState, return_token

STAFF = "Names of staff or of parts of the program: kept for accountability."
OVER = (ReturnState.CLOSED, ReturnState.REFUSED)
DECIDED = (WithdrawalStatement.State.DONE, WithdrawalStatement.State.SET_ASIDE)


def _of_order(person: Person) -> Q:
    return Q(order_id__in=person.order_ids)


def _statements(person: Person) -> Q:
    """Those of her orders, and those that reached no order but were sent from her address."""
    return reduce(or_, (Q(email__iexact=email, order=None) for email in person.emails), _of_order(person))


def _open_returns(person: Person) -> Iterable[str]:
    return ReturnRequest.objects.filter(_of_order(person)).exclude(state__in=OVER).values_list("number", flat=True)


def _open_statements(person: Person) -> Iterable[str]:
    waiting = WithdrawalStatement.objects.filter(_statements(person)).exclude(state__in=DECIDED)
    return waiting.values_list("order_number", flat=True)


HOLDINGS = (
    Holding(
        "shop.ReturnRequest",
        "returns",
        "What was sent back, and why.",
        {
            "token": erased(lambda _old, _pk: return_token()),
            "note": erased(),
            "tracking": reduced(),
            "refused_reason": kept("The shop's reason for a decision about money, which has to be shown with it."),
            "deduction_reason": kept("The shop's reason for a decision about money, which has to be shown with it."),
        },
        of=_of_order,
        order="order",
        hidden={"token": "It is the key of the return's page, which the letters carry."},
    ),
    Holding(
        "shop.ReturnLine",
        "return_lines",
        "The articles that were sent back.",
        {},
        of=lambda person: Q(request__order_id__in=person.order_ids),
    ),
    Holding(
        "shop.ReturnEvent",
        "return_events",
        "What happened to the returns.",
        {"actor": kept(STAFF)},
        of=lambda person: Q(request__order_id__in=person.order_ids),
        hidden={"actor": "May be the name of a member of staff."},
    ),
    Holding(
        "shop.WithdrawalStatement",
        "withdrawals",
        "Statements of withdrawal, as they were sent.",
        {
            "name": erased("–"),
            "email": erased(ERASED_ADDRESS),
            "order_number": kept("Number of the order."),
            "lines": kept("Units of articles."),
            "lines_text": erased(),
            "outcome": erased(),
            "decided_by": kept(STAFF),
        },
        of=_statements,
        hidden={"decided_by": "May be the name of a member of staff.", "confirmation": "A digest of the statement."},
    ),
    Holding(
        "shop.UnexpectedUnits",
        "unexpected_units",
        "Goods that came back and that nobody had announced.",
        {
            "note": kept("About a parcel."),
            "received_by": kept(STAFF),
            "resolution_note": kept("About a parcel."),
            "resolved_by": kept(STAFF),
        },
    ),
)
IMPERSONAL = {"shop.ReturnAddress": "An address of the house."}
OBSTACLES = (Obstacle("return", _open_returns), Obstacle("withdrawal", _open_statements))
