"""The withdrawal function: a statement is kept and receipted at once, and carried out in a step of its own.

The answer to the shopper is the same whether an order was found or not: strangers learn nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.crossborder.models import Market
from shop.orders.models import Order
from shop.returns import drafts, mails, matching
from shop.returns.actions.moving import log
from shop.returns.actions.undoing import ForPerson, TryAgain, undo
from shop.returns.errors import NotYours, ReasonMissing, UnknownLine
from shop.returns.models import WithdrawalStatement

State = WithdrawalStatement.State
ATTEMPTS = 8  # then a person looks
FIRST_PAUSE = 20  # seconds; doubled each time


@transaction.atomic
def confirm(*, token: str) -> WithdrawalStatement:
    """Keep the statement that the draft ``token`` carries, and send its receipt. The same draft is kept once.

    :raises shop.returns.errors.DraftExpired, DraftUnreadable: as named.
    """
    draft = drafts.read(token)
    now = timezone.now()
    statement, created = WithdrawalStatement.objects.get_or_create(
        confirmation=draft.nonce,
        defaults={
            "name": draft.name,
            "order_number": draft.order_number,
            "email": draft.email,
            "lines": draft.lines,
            "lines_text": draft.lines_text,
            "language": draft.language,
            "market": Market.objects.filter(code=draft.market).first(),
            "order": Order.objects.filter(pk=draft.order).first() if draft.order else None,
            "sent_at": now,
            "due_at": now,
        },
    )
    if created:
        mails.receipt(statement)
        log.info("withdrawal stated", statement=str(statement.pk))
    return statement


def carry_out(*, statement_id: UUID) -> str:
    """Do what the statement asks; return its state. Repeating changes nothing.

    What has not left is cancelled and paid back at once; what has left becomes a return. What cannot be done by rule
    is left for a person, with the reason.
    """
    statement = WithdrawalStatement.objects.get(pk=statement_id)
    if statement.state != State.SENT:
        return statement.state
    pause = timedelta(seconds=FIRST_PAUSE * 2 ** min(statement.attempts, 10))
    WithdrawalStatement.objects.filter(pk=statement_id).update(
        attempts=F("attempts") + 1, due_at=timezone.now() + pause
    )
    order = matching.order_of(statement)
    if order is None:
        return _end(statement, State.UNMATCHED, outcome="No order has this number and e-mail address.")
    try:
        outcome = undo(statement, order)
    except ForPerson as reason:
        return _end(statement, State.PERSON, order=order, outcome=str(reason))
    except TryAgain as reason:
        if statement.attempts + 1 >= ATTEMPTS:
            return _end(statement, State.PERSON, order=order, outcome=str(reason))
        log.warning("withdrawal not carried out yet", statement=str(statement_id), reason=str(reason))
        return State.SENT
    return _end(statement, State.DONE, order=order, outcome=outcome)


def _end(statement: WithdrawalStatement, state: str, *, outcome: str, order: Order | None = None) -> str:
    WithdrawalStatement.objects.filter(pk=statement.pk, state=State.SENT).update(
        state=state, outcome=outcome[:500], order=order, due_at=None
    )
    log.info("withdrawal handled", statement=str(statement.pk), state=state, outcome=outcome)
    return state


@transaction.atomic
def match(*, statement_id: UUID, order: Order, lines: Mapping[int, int], actor: str) -> WithdrawalStatement:
    """A person says which order and which units (order line id → units) a statement is about; it is then carried out.

    The period does not bind a person.

    :raises NotYours: it was carried out already. :raises UnknownLine: a line is not the order's.
    :raises ReasonMissing: no units are named.
    """
    statement = WithdrawalStatement.objects.select_for_update().get(pk=statement_id)
    if statement.state == State.DONE:
        raise NotYours("This withdrawal was carried out already.")
    known = set(order.lines.values_list("pk", flat=True))
    for line in lines:
        if line not in known:
            raise UnknownLine(line)
    named = {str(line): units for line, units in lines.items() if units > 0}
    if not named:
        raise ReasonMissing("Name at least one unit that the withdrawal is about.")
    statement.order, statement.lines = order, named
    statement.decided_by, statement.decided_at = actor[:80], timezone.now()
    statement.state, statement.due_at, statement.attempts = State.SENT, timezone.now(), 0
    statement.save()
    return statement


@transaction.atomic
def set_aside(*, statement_id: UUID, reason: str, actor: str) -> WithdrawalStatement:
    """Take a statement off the list that is about no order of ours, with the reason. It stays kept.

    :raises ReasonMissing: as named. :raises NotYours: it was carried out already.
    """
    if not reason.strip():
        raise ReasonMissing("Say why.")
    statement = WithdrawalStatement.objects.select_for_update().get(pk=statement_id)
    if statement.state == State.DONE:
        raise NotYours("This withdrawal was carried out already.")
    statement.state, statement.outcome, statement.due_at = State.SET_ASIDE, reason.strip()[:500], None
    statement.decided_by, statement.decided_at = actor[:80], timezone.now()
    statement.save()
    return statement
