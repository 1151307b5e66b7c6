"""``manage.py reindex_search``: write all search documents anew."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.catalogue.search import indexing


class Command(BaseCommand):
    """Write all documents, a thousand in a transaction; the shop goes on meanwhile."""

    help = "Write the search documents of all products and objects anew."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{indexing.rebuild()} search documents were written.")
