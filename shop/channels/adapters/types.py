"""Neutral words for listings, stock and orders, the same for every marketplace.

All instants are timezone-aware, all amounts are :class:`Money`, all ids are text (several platforms use ids above
2^53, which a browser would round).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shop.channels.adapters.errors import ChannelError


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in major units (yuan, pounds) of an ISO 4217 currency. Raises ValueError on a float or NaN."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError("An amount of money is a finite Decimal.")
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            raise ValueError("A currency is a three-letter ISO 4217 code in capitals.")


@dataclass(frozen=True, slots=True)
class ListingRef:
    """Where one sellable unit stands on a channel; `seller_sku` is our own code as the channel knows it."""

    account: str
    item_id: str
    seller_sku: str
    sku_id: str | None = None
    offer_id: str | None = None
    location_id: str | None = None


class ListingStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    GONE = "gone"
    LOCKED = "locked"
    PRESALE = "presale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ListingState:
    """What the channel shows for a listing at `observed_at`.

    `quantity` is what a shopper can buy there; `withheld` is what unpaid orders keep back where the channel tells it
    (None where it does not, or tells it only for several units together).
    """

    ref: ListingRef
    quantity: int | None
    withheld: int | None
    status: ListingStatus
    raw_status: str
    title: str
    price: Money | None
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class StockTarget:
    """The number a listing ought to show. `version` grows with every change of that number."""

    ref: ListingRef
    quantity: int
    version: int
    idempotency_key: str
    expected: int | None = None
    reason: str = ""


class PushOutcome(StrEnum):
    """What became of one stock target.

    APPLIED the channel shows it; ACCEPTED the channel will tell later; REJECTED this listing needs a person;
    STALE read again and recompute; RETRY not known to be applied, the desired number stands and may be sent again;
    UNKNOWN the answer could not be understood.
    """

    APPLIED = "applied"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"
    RETRY = "retry"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PushResult:
    ref: ListingRef
    version: int
    outcome: PushOutcome
    applied_quantity: int | None = None
    submission_id: str = ""
    error: ChannelError | None = None


class OrderStatus(StrEnum):
    """The life of an order or of a line; UNKNOWN is never shipped and goes to a person."""

    UNPAID = "unpaid"
    PAID_BLOCKED = "paid_blocked"
    TO_SHIP = "to_ship"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED_BEFORE_PAY = "cancelled_before_pay"
    CANCELLED_AFTER_PAY = "cancelled_after_pay"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """LIVE: a refund is being argued, do not ship. DONE: money is back with the buyer. CLOSED: withdrawn."""

    NONE = "none"
    LIVE = "live"
    DONE = "done"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class StockClaim(StrEnum):
    """What an order takes from our stock: nothing, a soft hold (may lapse unpaid), or a hard hold (paid for)."""

    NONE = "none"
    SOFT = "soft"
    HARD = "hard"


class TaxCollector(StrEnum):
    SELLER = "seller"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class TaxLine:
    name: str
    amount: Money
    collector: TaxCollector


@dataclass(frozen=True, slots=True)
class ShipTo:
    """Where the parcel goes, as the channel shows it (often masked). Never printed, never logged."""

    country: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    district: str = field(default="", repr=False)
    town: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One sub-order. `discount` is the sum of reductions on the line, `adjustment` a price change by hand (signed).

    `paid` is what the buyer paid for the whole line after shared discounts, or None when the channel does not say.
    """

    external_id: str
    seller_sku: str
    ref: ListingRef
    title: str
    quantity: int
    unit_price: Money
    discount: Money
    adjustment: Money
    tax: Money
    paid: Money | None
    status: OrderStatus
    raw_status: str
    claim: StockClaim
    refund_state: RefundState
    raw_refund_status: str
    refund_id: str
    tracking: str
    oversold: bool


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """`paid` is what the buyer paid or owes for everything; the others explain it where the channel gives them."""

    paid: Money
    goods: Money | None
    postage: Money | None
    discount: Money | None
    adjustment: Money | None
    received: Money | None


@dataclass(frozen=True, slots=True)
class ChannelOrder:
    """An order as the channel tells it; `external_id` is unique within the account.

    `address_token` stands for the buyer's encrypted address; `raw` is the platform's own record with personal data
    and secrets taken out, safe to store beside the order.
    """

    account: str
    external_id: str
    kind: str
    raw_status: str
    status: OrderStatus
    claim: StockClaim
    created_at: datetime
    modified_at: datetime
    paid_at: datetime | None
    lines: tuple[OrderLine, ...]
    totals: OrderTotals
    tax_lines: tuple[TaxLine, ...]
    address_token: str = field(repr=False)
    ship_to: ShipTo = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def needs_attention(self) -> bool:
        """True when the order or one of its lines is in a state this program does not know."""
        return self.status is OrderStatus.UNKNOWN or any(
            line.status is OrderStatus.UNKNOWN or line.refund_state is RefundState.UNKNOWN for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order list: the window of modification times asked for, and the page in it (from 1)."""

    window_start: datetime
    window_end: datetime
    page: int = 1


@dataclass(frozen=True, slots=True)
class OrderStub:
    external_id: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a list; `total` or `has_next` is None when the platform does not tell it in this mode."""

    cursor: Cursor
    orders: tuple[OrderStub, ...]
    total: int | None
    has_next: bool | None


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentNotice:
    """A parcel handed to a carrier. No `lines` means everything in the order that is still to ship."""

    order_id: str
    package_ref: str
    carrier_code: str
    tracking: str
    shipped_at: datetime
    lines: tuple[ShipmentLine, ...] = ()


class ShipOutcome(StrEnum):
    CONFIRMED = "confirmed"
    ALREADY_CONFIRMED = "already_confirmed"


@dataclass(frozen=True, slots=True)
class ShipResult:
    order_id: str
    outcome: ShipOutcome


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """Who we are on the channel, and how far its clock runs ahead of ours."""

    seller_id: str
    seller_name: str
    clock_offset: timedelta


class PageDirection(StrEnum):
    FORWARDS = "forwards"
    BACKWARDS = "backwards"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can and cannot do, as plain facts the sync engine decides by."""

    kind: str
    max_items_per_push: int
    absolute_set: bool
    increment: bool
    compare_and_set: bool
    idempotency_key: bool
    async_apply: bool
    read_back: bool
    order_window_max: timedelta
    order_window_overlap: timedelta
    page_direction: PageDirection
    personal_data: str
    money_scale: int
    partial_shipment: bool
    push_messages: bool
