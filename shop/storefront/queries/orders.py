"""An order as its public page shows it, and the orders of an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.checkout import landed_words
from shop.crossborder.addresses.layout import lines
from shop.crossborder.addresses.rules import reads_locally
from shop.crossborder.models import ShippingOption
from shop.crossborder.money import LOCALES, display
from shop.orders.models import Order, OrderState
from shop.payments.models import Payment
from shop.storefront import protections
from shop.storefront.places import country_name
from shop.storefront.queries.parcels import Parcel, parcels_of

# Attempts whose page is open or will be, and those after which a new one may be begun.
TO_BE_PAID = frozenset({Payment.State.PENDING, Payment.State.OPEN})
CHARGED = frozenset({Payment.State.SUCCEEDED, Payment.State.REFUNDED})
TO_BE_TRIED_AGAIN = frozenset({Payment.State.FAILED, Payment.State.EXPIRED})
# States in which a shopper may still think of withdrawing.
WITHDRAWABLE = frozenset(
    {
        OrderState.AWAITING_PAYMENT,
        OrderState.PAYMENT_FAILED,
        OrderState.PAID,
        OrderState.PICKING,
        OrderState.PARTLY_SHIPPED,
        OrderState.SHIPPED,
        OrderState.DELIVERED,
    }
)
# States in which an order can still be paid for.
UNPAID = frozenset({OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED})


@dataclass(frozen=True)
class Status:
    """Where the order is: a title, a sentence, and whether it can be paid now or may change any second."""

    code: str
    title: str
    sentence: str
    payable: bool
    moving: bool


@dataclass(frozen=True)
class OrderPage:
    """Everything the public page of an order shows."""

    order: Order
    status: Status
    placed: str
    lines: list[dict[str, Any]]
    goods: str
    shipping: str
    shipping_name: str
    duty: str
    fees: str
    tax: str
    tax_added: str
    total: str
    paid_back: str
    at_the_door: str
    address: list[str]
    notices: list[str]
    withdrawal: str
    parcels: list[Parcel]


def _moment(when: datetime, language: str) -> str:
    """Write a moment out to the minute, in the site's time zone (UTC), which is named."""
    local = timezone.localtime(when)
    locale = LOCALES.get(language, "en_GB")
    comma = ", " if language in {"en", "fr"} else " "
    return f"{format_date(local, format='long', locale=locale)}{comma}{local:%H:%M} {local:%Z}"


def _sentences(order: Order, language: str) -> dict[str, tuple[str, str]]:
    until = _moment(order.expires_at, language) if order.expires_at else ""
    return {
        OrderState.AWAITING_PAYMENT: (
            _("Awaiting payment"),
            _("Everything is set aside for you until %(until)s.") % {"until": until},
        ),
        OrderState.PAYMENT_FAILED: (
            _("The payment did not go through"),
            _("Nothing was charged. Everything is set aside for you until %(until)s: you may try again.")
            % {"until": until},
        ),
        OrderState.PAID: (
            _("Thank you. Your order is paid"),
            _("We are preparing your parcel and will write to you when it leaves."),
        ),
        OrderState.PAID_WITHOUT_STOCK: (
            _("Your payment came, but the last piece had gone"),
            _("We are sending the whole amount back to you. You need not do anything."),
        ),
        OrderState.REFUNDED: (
            _("Refunded"),
            _("The whole amount is on its way back to you. Banks take some days to show it."),
        ),
        OrderState.EXPIRED: (
            _("The time to pay has run out"),
            _("The pieces have gone back on sale and nothing was charged. You are welcome to order again."),
        ),
        OrderState.CANCELLED: (_("Cancelled"), _("This order was cancelled and nothing was charged.")),
        OrderState.PICKING: (
            _("We are gathering your order"),
            _("Your pieces are being fetched and packed. We will write to you when your parcel leaves."),
        ),
        OrderState.PARTLY_SHIPPED: (
            _("Part of your order is on its way"),
            _("The rest follows in another parcel. We will write to you when it leaves."),
        ),
        OrderState.SHIPPED: (_("On its way"), _("Your parcel has left our warehouse.")),
        OrderState.DELIVERED: (
            _("Delivered"),
            _("Your order has arrived. We hope that you enjoy it for a long time."),
        ),
        OrderState.COMPLETED: (
            _("Completed"),
            _("Your order is complete. Thank you for supporting the museum."),
        ),
        OrderState.RETURNED: (
            _("Returned"),
            _("What you sent back has reached us."),
        ),
    }


