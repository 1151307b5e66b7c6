"""Personal data in the books of payments. Card numbers never come here; Stripe keeps them."""

from django.db.models import Q

from config.personal_data import Holding, Person, kept, reduced

STAFF = "Names of staff or of parts of the program: kept for accountability."
BOOKS = "Books of money, which have no name in them."


def _of_order(person: Person) -> Q:
    return Q(order_id__in=person.order_ids)


HOLDINGS = (
    Holding(
        "shop.Payment",
        "payments",
        "Attempts to pay.",
        {"url": reduced("", at_once=""), "last_error": reduced()},
        of=_of_order,
        order="order",
        hidden={"url": "A page of Stripe's that opens for whoever holds it."},
    ),
    Holding(
        "shop.Refund",
        "refunds",
        "Money that went back.",
        {"note": reduced(), "actor": kept(STAFF), "last_error": reduced(), "reason": kept(BOOKS)},
        of=_of_order,
        order="order",
        hidden={"actor": "May be the name of a member of staff."},
    ),
    Holding(
        "shop.RefundLine",
        "refund_lines",
        "For which articles money went back.",
        {},
        of=lambda person: Q(refund__order_id__in=person.order_ids),
    ),
    Holding(
        "shop.PaymentCase",
        "payment_cases",
        "Questions about a payment that a person had to decide.",
        {"facts": reduced(), "resolution": reduced(), "resolved_by": kept(STAFF)},
        of=_of_order,
        order="order",
        hidden={"resolved_by": "The name of a member of staff."},
    ),
    Holding(
        "shop.Dispute",
        "disputes",
        "Charges that the person's bank asked back.",
        {
            "reason": kept("The bank's code for it."),
            "evidence_sent_by": kept(STAFF),
            "evidence_file": reduced(),
        },
        of=lambda person: Q(payment__order_id__in=person.order_ids),
        order="payment__order",
        hidden={"evidence_sent_by": "The name of a member of staff."},
    ),
    Holding(
        "shop.StripeEvent",
        "stripe_events",
        "What Stripe told.",
        {
            "payload": kept("Kept without personal data: the object is fetched anew when it is processed."),
            "last_error": kept(BOOKS),
        },
    ),
)
