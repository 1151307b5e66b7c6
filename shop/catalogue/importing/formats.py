"""The file formats that can be imported, by name, and the check of a header against them."""

from collections.abc import Sequence

from shop.catalogue.importing import cleveland, met, tate
from shop.catalogue.importing.errors import FileRefused
from shop.catalogue.importing.record import CollectionFormat

FORMATS: dict[str, CollectionFormat] = {module.FORMAT.name: module.FORMAT for module in (tate, met, cleveland)}
LFS_POINTER = "version https://git-lfs.github.com/"
COLUMNS_SHOWN = 8


def check_header(header: Sequence[str], layout: CollectionFormat, *, filename: str) -> None:
    """Raise FileRefused, naming the missing or repeated columns, when the header is not that of ``layout``."""
    if header and header[0].startswith(LFS_POINTER):
        raise FileRefused(f"{filename} is a Git LFS pointer, not the data itself: fetch it with “git lfs pull”.")
    missing = [column for column in layout.required if column not in header]
    if missing:
        raise FileRefused(_missing(header, layout, filename=filename, missing=missing))
    repeated = [column for column in (*layout.required, *layout.optional) if header.count(column) > 1]
    if repeated:
        raise FileRefused(f"{filename} has columns of the same name: {', '.join(repeated)}.")


def _missing(header: Sequence[str], layout: CollectionFormat, *, filename: str, missing: Sequence[str]) -> str:
    fitting = [other.name for other in FORMATS.values() if all(column in header for column in other.required)]
    shown = ", ".join(column[:40] for column in header[:COLUMNS_SHOWN]) + (" …" if len(header) > COLUMNS_SHOWN else "")
    hint = f" It fits --format {fitting[0]}." if fitting else f" It has: {shown}."
    return f"{filename} is not a {layout.name} file; columns missing: {', '.join(missing)}.{hint}"
