"""Whether a row can be kept: the record it maps to, or the reason why not. Pure functions."""

from collections.abc import Mapping, Sequence

from shop.catalogue.importing.record import CollectionFormat, ObjectRecord


class Mapper:
    """Turns the rows of one file into records."""

    def __init__(self, layout: CollectionFormat, header: Sequence[str], *, limits: Mapping[str, int]) -> None:
        """Take the greatest length in characters of each limited field from ``limits`` (those of the model)."""
        self._layout = layout
        self._header = header
        self._limits = limits
        self._absent = dict.fromkeys(layout.optional, "")

    def record(self, fields: Sequence[str]) -> ObjectRecord:
        """Return the row's record; raises ValueError with the reason when it cannot be kept."""
        if len(fields) != len(self._header):
            raise ValueError(f"{len(fields)} fields where the header has {len(self._header)}")
        row = self._absent | dict(zip(self._header, fields, strict=True))
        for name, value in row.items():
            if "\0" in value:
                raise ValueError(f"a NUL character in {name}")
        record = self._layout.to_record(row)
        if not record.accession_number:
            raise ValueError("no accession number")
        if not record.title:
            raise ValueError("no title")
        for name, limit in self._limits.items():
            value = getattr(record, name)
            longest = max(map(len, value), default=0) if isinstance(value, tuple) else len(value)
            if longest > limit:
                raise ValueError(f"{name} has {longest} characters, {limit} is the most")
        return record

    def accession_number(self, fields: Sequence[str]) -> str:
        """Return what a rejected row gives as its accession number, for the report; empty where it cannot be told."""
        # Every layout names that column first.
        place = self._header.index(self._layout.required[0])
        return fields[place].strip() if place < len(fields) else ""
