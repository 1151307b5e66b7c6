"""The Metropolitan Museum of Art's ``MetObjects.csv``; several makers or tags in a cell are joined by ``|``.

Its object numbers are not always unique (``Object ID`` is): of several rows with one number the first is imported.
"""

from collections.abc import Mapping

from shop.catalogue.importing.record import CollectionFormat, ObjectRecord, boolean, clean, distinct
from shop.catalogue.importing.years import year

YES, NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


def to_record(row: Mapping[str, str]) -> ObjectRecord:
    """Map one row. Coins, sherds and the like have no title of their own: the object's name stands in."""
    return ObjectRecord(
        accession_number=clean(row["Object Number"]),
        title=clean(row["Title"]) or clean(row["Object Name"]),
        maker="; ".join(distinct(row["Artist Display Name"].split("|"))),
        date_text=clean(row["Object Date"]),
        year_from=year(row["Object Begin Date"]),
        year_to=year(row["Object End Date"]),
        culture=clean(row["Culture"]),
        technique=clean(row["Medium"]),
        dimensions=clean(row["Dimensions"]),
        classification=clean(row["Classification"]),
        credit_line=clean(row["Credit Line"]),
        subjects=distinct(row["Tags"].split("|")),
        open_access=boolean(row["Is Public Domain"], yes=YES, no=NO),
    )


FORMAT = CollectionFormat(
    name="met",
    museum_slug="the-met",
    museum_name="The Metropolitan Museum of Art",
    city="New York",
    country="US",
    required=(
        "Object Number",
        "Title",
        "Artist Display Name",
        "Object Date",
        "Medium",
        "Credit Line",
        "Is Public Domain",
        "Object ID",
    ),
    optional=(
        "Object Name",
        "Object Begin Date",
        "Object End Date",
        "Culture",
        "Dimensions",
        "Classification",
        "Tags",
    ),
    to_record=to_record,
)
