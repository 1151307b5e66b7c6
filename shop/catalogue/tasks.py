"""Celery: search documents that follow changes, notes of searches, renditions of pictures, files without a row."""

from celery import shared_task

from shop.catalogue import preparing
from shop.catalogue.search import indexing, misses


@shared_task(name="shop.catalogue.follow_search")
def follow_search() -> None:
    """Write the documents that are behind their products and objects."""
    indexing.follow()


@shared_task(name="shop.catalogue.forget_misses")
def forget_misses() -> None:
    """Forget searches without result that are older than they are kept."""
    misses.forget()


@shared_task(name="shop.catalogue.prepare_pictures")
def prepare_pictures() -> None:
    """Make the renditions of pictures that wait."""
    preparing.prepare_due()


@shared_task(name="shop.catalogue.sweep_files")
def sweep_files() -> None:
    """Delete the files of pictures that are gone."""
    preparing.sweep_files()
