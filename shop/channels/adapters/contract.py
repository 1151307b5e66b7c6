"""The interface every marketplace adapter fulfils."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shop.channels.adapters.types import (
    Capabilities,
    ChannelOrder,
    ConnectionReport,
    ListingRef,
    ListingState,
    PushResult,
    ShipmentNotice,
    ShipResult,
    StockTarget,
)


class ChannelAdapter(Protocol):
    """One seller account on one marketplace. No database, no queue; every method may raise a ChannelError."""

    @property
    def capabilities(self) -> Capabilities: ...

    def verify_connection(self) -> ConnectionReport:
        """Say who we are there; raises AuthExpired, AuthMisconfigured or ClockSkew when we are nobody."""

    def list_listings(self) -> list[ListingState]:
        """Every listing of the shop, on sale or not.

        A listing may move between lists while they are read: confirm with `read_stock` before calling one gone.
        """

    def read_stock(self, refs: Sequence[ListingRef]) -> list[ListingState]:
        """The state of each listing, in the order asked; one that no longer exists comes back as GONE."""

    def push_stock(self, targets: Sequence[StockTarget]) -> list[PushResult]:
        """Set absolute quantities; one result per target in the order given. Refusals are results, not exceptions."""

    def poll_orders(self, window_start: datetime, window_end: datetime) -> list[ChannelOrder]:
        """Every order modified in the window, oldest modification first: complete, or an exception."""

    def get_order(self, external_id: str) -> ChannelOrder:
        """One order, complete."""

    def confirm_shipment(self, notice: ShipmentNotice) -> ShipResult:
        """Tell the buyer's platform that a parcel left; safe to repeat with the same notice."""
