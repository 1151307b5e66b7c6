"""Addresses in running text as links. In Chinese and Japanese no space parts an address from the words beside it."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# An address is made of ASCII; the stop or bracket that ends a sentence is none of it.
ADDRESS = re.compile(
    r"(?P<web>https?://[!-~]{1,400}?)(?=[.,;:!?)\]'\">]*(?:[^!-~]|$))"
    r"|(?P<mail>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """Return the text, escaped, with its web and mail addresses as links."""
    parts: list[tuple[str]] = []
    end = 0
    for found in ADDRESS.finditer(text):
        parts.append((text[end : found.start()],))
        if found["web"]:
            parts.append((format_html('<a href="{0}" rel="nofollow">{0}</a>', found["web"]),))
        else:
            parts.append((format_html('<a href="mailto:{0}">{0}</a>', found["mail"]),))
        end = found.end()
    parts.append((text[end:],))
    return format_html_join("", "{}", parts)
