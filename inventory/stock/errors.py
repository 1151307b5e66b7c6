"""What can go wrong with stock, by name. After any of these nothing was changed."""

from collections.abc import Sequence
from dataclasses import dataclass


class StockError(Exception):
    """The base of all refusals by stock."""


class BadQuantity(StockError, ValueError):
    """A quantity is not a whole number between 1 and 1,000,000."""


class UnknownItem(StockError):
    """An item or SKU that nobody counts."""


class NotCounted(StockError):
    """A bundle lies in no warehouse; its components do."""


@dataclass(frozen=True)
class Shortage:
    """A line that cannot be served: what was asked and what is left (units)."""

    item_id: int
    sku: str
    asked: int
    available: int


class OutOfStock(StockError):
    """Not every line can be served; nothing was held."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = list(shortages)
        parts = (f"{line.sku}: {line.asked} asked, {line.available} left" for line in shortages)
        super().__init__("; ".join(parts))


class HolderLimit(StockError):
    """The holder would claim more units of an item, or have more live holds, than one holder may."""


class HoldNotActive(StockError):
    """The hold was released, expired, or taken another way before."""


class HoldExpired(HoldNotActive):
    """The hold's time is over; its units may be anybody's."""


class HoldUnknown(HoldNotActive):
    """There is no such hold."""


class ForeignHold(StockError):
    """The hold belongs to somebody else."""


class AlreadyShipped(HoldNotActive):
    """What has left cannot be cancelled: take it back as a return."""


class ClaimExceeded(StockError):
    """The change would claim more than there is, or take a quantity below zero."""


class FenceError(StockError):
    """A fence cannot take or give that many units, or is closed."""


class LotError(StockError):
    """A lot is unknown, of another item, recalled, or holds fewer units."""


class SheetError(StockError):
    """A count sheet cannot be applied; each row's trouble is named, with its line in the sheet (header = 1)."""

    def __init__(self, troubles: Sequence[tuple[int, str]]) -> None:
        self.troubles = list(troubles)
        super().__init__("; ".join(f"row {row}: {text}" if row else text for row, text in troubles))


class SheetRepeated(SheetError):
    """The very same sheet was applied before."""


class TransferError(StockError):
    """A transfer cannot be sent, received or closed like this."""


class StockBusy(StockError):
    """The database could not answer in time (restart, lock time-out, deadlock). Try again with the same cause key."""
