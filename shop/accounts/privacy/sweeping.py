"""Letters that must not outlive their use."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from shop.alerts.models import Mail

SECRETS_KEPT = timedelta(days=1)  # longer than any code or link in them holds
RECEIPT_KEPT = timedelta(days=7)  # while it may still be under way
SECRET_KINDS = (
    "account_code",
    "account_link",
    "account_exists",
    "account_unknown",
    "account_notice",
    "data_link",
)


def forget_letters() -> int:
    """Delete letters with codes and links after a day, and receipts of erasures once they are sent; return how many."""
    now = timezone.now()
    over = Q(kind__in=SECRET_KINDS, written_at__lt=now - SECRETS_KEPT) | Q(kind="account_erased") & (
        Q(state=Mail.State.SENT) | Q(written_at__lt=now - RECEIPT_KEPT)
    )
    deleted, _each = Mail.objects.filter(over).delete()
    return deleted
