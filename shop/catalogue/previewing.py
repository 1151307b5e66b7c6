"""Links that show a product's page to whom they were given, before it is published, until they expire."""

from datetime import timedelta

from django.core import signing

SALT = "shop.catalogue.preview"
VALID_FOR = timedelta(days=3)


def sign(product_id: int) -> str:
    """Return the token of a product's preview."""
    return signing.dumps(product_id, salt=SALT)


def read(token: str) -> int | None:
    """Return the product's key, None if the token is not ours or too old."""
    try:
        found = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
