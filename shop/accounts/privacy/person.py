"""Whose data is meant, found from an account or from a proved address."""

from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Q

from config.personal_data import Person
from shop.orders.models import Order

WEB = "web"  # marketplaces keep their buyers to themselves


def normal(email: str) -> str:
    """Return an e-mail address as addresses are compared: without case and surrounding spaces."""
    return email.strip().lower()


def named(emails: frozenset[str]) -> Q:
    """Return what finds orders that were placed with one of the addresses."""
    return reduce(or_, (Q(email__iexact=email) for email in emails), Q(pk__in=[]))


def verified(user: User) -> frozenset[str]:
    """Return the addresses that the account has proved."""
    rows = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return frozenset(normal(one) for one in rows)


def person_of(*, user: User | None, email: str = "") -> Person:
    """Return the person of an account, or of a proved address that may have none; with her orders. Two statements.

    Orders of an address count as long as they are in no other account.
    """
    emails = verified(user) if user else frozenset()
    if email:
        emails |= {normal(email)}
    mine = named(emails) & Q(user=None) & Q(channel=WEB)
    if user is not None:
        mine |= Q(user=user)
    return Person(
        user_id=user.pk if user else None,
        emails=emails,
        order_ids=tuple(Order.objects.filter(mine).order_by("placed_at").values_list("pk", flat=True)),
    )


def account_of(email: str) -> User | None:
    """Return the account that has proved the address."""
    row = EmailAddress.objects.filter(email__iexact=normal(email), verified=True).select_related("user").first()
    return row.user if row else None
