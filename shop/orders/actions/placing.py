"""Placing: rights asked, stock held, the order written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from config.numbering import next_number
from inventory.stock import actions as stock
from inventory.stock import queries as stock_queries
from licensing.rights.may_sell import Decision
from licensing.rights.models import AgreementVersion
from licensing.royalties import actions as royalties
from shop.catalogue.models import Variant
from shop.crossborder.models import BuyerIdentity, Market
from shop.orders import mails
from shop.orders.actions.rights import NotLicensed, ask_rights
from shop.orders.models import Order, OrderEvent, OrderLine

log = structlog.get_logger("vitrine.orders")


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
    gift_wrap: bool = False
    gift_wrap_amount: Decimal = Decimal(0)
    gift_message: str = ""
    note: str = ""
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
    decisions = ask_rights([line.variant.sku for line in new.lines], country=new.country, channel=new.channel)
    ranked = stock_queries.warehouses_for(destination=new.country, among=new.warehouses)
    return write(new, decisions=decisions, warehouses=ranked)


def write(
    new: NewOrder, *, decisions: Mapping[str, Decision], warehouses: Sequence[int], gives_up: bool = False
) -> Order:
    """Hold the stock and write the order, inside the caller's transaction in which rights were asked (``decisions``).

    ``warehouses`` are those that may ship there, the best first; ``gives_up`` as :func:`inventory.stock.actions.hold`.

    :raises NotLicensed, inventory.stock.errors.OutOfStock, inventory.stock.errors.HolderLimit: as :func:`place`.
    :raises django.db.IntegrityError: an order of this cause stands.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An order is written inside a transaction.")
    if denied := [one for one in decisions.values() if not one.allowed]:
        raise NotLicensed(denied)
    now = timezone.now()
    number = next_number("VT", sequence="order_number", year=now.year)
    demand: dict[int, int] = {}
    for line in new.lines:
        demand[line.variant.item_id] = demand.get(line.variant.item_id, 0) + line.quantity
    held = stock.hold(
        demand=demand,
        warehouses=warehouses,
        holder=_holder(new, number),
        cause=f"order:{number}",
        cause_key=f"order:{new.cause_key}",
        channel=new.channel,
        purpose=purpose_of(new.channel),
        expires_at=new.expires_at,
        live_limit=settings.LIVE_HOLDS_PER_HOLDER if new.expires_at else 0,
        actor=new.actor,
        gives_up=gives_up,
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
        gift_wrap=new.gift_wrap,
        gift_wrap_amount=new.gift_wrap_amount,
        gift_message=new.gift_message,
        note=new.note,
        quote=new.quote,
        identity=new.identity,
        hold=held,
        expires_at=new.expires_at,
    )
    versions = AgreementVersion.objects.select_related("agreement").in_bulk(
        {decision.version_id for decision in decisions.values() if decision.version_id}
    )
    lines = OrderLine.objects.bulk_create(
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
    mails.placed(order, lines)
    log.info("order placed", order=number, channel=new.channel, total=str(new.total), currency=new.currency)
    return order


def _holder(new: NewOrder, number: str) -> str:
    """Return who claims the stock: the account, else a digest of the e-mail address, else the order itself."""
    if new.user is not None:
        return f"user:{new.user.pk}"
    if new.email:
        return f"mail:{sha256(new.email.strip().lower().encode()).hexdigest()[:40]}"
    return f"order:{number}"


def purpose_of(channel: str) -> str:
    """Return the ring-fence that a marketplace's orders may draw on; the shop's own site has the general stock."""
    return "" if channel == "web" else f"channel:{channel}"
