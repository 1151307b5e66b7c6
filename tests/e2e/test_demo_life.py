"""Starting, killing and starting again: nothing is left behind, nothing is lost, a second one says where the first is."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from config import embedded
from tests.e2e.conftest import REPO, Demo, clean_environment, eventually, free_ports, processes_using

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo"), pytest.mark.timeout(400)]


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="vitrine-life-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found through /proc")
def test_kill_start_again_and_stop(folder):
    demo = Demo(folder / "state", free_ports())
    first = demo.start()
    store = f"{demo.url}/api/v1/store"
    basket = httpx.post(f"{store}/baskets", json={"market": "gb", "language": "en"}).json()["id"]
    facts = demo.row("SELECT count(*), sum(on_hand) FROM inventory_balance")
    movements = demo.row("SELECT count(*) FROM inventory_movement")

    second = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=REPO,
        env=clean_environment(demo.state, free_ports()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"Vitrine already runs from this folder: {demo.url}/" in second.stderr
    assert "Traceback" not in second.stderr

    assert demo.process
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    eventually(lambda: not processes_using(demo.state) or "", within=60)

    again = demo.start(within=120)
    assert [line for line in again.splitlines() if "@vitrine" in line or "Bearer" in line] == [
        line for line in first.splitlines() if "@vitrine" in line or "Bearer" in line
    ]
    assert httpx.get(f"{store}/baskets/{basket}").status_code == 200
    assert demo.row("SELECT count(*), sum(on_hand) FROM inventory_balance") == facts
    assert demo.row("SELECT count(*) FROM inventory_movement") == movements

    assert demo.stop(signal.SIGINT) == 0
    assert processes_using(demo.state) == []
    assert "Traceback" not in demo.log.read_text()
    assert not embedded.run_path(demo.state).joinpath(".s.PGSQL.5432").exists()


def test_a_taken_port_is_said(folder):
    import socket

    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        refused = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=REPO,
            env=clean_environment(folder / "state", port),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "Traceback" not in refused.stderr
