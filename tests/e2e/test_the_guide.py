"""The purchase of docs/store-api.md, command by command as a reader would type it, against the running demo."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import REPO, Demo, eventually
from tests.e2e.paying import pay

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo")]
GUIDE = REPO / "docs" / "store-api.md"
# A value that the reader copies from the answer before it: where in that answer it stands.
COPIED = {"BASKET": lambda answer: answer["id"], "ORDER": lambda answer: answer["order"]["token"]}


def steps() -> Iterator[tuple[str, str]]:
    """Yield each command of the guide with what the guide shows of its answer."""
    block = GUIDE.read_text().split("```sh\n")[1].split("```")[0]
    command, shown = "", ""
    for line in block.splitlines():
        if line.startswith("#"):
            # What an answer holds is indented; the rest is prose.
            shown += line.lstrip("# ") + " " if line.startswith("#   ") else ""
        elif line.strip():
            if command.count("'") % 2 == 0:
                if command:
                    yield command, shown
                command, shown = line, ""
            else:
                command += "\n" + line
    yield command, shown


def named(shown: str) -> set[str]:
    """Return the members of an answer that the guide names."""
    return set(re.findall(r'"(\w+)":', shown))


def members(answer: Any) -> set[str]:
    if isinstance(answer, dict):
        return set(answer) | {name for value in answer.values() for name in members(value)}
    if isinstance(answer, list):
        return {name for value in answer for name in members(value)}
    return set()


def test_a_reader_buys_with_curl(demo: Demo) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed on this machine.")
    environment: dict[str, str] = {}
    answer: Any = None
    bought = False
    for command, shown in steps():
        name, _equals, value = command.partition("=")
        if re.fullmatch(r"[A-Z]+=.*", command, re.DOTALL):
            environment[name] = COPIED[name](answer) if name in COPIED else value.strip("'")
            if name == "API":
                environment[name] = f"{demo.url}/api/v1/store"
            continue
        if "/orders/$ORDER" in command:
            assert pay(answer["payment"]["url"]).status_code == 303
            order = f"{environment['API']}/orders/{environment['ORDER']}"
            eventually(lambda: httpx.get(order).json()["state"] == "paid")  # noqa: B023
            bought = True
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=True)
        answer = json.loads(done.stdout)
        assert "status" not in answer, f"{command}\n{done.stdout}"
        assert named(shown) - members(answer) == set(), f"the guide shows members that are not there: {command}"
    assert bought
    assert answer["state"] == "paid"
