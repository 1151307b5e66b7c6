"""Keeping what was agreed to, for evidence."""

from collections.abc import Sequence

from shop.checkout.consents.agreed import Agreed
from shop.checkout.consents.models import OrderConsent
from shop.orders.models import Order


def keep(*, order: Order, consents: Sequence[Agreed]) -> None:
    """Write one row for each text, inside the transaction that places the order. One statement, none without texts."""
    if consents:
        OrderConsent.objects.bulk_create(
            OrderConsent(
                order=order,
                kind=one.text.kind,
                version=one.text.version,
                language=one.language if one.language in one.text.texts else "en",
                text=one.text.in_language(one.language),
                pages=[dict(page) for page in one.pages],
            )
            for one in consents
        )
