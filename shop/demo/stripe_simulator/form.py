"""Reading form-encoded parameters with brackets (``a[b][0][c]=x``) into nested dictionaries."""

import re
from collections.abc import Iterable
from typing import Any

from shop.demo.stripe_simulator.refusals import bad_parameter

MOST_PAIRS = 4_000
DEEPEST = 8
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_STEP = re.compile(r"\[([^\[\]]*)\]")


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the parameters as dictionaries in dictionaries; a list keeps its indexes as keys ("0", "1", …).

    ``a[]=x`` takes the next free index. :raises ApiError: a key is malformed, too deep, or both a value and a group.
    """
    root: dict[str, Any] = {}
    for count, (key, value) in enumerate(pairs):
        if count >= MOST_PAIRS:
            raise bad_parameter("There are too many parameters.", param="")
        match = _KEY.fullmatch(key)
        path = [match[1], *_STEP.findall(match[2])] if match else []
        if not path or len(path) > DEEPEST:
            raise bad_parameter(f"The parameter name cannot be read: {key[:100]}", param=key[:100])
        _put(root, path, value, key)
    return root


def _put(root: dict[str, Any], path: list[str], value: str, key: str) -> None:
    place = root
    for step in path[:-1]:
        inner = place.setdefault(step or str(len(place)), {})
        if not isinstance(inner, dict):
            raise bad_parameter(f"{key} is both a value and a group.", param=key)
        place = inner
    last = path[-1] or str(len(place))
    if isinstance(place.get(last), dict):
        raise bad_parameter(f"{key} is both a value and a group.", param=key)
    place[last] = value
