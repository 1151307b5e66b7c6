"""What changes the dated rules beyond a form."""

from collections.abc import Iterable
from datetime import date

from shop.crossborder.models import TaxRate

NAME_LENGTH = 80


def confirm_tax_rates(*, rate_ids: Iterable[int], by: str, on: date) -> int:
    """Note who has checked unconfirmed rates against their source, and when; return how many were confirmed now."""
    unconfirmed = TaxRate.objects.filter(id__in=list(rate_ids), confirmed_on=None)
    return unconfirmed.update(confirmed_by=by[:NAME_LENGTH], confirmed_on=on)
