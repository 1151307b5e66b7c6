"""What a browser calls itself, in two words: a guess for people to know their devices by. Also a template filter."""

from django import template

register = template.Library()

# The first that is found wins: most browsers name those before them, too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("MicroMessenger/", "WeChat"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
LONGEST = 60  # characters of a name that nobody knows


@register.filter
def device(user_agent: str) -> str:
    """Return e.g. ``Firefox · Windows``; of an unknown browser its own words, cut short; empty for none."""
    words = user_agent.replace("HeadlessChrome/", "Chrome/")
    found = [next((name for mark, name in table if mark in words), "") for table in (BROWSERS, SYSTEMS)]
    named = " · ".join(one for one in found if one)
    if named:
        return named
    return user_agent if len(user_agent) <= LONGEST else f"{user_agent[:LONGEST]}…"
