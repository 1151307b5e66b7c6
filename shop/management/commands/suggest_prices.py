"""``manage.py suggest_prices MARKET``: suggest prices from the base market and the rates of exchange."""

from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shop.crossborder import queries
from shop.crossborder.models import PricePolicy
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.errors import PriceRefused
from shop.crossborder.pricing.rates import OneRate, Rates, latest


def positive(text: str) -> Decimal:
    """Return a rate above zero."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise ArgumentTypeError(f"“{text}” is not a rate above zero")
    return value


def day(text: str) -> date:
    """Return a date written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a date such as 2026-11-23") from error


class Command(BaseCommand):
    """Writes suggestions; no price changes before somebody accepts one."""

    help = "Suggest prices of a market from its base market. No price changes before somebody accepts it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("market", metavar="MARKET", help="code of the market, e.g. jp")
        parser.add_argument(
            "--rate",
            type=positive,
            metavar="R",
            help="units of the market's currency for one of the base (default: the latest reference rate)",
        )
        parser.add_argument("--rate-on", type=day, metavar="DATE", help="day of the rate (default: today)")

    def handle(self, *, market: str, rate: Decimal | None, rate_on: date | None, **_options: Any) -> None:
        today = timezone.localdate()
        found = queries.market_by_code(market)
        if found is None:
            raise CommandError(f"There is no market “{market}”.")
        policy = PricePolicy.objects.select_related("base_market").filter(market=found).first()
        try:
            if rate is not None and policy and policy.base_market:
                rates: Rates = OneRate(policy.base_market.currency, found.currency, rate, rate_on or today)
            else:
                rates = latest(rate_on or today)
            made = actions.suggest(market=found, rates=rates, on=today, actor="suggest_prices")
        except PriceRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made.made} prices suggested, {made.standing} stand already, {made.withdrawn} withdrawn.")
