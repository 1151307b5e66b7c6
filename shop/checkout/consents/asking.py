"""Which texts an order asks for, and what the words point to."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from shop.checkout.consents.agreed import Agreed, judge
from shop.checkout.consents.texts import ConsentKind
from shop.crossborder.models import LegalPage, Market
from shop.crossborder.protections.obligations import Obligation, obligation
from shop.crossborder.protections.withdrawal import withdrawal_right

REMEMBERED = 60  # seconds


def asked(country: str, on: date | None = None) -> list[ConsentKind]:
    """Return the boxes that a sale to the country needs, in the order in which they are shown.

    Terms everywhere; the information on withdrawal where the law gives that right; the transfer abroad where a law asks
    for separate consent to it.
    """
    day = on or timezone.localdate()
    found = [ConsentKind.TERMS]
    if withdrawal_right(country, day) is not None:
        found.append(ConsentKind.WITHDRAWAL)
    if obligation(Obligation.TRANSFER_CONSENT, [country], day) is not None:
        found.append(ConsentKind.PIPL_TRANSFER)
    return found


def check(*, market: Market, country: str, given: Mapping[str, str], language: str) -> list[Agreed]:
    """Return what was agreed to, with the versions of the legal pages the words speak of. At most one statement.

    ``given``: kind → version of each box that was ticked.

    :raises shop.checkout.consents.agreed.ConsentMissing: naming each text that was not agreed to.
    """
    day = timezone.localdate()
    agreed = judge(asked(country, day), given, language)
    pages = _pages(market, day)
    return [replace(one, pages=tuple(pages.get(one.text.page, ()))) for one in agreed]


def _pages(market: Market, day: date) -> dict[str, list[dict[str, str | int]]]:
    """Return kind → language and version of each legal page in force; remembered for a minute: pages change by day."""
    key = f"checkout:legal:{market.pk}:{day.isoformat()}"
    found: dict[str, list[dict[str, str | int]]] | None = None
    with suppress(RedisError):  # without a cache the pages are read anew
        found = cache.get(key)
    if found is None:
        rows = LegalPage.objects.filter(market=market, valid_from__lte=day)
        latest = rows.order_by("kind", "language", "-valid_from").distinct("kind", "language")
        found = {}
        for kind, spoken, version in latest.values_list("kind", "language", "version"):
            found.setdefault(kind, []).append({"kind": kind, "language": spoken, "version": version})
        with suppress(RedisError):
            cache.set(key, found, REMEMBERED)
    return found
