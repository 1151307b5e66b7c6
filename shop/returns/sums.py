"""What goes back beside the goods: the delivery to the shopper, and what is taken off. Pure; one currency at a time."""

from decimal import Decimal

from shop.returns.errors import DeductionRefused

NOTHING = Decimal(0)


def delivery_share(
    *, paid: Decimal, standard: Decimal | None, returned: Decimal, whole: bool, outbound: bool
) -> Decimal:
    """Return how much of the delivery goes back with this return.

    A withdrawal from the whole order takes the delivery with it, up to the least expensive standard delivery that was
    offered: what a faster one cost beyond it stays (Directive 2011/83/EU, article 13(2)).

    :param paid: for the delivery. :param returned: of it, earlier.
    :param standard: the least expensive delivery offered then; None: not known, so all that was paid counts.
    :param whole: with this return nothing of the order is left. :param outbound: the law gives the delivery back.
    """
    if not (whole and outbound):
        return NOTHING
    most = paid if standard is None else min(paid, standard)
    return max(most - returned, NOTHING)


def checked_deduction(deduction: Decimal, *, goods: Decimal) -> Decimal:
    """Return what is taken off for diminished value (article 14(2)).

    :param goods: what the returned goods cost.
    :raises DeductionRefused: it is negative, or more than the goods cost.
    """
    if not deduction.is_finite() or deduction < 0:
        raise DeductionRefused("A deduction cannot be negative.")
    if deduction > goods:
        raise DeductionRefused(f"A deduction of {deduction} is more than the goods cost ({goods}).")
    return deduction
