"""When and where a product is shown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shop.catalogue.models import Product
from shop.crossborder.models import Market, Publication


@dataclass(frozen=True)
class Window:
    """Shown or not, and from when until when (None: without limit; the end is excluded)."""

    shown: bool = True
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether it is shown at that time."""
        return self.shown and (self.since is None or self.since <= now) and (self.until is None or now < self.until)


EVERYWHERE = Window()


def languages_shown(windows: Mapping[str, Window], languages: Iterable[str], now: datetime) -> list[str]:
    """Return the languages of a market in which a product is shown, by its exceptions there ("": the whole market)."""
    if not windows.get("", EVERYWHERE).holds(now):
        return []
    return [language for language in languages if windows.get(language, EVERYWHERE).holds(now)]


def published_now(prefix: str = "", *, now: datetime | None = None) -> Q:
    """Return the condition on products (or on what ``prefix`` leads from) that they are published at that time."""
    now = now or timezone.now()
    return (
        Q(**{f"{prefix}published": True})
        & (Q(**{f"{prefix}publish_from": None}) | Q(**{f"{prefix}publish_from__lte": now}))
        & (Q(**{f"{prefix}publish_until": None}) | Q(**{f"{prefix}publish_until__gt": now}))
    )


def withheld(
    *, product: str, market: Market | OuterRef, now: datetime | None = None, language: str | None = None
) -> Exists:
    """Return the condition that the product which ``product`` names is not shown in the market at all.

    With ``language``: that it is not shown in that language of the market.
    """
    now = now or timezone.now()
    named = [""] if language is None else ["", language]
    rows = Publication.objects.filter(product_id=OuterRef(product), market=market, language__in=named)
    standing = (
        Q(shown=True) & (Q(shown_from=None) | Q(shown_from__lte=now)) & (Q(shown_until=None) | Q(shown_until__gt=now))
    )
    return Exists(rows.exclude(standing))


def exceptions(*, market: Market, product_ids: Collection[int] | None = None) -> dict[int, dict[str, Window]]:
    """Return product id → language ("": the whole market) → window, of products that have exceptions. One statement."""
    rows = Publication.objects.filter(market=market)
    if product_ids is not None:
        rows = rows.filter(product_id__in=list(product_ids))
    found: dict[int, dict[str, Window]] = {}
    for row in rows.order_by():
        found.setdefault(row.product_id, {})[row.language] = Window(row.shown, row.shown_from, row.shown_until)
    return found


def shown_in(market: Market, *, now: datetime | None = None) -> QuerySet[Product]:
    """Return the products that are shown in the market, in one language at least."""
    now = now or timezone.now()
    return Product.objects.filter(published_now(now=now)).exclude(withheld(product="pk", market=market, now=now))
