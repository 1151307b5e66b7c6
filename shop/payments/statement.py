"""What stands on the buyer's bank statement. Pure.

Source: https://docs.stripe.com/get-started/account/statement-descriptors, checked 2026-11-23: the account's prefix
(2 to 10 characters), "* " and the suffix have 22 characters together, one at least a Latin letter, none of them one of
< > \\ ' " *.
"""

import re
import unicodedata

WHOLE, LONGEST_PREFIX, JOINT = 22, 10, len("* ")
MOST = WHOLE - LONGEST_PREFIX - JOINT


def suffix(name: str) -> str:
    """Return the suffix for a seller's name: whole words as far as they fit; empty where no letter of it is Latin."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.sub(r"[^A-Z0-9 .&-]+", " ", plain).split()
    if not words:
        return ""
    kept = words[0][:MOST]
    for word in words[1:]:
        if len(kept) + 1 + len(word) > MOST:
            break
        kept = f"{kept} {word}"
    kept = kept.rstrip(" .&-")
    return kept if any(one.isalpha() for one in kept) else ""
