"""Reading legal pages: what is in force."""

from datetime import date

from shop.crossborder.models import LegalPage, Market


def page_in_force(*, market: Market, kind: str, languages: list[str], on: date) -> LegalPage | None:
    """Return the version in force on the day, in the first of the languages that has one. One statement."""
    rows = LegalPage.objects.filter(market=market, kind=kind, language__in=languages, valid_from__lte=on)
    latest = rows.order_by("language", "-valid_from").distinct("language")
    return min(latest, key=lambda page: languages.index(page.language), default=None)
