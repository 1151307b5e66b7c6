"""Celery: exports, erasures, and what is swept."""

from celery import shared_task

from shop.accounts.privacy import erasing, exporting, sweeping


@shared_task(name="shop.accounts.make_export")
def make_export(export_id: str) -> None:
    """Make this export, if it is due."""
    exporting.make(export_id=export_id)


@shared_task(name="shop.accounts.make_due_exports")
def make_due_exports() -> None:
    """Make exports whose task was lost."""
    exporting.make_due()


@shared_task(name="shop.accounts.erase_due")
def erase_due() -> None:
    """Carry out erasures that can no longer be revoked."""
    erasing.carry_out_due()


@shared_task(name="shop.accounts.sweep")
def sweep() -> None:
    """Delete what is over: exports, letters with secrets, and names on orders whose retention is over."""
    exporting.expire_due()
    sweeping.forget_letters()
    while erasing.reduce_due():
        pass
