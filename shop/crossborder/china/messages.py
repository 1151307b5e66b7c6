"""CEB311, CEB411 and CEB511: the three messages as compact XML. Pure: no clock, no network.

Nothing is signed here: the E-port's client or the broker adds the card's signature on the way.
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from shop.crossborder.china import codes, elements, validation
from shop.crossborder.china.documents import (
    Fault,
    Identity,
    InvalidFiling,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
    Stamp,
    Transfer,
)
from shop.crossborder.china.elements import Elements

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
VERSION = "1.0"

Block = tuple[str, Elements]


def order_message(
    document: OrderDocument, *, payment: PaymentDocument | None, buyer: Identity, stamp: Stamp, transfer: Transfer
) -> bytes:
    """Return CEB311 (UTF-8). :raises InvalidFiling: an element breaks its format, or the identity is none."""
    head = {**elements.head(stamp), **elements.order(document, payment), **elements.buyer(buyer)}
    lines = [
        ("OrderList", elements.item(line, position=position, currency=document.currency))
        for position, line in enumerate(document.items, start=1)
    ]
    faults = validation.identity_faults(buyer, "/order/buyer")
    return _message(
        "CEB311Message", "Order", [("OrderHead", head), *lines], stamp=stamp, transfer=transfer, faults=faults
    )


def payment_message(document: PaymentDocument, *, payer: Identity, stamp: Stamp, transfer: Transfer) -> bytes:
    """Return CEB411 (UTF-8). :raises InvalidFiling: an element breaks its format, or the identity is none."""
    head = {**elements.head(stamp), **elements.payment(document), **elements.payer(payer)}
    faults = validation.identity_faults(payer, "/payment/payer")
    return _message("CEB411Message", "Payment", [("PaymentHead", head)], stamp=stamp, transfer=transfer, faults=faults)


def logistics_message(document: LogisticsDocument, *, stamp: Stamp, transfer: Transfer) -> bytes:
    """Return CEB511 (UTF-8). :raises InvalidFiling: an element breaks its format."""
    head = {**elements.head(stamp), **elements.logistics(document)}
    return _message("CEB511Message", "Logistics", [("LogisticsHead", head)], stamp=stamp, transfer=transfer, faults=[])


def _message(
    name: str,
    business: str,
    blocks: Sequence[Block],
    *,
    stamp: Stamp,
    transfer: Transfer,
    faults: list[Fault],
) -> bytes:
    carrier = ("BaseTransfer", elements.transfer(transfer))
    for block, values in [*blocks, carrier]:
        faults = [*faults, *validation.block_faults(block, values, f"/{block}")]
    if faults:
        raise InvalidFiling(faults)
    root = etree.Element(_tag(name), {"guid": stamp.guid, "version": VERSION}, nsmap={"ceb": NAMESPACE})
    body = etree.SubElement(root, _tag(business))
    for block, values in blocks:
        _append(body, block, values)
    _append(root, *carrier)
    return DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _append(parent: etree._Element, block: str, values: Mapping[str, str]) -> None:
    """Add the block with its elements in the order of the specification; empty ones are left out."""
    node = etree.SubElement(parent, _tag(block))
    for field in codes.fields(block):
        if text := values.get(field.element):
            etree.SubElement(node, _tag(field.element)).text = text
