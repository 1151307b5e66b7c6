"""Posting royalties: one append-only row for each accrual, keyed by its cause."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

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
    """Take a whole entry back at its own terms (a full refund); a second reversal returns the first.

    :raises ValueError: a part of it was taken back before.
    """
    standing = RoyaltyEntry.objects.filter(reverses=entry).first()
    if standing:
        return standing
    if _taken(entry):
        raise ValueError(f"{entry.source}: a part was reversed before; reverse the units that are left.")
    return _take_back(
        entry,
        quantity=entry.quantity,
        base=entry.base,
        amount=entry.amount,
        key=f"reversal:{entry.cause_key}",
        cause=cause,
        on=on,
        reverses=entry,
    )


def _take_back(
    entry: RoyaltyEntry,
    *,
    quantity: int,
    base: Decimal,
    amount: Decimal,
    key: str,
    cause: str,
    on: date,
    reverses: RoyaltyEntry | None = None,
) -> RoyaltyEntry:
    return RoyaltyEntry.objects.create(
        agreement_id=entry.agreement_id,
        version_id=entry.version_id,
        partner_id=entry.partner_id,
        kind=RoyaltyEntry.Kind.REVERSAL,
        sku=entry.sku,
        quantity=-quantity,
        territory=entry.territory,
        channel=entry.channel,
        sale_date=on,
        currency=entry.currency,
        base=-base,
        rate=entry.rate,
        amount=-amount,
        source=entry.source,
        cause_key=key,
        reverses=reverses,
        trace=[{"step": "reversal", "of": str(entry.id), "units": quantity, "cause": cause}],
    )


@transaction.atomic
def reverse_units(*, source: str, quantity: int, cause_key: str, cause: str, on: date) -> RoyaltyEntry | None:
    """Take back the royalty on some units of a sale, at its own terms; the same ``cause_key`` takes it back once.

    Each part is the difference of two rounded running sums, so that all units together take back the whole entry.
    None: nothing is owed for that source.

    :raises ValueError: fewer units than that are left.
    """
    # The row is locked so that two parts of one sale see each other; it is never changed.
    entry = (
        RoyaltyEntry.objects.select_for_update(of=("self",), no_key=True)
        .filter(source=source, kind=RoyaltyEntry.Kind.ACCRUAL)
        .first()
    )
    if entry is None:
        return None
    key = f"reversal:{cause_key}:{source}"
    standing = RoyaltyEntry.objects.filter(cause_key=key).first()
    if standing:
        return standing
    taken = _taken(entry)
    if not 0 < quantity <= entry.quantity - taken:
        raise ValueError(f"{source}: {entry.quantity - taken} units are left to reverse, not {quantity}.")
    base, amount = (
        _running(whole, taken + quantity, entry) - _running(whole, taken, entry) for whole in (entry.base, entry.amount)
    )
    return _take_back(entry, quantity=quantity, base=base, amount=amount, key=key, cause=cause, on=on)


@transaction.atomic
def reverse_units_to(*, source: str, quantity: int, cause_key: str, cause: str, on: date) -> RoyaltyEntry | None:
    """Take back what lacks until ``quantity`` units of a sale are taken back in all. None: nothing lacks or is owed.

    :raises ValueError: fewer units than that were sold.
    """
    entry = (
        RoyaltyEntry.objects.select_for_update(of=("self",), no_key=True)
        .filter(source=source, kind=RoyaltyEntry.Kind.ACCRUAL)
        .first()
    )
    lacking = quantity - _taken(entry) if entry else 0
    if lacking <= 0:
        return None
    return reverse_units(source=source, quantity=lacking, cause_key=cause_key, cause=cause, on=on)


def _taken(entry: RoyaltyEntry) -> int:
    """Return how many units of an accrual were taken back in parts."""
    parts = RoyaltyEntry.objects.filter(source=entry.source, kind=RoyaltyEntry.Kind.REVERSAL)
    return -(parts.aggregate(units=Sum("quantity"))["units"] or 0)


def _running(whole: Decimal, units: int, entry: RoyaltyEntry) -> Decimal:
    return whole if units == entry.quantity else arithmetic.round_money(whole * units / entry.quantity, entry.currency)


@transaction.atomic
def reverse_source(*, prefix: str, cause: str, on: date) -> int:
    """Take back what is left of every accrual whose source begins with ``prefix``; return how many were touched."""
    entries = list(
        RoyaltyEntry.objects.filter(
            source__startswith=prefix, kind=RoyaltyEntry.Kind.ACCRUAL, reversal__isnull=True
        ).order_by("id")
    )
    touched = 0
    for entry in entries:
        taken = _taken(entry)
        if not taken:
            reverse(entry, cause=cause, on=on)
        elif taken < entry.quantity:
            reverse_units(
                source=entry.source, quantity=entry.quantity - taken, cause_key=f"rest:{cause}", cause=cause, on=on
            )
        touched += taken < entry.quantity
    return touched
