"""What TOP's trade and refund states mean for us. A state not in these tables is UNKNOWN and is never shipped."""

from collections.abc import Iterable

from shop.channels.adapters.types import OrderStatus, RefundState, StockClaim

_TRADE = {
    "TRADE_NO_CREATE_PAY": OrderStatus.UNPAID,
    "WAIT_BUYER_PAY": OrderStatus.UNPAID,
    "PAY_PENDING": OrderStatus.UNPAID,
    "WAIT_PRE_AUTH_CONFIRM": OrderStatus.UNPAID,
    "PAID_FORBID_CONSIGN": OrderStatus.PAID_BLOCKED,
    "WAIT_SELLER_SEND_GOODS": OrderStatus.TO_SHIP,
    "SELLER_CONSIGNED_PART": OrderStatus.PART_SHIPPED,
    "WAIT_BUYER_CONFIRM_GOODS": OrderStatus.SHIPPED,
    "TRADE_BUYER_SIGNED": OrderStatus.DELIVERED,
    "TRADE_FINISHED": OrderStatus.COMPLETED,
    "TRADE_CLOSED": OrderStatus.CANCELLED_AFTER_PAY,
    "TRADE_CLOSED_BY_TAOBAO": OrderStatus.CANCELLED_BEFORE_PAY,
}

_REFUND = {
    "": RefundState.NONE,
    "NO_REFUND": RefundState.NONE,
    "WAIT_SELLER_AGREE": RefundState.LIVE,
    "WAIT_BUYER_RETURN_GOODS": RefundState.LIVE,
    "WAIT_SELLER_CONFIRM_GOODS": RefundState.LIVE,
    # A refusal is not the end: the buyer may still ask the platform to decide.
    "SELLER_REFUSE_BUYER": RefundState.LIVE,
    "WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS": RefundState.LIVE,
    "EXCHANGE_TRANSFORM_TO_REFUND": RefundState.LIVE,
    "WAIT_SELLER_CONSIGN_GOODS": RefundState.LIVE,
    "SUCCESS": RefundState.DONE,
    "CLOSED": RefundState.CLOSED,
}

DEPOSIT_PAID = "FRONT_PAID_FINAL_NOPAID"
_STEP_UNPAID = ("FRONT_NOPAID_FINAL_NOPAID", DEPOSIT_PAID)
_STEP_SETTLED = ("", "FRONT_PAID_FINAL_PAID")

SHIPPABLE = (OrderStatus.TO_SHIP, OrderStatus.PART_SHIPPED)
GONE_OUT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED)
_OPEN = (OrderStatus.UNPAID, OrderStatus.PAID_BLOCKED, *SHIPPABLE)
CANCELLED = (OrderStatus.CANCELLED_BEFORE_PAY, OrderStatus.CANCELLED_AFTER_PAY)


def refund_state(raw: str) -> RefundState:
    return _REFUND.get(raw, RefundState.UNKNOWN)


def trade_status(raw: str, *, step: str, held: bool) -> OrderStatus:
    """The state of a trade before its lines are looked at.

    `step` is the state of a sale by deposit (empty for others): until the balance is paid nothing ships, whatever
    the trade's own state says. `held` is true when the platform itself keeps the parcel back.
    """
    status = _TRADE.get(raw, OrderStatus.UNKNOWN)
    if status not in _OPEN:
        return status
    if step in _STEP_UNPAID:
        return OrderStatus.UNPAID
    if step not in _STEP_SETTLED:
        return OrderStatus.UNKNOWN
    if held and status in SHIPPABLE:
        return OrderStatus.PAID_BLOCKED
    return status


def line_status(raw: str, *, refund: RefundState, trade: OrderStatus) -> OrderStatus:
    """The state of one sub-order: its own, unless its refund or the whole trade forbids shipping it."""
    status = _TRADE.get(raw, OrderStatus.UNKNOWN)
    if status in _OPEN and (trade is OrderStatus.UNKNOWN or trade in CANCELLED):
        return trade
    if status not in SHIPPABLE:
        return status
    if trade not in SHIPPABLE:
        return trade
    if refund is RefundState.UNKNOWN:
        return OrderStatus.UNKNOWN
    if refund in (RefundState.LIVE, RefundState.DONE):
        return OrderStatus.PAID_BLOCKED
    return status


def status_after_lines(trade: OrderStatus, lines: Iterable[OrderStatus]) -> OrderStatus:
    """A trade to ship of which no line may be shipped is itself blocked, or unknown where a line is unknown."""
    states = set(lines)
    if trade not in SHIPPABLE or not states.isdisjoint(SHIPPABLE):
        return trade
    for status in (OrderStatus.UNKNOWN, OrderStatus.PAID_BLOCKED):
        if status in states:
            return status
    return trade


def claim_of(status: OrderStatus, *, raw: str, step: str, refund: RefundState, paid: bool) -> StockClaim:
    """What a line takes from stock now.

    A paid deposit holds firmly although the order is unpaid. An unknown state keeps the goods until a person has
    looked. What has left, was cancelled or was refunded before shipping holds nothing.
    """
    match status:
        case OrderStatus.UNPAID if raw == "TRADE_NO_CREATE_PAY":
            return StockClaim.NONE
        case OrderStatus.UNPAID:
            return StockClaim.HARD if step == DEPOSIT_PAID else StockClaim.SOFT
        case OrderStatus.UNKNOWN:
            return StockClaim.HARD if paid else StockClaim.SOFT
        case OrderStatus.PAID_BLOCKED:
            return StockClaim.NONE if refund is RefundState.DONE else StockClaim.HARD
        case OrderStatus.TO_SHIP | OrderStatus.PART_SHIPPED:
            return StockClaim.HARD
        case _:
            return StockClaim.NONE


def strongest(claims: Iterable[StockClaim]) -> StockClaim:
    found = set(claims)
    for claim in (StockClaim.HARD, StockClaim.SOFT):
        if claim in found:
            return claim
    return StockClaim.NONE
