"""``manage.py check_invoices``: prove that invoices have no gaps and equal what was sold and paid back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.orders.documents import checks
from shop.orders.documents.models import Invoice
from shop.payments import crediting


class Command(BaseCommand):
    """Exit 0 with a line where all is well; 1 with a list of what is not."""

    help = "Check that invoices and credit notes are numbered without gaps and equal orders and refunds."

    def handle(self, **_options: Any) -> None:
        faults = [
            *checks.series_faults(),
            *checks.number_faults(),
            *checks.sum_faults(),
            *checks.missing_faults(),
            *crediting.faults(),
        ]
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the books of invoices.")
        count = Invoice.objects.count()
        self.stdout.write(f"{count} invoices and credit notes: numbered without gaps, sums equal orders and refunds.")
