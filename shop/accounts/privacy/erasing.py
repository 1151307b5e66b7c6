"""Erasure (GDPR, article 17): asked for, revocable for some days, then carried out; what law asks for stays longer."""

from datetime import date, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.personal_data import Person, register
from shop.accounts.privacy import receipts
from shop.accounts.privacy.models import DataExport, Erasure, RetainedOrder
from shop.accounts.privacy.person import normal, person_of
from shop.accounts.privacy.reducing import erase_now, reduce_orders
from shop.accounts.privacy.retention import Kept, retention
from shop.orders.models import Order

log = structlog.get_logger("vitrine.privacy")
BATCH = 20
ASK_AGAIN = timedelta(days=1)
WAITING = (Erasure.State.COOLING, Erasure.State.BLOCKED)


class ErasureRefused(Exception):
    """The base of what stands against an erasure; nothing was changed."""


class StaffAccount(ErasureRefused):
    """Accounts of staff are closed by an administrator: what they did at the desk stays accountable."""


class SomethingOpen(ErasureRefused):
    """Orders or returns are under way. ``matters``: their numbers."""

    def __init__(self, matters: list[str]) -> None:
        self.matters = matters
        super().__init__(f"Still open: {', '.join(matters)}.")


class NothingToRevoke(ErasureRefused):
    """It is over, or was revoked before."""


def open_matters(person: Person) -> list[str]:
    """Return the numbers of orders and returns that an erasure has to wait for."""
    return sorted({number for one in register().obstacles for number in one.found(person)})


@transaction.atomic
def request_erasure(*, user: User | None, email: str, language: str, asked_by: str) -> Erasure:
    """Write down that a person asks to be erased; it is done after ``ERASURE_COOLING_DAYS``. Repeating changes nothing.

    ``email``: a proved address of hers. The caller has made sure that it is she who asks.

    :raises StaffAccount: it is an account of staff.
    :raises SomethingOpen: orders or returns are under way.
    """
    if user is not None:
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_staff or user.is_superuser:
            raise StaffAccount("An account of staff is closed by an administrator.")
    standing = Erasure.objects.filter(email=normal(email), state__in=WAITING).first()
    if standing:
        return standing
    matters = open_matters(person_of(user=user, email=email))
    if matters:
        raise SomethingOpen(matters)
    made, _new = Erasure.objects.get_or_create(
        email=normal(email),
        state=Erasure.State.COOLING,
        defaults={
            "user": user,
            "language": language,
            "asked_by": asked_by[:80],
            "due_at": timezone.now() + timedelta(days=settings.ERASURE_COOLING_DAYS),
        },
    )
    receipts.erasure_asked(made)
    log.info("erasure asked", erasure=str(made.pk))
    return made


@transaction.atomic
def revoke(*, erasure_id: Any) -> Erasure:
    """Call an erasure off. :raises NothingToRevoke: it is over."""
    erasure = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
    if erasure is None or erasure.state not in WAITING:
        raise NothingToRevoke("It is over, or was revoked before.")
    _end(erasure, Erasure.State.REVOKED)
    return erasure


def _end(erasure: Erasure, state: str) -> None:
    erasure.state, erasure.ended_at = state, timezone.now()
    erasure.user, erasure.email, erasure.blocked_by = None, "", []
    erasure.save()
    log.info("erasure ended", erasure=str(erasure.pk), state=state)


def carry_out_due(*, limit: int = BATCH) -> int:
    """Carry out what can no longer be revoked; return how many were done. Any number may run at once."""
    return sum(_carry_out_one() for _turn in range(limit))


@transaction.atomic
def _carry_out_one() -> bool:
    now = timezone.now()
    erasure = (
        Erasure.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state__in=WAITING, due_at__lte=now)
        .order_by("due_at")
        .first()
    )
    if erasure is None:
        return False
    user = User.objects.select_for_update().filter(pk=erasure.user_id).first() if erasure.user_id else None
    person = person_of(user=user, email=erasure.email)
    # No order of hers moves while she is taken out of them.
    list(Order.objects.select_for_update().filter(pk__in=person.order_ids).order_by("pk").values_list("pk"))
    matters = open_matters(person)
    if matters:
        erasure.state, erasure.blocked_by, erasure.due_at = Erasure.State.BLOCKED, matters, now + ASK_AGAIN
        erasure.save(update_fields=["state", "blocked_by", "due_at"])
        return False
    _carry_out(erasure, user, person)
    return True


def _carry_out(erasure: Erasure, user: User | None, person: Person) -> None:
    to, today = erasure.email, timezone.localdate()
    kept = {
        order.pk: _kept_until(order)
        for order in Order.objects.filter(pk__in=person.order_ids).select_related("market__seller")
    }
    done = erase_now(person)
    over = [pk for pk, one in kept.items() if one is None or one.until <= today]
    done += reduce_orders(over)
    retained = {pk: one for pk, one in kept.items() if one is not None and one.until > today}
    RetainedOrder.objects.bulk_create(
        [
            RetainedOrder(order_id=pk, erasure=erasure, until=one.until, law=one.law[:250])
            for pk, one in retained.items()
        ],
        ignore_conflicts=True,
    )
    done += _retained_entries(retained)
    if user is not None:
        User.objects.filter(pk=user.pk).update(is_active=False)
    erasure.receipt = done
    receipts.erased(erasure, to=to, retained=list(retained.values()))
    _end(erasure, Erasure.State.DONE)


def _kept_until(order: Order) -> Kept | None:
    """Return how long its invoice is kept; None where nothing was ever paid, so that no invoice stands for it."""
    if order.paid_at is None:
        return None
    seller = order.market.seller.country if order.market and order.market.seller else ""
    return retention(seller=seller, destination=order.country, issued=timezone.localdate(order.paid_at))


def _retained_entries(retained: dict[Any, Kept]) -> list[dict[str, Any]]:
    terms: dict[tuple[date, str], int] = {}
    for one in retained.values():
        terms[(one.until, one.law)] = terms.get((one.until, one.law), 0) + 1
    return [
        {
            "data": "orders",
            "about": "Name and address on orders that were paid, and their invoices.",
            "what": "kept",
            "rows": count,
            "why": law,
            "until": until.isoformat(),
        }
        for (until, law), count in sorted(terms.items())
    ]


@transaction.atomic
def reduce_due(*, limit: int = 200) -> int:
    """Take the person out of orders whose retention is over; return how many orders. Any number may run at once."""
    due = list(
        RetainedOrder.objects.select_for_update(skip_locked=True)
        .filter(reduced_at=None, until__lte=timezone.localdate())
        .order_by("until", "pk")[:limit]
    )
    if due:
        reduce_orders([one.order_id for one in due])
        RetainedOrder.objects.filter(pk__in=[one.pk for one in due]).update(reduced_at=timezone.now())
        log.info("retention over", orders=len(due))
    return len(due)


def pending(*, user: User) -> Erasure | None:
    """Return the account's erasure that is under way."""
    return Erasure.objects.filter(user=user, state__in=WAITING).first()


def waiting_for(*, email: str) -> Erasure | None:
    """Return the erasure of an address that is under way."""
    return Erasure.objects.filter(email=normal(email), state__in=WAITING).first()


def exports_of(*, user: User) -> list[DataExport]:
    """Return the account's latest exports, without their contents."""
    return list(DataExport.objects.filter(user=user).defer("content")[:5])
