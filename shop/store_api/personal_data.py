"""Personal data in remembered answers of the store API."""

from functools import reduce
from operator import or_

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from config.personal_data import Holding, Person, erased
from shop.store_api.models import IdempotencyRecord


def _answers(person: Person) -> Q:
    """Answers that name the person's address or one of her orders."""
    from shop.orders.models import Order

    words = [*person.emails, *Order.objects.filter(pk__in=person.order_ids).values_list("token", flat=True)]
    if not words:
        return Q(pk__in=[])
    named = reduce(or_, (Q(words__icontains=word) for word in words))
    rows = IdempotencyRecord.objects.annotate(words=Cast("body", TextField())).filter(named)
    return Q(pk__in=rows.values("pk"))


HOLDINGS = (
    Holding(
        "shop.IdempotencyRecord",
        "remembered_answers",
        "Answers to programs that ordered for the person, kept for 30 days so that a repeated request does nothing.",
        {"body": erased()},
        of=_answers,
        delete=True,
        hidden={"fingerprint": "Of the request."},
    ),
)
