"""Tate's collection file: one flat row per artwork, subjects joined by semicolons."""

from collections.abc import Mapping

from shop.catalogue.importing.record import CollectionFormat, ObjectRecord, clean, distinct
from shop.catalogue.importing.years import span, year


def to_record(row: Mapping[str, str]) -> ObjectRecord:
    """Map one row. ``year`` is the first year; the last one is read from a range in ``date`` that begins with it."""
    date_text = clean(row["date"])
    said, told = year(row["year"]), span(date_text)
    if said is None:
        # A few hundred rows hold “no date”, and some a range, where a year belongs.
        first, last = span(clean(row["year"])) or (None, None)
    else:
        first, last = said, told[1] if told and told[0] == said else said
    return ObjectRecord(
        accession_number=clean(row["accession_number"]),
        title=clean(row["title"]),
        maker=clean(row["artist"]),
        date_text=date_text,
        year_from=first,
        year_to=last,
        technique=clean(row["medium"]),
        dimensions=clean(row["dimensions"]),
        classification=clean(row["classification"]),
        credit_line=clean(row["credit_line"]),
        subjects=distinct(row["subjects"].split(";")),
    )


FORMAT = CollectionFormat(
    name="tate",
    museum_slug="tate",
    museum_name="Tate",
    city="London",
    country="GB",
    required=(
        "accession_number",
        "title",
        "artist",
        "date",
        "year",
        "classification",
        "medium",
        "dimensions",
        "credit_line",
        "subjects",
    ),
    optional=(),
    to_record=to_record,
)
