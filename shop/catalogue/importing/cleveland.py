"""The Cleveland Museum of Art's ``data.csv``."""

from collections.abc import Mapping

from shop.catalogue.importing.record import CollectionFormat, ObjectRecord, boolean, clean
from shop.catalogue.importing.years import year

# “Copyrighted” and “Other” are the two other values of the column.
YES, NO = frozenset({"cc0"}), frozenset({"copyrighted", "other"})


def to_record(row: Mapping[str, str]) -> ObjectRecord:
    """Map one row; ``creators`` is kept as the museum words it, with life dates and roles."""
    return ObjectRecord(
        accession_number=clean(row["accession_number"]),
        title=clean(row["title"]),
        maker=clean(row["creators"]),
        date_text=clean(row["creation_date"]),
        year_from=year(row["creation_date_earliest"]),
        year_to=year(row["creation_date_latest"]),
        culture=clean(row["culture"]),
        technique=clean(row["technique"]),
        dimensions=clean(row["measurements"]),
        classification=clean(row["type"]),
        credit_line=clean(row["creditline"]),
        open_access=boolean(row["share_license_status"], yes=YES, no=NO),
    )


FORMAT = CollectionFormat(
    name="cleveland",
    museum_slug="cleveland-museum-of-art",
    museum_name="The Cleveland Museum of Art",
    city="Cleveland",
    country="US",
    required=(
        "accession_number",
        "title",
        "creators",
        "creation_date",
        "technique",
        "creditline",
        "share_license_status",
    ),
    optional=("creation_date_earliest", "creation_date_latest", "culture", "measurements", "type"),
    to_record=to_record,
)
