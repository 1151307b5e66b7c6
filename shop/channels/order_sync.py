"""Orders from the marketplaces: read whole windows into the inbox, then turn each into at most one order of ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inventory.stock import queries as stock
from inventory.stock.errors import OutOfStock
from shop.catalogue.models import Variant
from shop.channels.adapters import types
from shop.channels.adapters.contract import ChannelAdapter
from shop.channels.adapters.types import OrderStatus
from shop.channels.models import ChannelOrder, SalesChannel
from shop.checkout.consigning import Sending, Wanted, consignments
from shop.checkout.errors import CannotQuote, CheckoutError
from shop.checkout.exchange import ReferenceRates
from shop.checkout.quoting import cost_of
from shop.crossborder import queries as crossborder
from shop.crossborder.landed_cost.answer import LandedCost
from shop.crossborder.landed_cost.json_answer import answer_json
from shop.crossborder.landed_cost.request import Request
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.sellers.queries import registrations
from shop.orders import actions as orders
from shop.orders.models import Order, OrderState

log = structlog.get_logger("vitrine.channels")
# What a marketplace sells into these countries comes in by a route of its own.
MARKETPLACE_ROUTES = {"CN": "cbec"}
FIRST_LOOK_BACK = timedelta(hours=20)
SOLD = {
    OrderStatus.PAID_BLOCKED,
    OrderStatus.TO_SHIP,
    OrderStatus.PART_SHIPPED,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
    OrderStatus.COMPLETED,
}


def pull(channel: SalesChannel, adapter: ChannelAdapter) -> int:
    """Read all orders modified since the last complete window (with overlap) into the inbox; return how many.

    The window's end is saved only after every order of it is stored, so a failure reads the same window again.

    :raises shop.channels.adapters.errors.ChannelError: the channel could not be read.
    """
    end = timezone.now()
    capabilities = adapter.capabilities
    start = (channel.orders_until or end - FIRST_LOOK_BACK) - capabilities.order_window_overlap
    seen = 0
    while start < end:
        stop = min(start + capabilities.order_window_max, end)
        for found in adapter.poll_orders(start, stop):
            store(channel, found)
            seen += 1
        SalesChannel.objects.filter(pk=channel.pk).filter(Q(orders_until=None) | Q(orders_until__lt=stop)).update(
            orders_until=stop
        )
        start = stop
    return seen


def _line_json(line: types.OrderLine) -> dict[str, Any]:
    return {
        "external_id": line.external_id,
        "sku": line.seller_sku,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price.amount),
        "discount": str(line.discount.amount - line.adjustment.amount),
        "paid": str(line.paid.amount) if line.paid else None,
        "tax": str(line.tax.amount),
        "currency": line.unit_price.currency,
        "status": str(line.status),
    }


@transaction.atomic
def store(channel: SalesChannel, found: types.ChannelOrder) -> ChannelOrder:
    """Write what was read into the inbox, once per external id; an older reading never replaces a newer one."""
    facts = {
        "status": str(found.status),
        "raw_status": found.raw_status[:60],
        "modified_at": found.modified_at,
        "payload": {
            "lines": [_line_json(line) for line in found.lines],
            "paid": str(found.totals.paid.amount),
            "postage": str(found.totals.postage.amount) if found.totals.postage else "0",
            "currency": found.totals.paid.currency,
            "created_at": found.created_at.isoformat(),
            "paid_at": found.paid_at.isoformat() if found.paid_at else None,
            "raw": dict(found.raw),
        },
    }
    ChannelOrder.objects.bulk_create(
        [ChannelOrder(channel=channel, external_id=found.external_id, **facts)], ignore_conflicts=True
    )
    row = ChannelOrder.objects.select_for_update().get(channel=channel, external_id=found.external_id)
    if row.modified_at <= found.modified_at:
        for name, value in facts.items():
            setattr(row, name, value)
        row.save(update_fields=[*facts, "updated_at"])
    return row


def unsettled(channel: SalesChannel) -> list[int]:
    """Return the inbox rows that ask for something: a sale to import, a cancellation to follow, a case to open."""
    waiting = Q(state=ChannelOrder.State.WAITING) & ~Q(status=OrderStatus.UNPAID)
    cancelled = Q(state=ChannelOrder.State.IMPORTED, status=OrderStatus.CANCELLED_AFTER_PAY)
    unknown = Q(status=OrderStatus.UNKNOWN) & ~Q(state=ChannelOrder.State.CASE)
    # A case whose order has meanwhile got a state we know is looked at again.
    cleared = Q(state=ChannelOrder.State.CASE, reason__startswith=UNKNOWN_STATUS) & ~Q(status=OrderStatus.UNKNOWN)
    rows = ChannelOrder.objects.filter(channel=channel).filter(waiting | cancelled | unknown | cleared)
    return list(rows.order_by("id").values_list("id", flat=True)[:200])


UNKNOWN_STATUS = "Unknown status"


def settle(row_id: int) -> str:
    """Do what one inbox row asks for; return its state. Repeating changes nothing."""
    with transaction.atomic():
        row = ChannelOrder.objects.select_for_update(of=("self",)).select_related("channel").get(id=row_id)
        status = OrderStatus(row.status)
        if status is OrderStatus.UNKNOWN:
            return _case(row, f"{UNKNOWN_STATUS} {row.raw_status!r}: kept, not shipped.")
        if status in SOLD and row.order_id is None:
            return _import(row)
        if status is OrderStatus.CANCELLED_AFTER_PAY and row.order is not None:
            return _follow_cancellation(row, row.order)
        if status in {OrderStatus.CANCELLED_BEFORE_PAY, OrderStatus.CANCELLED_AFTER_PAY}:
            return _set(row, ChannelOrder.State.CLOSED)
        if row.order_id is not None and row.state == ChannelOrder.State.CASE:
            return _set(row, ChannelOrder.State.IMPORTED)
        return row.state


def _set(row: ChannelOrder, state: str, reason: str = "") -> str:
    row.state = state
    row.reason = reason
    row.save(update_fields=["state", "reason", "order", "updated_at"])
    return state


def _case(row: ChannelOrder, reason: str) -> str:
    log.error("channel order needs a decision", channel=row.channel.code, order=row.external_id, reason=reason)
    return _set(row, ChannelOrder.State.CASE, reason)


def _follow_cancellation(row: ChannelOrder, order: Order) -> str:
    if order.state in {OrderState.PAID, OrderState.PICKING}:  # what stands packed is taken apart
        orders.mark_refunded(order_id=order.id, actor=row.channel.code, cause=f"{row.raw_status} {row.external_id}")
        return _set(row, ChannelOrder.State.CLOSED)
    if order.state == OrderState.REFUNDED:
        return _set(row, ChannelOrder.State.CLOSED)
    return _case(row, f"Cancelled by the channel while our order is {order.state}.")


def _import(row: ChannelOrder) -> str:
    payload = row.payload
    variants = {
        variant.sku: variant
        for variant in Variant.objects.select_related("product").filter(
            sku__in=[one["sku"] for one in payload["lines"]]
        )
    }
    unknown = sorted({one["sku"] or "(none)" for one in payload["lines"]} - variants.keys())
    if not payload["lines"] or unknown:
        return _case(row, f"No product of ours for SKU {', '.join(unknown) or '(no lines)'}.")
    try:
        with transaction.atomic():
            order = orders.place(_new_order(row, variants))
            paid_at = datetime.fromisoformat(payload["paid_at"]) if payload["paid_at"] else None
            order = orders.mark_paid(
                order_id=order.id, actor=row.channel.code, cause=f"paid on {row.channel.code}", paid_at=paid_at
            )
    except (ValueError, CheckoutError) as error:
        return _case(row, f"Its figures cannot be booked: {error}")
    except OutOfStock as error:
        return _case(row, f"Sold on the channel beyond our stock: {error}")
    except orders.NotLicensed as error:
        return _case(row, f"Sold on the channel without the right to: {error}")
    row.order = order
    return _set(row, ChannelOrder.State.IMPORTED)


def _new_order(row: ChannelOrder, variants: dict[str, Variant]) -> orders.NewOrder:
    channel, payload = row.channel, row.payload
    wanted = [
        Wanted(
            variants[one["sku"]],
            one["quantity"],
            Decimal(one["unit_price"]),
            Decimal(one.get("discount", "0")),
        )
        for one in payload["lines"]
    ]
    quote, book = _cost(channel, wanted, shipping=Decimal(payload["postage"]), currency=payload["currency"])
    return orders.NewOrder(
        cause_key=f"channel:{channel.code}:{row.external_id}",
        channel=channel.code,
        market=channel.market,
        language=channel.market.languages[0],
        ship_to={"country": channel.country, "held_by": channel.code},
        country=channel.country,
        currency=payload["currency"],
        lines=[
            orders.NewLine(
                variant=one.variant,
                name=sold["title"] or line.sku,
                discount=one.discount,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax=line.goods_tax,
                tax_rate=line.tax_rate,
            )
            for sold, one, line in zip(payload["lines"], wanted, quote.lines, strict=True)
        ],
        goods=quote.goods,
        shipping=quote.shipping,
        tax=quote.tax,
        tax_included=True,
        tax_in_prices=quote.tax_in_prices,
        duty=quote.duty,
        fees=quote.fees,
        total=quote.total,
        quote=answer_json(quote, book) | {"tax_included": True},
        warehouses=_warehouses(channel),
        expires_at=None,
        actor=channel.code,
    )


def _cost(
    channel: SalesChannel, wanted: Sequence[Wanted], *, shipping: Decimal, currency: str
) -> tuple[LandedCost, RuleBook]:
    """Return what a sale on the marketplace is made of. It is paid already: its prices contain everything.

    :raises GoodsRefused, CannotQuote: the rules forbid it, or cannot tell.
    """
    places = {place.id: place for place in stock.places_for(destination=channel.country, among=_warehouses(channel))}
    if not places:
        raise CannotQuote(f"No warehouse of {channel.code} may send to {channel.country}.")
    first = next(iter(places.values()))
    today = timezone.localdate()
    seller = channel.market.seller
    return cost_of(
        Request(
            country=channel.country,
            on=today,
            currency=currency,
            consignments=consignments(
                wanted,
                [Sending(first, tuple((number, one.quantity) for number, one in enumerate(wanted)))],
                shipping=shipping,
                currency=currency,
                seller_country=seller.country if seller else first.country,
                registrations=registrations(seller_id=channel.market.seller_id, on=today),
                route=MARKETPLACE_ROUTES.get(channel.country, ""),
            ),
            prices_include_tax=True,
            fx=ReferenceRates(today),
            settled=True,
        )
    )


def _warehouses(channel: SalesChannel) -> list[int]:
    """Return the channel's warehouses: those that serve its market first, in the market's order."""
    allowed = list(channel.warehouses.order_by("id").values_list("id", flat=True))
    preferred = [one for one in crossborder.warehouse_ids(channel.market) if one in allowed]
    return preferred + [one for one in allowed if one not in preferred]
