"""``manage.py check_stock``: prove that the ledger explains every balance and that holds equal what is held."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from inventory.stock import queries


class Command(BaseCommand):
    """Exit code 0 when everything agrees, 1 with the rows that differ."""

    help = "Prove that the ledger explains every balance; exit code 1 with the rows that differ."

    def handle(self, **_options: Any) -> None:
        ledger = queries.ledger_differences()
        claims = queries.claim_differences()
        for sku, place, *figures in ledger:
            self.stdout.write(f"{sku} {place}: balance (on hand, held, allocated) {figures[:3]}, ledger {figures[3:]}")
        for sku, place, held, allocated, live, committed in claims:
            self.stdout.write(
                f"{sku} {place}: held {held}, live holds {live}; allocated {allocated}, committed {committed}"
            )
        if ledger or claims:
            sys.exit(1)
        self.stdout.write("The ledger explains every balance, and every claim is a hold.")
