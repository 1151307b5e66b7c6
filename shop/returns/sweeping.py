"""What was left undone: a lost task loses nothing."""

import structlog
from django.utils import timezone

from shop.payments.models import Refund
from shop.returns import actions
from shop.returns.models import ReturnRequest, ReturnState, WithdrawalStatement

log = structlog.get_logger("vitrine.returns")
BATCH = 20


def sweep(*, limit: int = BATCH) -> int:
    """Carry out statements that are due, and pay back or close inspected returns; return how many were looked at."""
    due = WithdrawalStatement.objects.filter(state=WithdrawalStatement.State.SENT, due_at__lte=timezone.now())
    statements = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    for statement in statements:
        actions.carry_out(statement_id=statement)
    # A refund that failed waits for a person.
    inspected = ReturnRequest.objects.filter(state=ReturnState.INSPECTED).exclude(refund__state=Refund.State.FAILED)
    inspected = inspected.order_by("inspected_at")
    requests = list(inspected.values_list("pk", flat=True)[:limit])
    for request in requests:
        actions.repay(request_id=request)
    return len(statements) + len(requests)
