"""Telephone numbers in E.164. Pure, on libphonenumber's data."""

import unicodedata

import phonenumbers

# Countries whose parcel carriers do not take a parcel without the recipient's number: couriers call before the door,
# and customs there reaches the importer by telephone.
PHONE_REQUIRED = frozenset({"AE", "BR", "CN", "IN", "JP", "KR", "SA", "TH", "TW", "VN"})


class BadPhone(ValueError):
    """The text is not a telephone number that can be called."""


def normalise_phone(raw: str, country: str) -> str:
    """Return the number in E.164, e.g. ``+442079460018``; without a country code it is read as one of ``country``.

    :raises BadPhone: no such number can exist.
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", raw), country)
    except phonenumbers.NumberParseException:
        raise BadPhone("is not a telephone number.") from None
    if not phonenumbers.is_valid_number(number):
        raise BadPhone("is not a telephone number that exists; with +, it is read with its country code.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def example_phone(country: str) -> str:
    """Return an example as it is dialled inside the country, or nothing."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""


def readable_phone(number: str, country: str) -> str:
    """Return a number as it is written abroad, e.g. ``+44 20 7946 0018``; the text itself where it is none."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
