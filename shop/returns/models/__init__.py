"""The tables of returns."""

from shop.returns.models.excepted import ExceptedGoods
from shop.returns.models.requests import (
    ReturnClaim,
    ReturnEvent,
    ReturnKind,
    ReturnLine,
    ReturnReason,
    ReturnRequest,
    ReturnState,
)
from shop.returns.models.statements import WithdrawalStatement
from shop.returns.models.warehouse import ReturnAddress, UnexpectedUnits

__all__ = [
    "ExceptedGoods",
    "ReturnAddress",
    "ReturnClaim",
    "ReturnEvent",
    "ReturnKind",
    "ReturnLine",
    "ReturnReason",
    "ReturnRequest",
    "ReturnState",
    "UnexpectedUnits",
    "WithdrawalStatement",
]
