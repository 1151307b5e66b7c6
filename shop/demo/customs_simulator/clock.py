"""Beijing time, and the forms in which the E-port writes it."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "GMT+8")
Clock = Callable[[], datetime]


def beijing_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(tz=BEIJING)


def stamp(moment: datetime) -> str:
    """YYYYMMDDhhmmssSSS."""
    local = moment.astimezone(BEIJING)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"
