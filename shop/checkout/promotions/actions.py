"""The verbs of promotions: codes made in batches, put into baskets, counted with orders and given back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shop.checkout.models import Basket
from shop.checkout.promotions import codes
from shop.checkout.promotions.customers import customers
from shop.checkout.promotions.errors import UsedUp
from shop.checkout.promotions.models import Promotion, PromotionCode, PromotionCustomer, PromotionUse
from shop.checkout.promotions.reckoning import Reckoned
from shop.orders.models import Order

log = structlog.get_logger("vitrine.promotions")
MOST_CODES = 10_000  # of one batch


class BadBatch(ValueError):
    """No such batch can be made; the message says why."""


@transaction.atomic
def make_batch(
    *, promotion: Promotion, count: int, name: str, prefix: str = "", limit: int | None = 1
) -> list[PromotionCode]:
    """Make unguessable codes of a promotion, each good for ``limit`` orders (None: no limit of its own).

    :raises BadBatch: the number, the name or the prefix will not do.
    """
    if not 1 <= count <= MOST_CODES:
        raise BadBatch(f"A batch has 1 to {MOST_CODES} codes.")
    if limit is not None and limit < 1:
        raise BadBatch("A code holds for one order at least.")
    if not name.strip() or len(name) > 40:
        raise BadBatch("A batch has a name of at most 40 characters.")
    prefix = codes.normalised(prefix)
    if prefix and (not codes.well_formed(prefix) or len(prefix) > 12):
        raise BadBatch("A prefix has 3 to 12 letters and digits.")
    made = PromotionCode.objects.bulk_create(
        PromotionCode(promotion=promotion, code=code, limit=limit, batch=name.strip())
        for code in codes.batch(count, prefix=prefix)
    )
    log.info("promotion codes made", promotion=promotion.id, batch=name, count=len(made))
    return made


def count_uses(*, order: Order, basket: Basket, reckoned: Reckoned, delivery_discount: Decimal) -> None:
    """Count an order's codes, inside the transaction that places it, after its stock is held.

    Each limit is checked inside its UPDATE. Rows are taken by promotion, so that two orders never wait for each other
    crosswise.

    :raises UsedUp: somebody had the last use meanwhile; nothing is counted.
    """
    if not reckoned.applied:
        return
    wanted = {one.code: one for one in reckoned.applied}
    known = {one.code: one for one in PromotionCode.objects.filter(code__in=wanted)}
    names = customers(order.user, order.email)
    for applied in sorted(reckoned.applied, key=lambda one: one.promotion):
        code = known[applied.code]
        if not _take(code, names, at=timezone.now()):
            raise UsedUp(applied.code)
        PromotionUse.objects.create(
            promotion_id=applied.promotion,
            code=code,
            order=order,
            user=order.user,
            customers=names,
            discount=applied.discount,
            delivery_discount=delivery_discount if applied.kind == Promotion.Kind.FREE_DELIVERY else Decimal(0),
            currency=order.currency,
        )
    basket.codes.all().delete()


def _take(code: PromotionCode, names: Sequence[str], *, at: datetime) -> bool:
    """Count one use where every limit still allows it; False: one does not, and the caller must roll back."""
    free = Q(limit=None) | Q(used__lt=F("limit"))
    promotion = Promotion.objects.filter(free, id=code.promotion_id, active=True, starts_at__lte=at)
    if not promotion.filter(Q(ends_at=None) | Q(ends_at__gt=at)).update(used=F("used") + 1):
        return False
    if not PromotionCode.objects.filter(free, id=code.id).update(used=F("used") + 1):
        return False
    # The promotion's row is locked by now: whoever asks for its limit waits here.
    limit = Promotion.objects.values_list("limit_per_customer", flat=True).get(id=code.promotion_id)
    PromotionCustomer.objects.bulk_create(
        [PromotionCustomer(promotion_id=code.promotion_id, customer=name) for name in names], ignore_conflicts=True
    )
    mine = PromotionCustomer.objects.filter(promotion_id=code.promotion_id, customer__in=names)
    if limit is not None:
        mine = mine.filter(used__lt=limit)
    return mine.update(used=F("used") + 1) == len(names)


@transaction.atomic
def give_back(*, order: Order) -> int:
    """Give back the uses of an order that ended unpaid; return how many. Repeating changes nothing."""
    done = 0
    for use in PromotionUse.objects.filter(order=order, counted=True).order_by("promotion_id"):
        mine = PromotionUse.objects.filter(id=use.id, counted=True)
        if mine.update(counted=False, given_back_at=timezone.now()):
            _count(use, -1)
            done += 1
    return done


@transaction.atomic
def count_again(*, order: Order) -> int:
    """Count the uses of an order again that was paid after it had ended: it was sold at the reduced price.

    Limits are not asked, for the money is taken; only so can a promotion be used more often than its limit says.
    """
    done = 0
    for use in PromotionUse.objects.filter(order=order, counted=False).order_by("promotion_id"):
        mine = PromotionUse.objects.filter(id=use.id, counted=False)
        if mine.update(counted=True, given_back_at=None):
            _count(use, 1)
            done += 1
    return done


def _count(use: PromotionUse, step: int) -> None:
    Promotion.objects.filter(id=use.promotion_id).update(used=F("used") + step)
    PromotionCode.objects.filter(id=use.code_id).update(used=F("used") + step)
    PromotionCustomer.objects.filter(promotion_id=use.promotion_id, customer__in=use.customers).update(
        used=F("used") + step
    )
