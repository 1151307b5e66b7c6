"""The replies as XML, written as the E-port writes them: its own ids, ours only echoed in the text."""

from html import escape
from uuid import uuid4

SHAPES = {
    "order": ("CEB312Message", "OrderReturn", ("ebpCode", "ebcCode", "orderNo")),
    "payment": ("CEB412Message", "PaymentReturn", ("payCode", "payTransactionId")),
    "logistics": ("CEB512Message", "LogisticsReturn", ("logisticsCode", "logisticsNo")),
}


def reply(kind: str, head: dict[str, str], *, status: str, at: str, info: str) -> str:
    """One reply. The E-port's ids are upper case, customs' own (status 100 and above) are lower case."""
    message, inside, names = SHAPES[kind]
    guid = str(uuid4())
    if not status.isdigit() or int(status) < 100:
        guid = guid.upper()
    facts = "".join(f"<{name}>{escape(head[name])}</{name}>" for name in names)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<{message} xmlns="http://www.chinaport.gov.cn/ceb" version="1.0" guid="{guid}"><{inside}>'
        f"<guid>{guid}</guid>{facts}<returnStatus>{status}</returnStatus><returnTime>{at}</returnTime>"
        f"<returnInfo>{escape(info)}</returnInfo></{inside}></{message}>"
    )
