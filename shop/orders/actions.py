"""The verbs of an order's life: place, mark paid, expire. Each is safe to repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.numbering import next_number
from inventory.stock import actions as stock
from inventory.stock import queries as stock_queries
from inventory.stock.errors import HolderLimit, HoldNotActive, OutOfStock
from licensing.rights.may_sell import Decision, may_sell
from licensing.rights.models import AgreementVersion
from licensing.royalties import actions as royalties
from shop.catalogue.models import Variant
from shop.crossborder.models import BuyerIdentity, Market
from shop.orders import transitions
from shop.orders.models import Order, OrderEvent, OrderLine, OrderState

log = structlog.get_logger("vitrine.orders")


class NotLicensed(Exception):
    """Rights forbid the sale of some lines; nothing was held or written."""

    def __init__(self, denied: Sequence[Decision]) -> None:
        self.denied = list(denied)
        super().__init__("; ".join(f"{one.sku}: {', '.join(sorted(one.codes))}" for one in denied))


@dataclass(frozen=True)
class NewLine:
    """A line to be sold; money in the order's currency, ``tax`` on the goods of the whole line."""

    variant: Variant
    name: str
    quantity: int
    unit_price: Decimal
    tax: Decimal
    tax_rate: Decimal | None
    option: str = ""
    discount: Decimal = Decimal(0)


@dataclass(frozen=True)
class NewOrder:
    """Everything an order promises, frozen when it is placed."""

    cause_key: str
    channel: str
    language: str
    ship_to: dict[str, Any]
    country: str
    currency: str
    lines: Sequence[NewLine]
    goods: Decimal
    shipping: Decimal
    tax: Decimal
    tax_included: bool
    tax_in_prices: Decimal
    total: Decimal
    quote: dict[str, Any]
    warehouses: Sequence[int]
    expires_at: datetime | None
    market: Market | None = None
    email: str = ""
    user: User | None = None
    shipping_option: str = ""
    duty: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    due_on_delivery: Decimal = Decimal(0)
    identity: BuyerIdentity | None = None
    actor: str = "shopper"


@transaction.atomic
def place(new: NewOrder) -> Order:
    """Ask for the rights, hold the stock, write the order: all or nothing. The same ``cause_key`` returns the first.

    :raises NotLicensed: naming each SKU and the codes.
    :raises inventory.stock.errors.OutOfStock: naming each SKU and what is left.
    :raises inventory.stock.errors.HolderLimit: this shopper claims too much already.
    """
    standing = Order.objects.filter(cause_key=new.cause_key).first()
    if standing:
        return standing
    now = timezone.now()
    decisions = _ask_rights([line.variant.sku for line in new.lines], country=new.country, channel=new.channel)
    number = next_number("VT", sequence="order_number", year=now.year)
    demand: dict[int, int] = {}
    for line in new.lines:
        demand[line.variant.item_id] = demand.get(line.variant.item_id, 0) + line.quantity
    held = stock.hold(
        demand=demand,
        warehouses=stock_queries.warehouses_for(destination=new.country, among=new.warehouses),
        holder=_holder(new, number),
        cause=f"order:{number}",
        cause_key=f"order:{new.cause_key}",
        channel=new.channel,
        purpose=_purpose(new.channel),
        expires_at=new.expires_at,
        live_limit=settings.LIVE_HOLDS_PER_HOLDER if new.expires_at else 0,
        actor=new.actor,
    )
    order = Order.objects.create(
        number=number,
        cause_key=new.cause_key,
        channel=new.channel,
        market=new.market,
        language=new.language,
        user=new.user,
        email=new.email,
        ship_to=new.ship_to,
        country=new.country,
        currency=new.currency,
        goods=new.goods,
        shipping=new.shipping,
        tax=new.tax,
        tax_included=new.tax_included,
        tax_in_prices=new.tax_in_prices,
        duty=new.duty,
        fees=new.fees,
        due_on_delivery=new.due_on_delivery,
        total=new.total,
        shipping_option=new.shipping_option,
        quote=new.quote,
        identity=new.identity,
        hold=held,
        expires_at=new.expires_at,
    )
    versions = AgreementVersion.objects.select_related("agreement").in_bulk(
        {decision.version_id for decision in decisions.values() if decision.version_id}
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            variant=line.variant,
            sku=line.variant.sku,
            name=line.name[:250],
            option=line.option[:120],
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            amount=line.unit_price * line.quantity - line.discount,
            tax=line.tax,
            tax_rate=line.tax_rate,
            agreement_version=version,
            royalty_terms=royalties.freeze(version, channel=new.channel),
        )
        for position, line in enumerate(new.lines, start=1)
        for version in [versions[decisions[line.variant.sku].version_id or 0]]
    )
    OrderEvent.objects.create(order=order, to_state=order.state, actor=new.actor, cause=f"placed through {new.channel}")
    log.info("order placed", order=number, channel=new.channel, total=str(new.total), currency=new.currency)
    return order


