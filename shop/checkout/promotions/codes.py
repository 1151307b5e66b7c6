"""Codes: how they are written, read and made. Pure but for the system's randomness."""

import re
import secrets
from collections.abc import Collection

# Without letters and digits that are taken for one another (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
GROUP = 4
GROUPS = 4  # 16 characters of 24: 73 bits
FORM = re.compile(r"[A-Z0-9][A-Z0-9-]{2,31}")


def normalised(typed: str) -> str:
    """Return a code as it is kept: in capitals, without the blanks around and inside."""
    return "".join(typed.split()).upper()


def well_formed(code: str) -> bool:
    """Whether it can be a code: 3 to 32 capitals, digits and hyphens, no hyphen first."""
    return FORM.fullmatch(code) is not None


def unguessable(prefix: str = "") -> str:
    """Return a fresh code of 73 random bits in groups of four, e.g. ``SPRING-ACDE-FGHJ-KMNP-QRTV``."""
    groups = ["".join(secrets.choice(ALPHABET) for _each in range(GROUP)) for _group in range(GROUPS)]
    return "-".join(filter(None, [prefix, *groups]))


def batch(count: int, *, prefix: str = "", taken: Collection[str] = ()) -> list[str]:
    """Return that many different codes, none of ``taken``."""
    found: dict[str, None] = {}
    known = set(taken)
    while len(found) < count:
        code = unguessable(prefix)
        if code not in known:
            found[code] = None
    return list(found)
