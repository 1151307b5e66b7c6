"""Changing legal pages: by a next version, never by rewriting what shoppers have agreed to."""

from datetime import date

from django.db import transaction

from shop.crossborder.models import LegalPage


class VersionRefused(Exception):
    """The next version cannot begin that day; the message says why."""


@transaction.atomic
def draft_next_version(*, page: LegalPage, valid_from: date, today: date) -> LegalPage:
    """Copy the page as its next version, in force from ``valid_from``; until then its words can be changed.

    :raises VersionRefused: the day is not after today, or not after the first day of the last version.
    """
    if valid_from <= today:
        raise VersionRefused("A next version begins after today, so that it can still be written.")
    same = LegalPage.objects.select_for_update().filter(market=page.market_id, kind=page.kind, language=page.language)
    last = same.order_by("-version").first() or page
    if valid_from <= last.valid_from:
        raise VersionRefused(f"Version {last.version} begins on {last.valid_from.isoformat()}: name a later day.")
    return LegalPage.objects.create(
        market_id=page.market_id,
        kind=page.kind,
        language=page.language,
        version=last.version + 1,
        valid_from=valid_from,
        title=page.title,
        body=page.body,
    )
