"""The letters of exports and erasures."""

from uuid import uuid4

from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop.accounts.privacy import links
from shop.accounts.privacy.models import DataExport, Erasure
from shop.accounts.privacy.retention import Kept
from shop.alerts.mail import write
from shop.crossborder.money import LOCALES
from shop.orders.mails import moment


def export_ready(export: DataExport) -> None:
    """The file can be fetched: in the account, or by a link for somebody without one."""
    if export.user_id:
        page = reverse("shop:account_data")
    else:
        page = reverse("shop:my_data_file", args=[links.download_token(str(export.pk))])
    write(
        kind="data_export_ready",
        key=f"data_export_ready:{export.pk}",
        to=export.email,
        language=export.language,
        facts={"page": settings.SITE_URL + page, "until": moment(export.expires_at, export.language)},
    )


def data_link(*, email: str, language: str, asked_by: str) -> None:
    """A link to the page «my data», for whoever reads the letters to this address."""
    write(
        kind="data_link",
        key=f"data_link:{uuid4()}",
        to=email,
        language=language,
        facts={"page": links.link(email=email, asked_by=asked_by)},
    )


def erasure_asked(erasure: Erasure) -> None:
    """It was asked for, and can be revoked until a day."""
    page = reverse("shop:account_data") if erasure.user_id else ""
    write(
        kind="erasure_asked",
        key=f"erasure_asked:{erasure.pk}",
        to=erasure.email,
        language=erasure.language,
        facts={
            "until": moment(erasure.due_at, erasure.language),
            "page": settings.SITE_URL + page if page else links.link(email=erasure.email, asked_by="shopper"),
        },
    )


def erased(erasure: Erasure, *, to: str, retained: list[Kept]) -> None:
    """It is done: what stays, why and until when."""

    def day(one: Kept) -> str:
        return format_date(one.until, format="long", locale=LOCALES.get(erasure.language, "en_GB"))

    with translation.override(erasure.language):
        terms = {(one.until, day(one), one.law) for one in retained}
        kept = [
            _("Invoices have to be kept by law. Their name and address go on %(day)s (%(law)s).")
            % {"day": said, "law": law}
            for _until, said, law in sorted(terms)
        ]
        if not retained:
            kept = [_("Nothing with your name or address is kept.")]
    write(
        kind="account_erased",
        key=f"account_erased:{erasure.pk}",
        to=to,
        language=erasure.language,
        facts={
            "asked": moment(erasure.requested_at, erasure.language),
            "receipt": str(erasure.pk),
            "kept": kept,
            "done": timezone.now().isoformat(),
        },
    )
