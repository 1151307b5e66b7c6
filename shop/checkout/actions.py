"""Placing an order: hold first, then the order, then (outside the transaction) the payment session."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.catalogue.wording import option_text
from shop.checkout.errors import EmptyBasket, QuoteChanged
from shop.checkout.identity import check_identity
from shop.checkout.models import Basket
from shop.checkout.quoting import BasketRow, QuotedBasket, quote_basket
from shop.crossborder.identities import actions as identities
from shop.crossborder.identities.declared import DeclaredIdentity
from shop.crossborder.landed_cost.answer import QuotedLine
from shop.crossborder.models import BuyerIdentity
from shop.crossborder.money import text
from shop.orders import actions as orders
from shop.orders.models import Order
from shop.payments import actions as payments
from shop.payments.models import Payment

ATTEMPTS = 3


@dataclass(frozen=True)
class Placed:
    """An order that awaits payment, and its payment; ``payment.url`` is empty while Stripe cannot be reached."""

    order: Order
    payment: Payment


def place_order(
    *,
    basket: Basket,
    email: str,
    ship_to: dict[str, Any],
    shipping_option: str,
    cause_key: str,
    expected_total: str | None = None,
    identity: DeclaredIdentity | None = None,
    actor: str = "shopper",
) -> Placed:
    """Turn a basket into an order that awaits payment, and open its payment session.

    ``ship_to`` is a validated address with ``country``. ``expected_total`` is the total the buyer was shown. The same
    ``cause_key`` again returns the same order. ``identity`` is who the buyer is to customs, checked at the door; it is
    kept sealed with the order where the destination asks for it. No network call happens inside the transaction.

    :raises shop.checkout.errors.CheckoutError: as :func:`shop.checkout.quoting.quote_basket`; QuoteChanged;
        IdentityRequired, IdentityNotNeeded.
    :raises shop.orders.actions.NotLicensed: rights were withdrawn meanwhile.
    :raises inventory.stock.errors.OutOfStock: naming each SKU and what is left.
    """
    for attempt in range(ATTEMPTS):
        try:
            order = _write_order(
                basket=basket,
                email=email,
                ship_to=ship_to,
                shipping_option=shipping_option,
                cause_key=cause_key,
                expected_total=expected_total,
                identity=identity,
                actor=actor,
            )
            break
        except _StockMoved:
            if attempt == ATTEMPTS - 1:
                raise QuoteChanged(expected_total or "", "") from None
    payment = payments.open_session(payment=payments.payment_of(order))
    return Placed(order=order, payment=payment)


class _StockMoved(Exception):
    """Between quote and hold the goods went elsewhere: duty and tax depend on where they come from, so quote anew."""


def _sources(order: Order) -> frozenset[int]:
    """Return the warehouses that the order's hold took."""
    held = order.hold.lines.values_list("balance__warehouse_id", flat=True) if order.hold else ()
    return frozenset(held)


@transaction.atomic
def _write_order(
    *,
    basket: Basket,
    email: str,
    ship_to: dict[str, Any],
    shipping_option: str,
    cause_key: str,
    expected_total: str | None,
    identity: DeclaredIdentity | None,
    actor: str,
) -> Order:
    standing = Order.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    # One checkout at a time per basket: a double click finds it empty, or finds the order above.
    locked = Basket.objects.select_for_update(of=("self",)).select_related("market__seller").get(pk=basket.pk)
    standing = Order.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    if not locked.lines.exists():
        raise EmptyBasket("The basket is empty.")
    quoted = quote_basket(
        locked,
        country=ship_to["country"],
        postcode=ship_to.get("postcode", ""),
        region=ship_to.get("region", ""),
        shipping_option=shipping_option,
    )
    total = text(quoted.quote.payable_now, quoted.quote.currency)
    if expected_total is not None and expected_total != total:
        raise QuoteChanged(expected_total, total)
    check_identity(quoted, identity)
    kept = identities.record(declared=identity, country=quoted.quote.country) if identity else None
    order = orders.place(
        _new_order(locked, quoted, email=email, ship_to=ship_to, identity=kept, cause_key=cause_key, actor=actor)
    )
    if order.hold and not _sources(order) <= quoted.supposed:
        raise _StockMoved
    payments.prepare(order=order)
    locked.lines.all().delete()
    return order


def _new_order(
    basket: Basket,
    quoted: QuotedBasket,
    *,
    email: str,
    ship_to: dict[str, Any],
    identity: BuyerIdentity | None,
    cause_key: str,
    actor: str,
) -> orders.NewOrder:
    quote = quoted.quote
    return orders.NewOrder(
        cause_key=cause_key,
        channel="web",
        market=basket.market,
        language=basket.language,
        user=basket.user,
        email=email,
        ship_to=ship_to,
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
        actor=actor,
    )


def _line(row: BasketRow, line: QuotedLine, language: str) -> orders.NewLine:
    """Return the order line; tax that is paid at the door comes off a price that contains it, as a discount."""
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
