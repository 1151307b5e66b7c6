"""Everything that is kept about a person, as a document for machines."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from config.personal_data import Holding, Person, register

SCHEMA = "vitrine.personal-data"
VERSION = 1


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return f"{len(bytes(o))} bytes"
        if hasattr(o, "lower") and hasattr(o, "upper"):  # a range of dates
            return [o.lower, o.upper]
        return format(o, "f") if isinstance(o, Decimal) else super().default(o)


def fields_of(holding: Holding) -> list[models.Field]:
    """Return the fields of a holding that are exported: all that are not hidden."""
    model = apps.get_model(holding.model)
    return [one for one in model._meta.concrete_fields if one.name not in holding.hidden]  # noqa: SLF001 (public)


def _table(holding: Holding, person: Person) -> dict[str, Any]:
    assert holding.of is not None  # noqa: S101 (chosen by the caller)
    fields = fields_of(holding)
    rows = apps.get_model(holding.model)._default_manager.filter(holding.of(person)).distinct()  # noqa: SLF001
    return {
        "about": holding.about,
        "fields": {one.name: str(one.verbose_name) for one in fields},
        "not_included": dict(holding.hidden),
        "rows": [
            {one.name: row[one.attname] for one in fields}
            for row in rows.order_by("pk").values(*[one.attname for one in fields])
        ],
    }


def document(person: Person, *, made_at: datetime) -> dict[str, Any]:
    """Return the export: one table for each holding. As many statements as there are holdings, whatever their rows."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "made_at": made_at,
        "person": {"account": person.user_id, "emails": sorted(person.emails)},
        "data": {one.name: _table(one, person) for one in register().holdings if one.of is not None},
    }


def as_bytes(content: dict[str, Any]) -> bytes:
    """Return the document as UTF-8 JSON; amounts are text, moments ISO 8601."""
    return json.dumps(content, cls=_Encoder, ensure_ascii=False, indent=1).encode()
