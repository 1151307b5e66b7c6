"""What was looked for in vain, for those who choose what is sold: counted by day, bounded, nothing of who asked."""

import re
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from shop.catalogue.models import SearchMiss
from shop.catalogue.search.folding import fold
from shop.catalogue.search.parsing import clean

DAYS_KEPT = 90
MOST_A_DAY = 1_000  # different words, in a market
# What a person may type by mistake: addresses, and numbers as long as a telephone's or a card's.
PERSONAL = re.compile(r"@|(?:\d[\s().-]?){7}")
NOTE = """
INSERT INTO shop_searchmiss AS kept (day, market, language, words, count)
SELECT %(day)s, %(market)s, %(language)s, %(words)s, 1
WHERE (SELECT count(*) FROM shop_searchmiss WHERE day = %(day)s AND market = %(market)s) < %(most)s
   OR EXISTS (SELECT 1 FROM shop_searchmiss
       WHERE day = %(day)s AND market = %(market)s AND language = %(language)s AND words = %(words)s)
ON CONFLICT (day, market, language, words) DO UPDATE SET count = kept.count + 1
"""


def note(*, text: str, market: str, language: str, on: date | None = None) -> None:
    """Count a search without result on the day (UTC); one statement.

    Nothing is kept of what looks like a person's address or number, nor of more than ``MOST_A_DAY`` different words.
    """
    words = fold(clean(text))[:80].strip()
    if not words or PERSONAL.search(words):
        return
    day = on or timezone.now().date()
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"day": day, "market": market, "language": language, "words": words, "most": MOST_A_DAY})


def forget(*, on: date | None = None) -> int:
    """Forget what is older than ``DAYS_KEPT``; return how many rows."""
    first = (on or timezone.now().date()) - timedelta(days=DAYS_KEPT)
    deleted: int = SearchMiss.objects.filter(day__lt=first).delete()[0]
    return deleted
