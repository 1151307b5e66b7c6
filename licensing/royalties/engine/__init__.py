"""The royalty engine: terms and sales in, a statement with its trace out. Pure: no Django, no clock, no network.

Amounts are ``Decimal`` in full precision inside and are rounded half up (away from zero) where they are posted: at the
bucket (lines that share version, rule and exchange rate), at tax, and nowhere else. A bucket's amount is shared out to
its lines by largest remainder, so that neither the order nor the cutting of the lines can change a total.
"""
