"""Reading sellers' registrations."""

from datetime import date

from shop.crossborder.models import Registration


def registrations(*, seller_id: int | None, on: date) -> dict[str, str]:
    """Return kind → number of the seller's registrations in force on the day. One statement.

    Of several numbers of a kind (national VAT in member states) one is returned: engines ask whether there is one.
    """
    if seller_id is None:
        return {}
    rows = Registration.objects.filter(seller_id=seller_id, valid__contains=on).order_by("kind", "-jurisdiction")
    return dict(rows.values_list("kind", "number"))
