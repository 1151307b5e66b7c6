"""The two walls of tenancy (DESIGN law 11): accessors filter by partner, and PostgreSQL hides the rest."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from licensing.rights.models import Agreement, AgreementVersion, Party
from licensing.royalties.models import RoyaltyEntry

ROLE = "vitrine_partner"


@contextmanager
def partner_context(partner: Party) -> Iterator[None]:
    """Run the queries inside as the role of partner requests, for this partner, until the transaction ends.

    The role may only read, and row-level security shows it only this partner's rows, whatever a query asks.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('vitrine.partner_id', %s, true)", [str(partner.pk)])
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT set_config('vitrine.partner_id', '', true)")


def access_agreements(partner: Party) -> QuerySet[Agreement]:
    """Return the agreements that this partner has taken."""
    return Agreement.objects.filter(licensee=partner).select_related("licensor", "licensee")


def access_versions(partner: Party, *, number: str) -> QuerySet[AgreementVersion]:
    """Return the signed versions of one of this partner's agreements, with their grants."""
    versions = AgreementVersion.objects.filter(partner=partner, agreement__number=number, signed_at__isnull=False)
    return versions.prefetch_related("grants__prop").order_by("number")


def access_royalty_entries(partner: Party) -> QuerySet[RoyaltyEntry]:
    """Return this partner's royalty entries, newest first."""
    return RoyaltyEntry.objects.filter(partner=partner).select_related("agreement", "version").order_by("-id")
