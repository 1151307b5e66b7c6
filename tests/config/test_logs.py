"""Numbers of persons never reach a log line, wherever they stand."""

import json
import logging

import pytest

from config.logs import configuration, hide_numbers

RESIDENT, CODE = "11010519491231002X", "P123456789012"


@pytest.mark.parametrize(
    "text",
    [
        RESIDENT,
        RESIDENT.lower(),
        "110105 19491231 002X",
        "110105-19491231-002X",
        CODE,
        "p123456789012",
        f"“{RESIDENT}”,",
        f"id={CODE}&x=1",
    ],
)
def test_a_number_is_blanked(text):
    line = hide_numbers(None, "info", f'{{"event": "refused {text} at the door"}}')
    assert "[redacted]" in line
    assert "49123" not in line
    assert "34567" not in line


@pytest.mark.parametrize(
    "text",
    ["VT-2026-000123", "1234567890", "2026-11-23T06:00:00Z", "P12345678901", "P1234567890123", "110105194912310021234", "110105194913310021",
     "5f0c0ffe-0000-4000-8000-000000000000", "+8613812345678"],
)  # fmt: skip
def test_other_numbers_stay(text):
    assert hide_numbers(None, "info", f"order {text} moved") == f"order {text} moved"


def test_the_handlers_formatter_hides_them_in_messages_arguments_and_tracebacks():
    made = configuration(level="INFO", json=True)["formatters"]["structlog"]
    formatter = made.pop("()")(**made)
    try:
        int(RESIDENT)
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "bad %s", (CODE,), (type(error), error, error.__traceback__)
        )
    line = formatter.format(record)
    assert json.loads(line)["event"] == "bad [redacted]"
    assert RESIDENT not in line
    assert "with base 10: '[redacted]'" in line
