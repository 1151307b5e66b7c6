"""Parts of templates that a process renders once for each set of values that they are made of."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 16_384  # parts that a process keeps, some hundred bytes each

register = template.Library()
_lock = Lock()
_made: "OrderedDict[tuple[Any, ...], str]" = OrderedDict()


def forget() -> None:
    """Forget every part of this process."""
    with _lock:
        _made.clear()


class Remembered(template.Node):
    """What stands between the tags, as it was rendered the first time with equal values in the same language."""

    def __init__(self, parts: NodeList, place: tuple[str, int], values: list[FilterExpression]) -> None:
        self.parts = parts
        self.place = place
        self.values = values

    def render(self, context: template.Context) -> SafeString:
        """Return the part.

        :raises TypeError: one of the values cannot be compared by its content.
        """
        key = (self.place, get_language(), *[_hashable(one.resolve(context)) for one in self.values])
        with _lock:
            made = _made.get(key)
            if made is not None:
                _made.move_to_end(key)
        if made is None:
            made = self.parts.render(context)
            with _lock:
                _made[key] = made
                while len(_made) > MOST:
                    _made.popitem(last=False)
        return mark_safe(made)


def _hashable(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        value = tuple(value.items())
    hash(value)
    return value  # type: ignore[no-any-return]


@register.tag
def remembered(parser: Parser, token: Token) -> Remembered:
    """``{% remembered value … %}…{% endremembered %}``: the part may use the named values and the language, no more."""
    words = token.split_contents()[1:]
    parts = parser.parse(("endremembered",))
    parser.delete_first_token()
    name = parser.origin.name if parser.origin else ""
    return Remembered(parts, (name, token.lineno or 0), [parser.compile_filter(word) for word in words])
