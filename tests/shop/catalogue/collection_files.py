"""Invented collection files with the museums' real column names, and the command that reads them."""

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command

TATE = ["accession_number", "title", "artist", "date", "year"]
TATE += ["classification", "medium", "dimensions", "credit_line", "subjects"]
MET = ["Object Number", "Is Highlight", "Is Public Domain", "Object ID", "Object Name", "Title", "Culture"]
MET += ["Artist Display Name", "Object Date", "Object Begin Date", "Object End Date", "Medium", "Credit Line", "Tags"]
CLEVELAND = ["id", "accession_number", "share_license_status", "title", "creation_date", "creation_date_earliest"]
CLEVELAND += ["creation_date_latest", "creators", "culture", "technique", "type", "measurements", "creditline"]


def csv_text(columns: list[str], rows: Iterable[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def tate_object(number: int, **fields: str) -> dict[str, str]:
    own = {"accession_number": f"X{number:05d}", "title": f"Study no. {number}", "artist": "Ada Nobody"}
    own |= {"date": "1901–3", "year": "1901", "subjects": "lamp; window", "credit_line": "Invented 2024"}
    return own | fields


def write_tate(path: Path, rows: Iterable[dict[str, str]], *, encoding: str = "utf-8") -> Path:
    data = csv_text(TATE, rows).encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def run(path: Path, *options: str) -> dict[str, int]:
    """Import the file; return the report's numbers."""
    out = io.StringIO()
    chosen = options if "--format" in options else ("--format", "tate", *options)
    call_command("import_collection", str(path), *chosen, stdout=out, stderr=io.StringIO())
    lines = out.getvalue().splitlines()[1:]
    return {line.split()[0]: int(line.split()[1].replace(",", "")) for line in lines}


def counts(created: int = 0, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected}
