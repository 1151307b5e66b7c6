"""Reading what comes in: XML without entities or document types, one of three messages, checked against the schema."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from lxml import etree

from shop.demo.customs_simulator.refusal import Refused

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
# Message → kind, head, and the elements that name the company and the document.
MESSAGES = {
    "CEB311Message": ("order", "OrderHead", "ebpCode", "orderNo"),
    "CEB411Message": ("payment", "PaymentHead", "payCode", "payTransactionId"),
    "CEB511Message": ("logistics", "LogisticsHead", "logisticsCode", "logisticsNo"),
}

_LOCK = Lock()


@dataclass(frozen=True)
class Message:
    """One message: the head's elements by name, the lines of an order, and the schema's complaint, if any."""

    kind: str
    guid: str
    company: str
    number: str
    head: dict[str, str]
    lines: tuple[dict[str, str], ...]
    complaint: str


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(__file__).with_name("ceb.xsd"))))


def _complaint(root: etree._Element) -> str:
    """The schema's first complaint, or nothing. A schema remembers its last errors: one thread at a time."""
    with _LOCK:
        try:
            _schema().assertValid(root)
        except etree.DocumentInvalid as error:
            return str(error).replace(f"{{{NAMESPACE}}}", "")
    return ""


def _texts(node: etree._Element) -> dict[str, str]:
    return {etree.QName(child).localname: child.text or "" for child in node if isinstance(child.tag, str)}


def read(body: bytes) -> Message:
    """Return the message. Raises Refused when it cannot even be answered: no XML, no message, no id or number."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise Refused("The body is not XML.", code="not_xml") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("A document type is not allowed.", code="not_xml")
    name = etree.QName(root)
    known = MESSAGES.get(name.localname)
    if name.namespace != NAMESPACE or known is None:
        raise Refused("This is no message that is taken here.", code="unknown_message")
    kind, head_name, company, number = known
    head_node = root.find(f".//{{{NAMESPACE}}}{head_name}")
    head = _texts(head_node) if head_node is not None else {}
    if not (head.get("guid") and head.get(company) and head.get(number)):
        raise Refused("Without id, company code and number nobody can be answered.", code="no_number")
    complaint = _complaint(root)
    if not complaint and root.get("guid") != head["guid"]:
        complaint = "The message's id is not its head's."
    return Message(
        kind=kind,
        guid=head["guid"],
        company=head[company],
        number=head[number],
        head=head,
        lines=tuple(_texts(node) for node in root.iter(f"{{{NAMESPACE}}}OrderList")),
        complaint=complaint,
    )