def _holder(new: NewOrder, number: str) -> str:
    """Return who claims the stock: the account, else a digest of the e-mail address, else the order itself."""
    if new.user is not None:
        return f"user:{new.user.pk}"
    if new.email:
        return f"mail:{sha256(new.email.strip().lower().encode()).hexdigest()[:40]}"
    return f"order:{number}"


def _purpose(channel: str) -> str:
    """Return the ring-fence that a marketplace's orders may draw on; the shop's own site has the general stock."""
    return "" if channel == "web" else f"channel:{channel}"


def _ask_rights(skus: Sequence[str], *, country: str, channel: str) -> dict[str, Decision]:
    """Return the decision for each SKU; raise NotLicensed when one is denied today."""
    decisions = may_sell(skus=skus, ship_to=country, channel=channel, on=timezone.localdate())
    denied = [decision for decision in decisions.values() if not decision.allowed]
    if denied:
        raise NotLicensed(denied)
    return decisions


def _move(order: Order, to_state: str, *, actor: str, cause: str, **fields: Any) -> None:
    """Move a locked order and log the move."""
    transitions.check(order.number, order.state, to_state)
    OrderEvent.objects.create(order=order, from_state=order.state, to_state=to_state, actor=actor, cause=cause)
    order.state = to_state
    for name, value in fields.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *fields])
    log.info("order moved", order=order.number, to=to_state, cause=cause)


def _lock(order_id: UUID) -> Order:
    return Order.objects.select_for_update().get(id=order_id)


@transaction.atomic
def mark_paid(*, order_id: UUID, actor: str, cause: str, paid_at: datetime | None = None) -> Order:
    """The money is there: the hold becomes an allocation and royalties accrue under the frozen terms.

    When the hold is gone (payment came late) the units are taken anew if they are still there; if not, the order
    becomes *paid without stock*, which refunds itself. Repeating changes nothing.
    """
    order = _lock(order_id)
    if order.paid_at is not None:
        return order
    paid_at = paid_at or timezone.now()
    if order.state == OrderState.CANCELLED or not _allocate(order, actor=actor):
        _move(order, OrderState.PAID_WITHOUT_STOCK, actor=actor, cause=cause, paid_at=paid_at)
        log.error("paid without stock", order=order.number)
        return order
    _move(order, OrderState.PAID, actor=actor, cause=cause, paid_at=paid_at)
    for line in order.lines.all():
        _accrue(order, line, paid_at)
    return order


def _allocate(order: Order, *, actor: str) -> bool:
    if order.hold_id is None:
        return False
    try:
        stock.commit(hold_id=order.hold_id, actor=actor)
    except HoldNotActive:
        return _hold_again(order, actor=actor)
    return True


