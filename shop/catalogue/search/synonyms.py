"""The synonyms that come with Vitrine: kinds of things sold, and artists' names in four languages."""

import csv
from pathlib import Path

from django.db import transaction

from shop.catalogue.models import Synonym

# A start in English, French, Japanese and simplified Chinese; the shop's own groups are entered in the admin.
INITIAL = Path(__file__).with_name("synonyms.csv")


@transaction.atomic
def load() -> int:
    """Write the groups whose terms stand in none yet; return how many were written."""
    known = {term for terms in Synonym.objects.values_list("folded", flat=True) for term in terms}
    written = 0
    with INITIAL.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            group = Synonym(kind=row["kind"], terms=row["terms"].split("|"))
            group.clean()
            if known.isdisjoint(group.folds()):
                group.save()
                written += 1
    return written
