"""Run the measurements against a fresh embedded PostgreSQL and print a table and JSON.

``python -m tests.bench [name ...]``: all, or those named (holds, ledger, history, orders, quotes, launch, search, pages).
"""

import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from config import embedded

NAMES = ("holds", "ledger", "history", "orders", "quotes", "launch", "search", "pages")


def _measure(name: str) -> list[dict[str, Any]]:
    """Run one measurement in a database of its own, so that none pays for another's rows."""
    with tempfile.TemporaryDirectory(prefix="vitrine-bench-") as folder:
        os.environ["VITRINE_STATE"] = str(Path(folder) / "state")
        with embedded.ensure(embedded.state_dir()):
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            figures: list[dict[str, Any]] = importlib.import_module(f"tests.bench.{name}").measure()
    return figures


def _show(figures: list[dict[str, Any]]) -> None:
    width = max(len(figure["what"]) for figure in figures)
    for figure in figures:
        digits = 0 if figure["figure"] >= 100 or figure["figure"] == int(figure["figure"]) else 2
        value = f"{figure['figure']:>12,.{digits}f} {figure['unit']:<8}"
        ratio = f"{figure['ratio']:.2f} × {figure['of']}" if "ratio" in figure else ""
        wanted = f"(wanted {figure['wanted']})" if "wanted" in figure else ""
        print(f"{figure['what']:<{width}} {value} {ratio} {wanted}".rstrip(), flush=True)


def main() -> None:
    """Measure what was asked for, one after the other, each in a process of its own."""
    asked = sys.argv[1:]
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        sys.exit(f"There is no measurement {', '.join(unknown)}; there are: {', '.join(NAMES)}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("PLAIN_STATIC", "1")
    # The clients of a measurement share one address.
    os.environ.setdefault("STORE_API_RATE", "10000000/min")
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    if len(asked) == 1:
        figures = _measure(asked[0])
        _show(figures)
        print(json.dumps(figures))
        return
    print(f"{platform.machine()}, {os.cpu_count()} processors, durable commits", flush=True)
    for name in asked or NAMES:
        if subprocess.run([sys.executable, "-m", "tests.bench", name], check=False).returncode:
            sys.exit(f"The measurement {name} failed.")


if __name__ == "__main__":
    main()
