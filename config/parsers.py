"""The JSON that the APIs read: only text that the database can keep."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from config.problems import Problem, escape


def unstorable(document: Any) -> str | None:
    """Return the JSON Pointer of the first text PostgreSQL cannot hold: with a NUL, or half a surrogate pair."""
    waiting = [("", document)]
    while waiting:
        pointer, found = waiting.pop()
        if isinstance(found, str):
            if not _storable(found):
                return pointer
        elif isinstance(found, dict):
            if not all(_storable(name) for name in found):
                return pointer
            waiting += [(f"{pointer}/{escape(name)}", value) for name, value in reversed(found.items())]
        elif isinstance(found, list):
            waiting += [(f"{pointer}/{index}", value) for index, value in reversed(list(enumerate(found)))]
    return None


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class StorableJSONParser(JSONParser):
    """JSON in UTF-8, with every text in it storable.

    :raises ParseError: the content is not JSON, or is nested too deeply to read.
    :raises Problem: 400 ``text-unstorable``, with a pointer to the text (or to the object with such a name).
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            document = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        pointer = unstorable(document)
        if pointer is not None:
            message = "Text must not hold the character U+0000 or half of a surrogate pair."
            raise Problem(
                status_code=400,
                code="text-unstorable",
                title="The request holds text that cannot be kept.",
                detail=message,
                errors=[{"pointer": pointer, "code": "text-unstorable", "message": message}],
            )
        return document
