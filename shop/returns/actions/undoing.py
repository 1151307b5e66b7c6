"""Undoing a sale after a withdrawal: what has not left is cancelled and paid back, what has left becomes a return."""

from collections.abc import Mapping

from shop.orders import actions as orders
from shop.orders.models import Order, OrderState
from shop.payments import refunding
from shop.payments.gateway import NotConfigured
from shop.payments.models import Refund
from shop.returns import facts
from shop.returns.actions.opening import Wanted, open_return
from shop.returns.errors import NotReturnable
from shop.returns.facts import Returnable
from shop.returns.models import ReturnKind, WithdrawalStatement

UNPAID = frozenset({OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED})
# The money is on its way back already, or never came.
OVER = frozenset(
    {OrderState.EXPIRED, OrderState.CANCELLED, OrderState.REFUNDED, OrderState.RETURNED, OrderState.PAID_WITHOUT_STOCK}
)


class ForPerson(Exception):
    """No rule says what to do; the message says why."""


class TryAgain(Exception):
    """Something was in the way that may be gone in a while."""


def undo(statement: WithdrawalStatement, order: Order) -> str:
    """Carry the statement out; return what was done, in a sentence. Repeating does nothing twice.

    :raises ForPerson, TryAgain: as named.
    """
    decided = statement.decided_by
    if order.channel != "web":
        raise ForPerson(f"The order was placed on {order.channel}: it is undone there.")
    if order.state in OVER:
        return f"Nothing was left to do: the order is {order.get_state_display().lower()}."
    if statement.lines_text and not decided:
        raise ForPerson("She names the articles in her own words.")
    if not facts.in_time(order, facts.period_of(order), statement.sent_at) and not decided:
        raise ForPerson("The period was over, or there is no right of withdrawal there.")
    if order.state in UNPAID:
        if not statement.whole:
            raise ForPerson("The order is not paid yet, and only a part is withdrawn from.")
        orders.cancel_unpaid(order_id=order.pk, actor="withdrawal", cause=f"withdrawal {statement.pk}")
        return "The order was cancelled before it was paid."
    rows = facts.returnables(order)
    never = [one.line.sku for one in rows if one.never and _asked(statement, one)]
    if never and not decided:
        raise ForPerson(f"Excepted from withdrawal: {', '.join(never)}.")
    unsent, sent = split(statement, rows)
    done = [_cancel(statement, order, rows, unsent), _send_back(statement, order, sent)]
    return " ".join(filter(None, done)) or "Nothing was left to do: everything is in a return or was paid back."


def _asked(statement: WithdrawalStatement, one: Returnable) -> int:
    wanted = one.line.quantity if statement.whole else statement.lines.get(str(one.line.pk), 0)
    return min(wanted, one.line.quantity - one.line.cancelled)


def split(statement: WithdrawalStatement, rows: list[Returnable]) -> tuple[dict[int, int], dict[int, int]]:
    """Return line id → units to cancel because they have not left, and line id → units to take back."""
    unsent, sent = {}, {}
    for one in rows:
        asked = _asked(statement, one)
        here = max(one.line.quantity - one.line.cancelled - one.shipped, 0)
        if min(asked, here):
            unsent[one.line.pk] = min(asked, here)
        if min(asked - min(asked, here), one.left):
            sent[one.line.pk] = min(asked - min(asked, here), one.left)
    return unsent, sent


def _cancel(statement: WithdrawalStatement, order: Order, rows: list[Returnable], unsent: Mapping[int, int]) -> str:
    if not unsent:
        return ""
    everything = all(unsent.get(one.line.pk, 0) == one.line.quantity for one in rows)
    try:
        refund = refunding.refund(
            order_id=order.pk,
            lines=None if everything else unsent,
            reason=Refund.Reason.WITHDRAWAL,
            cause_key=f"withdrawal:{statement.pk}",
            actor="withdrawal",
            note=f"Withdrawal of {statement.sent_at:%Y-%m-%d %H:%M} UTC",
        )
    except (refunding.NotRefundable, NotConfigured) as error:
        raise TryAgain(f"What has not left could not be paid back: {error}") from error
    return f"{sum(unsent.values())} units that had not left were cancelled and paid back ({refund})."


def _send_back(statement: WithdrawalStatement, order: Order, sent: Mapping[int, int]) -> str:
    if not sent:
        return ""
    try:
        request = open_return(
            order_id=order.pk,
            kind=ReturnKind.WITHDRAWAL,
            lines={line: Wanted(units) for line, units in sent.items()},
            cause_key=f"withdrawal:{statement.pk}",
            actor="withdrawal",
            note=statement.lines_text,
            asked_at=statement.sent_at,
            authorised_by=statement.decided_by,
        )
    except NotReturnable as error:
        raise TryAgain(str(error)) from error
    return f"Return {request.number} was opened for {sum(sent.values())} units."
