"""People with accounts, for the tests of accounts."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from licensing.models import Agreement
from shop.models import Order
from tests import factories as make
from tests.shop.orders import sold

PASSWORD = "a long enough pass phrase"
ADDRESS = {
    "name": "Zebedee Quillfeather",
    "line1": "77 Unfindable Mews",
    "city": "London",
    "postcode": "SW1Y 4LB",
    "country": "GB",
}


def account(email: str = "ada@example.org", *, verified: bool = True) -> User:
    user = User.objects.create_user(username=f"u-{email}"[:30], email=email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def order(email: str = "ada@example.org", *, state: str = "awaiting_payment", paid: bool = False, **facts) -> Order:
    """An order of one mug, put into a state of its life by hand."""
    if not Agreement.objects.exists():
        make.agreement()
    sku = f"MUG-{Order.objects.count() + 1}"
    made = sold.placed((make.variant(sku), 1), at=("LON",), email=email, **facts)
    Order.objects.filter(pk=made.pk).update(state=state, paid_at=timezone.now() - timedelta(hours=1) if paid else None)
    made.refresh_from_db()
    return made