def _hold_again(order: Order, *, actor: str) -> bool:
    """The hold had expired: claim the same units from the same warehouses, if they are still free."""
    lines = order.hold.lines.select_related("balance") if order.hold else []
    demand: dict[int, int] = {}
    warehouses: dict[int, None] = {}
    for line in lines:
        demand[line.balance.item_id] = demand.get(line.balance.item_id, 0) + line.quantity
        warehouses[line.balance.warehouse_id] = None
    try:
        order.hold = stock.hold(
            demand=demand,
            warehouses=list(warehouses),
            holder=order.hold.holder if order.hold else f"order:{order.number}",
            cause=f"order:{order.number}",
            cause_key=f"order:{order.cause_key}:late",
            channel=order.channel,
            purpose=_purpose(order.channel),
            expires_at=None,
            actor=actor,
        )
    except (OutOfStock, HolderLimit):
        return False
    order.save(update_fields=["hold"])
    stock.commit(hold_id=order.hold.id, actor=actor)
    return True


def _accrue(order: Order, line: OrderLine, paid_at: datetime) -> None:
    if line.royalty_terms is None:
        return
    royalties.accrue(
        royalties.Sale(
            source=f"order:{order.number}/{line.position}",
            sku=line.sku,
            quantity=line.quantity,
            territory=order.country,
            channel=order.channel,
            sold_on=timezone.localdate(paid_at),
            currency=order.currency,
            gross=line.amount,
            tax=line.tax if order.tax_included else Decimal(0),
            frozen=line.royalty_terms,
        )
    )


@transaction.atomic
def cancel_unpaid(*, order_id: UUID, actor: str, cause: str) -> Order:
    """Give up an order that nobody paid: its units go back. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: it is paid or shipped.
    """
    order = _lock(order_id)
    if order.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
        return order
    _move(order, OrderState.CANCELLED, actor=actor, cause=cause)
    _give_back(order)
    return order


@transaction.atomic
def mark_shipped(*, order_id: UUID, actor: str, cause: str) -> Order:
    """The parcel has left: the allocation leaves the stock on hand. Repeating changes nothing.

    :raises shop.orders.transitions.IllegalTransition: the order is not paid.
    :raises NotLicensed: the right to sell was withdrawn since; somebody must decide.
    """
    order = _lock(order_id)
    if order.state == OrderState.SHIPPED:
        return order
    _ask_rights([line.sku for line in order.lines.all()], country=order.country, channel=order.channel)
    _move(order, OrderState.SHIPPED, actor=actor, cause=cause)
    if order.hold_id:
        stock.ship(hold_id=order.hold_id, actor=actor)
    return order


@transaction.atomic
def mark_refunded(*, order_id: UUID, actor: str, cause: str) -> Order:
    """The money went back in full: allocated units return and royalties reverse. Repeating changes nothing."""
    order = _lock(order_id)
    if order.state == OrderState.REFUNDED:
        return order
    was_paid = order.state == OrderState.PAID
    _move(order, OrderState.REFUNDED, actor=actor, cause=cause)
    if was_paid:
        if order.hold_id:
            stock.cancel(hold_id=order.hold_id, actor=actor)
        royalties.reverse_source(prefix=f"order:{order.number}/", cause=cause, on=timezone.localdate())
    return order


def _give_back(order: Order) -> None:
    if order.hold_id is None:
        return
    try:
        stock.release(hold_id=order.hold_id, actor="orders")
    except HoldNotActive:
        # The stock sweeper was here first: the units are back already.
        log.info("hold was over before", order=order.number)


def expire_unpaid(*, limit: int = 100) -> int:
    """Expire orders whose payment window is over and give their units back; return how many. Any number may run.

    One transaction an order: balances are locked in key order within one, which two orders together would break.
    """
    done = 0
    while done < limit and _expire_one():
        done += 1
    return done


@transaction.atomic
def _expire_one() -> bool:
    order = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(state=OrderState.AWAITING_PAYMENT, expires_at__lte=timezone.now())
        .order_by("expires_at")
        .first()
    )
    if order is None:
        return False
    _move(order, OrderState.EXPIRED, actor="sweeper", cause="the payment window is over")
    _give_back(order)
    return True
