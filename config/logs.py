"""structlog: one JSON line per event, with the request or task id bound; personal data redacted."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

REDACTED_KEYS = frozenset(
    {"email", "phone", "address", "ship_to", "name", "session", "sign", "secret", "password", "token", "api_key",
     "identity_number", "identity_name", "resident_id", "pccc"}
)  # fmt: skip
# Numbers of persons, wherever in a line they stand: China's resident identity number (GB 11643: area, date of birth,
# serial, check) and Korea's personal customs clearance code.
PERSONAL_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:[1-9]\d{5}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx]|[Pp]\d{12})"
    r"(?![0-9A-Za-z])"
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank the values of keys that may hold personal data or secrets."""
    for key in REDACTED_KEYS & event.keys():
        event[key] = "[redacted]"
    return event


def hide_numbers(_logger: WrappedLogger, _method: str, line: str) -> str:
    """Blank the numbers of persons in a finished line, tracebacks and others' messages among it."""
    return PERSONAL_NUMBERS.sub("[redacted]", line)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    redact,
]


def configuration(*, level: str, json: bool) -> dict[str, Any]:
    """Return the ``dictConfig`` for the standard library's loggers, rendered as structlog renders."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                    hide_numbers,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "httpx": {"level": "WARNING"},
            "stripe": {"level": "WARNING"},
        },
    }


def configure(*, json: bool) -> None:
    """Point structlog at the standard library so that both share one handler."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=json,
    )
