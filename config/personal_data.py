"""What the house keeps about people: each room names it in its own ``personal_data`` module; here is how, and the list.

A *holding* is one table with the fields that say something about a person, and what becomes of each field when she asks
to be erased: gone at once, gone when the law no longer asks for it, or kept for a reason. Tables that hold nothing of
shoppers are named too, with the reason: nothing is forgotten by silence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any
from uuid import UUID

from django.db.models import Q

APPS = ("config", "inventory", "licensing", "shop")
ERASED_ADDRESS = "erased@erased.invalid"  # RFC 2606: no mail ever goes there


@dataclass(frozen=True)
class Person:
    """Whose data is meant: an account, e-mail addresses that were proved (lower case), and the orders of both."""

    user_id: int | None
    emails: frozenset[str]
    order_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Rule:
    """What becomes of a field. ``value``: what stands there afterwards, or a function of what stood there."""

    when: str
    value: Any = ""
    reason: str = ""


def erased(value: Any = "") -> Rule:
    """Gone at erasure."""
    return Rule("at_once", value)


def reduced(value: Any = "", *, at_once: Any = None) -> Rule:
    """Gone when the retention of its order is over; ``at_once``: what is left of it until then, if anything goes."""
    return Rule("later", (value, at_once))


def kept(reason: str) -> Rule:
    """Never touched, for this reason."""
    return Rule("never", None, reason)


@dataclass(frozen=True)
class Holding:
    """One table with personal data.

    ``of`` finds a person's rows; None: rows cannot be found by a person, and ``fields`` say why they stay. ``order``:
    lookup of the order whose retention rules ``later`` follow (``pk`` for orders themselves). ``delete``: whole rows go
    at erasure. ``hidden``: fields that are not exported, with the reason.
    """

    model: str
    name: str
    about: str
    fields: Mapping[str, Rule]
    of: Callable[[Person], Q] | None = None
    order: str = ""
    delete: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Obstacle:
    """Something unfinished that an erasure has to wait for; ``found`` names the matters (order or return numbers)."""

    kind: str
    found: Callable[[Person], Iterable[str]]


@dataclass(frozen=True)
class Register:
    """Everything the rooms have named."""

    holdings: tuple[Holding, ...]
    impersonal: Mapping[str, str]
    obstacles: tuple[Obstacle, ...]

    def holding(self, model: str) -> Holding | None:
        """Return the holding of a model (label), or None."""
        return next((one for one in self.holdings if one.model == model), None)


def _modules() -> list[str]:
    found = []
    for app in APPS:
        package = import_module(app)
        names = [app, *(f"{app}.{one.name}" for one in iter_modules(package.__path__) if one.ispkg)]
        found += [f"{name}.personal_data" for name in names if name not in {"config", "shop.demo", "shop.migrations"}]
    return ["config.personal_data_django", *[name for name in found if find_spec(name)]]


@cache
def register() -> Register:
    """Return what every room has named: ``HOLDINGS``, ``IMPERSONAL`` and ``OBSTACLES`` of its module."""
    holdings: list[Holding] = []
    impersonal: dict[str, str] = {}
    obstacles: list[Obstacle] = []
    for name in _modules():
        module = import_module(name)
        holdings += getattr(module, "HOLDINGS", ())
        impersonal |= getattr(module, "IMPERSONAL", {})
        obstacles += getattr(module, "OBSTACLES", ())
    return Register(tuple(holdings), impersonal, tuple(obstacles))
