"""Run every measurement against a fresh embedded PostgreSQL and print a table and JSON."""

import json
import os
import platform
import tempfile
from pathlib import Path

from config import embedded


def main() -> None:
    """Start servers in a folder of their own, measure, print."""
    with tempfile.TemporaryDirectory(prefix="vitrine-bench-") as folder:
        os.environ["VITRINE_STATE"] = str(Path(folder) / "state")
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        os.environ.setdefault("PLAIN_STATIC", "1")
        with embedded.ensure(embedded.state_dir()):
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            from tests.bench.measurements import run_all

            figures = run_all()
    width = max(len(figure["what"]) for figure in figures)
    print(f"{platform.machine()}, {os.cpu_count()} processors, durable commits")
    for figure in figures:
        ratio = f"{figure['ratio']:.2f} × {figure['of']}" if figure.get("ratio") else ""
        print(f"{figure['what']:<{width}}  {figure['per_second']:>10,.0f} /s  {ratio}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
