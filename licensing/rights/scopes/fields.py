"""A column of multiranges, which Django has no field for."""

from typing import Any

from django.db import models
from psycopg.types.multirange import Multirange
from psycopg.types.range import Int8Range

Spans = tuple[tuple[int | None, int | None], ...]


class SpansField(models.Field):
    """Spans of whole numbers: ``((low, high), …)``, half-open, None without end; ``int8multirange`` in SQL."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        return "int8multirange"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Spans | None:  # noqa: ARG002
        return None if value is None else tuple((one.lower, one.upper) for one in value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Multirange):
            return value
        return Multirange([Int8Range(low, high, "[)") for low, high in value])
