"""Under which names a customer's uses of a promotion are counted."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import salted_hmac


def customers(user: AbstractBaseUser | None, email: str) -> list[str]:
    """Return the account and a keyed digest of the address, so that signing out does not begin the count anew.

    What follows a plus sign in the address is left out, and so is case.
    """
    found = [f"user:{user.pk}"] if user is not None and user.pk else []
    local, at, host = email.strip().lower().rpartition("@")
    if at:
        plain = f"{local.partition('+')[0]}@{host}"
        found.append(f"mail:{salted_hmac('vitrine.promotions', plain, algorithm='sha256').hexdigest()}")
    return sorted(found)
