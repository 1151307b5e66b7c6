"""Trades of TOP as neutral orders: which fields to ask for, and how to read the answers."""

from decimal import Decimal
from typing import Any

from shop.channels.adapters.errors import ContractViolation
from shop.channels.adapters.redaction import redact
from shop.channels.adapters.tmall import parse, status
from shop.channels.adapters.types import (
    ChannelOrder,
    Cursor,
    ListingRef,
    Money,
    OrderLine,
    OrderPage,
    OrderStatus,
    OrderStub,
    OrderTotals,
    ShipTo,
    TaxCollector,
    TaxLine,
)

LIST_FIELDS = "tid,status,type,modified"

# Only requested fields come back, and a forgotten one is missing without a word. The receiver's name, address and
# phones with `created` are what makes the platform add the address token.
TRADE_FIELDS = (
    "tid,status,type,created,pay_time,modified,end_time,consign_time,"
    "payment,post_fee,total_fee,discount_fee,adjust_fee,received_payment,order_tax_fee,"
    "step_trade_status,step_paid_fee,shipping_type,seller_flag,seller_memo,buyer_message,buyer_open_uid,"
    "cross_bonded_declare,post_gate_declare,top_hold,forbid_consign,team_buy_hold,share_group_hold,ofp_hold,"
    "oaid,receiver_name,receiver_state,receiver_city,receiver_district,receiver_town,receiver_address,"
    "receiver_zip,receiver_mobile,receiver_phone,receiver_country,orders"
)

# Without this list the platform returns five types only, and leaves out every order of a cross-border shop.
TRADE_TYPES = (
    "fixed,auction,guarantee_trade,step,independent_simple_trade,independent_shop_trade,auto_delivery,ec,cod,"
    "game_equipment,shopex_trade,netcn_trade,external_trade,instant_trade,b2c_cod,hotel_trade,"
    "super_market_trade,super_market_cod_trade,taohua,waimai,o2o_offlinetrade,nopaid,eticket,tmall_i18n,"
    "insurance_plus,finance,pre_auth_type,lazada"
)

_HOLD_FIELDS = ("top_hold", "forbid_consign", "team_buy_hold", "share_group_hold", "ofp_hold")
_ZERO = Money(Decimal("0.00"), parse.CURRENCY)


def read_page(body: parse.Record, *, cursor: Cursor, page_size: int) -> OrderPage:
    """One page of the increment list. Raises ContractViolation where the list is missing without a reason."""
    trades = parse.explained_list(body, "trades", "trade", skipped=(cursor.page - 1) * page_size)
    return OrderPage(
        cursor=cursor,
        orders=tuple(OrderStub(parse.identity(trade, "tid"), parse.moment(trade, "modified")) for trade in trades),
        total=parse.optional_integer(body, "total_results"),
        has_next=parse.optional_flag(body, "has_next"),
    )


def read_trade(trade: dict[str, Any], *, account: str) -> ChannelOrder:
    """A complete trade as a neutral order. Raises ContractViolation where a needed field is missing or malformed."""
    raw_status = parse.optional_text(trade, "status")
    step = parse.optional_text(trade, "step_trade_status")
    held = any(parse.optional_integer(trade, name) for name in _HOLD_FIELDS)
    before_lines = status.trade_status(raw_status, step=step, held=held)
    paid_at = parse.optional_moment(trade, "pay_time")
    sub_orders = parse.wrapped_list(trade, "orders", "order")
    if not sub_orders:
        raise ContractViolation("The platform sent an order without lines.")
    lines = tuple(
        _read_line(entry, account=account, trade=before_lines, step=step, paid=paid_at is not None)
        for entry in sub_orders
    )
    if len({line.external_id for line in lines}) != len(lines):
        raise ContractViolation("The platform sent the same order line twice.")
    return ChannelOrder(
        account=account,
        external_id=parse.identity(trade, "tid"),
        kind=parse.optional_text(trade, "type"),
        raw_status=raw_status,
        status=status.status_after_lines(before_lines, (line.status for line in lines)),
        claim=status.strongest(line.claim for line in lines),
        created_at=parse.moment(trade, "created"),
        modified_at=parse.moment(trade, "modified"),
        paid_at=paid_at,
        lines=lines,
        totals=OrderTotals(
            paid=parse.yuan(trade, "payment"),
            goods=parse.optional_yuan(trade, "total_fee"),
            postage=parse.optional_yuan(trade, "post_fee"),
            discount=parse.optional_yuan(trade, "discount_fee"),
            adjustment=parse.optional_yuan(trade, "adjust_fee"),
            received=parse.optional_yuan(trade, "received_payment"),
        ),
        tax_lines=_tax_lines(trade),
        address_token=parse.optional_text(trade, "oaid"),
        ship_to=_ship_to(trade),
        raw=redact(trade),
    )


