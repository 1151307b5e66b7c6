"""A filing's messages as a person may see them: indented, with the identity masked; nothing is read that is secret."""

from lxml import etree

from shop.crossborder.china import codes, elements, payloads
from shop.crossborder.china.elements import Elements
from shop.crossborder.models import CustomsFiling

MASK = "••••••••••••••••••"
PERSON = {"buyerName": "buyerIdNumber", "payerName": "payerIdNumber"}
NAMES = {"order": "CEB311", "payment": "CEB411", "logistics": "CEB511"}


def _block(parent: etree._Element, block: str, values: Elements) -> None:
    node = etree.SubElement(parent, block)
    for field in codes.fields(block):
        masked = field.element in PERSON or field.element in PERSON.values()
        text = MASK if masked else values.get(field.element)
        if text:
            etree.SubElement(node, field.element).text = text


def messages(filing: CustomsFiling) -> list[tuple[str, str]]:
    """Return (name, text) of each message that the filing holds, without what is added when it is sent."""
    found = []
    payload = filing.payload
    for kind, name in NAMES.items():
        if kind not in payload:
            continue
        root = etree.Element(name)
        if kind == "order":
            order = payloads.to_order(payload["order"])
            _block(root, "OrderHead", elements.order(order, payloads.to_payment(payload["payment"])))
            for position, line in enumerate(order.items, start=1):
                _block(root, "OrderList", elements.item(line, position=position, currency=order.currency))
        elif kind == "payment":
            _block(root, "PaymentHead", elements.payment(payloads.to_payment(payload["payment"])))
        else:
            _block(root, "LogisticsHead", elements.logistics(payloads.to_logistics(payload["logistics"])))
        found.append((name, etree.tostring(root, encoding="unicode", pretty_print=True)))
    return found
