"""Finding identities of one person without opening any."""

from django.db.models import QuerySet

from shop.crossborder.identities.keys import keyring
from shop.crossborder.identities.numbers import NumberKind, check
from shop.crossborder.models.identities import BuyerIdentity


def with_number(kind: NumberKind, number: str) -> QuerySet[BuyerIdentity]:
    """Return what is kept under this number, whichever configured key it was written with.

    China counts one person's purchases over the calendar year; join orders on ``identity__in``.

    :raises shop.crossborder.identities.numbers.BadNumber: it is not a number of this kind.
    """
    return BuyerIdentity.objects.filter(kind=kind, digest__in=keyring().digests(f"{kind}:{check(kind, number)}"))


def of_same_person(identity: BuyerIdentity) -> QuerySet[BuyerIdentity]:
    """Return the identities with the same number as this one, itself among them; none once it is erased."""
    if not identity.digest:
        return BuyerIdentity.objects.none()
    return BuyerIdentity.objects.filter(kind=identity.kind, digest=identity.digest)
