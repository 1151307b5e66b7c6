"""What follows from the events of the account library."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import translation

from shop.accounts.actions import attach_orders


@receiver(email_confirmed, dispatch_uid="shop.accounts.email_confirmed")
def _proved(email_address: EmailAddress, **_more: Any) -> None:
    attach_orders(user=email_address.user, language=translation.get_language() or "en")


@receiver(user_logged_in, dispatch_uid="shop.accounts.logged_in")
def _logged_in(user: User, **_more: Any) -> None:
    # Orders that were placed without signing in, with an address that had been proved before.
    attach_orders(user=user, language=translation.get_language() or "en")
