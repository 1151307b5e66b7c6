"""A statement of withdrawal between its two steps: signed, carried by the shopper, and kept nowhere by us.

So nothing is written before she confirms, and nobody learns from it whether an order exists.
"""

from dataclasses import asdict, dataclass, field, replace
from uuid import uuid4

from django.core import signing

from shop.returns.errors import DraftExpired, DraftUnreadable

SALT = "vitrine.withdrawal"
KEPT = 24 * 3600  # seconds from the first step to the second
LONGEST = 8_000  # characters of a signed draft


@dataclass(frozen=True)
class Draft:
    """What she declares. ``lines``: order line id (text) → units; ``order``: id of the order whose page she holds."""

    name: str
    order_number: str
    email: str
    language: str
    market: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    lines_text: str = ""
    order: str = ""
    nonce: str = ""


def sign(draft: Draft) -> str:
    """Return the draft as a token; each has a nonce of its own, so that it is confirmed once."""
    return signing.dumps(asdict(replace(draft, nonce=uuid4().hex)), salt=SALT, compress=True)


def read(token: str) -> Draft:
    """Return the draft of a token.

    :raises DraftExpired: it is older than a day. :raises DraftUnreadable: it is none of ours, or was changed.
    """
    if len(token) > LONGEST:
        raise DraftUnreadable("This is no statement of ours.")
    try:
        return Draft(**signing.loads(token, salt=SALT, max_age=KEPT))
    except signing.SignatureExpired as error:
        raise DraftExpired("The statement was written more than a day ago.") from error
    except (signing.BadSignature, TypeError) as error:
        raise DraftUnreadable("This is no statement of ours.") from error
