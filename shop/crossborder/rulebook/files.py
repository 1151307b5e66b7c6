"""The rule book as files: one CSV for each kind of row, so that people can read, compare and correct it."""

import csv
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from shop.crossborder.rulebook.entries import KINDS, RowFault
from shop.crossborder.rulebook.rows import parse

INITIAL = Path(__file__).parent / "data"


class FileFault(ValueError):
    """A file of the book cannot be read; the message names file, line and column."""


def read_rows(folder: Path) -> dict[str, list[Any]]:
    """Return kind → rows of the files in ``folder``; a file that is absent has no rows.

    :raises FileFault: the folder is empty, or a row is wrong; all faults at once, one a line.
    """
    if not any((folder / f"{name}.csv").is_file() for name in KINDS):
        raise FileFault(f"{folder} holds no rule book: none of {', '.join(f'{name}.csv' for name in KINDS)} is there.")
    faults: list[str] = []
    found = {name: list(_rows(folder / f"{name}.csv", kind, faults)) for name, kind in KINDS.items()}
    if faults:
        raise FileFault("\n".join(faults))
    return found


def _rows(path: Path, kind: type[Any], faults: list[str]) -> Iterator[Any]:
    if not path.is_file():
        return
    known = {field.name for field in fields(kind)}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if unknown := sorted(set(reader.fieldnames or ()) - known):
            faults.append(f"{path.name}: there is no column {unknown[0]!r}.")
            return
        for row in reader:
            if None in row or None in row.values():
                faults.append(f"{path.name} line {reader.line_num}: it has more or fewer cells than the heading.")
                continue
            try:
                yield parse(kind, row)
            except RowFault as fault:
                faults.append(f"{path.name} line {reader.line_num}: {fault}.")
