"""``manage.py export_ceb``: the messages for China's customs as files, for a broker."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shop.crossborder.china import connections
from shop.crossborder.china.actions import sending
from shop.crossborder.china.documents import InvalidFiling
from shop.crossborder.china.file_export import FileExport
from shop.crossborder.models import CustomsDocument

MESSAGES = {"order": "CEB311", "payment": "CEB411", "logistics": "CEB511"}


class Command(BaseCommand):
    """Writes; changes nothing in the database. The files hold identity numbers and can be read by their owner only."""

    help = (
        "Write the order, payment and waybill messages of sales filed from one day to another (both included) to a "
        "folder or a .zip. Withdrawn sales, and documents whose identity cannot be read, are left out and named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("target", type=Path, metavar="DIR|FILE.zip")

    def handle(self, *, first: date, last: date, target: Path, **_options: Any) -> None:
        if last < first:
            raise CommandError("--to is before --from.")
        try:
            transfer = connections.register().transfer
            export = FileExport(target)
        except connections.NotConfigured as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1)))
        documents = CustomsDocument.objects.filter(
            filing__created_at__gte=begin, filing__created_at__lt=end, filing__withdrawn_at=None
        )
        left_out = 0
        submit = {"order": export.submit_order, "payment": export.submit_payment, "logistics": export.submit_logistics}
        for document in documents.select_related("filing").order_by("filing_id", "id").iterator():
            try:
                message = sending.build(
                    sending.as_it_stands(document, timezone.now()), resolve=connections.resolver(), transfer=transfer
                )
            except (InvalidFiling, sending.IdentityMissing) as error:
                left_out += 1
                self.stderr.write(f"{document.filing} {document.get_kind_display()}: {error}")
                continue
            export.name(MESSAGES[document.kind], document.filing.order_no, document.guid)
            submit[document.kind](message)
        self.stdout.write(f"{len(export.names)} messages in {target}, {left_out} left out.")
