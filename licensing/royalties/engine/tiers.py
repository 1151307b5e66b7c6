"""Rates that rise with what was sold."""

from dataclasses import dataclass
from decimal import Decimal

from licensing.royalties.engine.amounts import ZERO
from licensing.royalties.engine.terms import Measure, ReturnTier, Threshold, TierMode, Tiers


@dataclass(frozen=True)
class Count:
    """What was counted towards the thresholds so far: net sales and royalty in the statement's currency, and units."""

    net: Decimal = ZERO
    units: Decimal = ZERO
    royalty: Decimal = ZERO

    def plus(self, *, net: Decimal, units: Decimal, royalty: Decimal) -> "Count":
        """Return the count with more."""
        return Count(self.net + net, self.units + units, self.royalty + royalty)


def due(tiers: Tiers, so_far: Count, *, net: Decimal, units: Decimal) -> Decimal:
    """Return the royalty on a bucket of sales (negative: returns) after what was counted so far, in full precision.

    Marginal: ``F(c + x) - F(c)``. Retroactive: ``rate(c + x) × (c + x) - earned so far``.
    """
    if net < 0 and tiers.returns == ReturnTier.FIRST_TIER:
        return net * tiers.steps[0][1]
    if tiers.mode == TierMode.RETROACTIVE:
        counted = so_far.units + units if tiers.measure == Measure.UNITS else so_far.net + net
        return rate_at(tiers, counted) * (so_far.net + net) - so_far.royalty
    if tiers.measure == Measure.NET_SALES:
        return _piecewise(tiers, so_far.net + net) - _piecewise(tiers, so_far.net)
    if tiers.measure == Measure.UNITS:
        weighted = _piecewise(tiers, so_far.units + units) - _piecewise(tiers, so_far.units)
        return weighted * net / units if units else ZERO
    return _by_royalty(tiers, so_far.royalty, net)


def rate_at(tiers: Tiers, counted: Decimal) -> Decimal:
    """Return the rate that holds when so much is counted."""
    rate = tiers.steps[0][1]
    for start, value in tiers.steps[1:]:
        if counted > start or (counted == start and tiers.threshold == Threshold.INCLUSIVE):
            rate = value
    return rate


def _piecewise(tiers: Tiers, counted: Decimal) -> Decimal:
    """Return Σ rate × what of ``counted`` lies in each tier; below zero the first tier's rate holds."""
    if counted <= 0:
        return counted * tiers.steps[0][1]
    ends = [start for start, _rate in tiers.steps[1:]]
    total = ZERO
    for (start, rate), end in zip(tiers.steps, [*ends, None], strict=True):
        upper = counted if end is None else min(counted, end)
        if upper > start:
            total += (upper - start) * rate
    return total


def _by_royalty(tiers: Tiers, earned: Decimal, net: Decimal) -> Decimal:
    """Return the royalty where the thresholds are amounts of royalty: sales fill each tier at its rate in turn."""
    position, left = earned, net
    ends = [start for start, _rate in tiers.steps[1:]]
    spans = list(zip(tiers.steps, [*ends, None], strict=True))
    if net >= 0:
        for (_start, rate), end in spans:
            if end is not None and position >= end:
                continue
            room = None if end is None or not rate else (end - position) / rate
            taken = left if room is None else min(left, room)
            position += taken * rate
            left -= taken
            if not left:
                break
        return position - earned
    for (start, rate), _end in reversed(spans):
        if position <= start and start > 0:
            continue
        room = (position - start) / rate if rate and start > 0 else None
        taken = -left if room is None else min(-left, room)
        position -= taken * rate
        left += taken
        if not left:
            break
    return position - earned
