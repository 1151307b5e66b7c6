"""How values of the catalogue read in a cell."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from import_export.widgets import Widget

from shop.catalogue.models import MuseumObject

BETWEEN = " | "  # accession numbers have commas and semicolons


class MomentWidget(Widget):
    """A time as ISO 8601; without an offset it is UTC."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> datetime | None:  # noqa: ARG002
        text = str(value or "").strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text[:40]}” is no time; write 2026-12-24 09:00.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def render(self, value: datetime | None, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return value.astimezone(UTC).isoformat(sep=" ").removesuffix("+00:00") if value else ""


class YesNoWidget(Widget):
    """Yes or no; anything else is refused rather than taken for no."""

    YES, NO = {"yes", "1", "true"}, {"no", "0", "false"}

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> bool:  # noqa: ARG002
        text = str(value).strip().casefold()
        if text not in self.YES | self.NO:
            raise ValueError(f"“{text[:40]}” is neither yes nor no.")
        return text in self.YES

    def render(self, value: bool | None, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002, FBT001
        return "yes" if value else "no"


class WholeWidget(Widget):
    """A whole number, or nothing."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> int | None:  # noqa: ARG002
        text = str(value).strip()
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise ValueError(f"“{text[:40]}” is no whole number.")
        return int(text)

    def render(self, value: int | None, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else str(value)


class CodeWidget(Widget):
    """A row of another table by its code; empty is none."""

    def __init__(self, model: Any, field: str) -> None:
        self.model, self.field = model, field
        super().__init__()

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        text = str(value).strip()
        if not text:
            return None
        found = self.model.objects.filter(**{self.field: text}).first()
        if found is None:
            raise ValueError(f"There is no {self.model._meta.verbose_name} “{text[:60]}”.")  # noqa: SLF001 (public _meta)
        return found

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else str(getattr(value, self.field))


class ObjectsWidget(Widget):
    """Objects as museum:accession number, one beside the other."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> list[MuseumObject]:  # noqa: ARG002
        found = []
        for part in filter(None, (part.strip() for part in str(value).split("|"))):
            museum, _colon, number = part.partition(":")
            thing = MuseumObject.objects.filter(museum__slug=museum, accession_number=number).first()
            if thing is None:
                raise ValueError(f"There is no object “{part[:60]}”; write museum:accession number.")
            found.append(thing)
        return found

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        things: Iterable[MuseumObject] = value.all() if hasattr(value, "all") else value or ()
        return BETWEEN.join(sorted(f"{thing.museum.slug}:{thing.accession_number}" for thing in things))


class ListWidget(Widget):
    """Codes with commas between."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> list[str]:  # noqa: ARG002
        return [part for part in (part.strip() for part in str(value).split(",")) if part]

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return ", ".join(value or ())


class TextWidget(Widget):
    """Text as it is."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return str(value)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else str(value)
