"""Amounts as Stripe writes them: whole numbers of its own minor units, which are not ISO 4217's everywhere. Pure.

Source: https://docs.stripe.com/currencies ("Zero-decimal currencies", "Special cases"), checked 2026-11-23. What Stripe
keeps with two decimals though the currency has none (ISK, UGX, LAK and others) stands in no list.
"""

from decimal import Decimal

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# The last of the three digits must be zero.
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def places(currency: str) -> int:
    """Return the decimals of Stripe's minor unit of a currency (ISO 4217 code)."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount: Decimal, currency: str) -> int:
    """Return the amount in Stripe's minor units.

    :raises ValueError: the amount has more decimals than Stripe takes.
    """
    minor = amount.scaleb(places(currency))
    step = 10 if currency in THREE_DECIMAL else 1
    if minor % step:
        raise ValueError(f"{amount} {currency} has more decimals than Stripe takes.")
    return int(minor)


def from_stripe(minor: int, currency: str) -> Decimal:
    """Return the amount of so many of Stripe's minor units; the code may be in small letters, as Stripe writes it."""
    return Decimal(minor).scaleb(-places(currency.upper()))
