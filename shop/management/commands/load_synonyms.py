"""``manage.py load_synonyms``: the synonyms and artists' names that come with Vitrine."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.catalogue.search import synonyms


class Command(BaseCommand):
    """Groups whose terms are known already are left as they are."""

    help = "Write the synonyms and artists' names that come with Vitrine and are not known yet."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{synonyms.load()} groups were written.")
