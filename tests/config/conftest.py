"""A state folder that must be quiet again at the end of the test."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.locks import is_locked, wait_until
from config.notes import read_note


@pytest.fixture
def state_folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    yield folder
    if (folder / "keeper.lock").exists() and not wait_until(lambda: not is_locked(folder / "keeper.lock"), within=10):
        os.kill(read_note(folder / "status.json")["pid"], signal.SIGTERM)
        pytest.fail("The keeper stayed behind.")
    with contextlib.suppress(embedded.EmbeddedError):
        assert not embedded.run_path(folder).exists()
