"""VAT, GST and other taxes on the sale or import of one consignment. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from shop.crossborder.landed_cost.answer import Reason, Step, StepCode
from shop.crossborder.landed_cost.consignments import Part
from shop.crossborder.landed_cost.money import ZERO, apportion
from shop.crossborder.landed_cost.schedule import Taxes
from shop.crossborder.rulebook.entries import CustomsValue


def charge_tax(part: Part) -> None:
    """Work out the tax of every line: on goods, its share of delivery, its duty and its share of taxed fees.

    Rounded line by line. Where prices contain the tax, what they contain stays as it is and duty's is added.
    """
    limits = part.limits()
    count = len(part.lines)
    free = part.relieved(limits.no_tax) if limits and not all(part.at_sale) else [False] * count
    fees = apportion(part.taxed_fees, part.charged, part.unit) if part.taxed_fees else [ZERO] * count
    if_paid = ZERO  # the tax if the price as charged were the price without tax: what customs would look at
    for number, taxes in enumerate(part.taxes):
        if free[number] and not part.at_sale[number]:
            part.steps.append(Step(StepCode.NO_TAX, part.number, number, "", ZERO, None, ZERO))
            part.untaxed[number] = True
            continue
        _doubts(part, taxes, number)
        extra = part.duty[number] + fees[number]
        base = _base(part, number) + extra
        contained = part.contained_goods[number] + part.contained_shipping[number]
        if part.working.inclusive:
            tax = contained + (extra * taxes.total).quantize(part.unit, ROUND_HALF_UP)
            if_paid += ((base + contained) * taxes.total).quantize(part.unit, ROUND_HALF_UP)
            _split(part, taxes, number, base, tax)
        else:
            for row in taxes.rows:
                amount = (base * row.rate).quantize(part.unit, ROUND_HALF_UP)
                part.tax[number] += amount
                part.steps.append(Step(StepCode.TAX, part.number, number, row.key, base, row.rate, amount))
            if_paid += part.tax[number]
    part.tax_if_paid = if_paid


def _doubts(part: Part, taxes: Taxes, number: int) -> None:
    line, working = part.lines[number], part.working
    if not taxes.rows:
        working.reason(Reason.RULE_EXPIRED if taxes.expired else Reason.TAX_RULE_MISSING, taxes.expired, line.hs)
    for key in taxes.unconfirmed:
        working.reason(Reason.RULE_UNCONFIRMED, key, line.hs)


def _split(part: Part, taxes: Taxes, number: int, base: Decimal, tax: Decimal) -> None:
    """Book a line's contained tax under its rules; the last takes the remainder."""
    part.tax[number] = tax
    rest = tax
    for row in taxes.rows:
        last = row is taxes.rows[-1]
        amount = rest if last else (base * row.rate).quantize(part.unit, ROUND_HALF_UP)
        rest -= amount
        part.steps.append(Step(StepCode.TAX, part.number, number, row.key, base, row.rate, amount))


def _base(part: Part, number: int) -> Decimal:
    """Return goods and delivery as far as tax is due on them; at the border that is the procedure's to say."""
    goods, shipping = part.goods[number], part.shipping[number]
    procedure = part.schedule.procedure if part.schedule and part.imported else None
    if procedure is None or part.at_sale[number]:
        return goods + shipping
    if procedure.customs_value is CustomsValue.CIF:
        return (goods + shipping) * procedure.valuation
    return goods * procedure.valuation + (shipping if procedure.taxes_shipping else ZERO)
