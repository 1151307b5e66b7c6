"""Royalty terms of an agreement version: a small JSON document, validated with the field named. Pure.

Form (every choice is explicit; a missing one is an error, never a default)::

    {"base": "net_sales", "rates": {"*": "0.0800", "tmall": "0.1200"}}

``base`` ``net_sales``: what the buyer paid for the goods less tax, in the currency of the sale; shipping is no part of
it. ``rates``: channel code → fraction of the base; ``*`` is every other channel.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

BASES = frozenset({"net_sales"})


class TermsError(ValueError):
    """The terms document is not valid; the message names the field."""


@dataclass(frozen=True)
class Terms:
    """Validated terms. ``rates`` are fractions by channel code."""

    base: str
    rates: dict[str, Decimal]

    def rate_for(self, channel: str) -> Decimal:
        """Return the fraction for a channel.

        :raises TermsError: the terms name neither the channel nor ``*``.
        """
        rate = self.rates.get(channel, self.rates.get("*"))
        if rate is None:
            raise TermsError(f"rates: no rate for channel {channel!r} and none for '*'.")
        return rate


def _rate(channel: Any, value: Any) -> Decimal:
    if not isinstance(value, str):
        raise TermsError(f'rates.{channel}: write the rate as text, e.g. "0.0800", not {type(value).__name__}.')
    try:
        rate = Decimal(value)
    except InvalidOperation:
        raise TermsError(f"rates.{channel}: {value!r} is not a number.") from None
    if not (rate.is_finite() and 0 <= rate <= 1):
        raise TermsError(f"rates.{channel}: {value} is not a fraction between 0 and 1.")
    return rate


def parse(document: Any) -> Terms:
    """Validate a terms document.

    :raises TermsError: with the field and what is wrong with it.
    """
    if not isinstance(document, dict):
        raise TermsError("The terms must be an object.")
    unknown = document.keys() - {"base", "rates"}
    if unknown:
        raise TermsError(f"Unknown keys: {', '.join(sorted(unknown))}.")
    base = document.get("base")
    if base not in BASES:
        raise TermsError(f"base: must be one of {', '.join(sorted(BASES))}, not {base!r}.")
    rates = document.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise TermsError("rates: at least one channel with its rate is needed.")
    return Terms(base=base, rates={str(channel): _rate(channel, value) for channel, value in rates.items()})
