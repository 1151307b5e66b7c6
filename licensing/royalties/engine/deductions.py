"""Deductions as far as the terms allow them; what is not allowed is recorded, never lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from licensing.royalties.engine.amounts import ZERO, minor_unit, rounded, shared_out
from licensing.royalties.engine.errors import refuse
from licensing.royalties.engine.lines import Line
from licensing.royalties.engine.terms import Cap, CapPeriod, Deduction, Terms


@dataclass(frozen=True)
class YearSoFar:
    """Gross and allowed deductions of the contract year before this statement, by currency; kinds joined by “+”."""

    gross: Mapping[str, Decimal] = field(default_factory=dict)
    allowed: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Ruling:
    """What a line may deduct and what not, by kind."""

    allowed: Mapping[str, Decimal]
    disallowed: Mapping[str, Decimal]


def rule_on(lines: Sequence[Line], gross: Mapping[str, Decimal], terms: Terms, so_far: YearSoFar) -> dict[str, Ruling]:
    """Return line id → ruling. The lines share one currency; ``gross`` is line id → amount before deductions.

    Caps of a kind come first, then the caps on several kinds together; what exceeds a cap is taken from the lines by
    largest remainder.

    :raises Refused: a negative claim, or a kind that the terms do not name and do not leave to be disallowed.
    """
    allowed: dict[str, dict[str, Decimal]] = {line.id: {} for line in lines}
    for line in lines:
        for kind, claimed in line.deductions.items():
            if claimed < 0:
                raise refuse(f"line {line.id}, {kind}", "deduction-negative", "A deduction is written without a sign.")
            rule = terms.deductions.get(kind)
            if rule is None and terms.other_deductions:
                raise refuse(f"line {line.id}, {kind}", "deduction-unknown", "The terms do not name this deduction.")
            allowed[line.id][kind] = _of_line(line, kind, rule, gross[line.id])
    currency = lines[0].currency if lines else "XXX"
    for kind, rule in sorted(terms.deductions.items()):
        if rule.cap is not None and rule.period not in {None, CapPeriod.LINE}:
            _cap(allowed, Cap((kind,), rule.cap, rule.period), gross, so_far, currency)
    for cap in terms.aggregate_caps:
        if cap.period == CapPeriod.LINE:
            for line in lines:
                one = {line.id: allowed[line.id]}
                _cap(one, cap, {line.id: gross[line.id]}, so_far, currency)
        else:
            _cap(allowed, cap, gross, so_far, currency)
    return {
        line.id: Ruling(
            allowed[line.id],
            {
                kind: claimed - allowed[line.id][kind]
                for kind, claimed in line.deductions.items()
                if claimed != allowed[line.id][kind]
            },
        )
        for line in lines
    }


def _of_line(line: Line, kind: str, rule: Deduction | None, gross: Decimal) -> Decimal:
    claimed = line.deductions[kind]
    if rule is None or not rule.allowed or (rule.evidence and kind not in line.evidence):
        return ZERO
    if rule.cap is not None and rule.period == CapPeriod.LINE:
        return min(claimed, rounded(max(gross, ZERO) * rule.cap, line.currency))
    return claimed


def _cap(
    allowed: dict[str, dict[str, Decimal]],
    cap: Cap,
    gross: Mapping[str, Decimal],
    so_far: YearSoFar,
    currency: str,
) -> None:
    """Lower what is allowed of these kinds to the cap: first between the kinds, then between the lines of each."""
    kinds = cap.kinds
    whole = sum(gross.values(), ZERO)
    used = ZERO
    if cap.period == CapPeriod.CONTRACT_YEAR:
        whole += so_far.gross.get(currency, ZERO)
        used = so_far.allowed.get((currency, "+".join(kinds)), ZERO)
    room = max(rounded(max(whole, ZERO) * cap.fraction, currency) - used, ZERO)
    by_kind = {kind: sum((row.get(kind, ZERO) for row in allowed.values()), ZERO) for kind in kinds}
    if sum(by_kind.values(), ZERO) <= room:
        return
    unit = minor_unit(currency)
    for kind, part in shared_out(room, {kind: amount for kind, amount in by_kind.items() if amount}, unit=unit).items():
        weights = {line: row[kind] for line, row in allowed.items() if row.get(kind)}
        for line, amount in shared_out(part, weights, unit=unit).items():
            allowed[line][kind] = amount
