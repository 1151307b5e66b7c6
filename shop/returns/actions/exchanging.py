"""An exchange is a return and a new order, each with its own money: what comes back is refunded, what goes is paid.

So nothing is set off in the dark, and every price is today's.
"""

from uuid import UUID

from django.db import transaction

from shop.checkout import actions as checkout
from shop.checkout import basket as baskets
from shop.checkout.actions import Placed
from shop.checkout.models import Basket
from shop.checkout.quoting import QuotedBasket, quote_basket
from shop.orders.models import Order, OrderState
from shop.payments.actions import payment_of
from shop.returns.actions.moving import lock, note
from shop.returns.errors import NoExchange
from shop.returns.models import ReturnKind, ReturnRequest, ReturnState

OVER = frozenset({OrderState.EXPIRED, OrderState.CANCELLED, OrderState.REFUNDED})
MAY_ORDER = frozenset(
    {ReturnState.AUTHORISED, ReturnState.IN_TRANSIT, ReturnState.RECEIVED, ReturnState.INSPECTED, ReturnState.CLOSED}
)


def can_order(request: ReturnRequest) -> bool:
    """Tell whether the exchange waits to be ordered."""
    standing = request.exchange_order
    return (
        request.kind == ReturnKind.EXCHANGE
        and request.state in MAY_ORDER
        and request.order.market_id is not None
        and (standing is None or standing.state in OVER)
    )


@transaction.atomic
def _basket(request_id: UUID) -> tuple[ReturnRequest, Basket]:
    """Return the return with a basket of what is wanted instead, made anew each time."""
    request = lock(request_id)
    if not can_order(request):
        raise NoExchange("There is nothing to order in exchange.")
    order = request.order
    if order.market is None:
        raise NoExchange("The order has no market of ours.")
    basket = request.exchange_basket or baskets.create(market=order.market, language=order.language, user=order.user)
    if request.exchange_basket_id is None:
        request.exchange_basket = basket
        request.save(update_fields=["exchange_basket"])
    basket.lines.all().delete()
    units: dict[int, int] = {}
    for line in request.lines.exclude(wanted=None):
        units[line.wanted_id or 0] = units.get(line.wanted_id or 0, 0) + line.units
    for variant, quantity in units.items():
        basket.lines.create(variant_id=variant, quantity=quantity)
    return request, basket


def quote_exchange(*, request_id: UUID) -> QuotedBasket:
    """Say what the exchange costs today, delivered to the address of the first order.

    :raises NoExchange: it was ordered already, or nothing is wanted instead.
    :raises shop.checkout.errors.CheckoutError: as :func:`shop.checkout.quoting.quote_basket`.
    """
    request, basket = _basket(request_id)
    to = request.order.ship_to
    return quote_basket(
        basket, country=request.order.country, postcode=to.get("postcode", ""), region=to.get("region", "")
    )


def order_exchange(*, request_id: UUID, expected_total: str, actor: str) -> Placed:
    """Order what is wanted instead, at the total that the shopper was shown. Repeating returns the same order.

    :raises NoExchange: nothing is wanted instead.
    :raises shop.checkout.errors.CheckoutError, inventory.stock.errors.StockError,
        shop.orders.actions.NotLicensed: as :func:`shop.checkout.actions.place_order`.
    """
    request = ReturnRequest.objects.select_related("exchange_order").get(pk=request_id)
    standing = request.exchange_order
    if standing and standing.state not in OVER:
        return Placed(order=standing, payment=payment_of(standing))
    request, basket = _basket(request_id)
    order = request.order
    prefix = f"exchange:{request.number}:"
    placed = checkout.place_order(
        basket=basket,
        email=order.email,
        ship_to={**order.ship_to, "country": order.country},
        shipping_option="",
        cause_key=f"{prefix}{Order.objects.filter(cause_key__startswith=prefix, state__in=OVER).count() + 1}",
        expected_total=expected_total,
        actor=actor,
    )
    with transaction.atomic():
        request = lock(request_id)
        if request.exchange_order_id != placed.order.pk:
            request.exchange_order = placed.order
            request.save(update_fields=["exchange_order"])
            note(request, actor=actor, cause=f"ordered in exchange: {placed.order.number}")
    return placed
