"""Cases: what no rule decides is opened once for each cause and closed by a person, with a note."""

import structlog
from django.utils import timezone

from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund

log = structlog.get_logger("vitrine.payments")


def open_case(*, kind: str, cause_key: str, payment: Payment, facts: str, refund: Refund | None = None) -> PaymentCase:
    """Open a case (inside the caller's transaction); the same ``cause_key`` returns the first, open or closed."""
    case, created = PaymentCase.objects.get_or_create(
        cause_key=cause_key[:160],
        defaults={
            "kind": kind,
            "order_id": payment.order_id,
            "payment": payment,
            "refund": refund,
            "facts": facts[:2000],
        },
    )
    if created:
        log.error("payment case opened", kind=kind, case=case.pk, cause=cause_key)
    return case


def close(case: PaymentCase, *, actor: str, resolution: str) -> PaymentCase:
    """Close a locked case that is open."""
    case.resolved_at = timezone.now()
    case.resolved_by = actor[:80]
    case.resolution = resolution.strip()[:500]
    case.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    log.info("payment case closed", case=case.pk, actor=actor)
    return case


def close_by_cause(cause_key: str, *, actor: str, resolution: str) -> None:
    """Close the case that a cause opened, where it is still open (inside the caller's transaction)."""
    case = PaymentCase.objects.select_for_update().filter(cause_key=cause_key[:160], resolved_at=None).first()
    if case:
        close(case, actor=actor, resolution=resolution)
