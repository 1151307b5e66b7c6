"""Asking, confirming, stopping, and forgetting what is over."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from shop.alerts.mail import write
from shop.alerts.restock.models import StockAlert
from shop.catalogue.models import ProductText, Variant
from shop.crossborder.models import Market
from shop.crossborder.offering.visibility import published_now

MOST_A_DAY = 10  # letters to one address that it has not asked for itself, for all we know
UNCONFIRMED_FOR = timedelta(days=7)
WAITING_FOR = timedelta(days=365)
DONE_FOR = timedelta(days=30)
State = StockAlert.State


class UnknownVariant(Exception):
    """No published variant has this SKU."""


def variant_of(sku: str) -> Variant:
    """Return the published variant.

    :raises UnknownVariant: there is none.
    """
    found = Variant.objects.select_related("product").filter(published_now("product__"), sku=sku[:40]).first()
    if found is None:
        raise UnknownVariant(sku[:40])
    return found


def name_of(variant: Variant, language: str) -> str:
    """Return what the article is called in the language, else in English. One statement."""
    texts = ProductText.objects.filter(product=variant.product_id, language__in={language, "en"})
    names = dict(texts.values_list("language", "name"))
    name = str(names.get(language) or names.get("en") or variant.sku)
    option = str(variant.options.get(language) or variant.options.get("en") or "")
    return f"{name}, {option}" if option else name


def ask(*, email: str, sku: str, market: Market, language: str) -> None:
    """Note that somebody wants to be told, and write to the address for its confirmation.

    Says nothing of what was known before: the same address asked for again gets at most one letter a day for a variant,
    and ``MOST_A_DAY`` in all.

    :raises UnknownVariant: no published variant has this SKU.
    """
    variant = variant_of(sku)
    alert = _live(email, variant, market) or _fresh(email, variant, market, language)
    if alert is None or alert.state != State.ASKED:
        return
    today = timezone.localdate()
    asked = StockAlert.objects.filter(email__iexact=email, asked_at__gte=timezone.now() - timedelta(days=1))
    if asked.count() > MOST_A_DAY:
        return
    write(
        kind="restock_confirm",
        key=f"restock_confirm:{alert.pk}:{today}",
        to=alert.email,
        language=alert.language,
        facts={"name": name_of(variant, alert.language), "confirm": link(alert, "confirm")},
    )


def _live(email: str, variant: Variant, market: Market) -> StockAlert | None:
    rows = StockAlert.objects.filter(email__iexact=email, variant=variant, market=market, state__in=StockAlert.LIVE)
    return rows.first()


def _fresh(email: str, variant: Variant, market: Market, language: str) -> StockAlert | None:
    try:
        with transaction.atomic():
            return StockAlert.objects.create(email=email, variant=variant, market=market, language=language)
    except IntegrityError:
        # Asked twice at the same moment: the other's row stands.
        return _live(email, variant, market)


def link(alert: StockAlert, verb: str) -> str:
    """Return the absolute address at which the alert is confirmed or stopped."""
    place = [alert.market.code, alert.language, alert.token]
    return f"{settings.SITE_URL}{reverse(f'shop:alert_{verb}', args=place)}"


def by_token(token: str) -> StockAlert | None:
    """Return the alert with this secret, whatever its state."""
    if not token or len(token) > 64 or "\x00" in token:
        return None
    return StockAlert.objects.select_related("variant__product", "market").filter(token=token).first()


def confirm(*, token: str) -> StockAlert | None:
    """Let the address wait; return the alert as it stands, None when there is none. Repeats safely."""
    StockAlert.objects.filter(token=token, state=State.ASKED).update(state=State.WAITING, confirmed_at=timezone.now())
    return by_token(token)


def stop(*, token: str) -> StockAlert | None:
    """Write no more to the address about anything it waits for; return the alert, None when there is none.

    The letter says “all such letters”, so that every live alert of the address ends.
    """
    alert = by_token(token)
    if alert is None:
        return None
    now = timezone.now()
    mine = Q(pk=alert.pk) | Q(email__iexact=alert.email, state__in=StockAlert.LIVE)
    StockAlert.objects.filter(mine, ~Q(state=State.STOPPED)).update(state=State.STOPPED, stopped_at=now)
    return by_token(token)


def forget(*, limit: int = 5_000) -> int:
    """Delete what is over: never confirmed, told or stopped, or waited for in vain; return how many."""
    now = timezone.now()
    over = (
        Q(state=State.ASKED, asked_at__lt=now - UNCONFIRMED_FOR)
        | Q(state=State.WAITING, confirmed_at__lt=now - WAITING_FOR)
        | Q(state=State.TOLD, told_at__lt=now - DONE_FOR)
        | Q(state=State.STOPPED, stopped_at__lt=now - DONE_FOR)
    )
    ids = list(StockAlert.objects.filter(over).order_by("id").values_list("id", flat=True)[:limit])
    return StockAlert.objects.filter(id__in=ids).delete()[0]
