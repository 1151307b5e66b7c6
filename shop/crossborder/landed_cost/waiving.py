"""Duty and tax too small to be levied. Pure.

Several consignments of one purchase count as one, so that parcels do not share out what would be levied on the whole.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from shop.crossborder.landed_cost.answer import Step, StepCode
from shop.crossborder.landed_cost.consignments import Part
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.landed_cost.schedule import Limits
from shop.crossborder.rulebook.entries import Threshold


def waive_duty(parts: list[Part]) -> None:
    """Leave out the duty of consignments that together stay within a threshold that waives it."""
    owed = [sum(part.duty, ZERO) for part in parts]
    for part, threshold, together in list(_waived(parts, owed, lambda limits: limits.waive_duty)):
        total = sum(part.duty, ZERO)
        part.steps.append(Step(StepCode.DUTY_WAIVED, part.number, -1, threshold.key, together, None, -total))
        part.duty = [ZERO] * len(part.lines)


def waive_tax(parts: list[Part]) -> None:
    """Leave out the tax at the border, where nothing of it is collected at the sale."""
    owed = [ZERO if any(part.at_sale) else part.tax_if_paid for part in parts]
    for part, threshold, together in list(_waived(parts, owed, lambda limits: limits.waive_tax)):
        total = sum(part.tax, ZERO)
        part.steps.append(Step(StepCode.TAX_WAIVED, part.number, -1, threshold.key, together, None, -total))
        part.tax = [ZERO] * len(part.lines)
        part.untaxed = [True] * len(part.lines)


def _waived(
    parts: list[Part], owed: list[Decimal], kind: Callable[[Limits], tuple[Threshold, ...]]
) -> Iterator[tuple[Part, Threshold, Decimal]]:
    """Return each consignment that is let off with its threshold and what was compared with it."""
    for part, own in zip(parts, owed, strict=True):
        limits = part.limits()
        for threshold in kind(limits) if limits else ():
            part.doubt(threshold.key, confirmed=threshold.confirmed)
            together = sum(
                (
                    amount
                    for other, amount in zip(parts, owed, strict=True)
                    if (there := other.limits()) and threshold.key in there.by_key
                ),
                ZERO,
            )
            if own and part.within(threshold, together):
                yield part, threshold, together
                break
