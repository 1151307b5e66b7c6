"""Where a visitor most likely shops: by where her connection comes from, else by what her browser speaks. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Languages of the shop: where most of their readers live. For English nobody can tell.
MARKET_OF_LANGUAGE = {"zh": "cn", "fr": "fr", "ja": "jp"}
# Further languages, where no region says otherwise: Spanish from Mexico does not lead to the Union.
EUROPEAN = (
    "bg", "cs", "da", "de", "el", "es", "et", "fi", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro",
    "sk", "sl", "sv",
)  # fmt: skip
MARKET_OF_OTHER = {"ko": "kr"} | dict.fromkeys(EUROPEAN, "eu")
# Chinese from these places, or in the script of theirs, is no sign of the mainland.
CHINESE_ELSEWHERE = frozenset({"hant", "tw", "hk", "mo", "sg", "my"})


class Sign(StrEnum):
    """What a guess goes by, the surest first."""

    CONNECTION = "connection"
    REGION = "region"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Guess:
    """A market, the country (ISO 3166-1, or empty) that led to it, and what the guess goes by."""

    market: str
    country: str
    sign: Sign


def region_of(tag: str) -> str:
    """Return the region of a language tag in capitals (``fr-CH`` → ``CH``, ``es-419`` → ``419``), or nothing."""
    for part in tag.split("-")[1:]:
        if len(part) == 1:  # what follows a singleton is no region
            return ""
        if (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdecimal()):
            return part.upper()
    return ""


def guesses(country: str, tags: Sequence[str], serving: Mapping[str, str]) -> Iterator[Guess]:
    """Yield where the visitor may be, the likeliest first.

    ``country``: of the connection, or empty. ``tags``: the browser's languages, the preferred first. Only tags of the
    first one's language speak of regions: many browsers add ``en-US`` whatever they were set to. ``serving``: country →
    market that delivers there.
    """
    if country in serving:
        yield Guess(serving[country], country, Sign.CONNECTION)
    if not tags:
        return
    first, *_rest = tags[0].lower().split("-")
    same = [tag for tag in tags if tag.lower().split("-")[0] == first]
    for tag in same:
        region = region_of(tag)
        if region in serving:
            yield Guess(serving[region], region, Sign.REGION)
    parts = set(tags[0].lower().split("-")[1:])
    if first == "zh" and parts & CHINESE_ELSEWHERE:
        return
    market = MARKET_OF_LANGUAGE.get(first) or (MARKET_OF_OTHER.get(first) if not region_of(tags[0]) else None)
    if market in set(serving.values()):
        yield Guess(market, "", Sign.LANGUAGE)
