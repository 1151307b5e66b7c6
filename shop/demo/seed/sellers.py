"""The demo's sellers of record and their registrations. All names and numbers are invented."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from shop.crossborder.models import Registration, RegistrationKind, Seller

SINCE = DateRange(date(2025, 1, 1), None)
TRADING, BOUTIQUE = "trading", "boutique"
SELLERS: dict[str, dict[str, str]] = {
    TRADING: {
        "legal_name": "Vitrine Museum Trading Ltd",
        "line1": "14 Bell Yard Passage",
        "city": "London",
        "postcode": "WC2A 2JR",
        "country": "GB",
        "email": "trading@vitrine.example",
        "phone": "+442079460142",
        "eori": "GB123456789000",
        "company_number": "00000000",
        "invoice_prefix": "VMT",
    },
    BOUTIQUE: {
        "legal_name": "Vitrine Boutique SAS",
        "line1": "3 place des Étoffes",
        "city": "Lille",
        "postcode": "59000",
        "country": "FR",
        "email": "boutique@vitrine.example",
        "phone": "+33320000042",
        "eori": "FR12345678900012",
        "company_number": "000 000 000",
        "invoice_prefix": "VBS",
    },
}
KIND = RegistrationKind
# Nowhere else: what goes to Norway, New Zealand, Singapore, Switzerland, Japan or Korea is taxed at the border.
REGISTRATIONS: dict[str, dict[str, tuple[str, str]]] = {
    TRADING: {
        KIND.IOSS: ("IM3720000224", ""),
        KIND.GB_VAT: ("GB980780684", ""),
        KIND.AU_ARN: ("300000000001", ""),
        KIND.CN_CBEC: ("3301960M01", ""),
        KIND.CN_PLATFORM: ("3301960P01", ""),
    },
    BOUTIQUE: {
        KIND.EU_VAT: ("FR40303265045", "FR"),
        KIND.EU_OSS: ("FR40303265045", "FR"),
        KIND.IOSS: ("IM2500000016", ""),
    },
}


def seed() -> dict[str, Seller]:
    """Write the sellers that are missing, with their registrations; return them by code."""
    found = {}
    for code, facts in SELLERS.items():
        seller, created = Seller.objects.get_or_create(code=code, defaults=facts)
        if created:
            Registration.objects.bulk_create(
                Registration(seller=seller, kind=kind, number=number, jurisdiction=place, valid=SINCE)
                for kind, (number, place) in REGISTRATIONS[code].items()
            )
        found[code] = seller
    return found
