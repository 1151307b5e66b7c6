"""Talking to the simulators' control addresses, as they describe themselves there (``shop/demo/switchboard.py``).

Each answers ``GET switches`` and ``POST switches``, ``POST switches/off``; one that carries webhooks also
``GET deliveries`` and ``POST events/<id>/send``. All are on this machine; one that does not answer is shown as such.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

# Seconds: they are on this machine, and a page waits for them.
WAIT = httpx.Timeout(2.0)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SimulatorAway(Exception):
    """A simulator does not answer, or not as a simulator does; one sentence."""


class SwitchRefused(Exception):
    """A simulator refuses a value; its own sentence."""


@dataclass(frozen=True)
class Delivery:
    """An event on its way to the webhook."""

    event: str
    type: str
    subject: str
    created: datetime
    state: str
    sent: int
    answer: str


@dataclass(frozen=True)
class Simulator:
    """A simulator as it is now. ``problem`` is why it cannot be shown; then it has no switches."""

    key: str
    name: str
    note: str = ""
    problem: str = ""
    switches: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[Delivery] | None = None

    @property
    def on(self) -> list[dict[str, Any]]:
        """The switches that are not at rest."""
        return [one for one in self.switches if one["value"] != one["off"]]


def configured() -> Mapping[str, str]:
    """Return the simulators' keys and control addresses; none but in the demo."""
    addresses: Mapping[str, str] = settings.SIMULATOR_CONTROLS
    return addresses


def look() -> list[Simulator]:
    """Ask every simulator at once; a dead one costs as long as the slowest may take, once."""
    keys = list(configured())
    if not keys:
        return []
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(_look_at, keys))


def _look_at(key: str) -> Simulator:
    try:
        told = _ask(key, "GET", "switches")
        name = str(told["simulator"])
        switches = [{"name": one["name"], "off": one["off"], **one} for one in told["switches"]]
        deliveries = _deliveries(key)
    except SimulatorAway as away:
        return Simulator(key=key, name=key.title(), problem=str(away))
    except (SwitchRefused, KeyError, TypeError, ValueError):
        return Simulator(key=key, name=key.title(), problem="It answers, but not as a simulator does.")
    return Simulator(key=key, name=name, note=str(told.get("note", "")), switches=switches, deliveries=deliveries)


def _deliveries(key: str) -> list[Delivery] | None:
    told = _ask(key, "GET", "deliveries", missing={})
    if "deliveries" not in told:
        return None
    return [
        Delivery(
            event=one["event"],
            type=one["type"],
            subject=one["subject"] or "",
            created=datetime.fromtimestamp(one["created"], UTC),
            state=one["state"],
            sent=one["sent"],
            answer=_answer(one),
        )
        for one in told["deliveries"]
    ]


def _answer(one: Mapping[str, Any]) -> str:
    if not one["sent"]:
        return ""
    return one["error"] if one["status"] is None else f"{one['status']} in {one['milliseconds']} ms"


def switch(key: str, values: Mapping[str, Any]) -> None:
    """Set the switches named. :raises SimulatorAway: :raises SwitchRefused:"""
    _ask(key, "POST", "switches", json=dict(values))


def all_off() -> list[str]:
    """Turn every fault of every simulator off; return a sentence for each that could not be reached."""
    missed = []
    for key in configured():
        try:
            _ask(key, "POST", "switches/off", json={})
        except (SimulatorAway, SwitchRefused) as error:
            missed.append(f"{key.title()}: {error}")
    return missed


def deliver_again(key: str, event: str) -> None:
    """Have an event delivered (once more). :raises SimulatorAway: :raises SwitchRefused: it is not known there."""
    _ask(key, "POST", f"events/{event}/send", json={})


def _ask(key: str, verb: str, path: str, *, json: Any = None, missing: Any = None) -> dict[str, Any]:
    address = configured()[key].rstrip("/")
    if urlsplit(address).hostname not in LOOPBACK:
        raise SimulatorAway(f"Its address {address} is not on this machine; simulators are asked on loopback only.")
    headers = {"Accept": "application/json"}
    try:
        with httpx.Client(timeout=WAIT, trust_env=False) as client:
            answer = client.request(verb, f"{address}/{path}", json=json, headers=headers)
            told = answer.json()
    except httpx.TimeoutException:
        raise SimulatorAway(f"It does not answer at {address} within {WAIT.read:g} seconds.") from None
    except httpx.HTTPError:
        raise SimulatorAway(f"Nothing answers at {address}. Is the demo's simulator process running?") from None
    except ValueError:
        told = None
    if answer.status_code == httpx.codes.NOT_FOUND and missing is not None:
        return dict(missing)
    if answer.is_client_error and isinstance(told, dict):
        raise SwitchRefused(str(told.get("error") or told.get("message") or f"It answers {answer.status_code}."))
    if not answer.is_success or not isinstance(told, dict):
        raise SimulatorAway(f"It answers {answer.status_code} at {address}, which is no answer of a simulator.")
    return told
