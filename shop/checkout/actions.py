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
from shop.checkout.quoting import QuotedBasket, quote_basket
from shop.crossborder.identities import actions as identities
from shop.crossborder.identities.declared import DeclaredIdentity
from shop.crossborder.models import BuyerIdentity
from shop.crossborder.money import text
from shop.orders import actions as orders
from shop.orders.models import Order
from shop.payments import actions as payments
from shop.payments.models import Payment


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
    payment = payments.open_session(payment=payments.payment_of(order))
    return Placed(order=order, payment=payment)


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
    locked = Basket.objects.select_for_update(of=("self",)).select_related("market").get(pk=basket.pk)
    standing = Order.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    if not locked.lines.exists():
        raise EmptyBasket("The basket is empty.")
    quoted = quote_basket(locked, country=ship_to["country"], shipping_option=shipping_option)
    total = text(quoted.quote.total, quoted.quote.currency)
    if expected_total is not None and expected_total != total:
        raise QuoteChanged(expected_total, total)
    check_identity(quoted, identity)
    kept = identities.record(declared=identity, country=quoted.quote.country) if identity else None
    order = orders.place(
        _new_order(locked, quoted, email=email, ship_to=ship_to, identity=kept, cause_key=cause_key, actor=actor)
    )
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
        lines=[
            orders.NewLine(
                variant=row.line.variant,
                name=row.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax=line.tax,
                tax_rate=line.rule.rate if line.rule else None,
                option=option_text(row.line.variant.options, basket.language),
            )
            for row, line in zip(quoted.rows, quote.lines, strict=True)
        ],
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax,
        tax_included=quote.tax_included,
        total=quote.total,
        shipping_option=quoted.option.code,
        quote=quote.as_json(),
        warehouses=quoted.warehouses,
        expires_at=timezone.now() + settings.PAYMENT_WINDOW,
        identity=identity,
        actor=actor,
    )
