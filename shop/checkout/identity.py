"""Whether an order needs the buyer's identity for customs."""

from django.utils import timezone

from shop.checkout.errors import IdentityNotNeeded, IdentityRequired
from shop.checkout.quoting import QuotedBasket
from shop.crossborder.identities.declared import DeclaredIdentity
from shop.crossborder.identities.numbers import NumberKind
from shop.crossborder.identities.requirements import UNKNOWN, required_identity

DOMESTIC = "domestic"


def route_of(quoted: QuotedBasket) -> str:
    """Return the route that the quote takes through customs; empty where parcels differ."""
    if not any(one.imported for one in quoted.quote.consignments):
        return DOMESTIC
    return quoted.quote.route or UNKNOWN


def identity_kind(quoted: QuotedBasket) -> NumberKind | None:
    """Return the kind of number that the quoted goods need today, or None."""
    return required_identity(quoted.quote.country, route_of(quoted), timezone.localdate())


def check_identity(quoted: QuotedBasket, identity: DeclaredIdentity | None) -> None:
    """Refuse an order whose identity is missing, of another kind, or not needed.

    :raises IdentityRequired, IdentityNotNeeded: as named.
    """
    kind = identity_kind(quoted)
    if kind is None and identity is not None:
        raise IdentityNotNeeded(quoted.quote.country)
    if kind is not None and (identity is None or identity.kind != kind):
        raise IdentityRequired(kind, quoted.quote.country)
