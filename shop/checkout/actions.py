"""Placing an order: hold first, then the order, then (outside the transaction) the payment session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.stock.errors import StockError
from shop.catalogue.wording import option_text
from shop.checkout.consents.agreed import Agreed
from shop.checkout.consents.keeping import keep
from shop.checkout.errors import CheckoutError, QuoteChanged
from shop.checkout.identity import check_identity
from shop.checkout.models import Basket
from shop.checkout.promotions.actions import count_uses
from shop.checkout.promotions.customers import customers
from shop.checkout.promotions.errors import UsedUp
from shop.checkout.quoting import BasketRow, QuotedBasket, quote_basket
from shop.crossborder.identities import actions as identities
from shop.crossborder.identities.declared import DeclaredIdentity
from shop.crossborder.landed_cost.answer import QuotedLine
from shop.crossborder.models import BuyerIdentity
from shop.crossborder.money import text
from shop.orders import actions as orders
from shop.orders.actions.placing import write
from shop.orders.models import Order
from shop.payments import actions as payments
from shop.payments.models import Payment

ATTEMPTS = 3


@dataclass(frozen=True)
class Placed:
    """An order that awaits payment, and its payment; ``payment.url`` is empty while Stripe cannot be reached."""

    order: Order
    payment: Payment


@dataclass(frozen=True)
class Wish:
    """What is asked for, as the doors have read it."""

    basket: Basket
    email: str
    ship_to: dict[str, Any]
    shipping_option: str
    cause_key: str
    expected_total: str | None
    identity: DeclaredIdentity | None
    consents: Sequence[Agreed]
    actor: str


def place_order(
    *,
    basket: Basket,
    email: str,
    ship_to: dict[str, Any],
    shipping_option: str,
    cause_key: str,
    expected_total: str | None = None,
    identity: DeclaredIdentity | None = None,
    consents: Sequence[Agreed] = (),
    actor: str = "shopper",
) -> Placed:
    """Turn a basket into an order that awaits payment, and open its payment session.

    ``ship_to`` is a validated address with ``country``. ``expected_total`` is the total the buyer was shown. The same
    ``cause_key`` again returns the same order. ``identity`` is who the buyer is to customs, checked at the door; it is
    kept sealed with the order where the destination asks for it. ``consents`` are what she agreed to, checked at the
    door (:func:`shop.checkout.consents.asking.check`). No network call happens inside the transaction.

    :raises shop.checkout.errors.CheckoutError: as :func:`shop.checkout.quoting.quote_basket`; QuoteChanged, also when a
        promotion code of the basket no longer holds; IdentityRequired, IdentityNotNeeded.
    :raises shop.orders.actions.NotLicensed: rights were withdrawn meanwhile.
    :raises inventory.stock.errors.OutOfStock: naming each SKU and what is left.
    """
    wish = Wish(
        basket=basket,
        email=email,
        ship_to=ship_to,
        shipping_option=shipping_option,
        cause_key=cause_key,
        expected_total=expected_total,
        identity=identity,
        consents=consents,
        actor=actor,
    )
    for attempt in range(ATTEMPTS):
        try:
            order, payment = _write_order(wish)
            break
        except (_StockMoved, UsedUp):
            if attempt == ATTEMPTS - 1:
                raise QuoteChanged(expected_total or "", "") from None
        except (CheckoutError, StockError, orders.NotLicensed, IntegrityError):
            # A repeat finds the basket empty or changed, or the order's key taken: what stands is the answer.
            standing = Order.objects.filter(cause_key=cause_key).first()
            if standing is None:
                raise
            order, payment = standing, payments.payment_of(standing)
            break
    return Placed(order=order, payment=payments.open_session(payment=payment))


class _StockMoved(Exception):
    """Between quote and hold the goods went elsewhere: duty and tax depend on where they come from, so quote anew."""


def _elsewhere(order: Order, quoted: QuotedBasket) -> bool:
    """Whether the hold took other warehouses than the quote supposed; asked only where there are others."""
    if order.hold is None or quoted.supposed.issuperset(quoted.warehouses):
        return False
    return not set(order.hold.lines.values_list("balance__warehouse_id", flat=True)) <= quoted.supposed


@transaction.atomic
def _write_order(wish: Wish) -> tuple[Order, Payment]:
    # One checkout at a time per basket: a double click waits here, then finds it empty.
    locked = (
        Basket.objects.select_for_update(of=("self",)).select_related("market__seller", "user").get(pk=wish.basket.pk)
    )
    ship_to = wish.ship_to
    quoted = quote_basket(
        locked,
        country=ship_to["country"],
        postcode=ship_to.get("postcode", ""),
        region=ship_to.get("region", ""),
        shipping_option=wish.shipping_option,
        customers=customers(locked.user, wish.email),
    )
    total = text(quoted.quote.payable_now, quoted.quote.currency)
    dropped = [one.code for one in quoted.reckoned.dropped]
    if dropped or (wish.expected_total is not None and wish.expected_total != total):
        raise QuoteChanged(wish.expected_total or "", total, dropped)
    check_identity(quoted, wish.identity)
    kept = identities.record(declared=wish.identity, country=quoted.quote.country) if wish.identity else None
    order = write(
        _new_order(wish, locked, quoted, kept),
        decisions={row.line.variant.sku: row.decision for row in quoted.rows},
        warehouses=quoted.warehouses,
        gives_up=True,
    )
    if _elsewhere(order, quoted):
        raise _StockMoved
    count_uses(order=order, basket=locked, reckoned=quoted.reckoned, delivery_discount=quoted.delivery_discount)
    keep(order=order, consents=wish.consents)
    payment = payments.prepare(order=order)
    _empty(locked)
    return order, payment


def _empty(basket: Basket) -> None:
    """What was ordered leaves the basket, and so do the words that went with it."""
    basket.lines.all().delete()
    if basket.gift_wrap or basket.gift_message or basket.note or basket.news:
        Basket.objects.filter(pk=basket.pk).update(gift_wrap=False, gift_message="", note="", news=[])


def _new_order(wish: Wish, basket: Basket, quoted: QuotedBasket, identity: BuyerIdentity | None) -> orders.NewOrder:
    quote = quoted.quote
    return orders.NewOrder(
        cause_key=wish.cause_key,
        channel="web",
        market=basket.market,
        language=basket.language,
        user=basket.user,
        email=wish.email,
        ship_to=wish.ship_to,
        country=quote.country,
        currency=quote.currency,
        lines=[_line(row, line, basket.language) for row, line in quoted.sold],
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax - quote.due_tax,
        tax_included=quoted.tax_included,
        tax_in_prices=quote.tax_in_prices,
        duty=quote.duty - quote.due_duty,
        fees=quote.fees - quote.due_fees,
        total=quote.payable_now,
        due_on_delivery=quote.payable_on_delivery,
        shipping_option=quoted.delivery.option.code,
        quote=quoted.frozen(),
        warehouses=quoted.warehouses,
        expires_at=timezone.now() + settings.PAYMENT_WINDOW,
        identity=identity,
        gift_wrap=basket.gift_wrap,
        # Where tax is paid at the door it comes off the amount for delivery, and off wrapping with it.
        gift_wrap_amount=min(quoted.wrapping, quote.shipping),
        gift_message=basket.gift_message,
        note=basket.note,
        actor=wish.actor,
    )


def _line(row: BasketRow, line: QuotedLine, language: str) -> orders.NewLine:
    """Return the order line. Its discount is what promotions take off, and tax that is paid at the door."""
    return orders.NewLine(
        variant=row.line.variant,
        name=row.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.unit_price * line.quantity - line.goods,
        tax=line.goods_tax,
        tax_rate=line.tax_rate,
        option=option_text(row.line.variant.options, language),
    )
