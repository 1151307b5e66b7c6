"""Celery: renditions of pictures, and files that no row names any more."""

from celery import shared_task

from shop.catalogue import preparing


@shared_task(name="shop.catalogue.prepare_pictures")
def prepare_pictures() -> None:
    """Make the renditions of pictures that wait."""
    preparing.prepare_due()


@shared_task(name="shop.catalogue.sweep_files")
def sweep_files() -> None:
    """Delete the files of pictures that are gone."""
    preparing.sweep_files()