def _read_line(entry: dict[str, Any], *, account: str, trade: OrderStatus, step: str, paid: bool) -> OrderLine:
    raw_status = parse.optional_text(entry, "status")
    raw_refund = parse.optional_text(entry, "refund_status")
    refund = status.refund_state(raw_refund)
    line_status = status.line_status(raw_status, refund=refund, trade=trade)
    quantity = parse.integer(entry, "num")
    if quantity < 1:
        raise ContractViolation("The platform sent an order line without units.")
    # An item without SKUs carries our code on the item itself.
    seller_sku = parse.optional_text(entry, "outer_sku_id") or parse.optional_text(entry, "outer_iid")
    discounts = (parse.optional_yuan(entry, name) or _ZERO for name in ("discount_fee", "part_mjz_discount"))
    return OrderLine(
        external_id=parse.identity(entry, "oid"),
        seller_sku=seller_sku,
        ref=ListingRef(
            account=account,
            item_id=parse.optional_identity(entry, "num_iid") or "",
            sku_id=parse.optional_identity(entry, "sku_id"),
            seller_sku=seller_sku,
        ),
        title=parse.optional_text(entry, "title"),
        quantity=quantity,
        unit_price=parse.yuan(entry, "price"),
        discount=Money(sum((part.amount for part in discounts), Decimal(0)), parse.CURRENCY),
        adjustment=parse.optional_yuan(entry, "adjust_fee") or _ZERO,
        tax=parse.optional_yuan(entry, "sub_order_tax_fee") or _ZERO,
        paid=parse.optional_yuan(entry, "divide_order_fee"),
        status=line_status,
        raw_status=raw_status,
        claim=status.claim_of(line_status, raw=raw_status, step=step, refund=refund, paid=paid),
        refund_state=refund,
        raw_refund_status=raw_refund,
        refund_id=parse.optional_text(entry, "refund_id"),
        tracking=parse.optional_text(entry, "invoice_no"),
        oversold=parse.optional_flag(entry, "is_oversold") is True,
    )


def _tax_lines(trade: parse.Record) -> tuple[TaxLine, ...]:
    """Import tax of a cross-border order, which the platform collects and pays over itself."""
    tax = parse.optional_yuan(trade, "order_tax_fee")
    if tax is None or not tax.amount:
        return ()
    return (TaxLine(name="import tax", amount=tax, collector=TaxCollector.CHANNEL),)


def _ship_to(trade: parse.Record) -> ShipTo:
    return ShipTo(
        country=parse.optional_text(trade, "receiver_country"),
        state=parse.optional_text(trade, "receiver_state"),
        city=parse.optional_text(trade, "receiver_city"),
        district=parse.optional_text(trade, "receiver_district"),
        town=parse.optional_text(trade, "receiver_town"),
        street=parse.optional_text(trade, "receiver_address"),
        postcode=parse.optional_text(trade, "receiver_zip"),
        name=parse.optional_text(trade, "receiver_name"),
        mobile=parse.optional_text(trade, "receiver_mobile"),
        phone=parse.optional_text(trade, "receiver_phone"),
    )
