"""``python tests/e2e/lighthouse.py http://127.0.0.1:8000``: Lighthouse's mobile profile on home, listing and product.

Lighthouse itself comes from npm and is no part of the house: install it anywhere (``npm install lighthouse``) and name its
program in ``LIGHTHOUSE``; without it ``npx --yes lighthouse`` is asked. Prints a table; exits with 1 below the marks.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

MARKS = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 100}
TIMINGS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
BROWSER = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def program() -> list[str]:
    """Return the command that runs Lighthouse."""
    named = os.environ.get("LIGHTHOUSE")
    return [named] if named else ["npx", "--yes", "lighthouse"]


def measure(url: str) -> dict[str, Any]:
    """Return Lighthouse's report of an address."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        environment = os.environ | {
            "CHROME_PATH": os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or "chromium"
        }
        subprocess.run(
            [*program(), url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={BROWSER}",
             f"--only-categories={','.join(MARKS)}"],
            check=True, env=environment, timeout=300,
        )  # fmt: skip
        document: dict[str, Any] = json.loads(report.read_text())
        return document


def product_of(listing: str) -> str:
    """Return the address of the first product of a listing."""
    with urllib.request.urlopen(listing, timeout=30) as answer:  # noqa: S310 (the shop's own address)
        found = re.search(r'href="([^"]*/products/[^"/]+/)"', answer.read().decode())
    if found is None:
        raise SystemExit(f"No product at {listing}.")
    return listing.split("/gb/", maxsplit=1)[0] + found[1]


def main(base: str) -> int:
    """Measure the three pages and print what they got."""
    listing = f"{base}/gb/en/shop/"
    pages = {"home": f"{base}/gb/en/", "listing": listing, "product": product_of(listing)}
    good = True
    sys.stdout.write("| page | " + " | ".join((*MARKS, *TIMINGS)) + " |\n")
    sys.stdout.write("|---" * (1 + len(MARKS) + len(TIMINGS)) + "|\n")
    for name, url in pages.items():
        report = measure(url)
        scores = {one: round(100 * (report["categories"][one]["score"] or 0)) for one in MARKS}
        good = good and all(scores[one] >= mark for one, mark in MARKS.items())
        timings = [report["audits"][one].get("displayValue", "") for one in TIMINGS]
        sys.stdout.write(f"| {name} | " + " | ".join([*map(str, scores.values()), *timings]) + " |\n")
        sys.stdout.flush()
        for one in MARKS:
            for audit in report["categories"][one]["auditRefs"]:
                score = report["audits"][audit["id"]]["score"]
                if audit["weight"] and score is not None and score < 0.9:
                    sys.stderr.write(f"  {name}: {one}: {audit['id']} {score}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
