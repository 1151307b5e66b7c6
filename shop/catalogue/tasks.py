"""Celery: search documents that follow what changed, and old notes of searches."""

from celery import shared_task

from shop.catalogue.search import indexing, misses


@shared_task(name="shop.catalogue.follow_search")
def follow_search() -> None:
    """Write the documents that are behind their products and objects."""
    indexing.follow()


@shared_task(name="shop.catalogue.forget_misses")
def forget_misses() -> None:
    """Forget searches without result that are older than they are kept."""
    misses.forget()
