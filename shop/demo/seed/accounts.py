"""The people of the demo: a shopper, a merchandiser, a partner with an API key."""

from dataclasses import replace
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission, User

from config.roles import MERCHANDISER, ensure_groups
from licensing.partner_api.keys import issue
from licensing.partner_api.models import ApiKey
from licensing.rights.models import Party
from shop.demo import environment


def _user(email: str, password: str, *, staff: bool) -> User:
    user, created = User.objects.get_or_create(username=email, defaults={"email": email, "is_staff": staff})
    if created or not user.check_password(password):
        user.set_password(password)
        user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def seed(state: Path, *, partner: Party) -> None:
    """Make the log-ins of the state folder work; the partner's key is issued once and remembered there."""
    secrets = environment.load(state)
    _user(environment.SHOPPER, secrets.shopper_password, staff=False)
    merchandiser = _user(environment.MERCHANDISER, secrets.merchandiser_password, staff=True)
    merchandiser.groups.add(ensure_groups()[MERCHANDISER])
    # The demo's one log-in for the admin may also play with the simulators.
    merchandiser.user_permissions.add(Permission.objects.get(codename="switch_simulators"))
    prefixes = ApiKey.objects.filter(partner=partner, revoked_at=None).values_list("prefix", flat=True)
    if not any(prefix in secrets.partner_key for prefix in prefixes if secrets.partner_key):
        _key, secret = issue(partner=partner, name="Demo")
        environment.save(state, replace(secrets, partner_key=secret))
