"""Posting royalties: one append-only row for each accrual, keyed by its cause."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from licensing.rights.models import AgreementVersion
from licensing.royalties import arithmetic, terms
from licensing.royalties.models import RoyaltyEntry


@dataclass(frozen=True)
class Sale:
    """A sold line, with its royalty terms as frozen when the order was placed.

    ``gross`` and ``tax`` are for the whole line, in ``currency``; ``frozen`` is what :func:`freeze` returned.
    """

    source: str
    sku: str
    quantity: int
    territory: str
    channel: str
    sold_on: date
    currency: str
    gross: Decimal
    tax: Decimal
    frozen: dict[str, Any]


def freeze(version: AgreementVersion, *, channel: str) -> dict[str, Any]:
    """Return the terms that a sale made now is owed under: agreement, version, base and the rate of the channel.

    :raises licensing.royalties.terms.TermsError: the version's terms are not valid or have no rate for the channel.
    """
    parsed = terms.parse(version.terms)
    return {
        "agreement": version.agreement.number,
        "version": version.number,
        "version_id": version.id,
        "base": parsed.base,
        "channel": channel,
        "rate": str(parsed.rate_for(channel)),
    }


@transaction.atomic
def accrue(sale: Sale) -> RoyaltyEntry:
    """Post what is owed for a sale; the same source again returns the entry that stands."""
    cause_key = f"accrual:{sale.source}"
    standing = RoyaltyEntry.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    version = AgreementVersion.objects.select_related("agreement").get(id=sale.frozen["version_id"])
    royalty = arithmetic.earned(
        gross=sale.gross, tax=sale.tax, rate=Decimal(sale.frozen["rate"]), currency=sale.currency
    )
    return RoyaltyEntry.objects.create(
        agreement=version.agreement,
        version=version,
        partner_id=version.partner_id,
        kind=RoyaltyEntry.Kind.ACCRUAL,
        sku=sale.sku,
        quantity=sale.quantity,
        territory=sale.territory,
        channel=sale.channel,
        sale_date=sale.sold_on,
        currency=sale.currency,
        base=royalty.base,
        rate=royalty.rate,
        amount=royalty.amount,
        source=sale.source,
        cause_key=cause_key,
        trace=[{"step": "terms", **{key: str(value) for key, value in sale.frozen.items()}}, *royalty.trace],
    )


@transaction.atomic
def reverse(entry: RoyaltyEntry, *, cause: str, on: date) -> RoyaltyEntry:
    """Take a whole entry back at its own terms (a full refund); a second reversal returns the first."""
    standing = RoyaltyEntry.objects.filter(reverses=entry).first()
    if standing:
        return standing
    return RoyaltyEntry.objects.create(
        agreement_id=entry.agreement_id,
        version_id=entry.version_id,
        partner_id=entry.partner_id,
        kind=RoyaltyEntry.Kind.REVERSAL,
        sku=entry.sku,
        quantity=-entry.quantity,
        territory=entry.territory,
        channel=entry.channel,
        sale_date=on,
        currency=entry.currency,
        base=-entry.base,
        rate=entry.rate,
        amount=-entry.amount,
        source=entry.source,
        cause_key=f"reversal:{entry.cause_key}",
        reverses=entry,
        trace=[{"step": "reversal", "of": str(entry.id), "cause": cause}],
    )


@transaction.atomic
def reverse_source(*, prefix: str, cause: str, on: date) -> int:
    """Reverse every standing accrual whose source begins with ``prefix``; return how many were reversed now."""
    standing = RoyaltyEntry.objects.filter(
        source__startswith=prefix, kind=RoyaltyEntry.Kind.ACCRUAL, reversal__isnull=True
    )
    entries = list(standing)
    for entry in entries:
        reverse(entry, cause=cause, on=on)
    return len(entries)
