"""Customs duty and fees of one consignment. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from shop.crossborder.landed_cost.answer import Caution, Reason, Step, StepCode
from shop.crossborder.landed_cost.consignments import Part
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.landed_cost.schedule import Duties, Limits
from shop.crossborder.rulebook.entries import DutyKind, DutyRate, Per, Status

KILO = Decimal(1000)


def charge_duty(part: Part) -> None:
    """Work out the duty of every line of an imported consignment."""
    schedule, limits = part.schedule, part.limits()
    if schedule is None or limits is None:
        return
    free = part.relieved(limits.no_duty)
    held: dict[str, bool] = {}
    subheadings: set[tuple[str, str]] = set()
    for number, line in enumerate(part.lines):
        if free[number]:
            part.steps.append(Step(StepCode.NO_DUTY, part.number, number, "", ZERO, None, ZERO))
            continue
        # Under IOSS origin plays no role: the declaration that carries it has no room for a preference.
        duties = schedule.duties(line.hs, line.origin, proven=line.origin_proven and not part.at_sale[number])
        row = None if duties.preferred else _replacing(part, duties, limits, held)
        if row is None:
            part.duty[number] = _by_tariff(part, duties, number)
        else:
            part.doubt(row.key, confirmed=row.confirmed)
            part.duty[number] = _replaced(part, row, number, subheadings)


def _replacing(part: Part, duties: Duties, limits: Limits, held: dict[str, bool]) -> DutyRate | None:
    """Return the row that stands for every other duty, if the consignment is within its threshold."""
    for row in duties.replacing:
        if row.within and row.within not in held:
            threshold = limits.by_key.get(row.within)
            held[row.within] = threshold is not None and part.within(threshold, part.value(threshold))
        if not row.within or held[row.within]:
            return row
    return None


def _replaced(part: Part, row: DutyRate, number: int, subheadings: set[tuple[str, str]]) -> Decimal:
    if row.kind is not DutyKind.PER_ITEM:
        return _of_row(part, row, number, StepCode.DUTY)
    subheading = (row.key, part.lines[number].hs[:6])
    if subheading in subheadings:  # the subheading's first line has borne it
        return ZERO
    subheadings.add(subheading)
    return _fixed(part, row, number, Decimal(1))


def _by_tariff(part: Part, duties: Duties, number: int) -> Decimal:
    working, line = part.working, part.lines[number]
    for key in duties.unconfirmed:
        working.reason(Reason.RULE_UNCONFIRMED, key, line.hs)
    duty = ZERO
    if duties.base is None:
        working.reason(Reason.RULE_EXPIRED if duties.expired else Reason.DUTY_RULE_MISSING, duties.expired, line.hs)
    else:
        duty = _of_row(part, duties.base, number, StepCode.PREFERENCE if duties.preferred else StepCode.DUTY)
    for row, rate in duties.additional:
        duty += _of_value(part, row, rate, number, StepCode.ADDITIONAL_DUTY)
    return duty


def _of_row(part: Part, row: DutyRate, number: int, code: StepCode) -> Decimal:
    line = part.lines[number]
    if row.kind is DutyKind.PER_KG:
        return _fixed(part, row, number, line.weight_g * line.quantity / KILO)
    if row.kind is DutyKind.PER_ITEM:
        return _fixed(part, row, number, Decimal(1))
    return _of_value(part, row, row.rate or ZERO, number, code)


def _of_value(part: Part, row: DutyRate, rate: Decimal, number: int, code: StepCode) -> Decimal:
    value = part.customs_value(part.goods[number], part.shipping[number])
    duty = (value * rate).quantize(part.unit, ROUND_HALF_UP)
    part.steps.append(Step(code, part.number, number, row.key, value, rate, duty))
    return duty


def _fixed(part: Part, row: DutyRate, number: int, count: Decimal) -> Decimal:
    each = (row.amount or ZERO) * part.working.rate(row.currency, part.working.currency)
    duty = (each * count).quantize(part.unit, ROUND_HALF_UP)
    part.steps.append(Step(StepCode.DUTY_PER_ITEM, part.number, number, row.key, count, None, duty))
    return duty


def charge_fees(part: Part) -> None:
    """Add the fees of an imported consignment; those that tax is due on are kept apart too."""
    schedule, limits = part.schedule, part.limits()
    if schedule is None or limits is None:
        return
    for fee in schedule.fees:
        if fee.within:
            threshold = limits.by_key.get(fee.within)
            if threshold is None or not part.within(threshold, part.value(threshold)):
                continue
        if fee.status is Status.ANNOUNCED:
            part.working.caution(Caution.FEE_ANNOUNCED, fee.key, fee.name)
            continue
        part.doubt(fee.key, confirmed=fee.confirmed)
        count = len({line.hs[:6] for line in part.lines}) if fee.per is Per.HS6_LINE else 1
        each = (fee.amount or ZERO) * part.working.rate(fee.currency, part.working.currency)
        amount = each.quantize(part.unit, ROUND_HALF_UP) * count
        part.steps.append(Step(StepCode.FEE, part.number, -1, fee.key, Decimal(count), None, amount))
        part.fees += amount
        if fee.in_tax_base:
            part.taxed_fees += amount
