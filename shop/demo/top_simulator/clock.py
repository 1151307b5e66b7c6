"""Platform time: every stamp on the wire is `yyyy-MM-dd HH:mm:ss` in GMT+8, without a zone."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "GMT+8")
WIRE_FORMAT = "%Y-%m-%d %H:%M:%S"

Clock = Callable[[], datetime]


def china_now() -> datetime:
    """The present moment, aware, in GMT+8."""
    return datetime.now(tz=CHINA)


def to_wire(moment: datetime) -> str:
    """The text the platform would print for an aware moment."""
    return moment.astimezone(CHINA).strftime(WIRE_FORMAT)


def from_wire(text: str) -> datetime:
    """An aware moment from platform text; raises ValueError when the text has another form."""
    return datetime.strptime(text, WIRE_FORMAT).replace(tzinfo=CHINA)
