"""Parts of templates that a process renders once for each set of values that they are made of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, partial
from threading import Lock
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import get_template
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
        return made_once(key, lambda: self.parts.render(context))


def made_once(key: tuple[Hashable, ...], render: Callable[[], str]) -> SafeString:
    """Return what was rendered for an equal key, or render it."""
    with _lock:
        made = _made.get(key)
        if made is not None:
            _made.move_to_end(key)
    if made is None:
        made = render()
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


@register.simple_tag(takes_context=True)
def cards(
    context: template.Context, found: Iterable[Hashable], heading: str = "h2", *, eager: bool = False
) -> SafeString:
    """Return the cards as list items, each rendered once for its content; the first loads at once if ``eager``.

    Without a loop of the template language: a list of 24 takes a tenth of the time.
    """
    place = (context["market_code"], context["language"], get_language(), heading)
    parts = []
    for number, card in enumerate(found):
        values = {"card": card, "heading": heading, "eager": eager and number == 0}
        parts.append(made_once(("card", *place, *values.values()), partial(_card, context, values)))
    return mark_safe("\n".join(parts))


def _card(context: template.Context, values: dict[str, Any]) -> str:
    with context.push(**values):
        return str(_card_template().render(context))


@cache
def _card_template() -> Any:
    return get_template("storefront/_card.html").template  # type: ignore[attr-defined]
