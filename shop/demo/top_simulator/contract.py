"""The methods on offer: their parameters, which of them are required, and the fields an answer may carry.

The tables restate the platform's published method metadata, and the tests compare them with it. The simulator is
stricter than the platform in one respect: an undeclared parameter is refused instead of ignored, so that a misspelt
name cannot pass unseen.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.demo.top_simulator.clock import from_wire
from shop.demo.top_simulator.envelope import TopError

COMMON_PARAMETERS = frozenset(
    {
        "method",
        "app_key",
        "session",
        "timestamp",
        "v",
        "sign_method",
        "sign",
        "format",
        "simplify",
        "target_app_key",
        "partner_id",
    }
)
JSON_TYPES = frozenset({"UpdateSkuQuantity[]", "UpdateItemQuantityOption"})
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}")
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Parameter:
    """One business parameter: its type as the metadata spells it, and whether it must be there."""

    type: str
    required: bool


@dataclass(frozen=True)
class Contract:
    """What a method takes. `writes` marks those that change something (POST only, need a write token)."""

    parameters: Mapping[str, Parameter]
    writes: bool = False
    needs_session: bool = True


def _table(text: str) -> dict[str, Parameter]:
    table = {}
    for entry in text.split():
        name, _, kind = entry.partition(":")
        table[name] = Parameter(type=kind.rstrip("*"), required=kind.endswith("*"))
    return table


_ITEM_FILTERS = "q:String cid:Number seller_cids:String page_no:Number page_size:Number order_by:String"
_TRADE_PAGING = "page_no:Number page_size:Number use_has_next:Boolean"

CONTRACTS: dict[str, Contract] = {
    "taobao.time.get": Contract(_table(""), needs_session=False),
    "taobao.user.seller.get": Contract(_table("fields:String[]*")),
    "taobao.items.onsale.get": Contract(
        _table(
            f"fields:String* {_ITEM_FILTERS} has_discount:Boolean has_showcase:Boolean is_taobao:Boolean is_ex:Boolean "
            "start_modified:Date end_modified:Date is_cspu:Boolean is_combine:Boolean auction_type:String"
        )
    ),
    "taobao.items.inventory.get": Contract(
        _table(
            f"fields:String* {_ITEM_FILTERS} has_discount:Boolean is_taobao:Boolean is_ex:Boolean banner:String "
            "start_modified:Date end_modified:Date auction_type:String"
        )
    ),
    "taobao.item.seller.get": Contract(_table("fields:String* num_iid:Number*")),
    "taobao.items.seller.list.get": Contract(_table("fields:String* num_iids:String[]*")),
    "taobao.item.skus.get": Contract(_table("fields:String[]* num_iids:String*")),
    "taobao.skus.custom.get": Contract(_table("fields:String* outer_id:String*")),
    "taobao.item.quantity.update": Contract(
        _table("num_iid:Number* sku_id:Number outer_id:String quantity:Number* type:Number"), writes=True
    ),
    "taobao.skus.quantity.update": Contract(
        _table("num_iid:Number* skuid_quantities:String outerid_quantities:String type:Number"), writes=True
    ),
    "tmall.item.quantity.update": Contract(
        _table(
            "item_id:Number* item_quantity:Number sku_quantities:UpdateSkuQuantity[] options:UpdateItemQuantityOption"
        ),
        writes=True,
    ),
    "taobao.trades.sold.get": Contract(
        _table(
            "fields:String* start_created:Date end_created:Date status:String buyer_nick:String type:String "
            f"ext_type:String rate_status:String tag:String {_TRADE_PAGING} buyer_open_id:String"
        )
    ),
    "taobao.trades.sold.increment.get": Contract(
        _table(
            "fields:String* start_modified:Date* end_modified:Date* status:String type:String buyer_nick:String "
            f"ext_type:String tag:String {_TRADE_PAGING} buyer_open_uid:String"
        )
    ),
    "taobao.trade.fullinfo.get": Contract(_table("fields:String* tid:Number* include_oaid:String")),
    "taobao.logistics.offline.send": Contract(
        _table(
            "cancel_id:Number company_code:String* feature:String is_split:Number out_sid:String* seller_ip:String "
            "sender_id:Number sub_tid:Number[] tid:Number*"
        ),
        writes=True,
    ),
    "taobao.trade.close": Contract(_table("tid:Number* close_reason:String*"), writes=True),
}


def is_number(text: str) -> bool:
    """Whether a text is a whole number of the platform: ASCII digits, at most 64 bits with the sign."""
    return _WHOLE_NUMBER.fullmatch(text) is not None and abs(int(text)) <= LARGEST_NUMBER


def _well_formed(value: str, kind: str) -> bool:
    if kind == "Number":
        return is_number(value)
    if kind == "Number[]":
        return all(is_number(part) for part in value.split(","))
    if kind == "Boolean":
        return value in {"true", "false"}
    try:
        if kind == "Date":
            from_wire(value)
        elif kind in JSON_TYPES:
            return isinstance(json.loads(value), list if kind.endswith("[]") else dict)
    except (ValueError, RecursionError):
        return False
    return True


def check_arguments(method: str, params: Mapping[str, str]) -> dict[str, str]:
    """The business arguments of a call, empty ones dropped.

    Raises TopError 40 for a missing required argument, 41 for an undeclared or malformed one.
    """
    table = CONTRACTS[method].parameters
    arguments = {name: value for name, value in params.items() if name not in COMMON_PARAMETERS and value != ""}
    for name, parameter in table.items():
        if parameter.required and name not in arguments:
            raise TopError(40, f"isv.missing-parameter:{name}", f"The parameter {name} is required.")
    for name, value in arguments.items():
        if name not in table:
            raise TopError(41, f"isv.invalid-parameter:{name}", f"{method} declares no parameter {name}.")
        if not _well_formed(value, table[name].type):
            raise TopError(41, f"isv.invalid-parameter:{name}", f"{name} is not a {table[name].type}.")
    return arguments


def asked_fields(text: str) -> dict[str, set[str]]:
    """`fields` as top-level names, each with the nested names asked for (an empty set means all of them)."""
    asked: dict[str, set[str]] = {}
    whole: set[str] = set()
    for part in text.split(","):
        name, _, nested = part.strip().partition(".")
        if not name:
            continue
        children = asked.setdefault(name, set())
        if nested:
            children.add(nested)
        else:
            whole.add(name)
    for name in whole:
        asked[name] = set()
    return asked


def pick(row: Mapping[str, Any], asked: Mapping[str, set[str]]) -> dict[str, Any]:
    """Only the asked fields of a flat row; a field nobody asked for, or that does not exist, is silently missing."""
    return {name: value for name, value in row.items() if name in asked}


def pick_all_or(row: Mapping[str, Any], nested: set[str]) -> dict[str, Any]:
    """The nested names of a row, or the whole row when none was named."""
    return {name: value for name, value in row.items() if not nested or name in nested}
