"""``manage.py check_stock``: prove that the ledger explains every balance, and every claim and fence has its owner."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from inventory.stock import proofs


class Command(BaseCommand):
    """Exit code 0 when everything agrees, 1 with the rows that differ."""

    help = "Prove stock: the ledger explains every balance; exit code 1 with the rows that differ."

    def handle(self, **_options: Any) -> None:
        failed = False
        for proof in proofs.PROOFS:
            rows = proof.differences()
            failed = failed or bool(rows)
            self.stdout.write(f"{proof.name}: {f'{len(rows)} rows differ' if rows else 'yes'}.")
            for sku, place, *figures in rows:
                shown = ", ".join(f"{name} {figure}" for name, figure in zip(proof.columns, figures, strict=True))
                self.stdout.write(f"  {sku} {place}: {shown}")
        if failed:
            sys.exit(1)
