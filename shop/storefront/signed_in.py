"""At log-in the guest's basket joins the account's."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest

from shop.checkout.merging import merge
from shop.storefront.baskets import guest_basket


@receiver(user_logged_in, dispatch_uid="shop.storefront.merge_baskets")
def merge_baskets(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Merge the basket that the browser's cookie names, if it is a guest's."""
    guest = guest_basket(request)
    if guest is not None:
        merge(guest=guest, user=user)
