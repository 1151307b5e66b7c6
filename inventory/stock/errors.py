"""What can go wrong with stock, by name."""

from dataclasses import dataclass


class StockError(Exception):
    """The base of all refusals by stock."""


@dataclass(frozen=True)
class Shortage:
    """A line that cannot be served: what was asked and what is left (units)."""

    item_id: int
    sku: str
    asked: int
    available: int


class OutOfStock(StockError):
    """Not every line can be served; nothing was held."""

    def __init__(self, shortages: list[Shortage]) -> None:
        self.shortages = shortages
        parts = (f"{line.sku}: {line.asked} asked, {line.available} left" for line in shortages)
        super().__init__("; ".join(parts))


class HoldNotActive(StockError):
    """The hold was released, expired, or taken another way before."""


class ClaimExceeded(StockError):
    """The change would claim more than there is, or take a quantity below zero; nothing was changed."""
