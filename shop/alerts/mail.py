"""The one way to write to somebody."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from shop.alerts.letters import check
from shop.alerts.models import Mail


def write(*, kind: str, key: str, to: str, language: str, facts: dict[str, Any], order_id: UUID | None = None) -> None:
    """Write a letter inside the caller's transaction; it is sent after the commit. One SQL statement.

    The same ``key`` again writes nothing, and neither does an empty ``to``.

    :raises shop.alerts.letters.BadLetter: there is no such kind, or a fact that it tells is missing.
    """
    check(kind, facts)
    if not to:
        return
    from shop.alerts import tasks

    rows = Mail.objects.bulk_create(
        [
            Mail(
                kind=kind,
                key=key,
                recipient=to,
                language=language,
                facts=facts,
                order_id=order_id,
                due_at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )
    # The id is not known after a conflict is ignored, so the letter is asked for by its key.
    tasks.send_mail.delay(rows[0].key)
