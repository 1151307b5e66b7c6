"""How the account library behaves here: random account names, and letters of ours instead of mail of its own."""

from typing import Any
from uuid import uuid4

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from shop.alerts.mail import write
from shop.orders.mails import moment

log = structlog.get_logger("vitrine.accounts")
# What each letter with a code is for.
CODES = {
    "account/email/email_confirmation": "confirm",
    "account/email/email_confirmation_signup": "confirm",
    "account/email/login_code": "login",
    "account/email/password_reset_code": "reset",
}
NOTICES = {
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_set": _("A password was set for your account."),
    "account/email/password_reset": _("The password of your account was reset."),
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "account/email/email_confirm": _("An e-mail address of your account was confirmed."),
    "account/email/email_deleted": _("An e-mail address was removed from your account."),
    "mfa/email/totp_activated": _("An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed from your account."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody's name or address is part of the account's name."""

    def populate_username(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 (the library's signature)
        """Give the account a name that says nothing."""
        if not user.username:
            user.username = f"u-{uuid4().hex}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter of ours for each one that the library would send."""
        language = translation.get_language() or "en"
        kind, facts = self._letter(template_prefix, context, language)
        write(kind=kind, key=f"{kind}:{uuid4()}", to=email, language=language, facts=facts)

    def _letter(self, prefix: str, context: dict[str, Any], language: str) -> tuple[str, dict[str, Any]]:
        if prefix in CODES:
            return "account_code", {"code": str(context["code"]), "purpose": CODES[prefix]}
        if prefix == "account/email/password_reset_key":
            return "account_link", {"page": context["password_reset_url"]}
        if prefix == "account/email/account_already_exists":
            return "account_exists", {"page": context["password_reset_url"]}
        if prefix == "account/email/unknown_account":
            return "account_unknown", {"page": context["signup_url"]}
        what = NOTICES.get(prefix)
        if what is None:
            log.warning("letter without words of its own", prefix=prefix)
            what = _("Something about signing in to your account was changed.")
        return "account_notice", {"what": str(what), "when": moment(timezone.now(), language)}
