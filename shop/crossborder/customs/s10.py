"""UPU S10 identifiers of postal items: two letters, eight digits, a check digit, and the country of the post.

Source: UPU standard S10: weights 8 6 4 2 3 5 9 7, 11 - (sum mod 11), 10 becomes 0 and 11 becomes 5.
"""

import re
from dataclasses import dataclass

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FORM = re.compile(r"(?P<service>[A-Z]{2})(?P<serial>[0-9]{8})(?P<check>[0-9])(?P<country>[A-Z]{2})")


class NotS10(ValueError):
    """The text is no S10 identifier; the message says why."""


@dataclass(frozen=True)
class S10:
    """An identifier: service indicator (two letters), serial (eight digits), country (ISO 3166-1 alpha-2)."""

    service: str
    serial: str
    country: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{2}", self.service):
            raise NotS10(f"The service indicator is two capital letters, not {self.service!r}.")
        if not re.fullmatch(r"[0-9]{8}", self.serial):
            raise NotS10(f"The serial number is eight digits, not {self.serial!r}.")
        if not re.fullmatch(r"[A-Z]{2}", self.country):
            raise NotS10(f"The country is two capital letters, not {self.country!r}.")

    def __str__(self) -> str:
        return f"{self.service}{self.serial}{check_digit(self.serial)}{self.country}"

    @property
    def spaced(self) -> str:
        """As printed under a barcode: ``RR 473 124 829 GB``."""
        digits = f"{self.serial}{check_digit(self.serial)}"
        return f"{self.service} {digits[:3]} {digits[3:6]} {digits[6:]} {self.country}"

    @property
    def is_parcel(self) -> bool:
        """Parcels have service indicators that begin with C (UPU code list on S10 service indicators)."""
        return self.service.startswith("C")


def check_digit(serial: str) -> int:
    """Return the check digit of an eight-digit serial."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def build(*, service: str, serial: int, country: str) -> S10:
    """Return the identifier of a serial number.

    :raises NotS10: a part is malformed, or the serial is not within 0 to 99999999.
    """
    if not 0 <= serial <= 99_999_999:
        raise NotS10(f"The serial number has at most eight digits, not {serial}.")
    return S10(service=service, serial=f"{serial:08d}", country=country)


def parse(text: str) -> S10:
    """Read an identifier, with or without spaces, in capital or small letters.

    :raises NotS10: it has another form, or its check digit is wrong.
    """
    found = FORM.fullmatch(re.sub(r"\s", "", text).upper())
    if found is None:
        raise NotS10(f"{text!r} is not two letters, nine digits and two letters.")
    right = check_digit(found["serial"])
    if int(found["check"]) != right:
        raise NotS10(f"{text!r} has check digit {found['check']}; {right} is right.")
    return S10(service=found["service"], serial=found["serial"], country=found["country"])
