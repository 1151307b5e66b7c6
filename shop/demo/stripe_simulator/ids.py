"""Ids in Stripe's form: a prefix that names the kind, then letters and digits that nobody can guess."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def fresh(prefix: str, *, length: int = 24) -> str:
    """A new id such as ``pi_3Q…``; ``length`` counts the characters after the prefix."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(length))}"


def session_id() -> str:
    """A new id of a Checkout Session in test mode."""
    return fresh("cs_test", length=58)


def client_secret(of: str) -> str:
    """The secret that a browser would use for the object ``of``."""
    return fresh(f"{of}_secret")
