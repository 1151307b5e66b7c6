"""Reserves, advances and guarantees: when what was earned is paid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from licensing.royalties.engine.amounts import ZERO, rounded
from licensing.royalties.engine.terms import Advance, Guarantee, GuaranteeTest, Proration, Reserve


@dataclass(frozen=True)
class Held:
    """What one period held back, and how many of its releases are done."""

    amount: Decimal
    released: int = 0


@dataclass(frozen=True)
class ReserveResult:
    """Held back and given back in a period, and what is still held."""

    hold: Decimal
    release: Decimal
    held: tuple[Held, ...]


def reserve(
    clause: Reserve | None, held: Sequence[Held], *, sales: Decimal, currency: str, final: bool = False
) -> ReserveResult:
    """Hold a fraction of the royalty on sales (never on returns), and release what earlier periods held.

    The last release of a period gives back what is left of it, so that nothing is lost to rounding; in a ``final``
    statement everything is given back and nothing held.
    """
    releases = ZERO
    left = []
    for one in held:
        given = _released(clause, one, one.released, currency)
        if final:
            releases += one.amount - given
            continue
        part = _released(clause, one, one.released + 1, currency) - given
        releases += part
        if clause is not None and one.released + 1 < len(clause.release):
            left.append(Held(one.amount, one.released + 1))
    hold = ZERO if clause is None or final else rounded(max(sales, ZERO) * clause.rate, currency)
    if hold:
        left.append(Held(hold))
    return ReserveResult(hold, releases, tuple(left))


def _released(clause: Reserve | None, held: Held, count: int, currency: str) -> Decimal:
    """Return how much of a hold was given back after so many releases."""
    if clause is None or count >= len(clause.release):
        return held.amount if count else ZERO
    return rounded(held.amount * sum(clause.release[:count], ZERO), currency)


@dataclass(frozen=True)
class Recoupment:
    """What of a payable amount burned down the advance, what is left to pay, and the balances after."""

    recouped: Decimal
    payable: Decimal
    credit: Decimal
    unrecouped: Decimal


def recoup(clause: Advance | None, *, unrecouped: Decimal, credit: Decimal, amount: Decimal) -> Recoupment:
    """Burn down the advance with what became due, after the negative ``credit`` of earlier periods.

    A negative amount is carried as credit; it restores a recouped advance only where the terms say so.
    """
    due = amount + credit
    if due < 0:
        restored = clause is not None and clause.restore_on_return
        if restored and clause is not None:
            back = min(-due, clause.amount - unrecouped)
            return Recoupment(-back, ZERO, due + back, unrecouped + back)
        return Recoupment(ZERO, ZERO, due, unrecouped)
    taken = min(due, unrecouped)
    return Recoupment(taken, due - taken, ZERO, unrecouped - taken)


@dataclass(frozen=True)
class GuaranteeState:
    """Since when and how much: earned and paid (recouped included) in the year and over the term, and guaranteed."""

    earned_year: Decimal = ZERO
    paid_year: Decimal = ZERO
    earned_term: Decimal = ZERO
    paid_term: Decimal = ZERO
    guaranteed: Decimal = ZERO


@dataclass(frozen=True)
class GuaranteeResult:
    """The top-up that a test asked for, and what was counted after it."""

    shortfall: Decimal
    state: GuaranteeState


def guarantee(
    clause: Guarantee | None,
    state: GuaranteeState,
    *,
    earned: Decimal,
    paid: Decimal,
    year_days: tuple[int, int] | None,
    term_ends: bool,
    currency: str,
) -> GuaranteeResult:
    """Count a period and test the guarantee where its date has come.

    ``year_days`` is given when a guarantee year ends with the period: (its days, the days of a whole year). The test is
    ``due = max(earned, guaranteed) - paid``.
    """
    after = GuaranteeState(
        state.earned_year + earned,
        state.paid_year + paid,
        state.earned_term + earned,
        state.paid_term + paid,
        state.guaranteed,
    )
    if clause is None:
        return GuaranteeResult(ZERO, after)
    shortfall = ZERO
    guaranteed = after.guaranteed
    if year_days is not None:
        days, whole = year_days
        this_year = clause.amount
        if clause.proration == Proration.BY_DAYS and days != whole:
            this_year = rounded(clause.amount * days / whole, currency)
        guaranteed += this_year
        if clause.test == GuaranteeTest.SEPARATE:
            shortfall = max(max(after.earned_year, this_year) - max(after.paid_year, after.earned_year), ZERO)
        elif clause.test == GuaranteeTest.CUMULATIVE:
            shortfall = max(guaranteed - max(after.paid_term, after.earned_term), ZERO)
    if term_ends and clause.test == GuaranteeTest.TERM_END:
        shortfall = max(guaranteed - max(after.paid_term, after.earned_term), ZERO)
    ended = year_days is not None
    return GuaranteeResult(
        shortfall,
        GuaranteeState(
            ZERO if ended else after.earned_year,
            ZERO if ended else after.paid_year,
            after.earned_term,
            after.paid_term + shortfall,
            guaranteed,
        ),
    )


def year_end(starts: date, term_from: date, *, end: date) -> tuple[int, int] | None:
    """Return the days of the contract year that ends on ``end``, and of a whole one; None when none ends then."""
    anniversary = end + timedelta(days=1)
    if (anniversary.month, anniversary.day) != (starts.month, starts.day):
        return None
    begins = anniversary.replace(year=anniversary.year - 1)
    return (anniversary - max(begins, term_from)).days, (anniversary - begins).days


@dataclass(frozen=True)
class Balances:
    """What one statement hands to the next: the statement's currency throughout.

    ``unrecouped`` of the advance, ``topped_up`` of a guarantee whose years are tested together (recouped later), the
    negative ``credit`` carried, and the reserves held.
    """

    unrecouped: Decimal = ZERO
    topped_up: Decimal = ZERO
    credit: Decimal = ZERO
    held: tuple[Held, ...] = ()
    guarantee: GuaranteeState = field(default_factory=GuaranteeState)
