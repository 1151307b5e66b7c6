"""Serve no kept page any more: after work on the database or the templates by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

from shop.storefront.page_cache import release


class Command(BaseCommand):
    """Flush the page cache."""

    help = "Lets no kept page be served any more; every process follows within half a second."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Flush."""
        try:
            release.flush()
        except RedisError as error:
            raise CommandError(f"Valkey did not answer: {error}") from error
        self.stdout.write("Kept pages are no longer served.")
