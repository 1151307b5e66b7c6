"""Personal data in letters."""

from functools import reduce
from operator import or_

from django.db.models import Q

from config.personal_data import Holding, Person, erased


def _letters(person: Person) -> Q:
    # The receipt of the erasure itself goes once it is sent (``shop.accounts.privacy.sweeping``).
    mine = reduce(or_, (Q(recipient__iexact=email) for email in person.emails), Q(order_id__in=person.order_ids))
    return mine & ~Q(kind="account_erased")


def _wishes(person: Person) -> Q:
    return reduce(or_, (Q(email__iexact=email) for email in person.emails), Q(pk__in=[]))


HOLDINGS = (
    Holding(
        "shop.StockAlert",
        "restock_alerts",
        "Articles of whose return the person asked to be told.",
        {"email": erased(), "token": erased()},
        of=_wishes,
        delete=True,
        hidden={"token": "A secret by which the wish can be ended."},
    ),
    Holding(
        "shop.Mail",
        "letters",
        "Letters that were written to the person.",
        {
            "recipient": erased(),
            "facts": erased(),
            "subject": erased(),
            "text": erased(),
            "html": erased(),
            "last_error": erased(),
        },
        of=_letters,
        delete=True,
        hidden={"html": "The same as the text.", "facts": "They are told in the text."},
    ),
)
