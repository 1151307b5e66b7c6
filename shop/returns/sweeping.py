"""What was left undone: a lost task loses nothing."""

import structlog
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from shop.payments.models import Refund
from shop.returns import actions
from shop.returns.models import ReturnRequest, ReturnState, WithdrawalStatement

log = structlog.get_logger("vitrine.returns")
BATCH = 20


def _repayable() -> QuerySet[ReturnRequest]:
    """Return the inspected returns for which something can be done, in no order.

    A refund under way is asked after by the payments' own sweep; one that failed waits for a person, unless it has
    been tried again at its case. What cannot be paid back (a dispute) stays in the set, and with any fixed order a
    batch of such returns would stand before all others.
    """
    tried = Refund.objects.filter(cause_key=Concat(Value("again:"), Cast(OuterRef("refund_id"), CharField())))
    open_ = ReturnRequest.objects.filter(state=ReturnState.INSPECTED)
    ready = Q(refund=None) | Q(refund__state=Refund.State.SUCCEEDED) | Q(refund__state=Refund.State.FAILED, again=True)
    return open_.alias(again=Exists(tried)).filter(ready).order_by("?")


def sweep(*, limit: int = BATCH) -> int:
    """Carry out statements that are due, and pay back or close inspected returns; return how many were looked at."""
    due = WithdrawalStatement.objects.filter(state=WithdrawalStatement.State.SENT, due_at__lte=timezone.now())
    statements = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    for statement in statements:
        actions.carry_out(statement_id=statement)
    requests = list(_repayable().values_list("pk", flat=True)[:limit])
    for request in requests:
        actions.repay(request_id=request)
    return len(statements) + len(requests)
