"""Which sub-orders a parcel covers, and whether the platform already knows of it."""

from shop.channels.adapters.errors import AlreadyDone, InvalidRequest, Stale
from shop.channels.adapters.tmall.status import CANCELLED, GONE_OUT
from shop.channels.adapters.tmall.transport import Value
from shop.channels.adapters.types import ChannelOrder, OrderLine, OrderStatus, ShipmentNotice

METHOD = "taobao.logistics.offline.send"


def wanted_lines(order: ChannelOrder, notice: ShipmentNotice) -> list[OrderLine]:
    """The lines the notice names, or all that were not cancelled. Raises InvalidRequest on a line that cannot be.

    The platform ships whole sub-orders only, so a part of a line's units cannot be reported.
    """
    if not notice.lines:
        return [line for line in order.lines if line.status not in CANCELLED]
    by_id = {line.external_id: line for line in order.lines}
    wanted = []
    for asked in notice.lines:
        line = by_id.get(asked.line_id)
        if line is None:
            raise InvalidRequest("The shipment names a line that the order does not have.")
        if asked.quantity != line.quantity:
            raise InvalidRequest("Tmall ships whole order lines only, not a part of a line's units.")
        wanted.append(line)
    return wanted


def is_known(lines: list[OrderLine], notice: ShipmentNotice) -> bool:
    """True when every line has left with this very waybill."""
    return bool(lines) and all(line.status in GONE_OUT and line.tracking == notice.tracking for line in lines)


def lines_to_send(order: ChannelOrder, notice: ShipmentNotice) -> list[OrderLine]:
    """The lines to report now.

    Lines that left earlier with this waybill are passed over, so a repeated notice sends only what is missing.
    Raises AlreadyDone when the lines left with another waybill, Stale when one of them must not be shipped.
    """
    lines = [line for line in wanted_lines(order, notice) if not is_known([line], notice)]
    left = [line for line in lines if line.status in GONE_OUT]
    if left and (notice.lines or len(left) == len(lines)):
        raise AlreadyDone("The order left with another waybill already.")
    lines = [line for line in lines if line not in left]
    blocked = [line for line in lines if line.status is not OrderStatus.TO_SHIP]
    if blocked or not lines:
        states = ", ".join(sorted({line.status.value for line in blocked})) or order.status.value
        raise Stale(f"The order cannot be shipped now (state {states}); read it again.")
    return lines


def build_params(order: ChannelOrder, lines: list[OrderLine], notice: ShipmentNotice) -> dict[str, Value | None]:
    """The business parameters; sub-orders are named only when the parcel does not hold the whole order."""
    params: dict[str, Value | None] = {
        "tid": order.external_id,
        "out_sid": notice.tracking,
        "company_code": notice.carrier_code,
    }
    if len(lines) < len(order.lines):
        params["sub_tid"] = ",".join(line.external_id for line in lines)
        params["is_split"] = 1
    return params
