"""The whole demo as a user starts it, once for all end-to-end tests, and a browser where there is one."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from config import embedded

REPO = Path(__file__).resolve().parent.parent.parent
ARTEFACTS = Path(__file__).parent / "artefacts"
READY = re.compile(r"Vitrine is ready: (http://127\.0\.0\.1:\d+)/")
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync"]  # fmt: skip


def free_ports() -> int:
    """A port that is free together with the next two: web, simulators, mail server."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
                return port


def eventually(question: Callable[[], Any], *, within: float = 30, every: float = 0.1) -> Any:
    """Ask until the answer is true; fail with the last answer when the time is over."""
    deadline = time.monotonic() + within
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"not within {within} s: last answer {answer!r}")
        time.sleep(every)


def clean_environment(state: Path, port: int) -> dict[str, str]:
    """A newcomer's environment: no server and no key of ours."""
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HTTPS", "PLAIN_STATIC", "EMAIL_", "STRIPE_", "TMALL_", "DJANGO_", "SITE_URL",
            "PYTEST", "VITRINE_")  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"VITRINE_STATE": str(state), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


class Demo:
    """A running demo."""

    def __init__(self, state: Path, port: int) -> None:
        self.state, self.port = state, port
        self.url = f"http://127.0.0.1:{port}"
        self.simulators = f"http://127.0.0.1:{port + 1}"
        self.log = state.parent / "demo.out"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, within: float = 240) -> str:
        """Start and return what it printed, once it is ready."""
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=REPO,
                env=clean_environment(self.state, self.port),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        def ready() -> str:
            text = self.log.read_text()
            assert self.process
            if self.process.poll() is not None:
                pytest.fail(f"the demo ended with {self.process.returncode}:\n{text}")
            return text if READY.search(text) and "Ctrl-C" in text else ""

        return str(eventually(ready, within=within, every=0.2))

    def stop(self, number: int = signal.SIGINT, within: float = 60) -> int:
        """Send a signal and wait; return the exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=within)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the demo's own database."""
        with psycopg.connect(embedded.endpoints(self.state).postgres_dsn) as connection:
            return connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, *parameters: Any) -> tuple[Any, ...] | None:
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def tmall_quantity(self, sku: str) -> int:
        """What the marketplace shows for one of our SKUs."""
        state = httpx.get(f"{self.simulators}/top/__control__/state", timeout=10).json()
        rows = [one for item in state["items"] for one in (item["skus"] or [item])]
        return int(next(one["quantity"] for one in rows if one["outer_id"] == sku))


@dataclass(frozen=True)
class StockFacts:
    on_hand: int
    held: int
    allocated: int

    @property
    def available(self) -> int:
        return self.on_hand - self.held - self.allocated


def stock_of(demo: Demo, sku: str) -> StockFacts:
    """Balances of a SKU over all warehouses."""
    found = demo.row(
        "SELECT sum(on_hand), sum(held), sum(allocated) FROM inventory_balance b JOIN inventory_item i ON i.id = b.item_id "
        "WHERE i.sku = %s",
        sku,
    )
    assert found
    return StockFacts(*found)


def processes_using(state: Path) -> list[str]:
    """Command lines of processes whose environment or arguments name the state folder (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            surroundings = (entry / "environ").read_bytes().decode(errors="replace")
            if (
                command
                and int(entry.name) != os.getpid()
                and (str(state) in command or f"VITRINE_STATE={state}" in surroundings)
            ):
                found.append(f"{entry.name}: {command}")
    return found


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo, started once for the session."""
    folder = Path(tempfile.mkdtemp(prefix="vitrine-e2e-"))
    running = Demo(folder / "state", free_ports())
    try:
        running.start()
        yield running
    finally:
        if running.process:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, or a skip that says what to install."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium: install Debian's chromium or set CHROMIUM_PATH to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield launched
        launched.close()
