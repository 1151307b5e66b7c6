"""The amount that a percentage is taken of."""

from decimal import Decimal

from licensing.royalties.engine.errors import refuse
from licensing.royalties.engine.lines import Line
from licensing.royalties.engine.terms import Base

GROSS = Base.GROSS_SALES.value


def base_of(line: Line, base: Base) -> Decimal:
    """Return the line's amount for a base, before deductions, in its currency and full precision.

    A retail price without tax is derived from the one with tax over the whole line: rounding the unit price first would
    lose money.

    :raises Refused: the line does not bring the amount.
    """
    name = GROSS if base == Base.NET_SALES else base.value
    if name in line.amounts:
        return line.amounts[name]
    if base == Base.RETAIL_EX_TAX and Base.RETAIL_INC_TAX.value in line.amounts:
        if line.tax_rate is None:
            raise refuse(f"line {line.id}, tax_rate", "tax-rate-missing", "A price with tax needs its tax rate.")
        return line.amounts[Base.RETAIL_INC_TAX.value] / (1 + line.tax_rate)
    raise refuse(f"line {line.id}, {name}", "amount-missing", f"The terms are on {base.value}; the line has none.")
