"""Personal data in accounts, and in the jobs over it."""

from functools import reduce
from operator import or_

from django.db.models import Q

from config.personal_data import Holding, Person, erased, kept


def _of_user(person: Person) -> Q:
    return Q(user_id=person.user_id) if person.user_id else Q(pk__in=[])


def _jobs(person: Person) -> Q:
    return reduce(or_, (Q(email__iexact=email) for email in person.emails), _of_user(person))


JOB = "A job of this kind: it empties itself when it has ended."
HOLDINGS = (
    Holding(
        "shop.SavedAddress",
        "saved_addresses",
        "The address book.",
        {"user": erased(), "address": erased()},
        of=_of_user,
        delete=True,
    ),
    Holding("shop.Wish", "wishlist", "Articles on the wishlist.", {"user": erased()}, of=_of_user, delete=True),
    Holding(
        "shop.Preference",
        "preferences",
        "Language, market, and whether news are wanted.",
        {"user": erased()},
        of=_of_user,
        delete=True,
    ),
    Holding(
        "shop.MarketingConsent",
        "marketing_consents",
        "When news by e-mail were agreed to or declined, and to which words.",
        {"user": erased(None), "text": kept("Proof of consent (GDPR, article 7(1)): the shop's words, of no person.")},
        of=_of_user,
    ),
    Holding(
        "shop.DataExport",
        "data_exports",
        "Exports that were asked for.",
        {"user": erased(), "email": erased(), "content": erased(), "asked_by": erased()},
        of=_jobs,
        delete=True,
        hidden={"content": "This file, or an earlier one."},
    ),
    Holding(
        "shop.Erasure",
        "erasures",
        "Erasures that were asked for.",
        {
            "user": kept(JOB),
            "email": kept(JOB),
            "asked_by": kept("Who of the staff began it, or that the person did herself."),
            "blocked_by": kept(JOB),
            "receipt": kept("What was removed and kept, of nobody."),
        },
        of=_jobs,
        hidden={"asked_by": "May be the name of a member of staff."},
    ),
)
