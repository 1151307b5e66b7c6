"""structlog: one JSON line per event, with the request or task id bound; personal data redacted."""

from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

REDACTED_KEYS = frozenset(
    {"email", "phone", "address", "ship_to", "name", "session", "sign", "secret", "password", "token", "api_key"}
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank the values of keys that may hold personal data or secrets."""
    for key in REDACTED_KEYS & event.keys():
        event[key] = "[redacted]"
    return event


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
