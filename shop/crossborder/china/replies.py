"""CEB312, CEB412, CEB512 and CEB514: what customs answers, read with suspicion. Pure: no clock, no network."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from shop.crossborder.china import codes
from shop.crossborder.china.codes import Outcome, ReplyCode
from shop.crossborder.china.documents import Kind
from shop.crossborder.china.elements import BEIJING
from shop.crossborder.china.messages import NAMESPACE

LARGEST = 512 * 1024  # bytes; a reply is a few hundred
LONGEST = {"guid": 36, "returnInfo": 2000}
CODE = re.compile(r"\[Code:([A-Z0-9-]{1,12});Desc:")
GUID = re.compile(r"\[([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\]")
# Message → what is inside, the kind of document, and the elements with the company's code and the document's number.
SHAPES = {
    "CEB312Message": ("OrderReturn", Kind.ORDER, "ebpCode", "orderNo"),
    "CEB412Message": ("PaymentReturn", Kind.PAYMENT, "payCode", "payTransactionId"),
    "CEB512Message": ("LogisticsReturn", Kind.LOGISTICS, "logisticsCode", "logisticsNo"),
    "CEB514Message": ("LogisticsStatusReturn", Kind.LOGISTICS, "logisticsCode", "logisticsNo"),
}


class UnreadableReply(ValueError):
    """Not a reply of customs: a sentence that says why."""


@dataclass(frozen=True)
class Reply:
    """One answer. ``guid`` is the E-port's own more often than not: a document is found by company and number.

    ``echoed`` is our message's id where the text repeats it. ``code`` is the code in the text, else the status.
    ``about_status`` marks CEB514: it answers a message about where the parcel is, not the waybill.
    """

    kind: Kind
    guid: str
    company_code: str
    merchant_code: str
    number: str
    status: str
    code: str
    at: datetime
    info: str
    echoed: str
    about_status: bool

    @property
    def meaning(self) -> ReplyCode | None:
        """Return the entry of the dictionary, the code's before the status's; None: unknown."""
        known = codes.reply_codes()
        return known.get(self.code) or known.get(self.status)

    @property
    def outcome(self) -> Outcome:
        """What it means for the document. Below zero is a refusal, whatever the number."""
        found = self.meaning
        if found:
            return found.outcome
        return Outcome.REFUSED if self.status.startswith("-") else Outcome.PROCESSING


def parse(raw: bytes) -> tuple[Reply, ...]:
    """Return the replies of one message. :raises UnreadableReply: it is none, or breaks the format."""
    root = _root(raw)
    name = etree.QName(root)
    shape = SHAPES.get(name.localname)
    if name.namespace != NAMESPACE or shape is None:
        raise UnreadableReply(f"A reply of customs was expected, not {name.localname[:60]}.")
    inside = root.findall(f"{{{NAMESPACE}}}{shape[0]}")
    if not inside:
        raise UnreadableReply(f"{name.localname} holds no {shape[0]}.")
    return tuple(_reply(node, name.localname) for node in inside)


def _root(raw: bytes) -> etree._Element:
    if len(raw) > LARGEST:
        raise UnreadableReply("The reply is larger than 512 KB.")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableReply(f"The reply is not XML: {error.msg}.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableReply("A reply with a document type is refused.")
    return root


def _text(node: etree._Element, element: str, *, required: bool = True) -> str:
    found = node.findall(f"{{{NAMESPACE}}}{element}")
    if len(found) > 1 or any(len(one) for one in found):
        raise UnreadableReply(f"{element} must be there once, with text only.")
    text = (found[0].text or "").strip() if found else ""
    if required and not text:
        raise UnreadableReply(f"{element} is missing.")
    longest = LONGEST.get(element, 100)
    if len(text) > longest:
        if element != "returnInfo":
            raise UnreadableReply(f"{element} is longer than {longest} characters.")
        text = text[:longest]
    return text


def _time(text: str) -> datetime:
    if not re.fullmatch(r"[0-9]{14}([0-9]{3})?", text):
        raise UnreadableReply("returnTime must be YYYYMMDDhhmmss with or without milliseconds.")
    try:
        whole = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        raise UnreadableReply("returnTime is not a moment of the calendar.") from None
    return whole.replace(microsecond=int(text[14:] or 0) * 1000).astimezone(UTC)


def _reply(node: etree._Element, name: str) -> Reply:
    _inside, kind, company, number = SHAPES[name]
    status = _text(node, "returnStatus")
    if not re.fullmatch(r"-?[0-9]{1,10}", status):
        raise UnreadableReply("returnStatus must be a whole number.")
    info = _text(node, "returnInfo", required=False)
    code, echoed = CODE.search(info), GUID.search(info)
    return Reply(
        kind=kind,
        guid=_text(node, "guid").upper(),
        company_code=_text(node, company),
        merchant_code=_text(node, "ebcCode", required=False),
        number=_text(node, number),
        status=status,
        code=code[1] if code else status,
        at=_time(_text(node, "returnTime")),
        info=info,
        echoed=echoed[1].upper() if echoed else "",
        about_status=name == "CEB514Message",
    )
