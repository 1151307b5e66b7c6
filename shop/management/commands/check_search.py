"""``manage.py check_search``: prove that search documents are what their products and objects make of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalogue.models import SearchDocument
from shop.catalogue.search import checking


class Command(BaseCommand):
    """Exit 0 with a line where all is well; 1 with a list of what is not."""

    help = "Check that search documents equal what their products and objects would make of them now."

    def handle(self, **_options: Any) -> None:
        faults = checking.faults()
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} search documents are not what they would be.")
        self.stdout.write(f"{SearchDocument.objects.count()} search documents are what they would be.")