def latest_payment(order: Order) -> Payment | None:
    """Return the order's latest payment attempt; marketplace orders have none."""
    return order.payments.order_by("-attempt").first()


def status_of(order: Order, *, returned: bool = False) -> Status:
    """Return where the order is in words, in the order's language. ``returned``: the buyer comes from paying."""
    title, sentence = _sentences(order, order.language)[order.state]
    awaiting = order.state in UNPAID
    payment = latest_payment(order) if awaiting else None
    state = payment.state if payment else ""
    over = order.expires_at is not None and order.expires_at <= timezone.now()
    moving = returned and order.state == OrderState.AWAITING_PAYMENT and state in TO_BE_PAID
    payable = state in TO_BE_PAID | TO_BE_TRIED_AGAIN and not over and not moving
    if moving:
        title, sentence = _("Confirming your payment"), _("This takes a few seconds. The page updates by itself.")
    elif state == Payment.State.PROCESSING:
        title = _("Your bank is working on your payment")
        sentence = _("That takes some days. Everything is set aside for you, and we will write to you when it is done.")
    elif state == Payment.State.MISMATCH:
        sentence = _("We are looking into your payment and will write to you.")
    return Status(order.state, title, sentence, payable=payable, moving=moving)


def order_by_token(token: str) -> Order | None:
    """Return the order with this public token, or None."""
    if not token or len(token) > 64 or "\x00" in token:
        return None
    return Order.objects.select_related("market").filter(token=token).first()


def _address(order: Order) -> list[str]:
    local = reads_locally(order.country, order.language)
    ship_to = {**order.ship_to, "country": order.country}
    return lines(ship_to, latin=not local, country=country_name(order.country, order.language))


def _shipping_name(order: Order) -> str:
    """Return the delivery method's name as it was when the order was placed.

    Orders that did not freeze it, from earlier or from a marketplace, show the method's name of now, else its code.
    """
    frozen = order.quote.get("shipping_name")
    if frozen or not order.shipping_option:
        return str(frozen or "")
    option = ShippingOption.objects.filter(market=order.market, code=order.shipping_option).first()
    names = option.names if option else {}
    return str(names.get(order.language) or names.get("en") or order.shipping_option)


def order_page(order: Order, *, returned: bool) -> OrderPage:
    """Return the page of an order. Five statements; two more for parcels, one without a frozen method."""
    # What was charged a second time and went back is no part of this total.
    paid_back = order.payments.filter(state__in=CHARGED).aggregate(sum=Sum("refunded"))["sum"]

    def money(amount: Any) -> str:
        return display(amount, order.currency, order.language)

    return OrderPage(
        order=order,
        status=status_of(order, returned=returned),
        placed=_moment(order.placed_at, order.language),
        lines=[
            {
                "name": line.name,
                "option": line.option,
                "quantity": line.quantity,
                "amount": money(line.amount),
            }
            for line in order.lines.all()
        ],
        goods=money(order.goods),
        shipping=money(order.shipping) if order.shipping else "",
        shipping_name=_shipping_name(order),
        duty=money(order.duty) if order.duty else "",
        fees=money(order.fees) if order.fees else "",
        tax=money(order.tax),
        tax_added=money(order.tax - order.tax_in_prices) if order.tax > order.tax_in_prices else "",
        total=money(order.total),
        paid_back=money(paid_back) if paid_back else "",
        at_the_door=money(order.due_on_delivery) if order.due_on_delivery else "",
        address=_address(order),
        notices=landed_words.frozen_reasons(order.quote),
        withdrawal=protections.withdrawal_line(order.country, timezone.localdate(order.placed_at))
        if order.state in WITHDRAWABLE
        else "",
        parcels=parcels_of(order, order.language),
    )


def order_rows(orders: Iterable[Order], language: str) -> list[dict[str, Any]]:
    """Return orders as a list shows them, in the language of the page."""
    return [
        {
            "number": order.number,
            "token": order.token,
            "placed": _moment(order.placed_at, language),
            "state": OrderState(order.state).label,
            "code": order.state,
            "total": display(order.total, order.currency, language),
        }
        for order in orders
    ]
