"""Celery: withdrawals are carried out, refunds asked for and returns closed; the sweeps find what was left."""

from uuid import UUID

from celery import shared_task

from shop.returns import actions, sweeping


@shared_task(name="shop.returns.carry_out")
def carry_out(statement_id: str) -> None:
    """Do what a statement of withdrawal asks."""
    actions.carry_out(statement_id=UUID(statement_id))


@shared_task(name="shop.returns.repay")
def repay(request_id: str) -> None:
    """Pay back what an inspection found."""
    actions.repay(request_id=UUID(request_id))


@shared_task(name="shop.returns.sweep")
def sweep() -> None:
    """Find statements not carried out and returns not paid back or closed."""
    sweeping.sweep()
