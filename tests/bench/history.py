"""The replay of a real gift shop's half year through the real actions."""

import io
import json
import os
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests import factories as make

FILE = "online_retail_2010-12_to_2011-05.csv.gz"


def measure() -> list[dict[str, Any]]:
    """Return lines per second, or say that the data is not here."""
    folder = Path(os.environ.get("VITRINE_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
    if not (folder / FILE).exists():
        return [{"what": f"replay of {FILE}: skipped, no such file (set VITRINE_DATA)", "figure": 0.0, "unit": ""}]
    make.warehouse("RPL")
    out = io.StringIO()
    call_command("replay_sales", folder / FILE, "--warehouse", "RPL", "--json", stdout=out, stderr=io.StringIO())
    report = json.loads(out.getvalue())
    return [
        {
            "what": f"replay of {report['lines']:,} lines, {report['orders']:,} orders",
            "figure": report["lines_replayed"] / report["seconds"],
            "unit": "lines/s",
            "wanted": ">= 2,000",
        }
    ]
