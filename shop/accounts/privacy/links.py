"""Signed links by which somebody proves that a letter reached her: no account needed. They hold for one day."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "shop.accounts.privacy.links"
AGE = 24 * 3600  # seconds


class BadLink(Exception):
    """The link is too old, or none of ours."""


@dataclass(frozen=True)
class Proof:
    """Whose link it is, and who had it sent: ``shopper`` or a member of staff."""

    email: str
    asked_by: str


def link(*, email: str, asked_by: str) -> str:
    """Return the absolute address of the page «my data» for the address."""
    token = signing.dumps({"email": email, "by": asked_by}, salt=SALT, compress=True)
    return f"{settings.SITE_URL}{reverse('shop:my_data_link', args=[token])}"


def read(token: str) -> Proof:
    """Return what the link proves. :raises BadLink:"""
    try:
        said = signing.loads(token, salt=SALT, max_age=AGE)
    except signing.BadSignature as error:
        raise BadLink("The link is too old, or incomplete.") from error
    return Proof(said["email"], said["by"])


def download_token(export_id: str) -> str:
    """Return the token by which somebody without an account fetches her export."""
    return str(signing.dumps(export_id, salt=f"{SALT}.download"))


def read_download(token: str) -> str:
    """Return the export's id. :raises BadLink:"""
    try:
        return str(signing.loads(token, salt=f"{SALT}.download", max_age=settings.EXPORT_DAYS * 24 * 3600))
    except signing.BadSignature as error:
        raise BadLink("The link is too old, or incomplete.") from error
