"""How long an invoice is kept, by where its seller is and where the goods went. Pure; dated rows with sources.

Periods run from the end of the calendar year of issue. Laws that count from the end of the seller's accounting year, or
from its tax return, may begin up to a year later: there a year is added, so that nothing goes too early.
"""

from dataclasses import dataclass
from datetime import date

from inventory.stock.sourcing import EU

SELLER, DESTINATION = "seller", "destination"
ANY = "*"
# The longest period that is known, for a country that has no row: nothing is destroyed too early by a gap of ours.
UNKNOWN_YEARS = 10


@dataclass(frozen=True)
class Retention:
    """Invoices of one country are kept this many years (half-open dates of issue).

    ``whose``: the seller's country, or the destination's. ``whole_years_added``: counted from the end of the accounting
    year or the filing of the tax return, which may lie this many years after the end of the calendar year of issue.
    """

    whose: str
    country: str
    years: int
    valid_from: date
    valid_to: date | None
    source: str
    whole_years_added: int = 0


PERIODS = (
    Retention(
        SELLER,
        "GB",
        6,
        date(1994, 9, 1),
        None,
        "Value Added Tax Act 1994, schedule 11, paragraph 6(3); Companies Act 2006, section 388; Finance Act 1998, "
        "schedule 18, paragraph 21: six years from the end of the accounting period",
        1,
    ),
    Retention(
        SELLER, "FR", 10, date(2000, 9, 21), None, "Code de commerce, article L123-22: ten years from the close", 1
    ),
    Retention(
        SELLER,
        "DE",
        10,
        date(1999, 1, 1),
        date(2017, 1, 1),
        "Abgabenordnung § 147(3) as it stood: ten years; periods not over on 1 January 2025 were shortened to eight",
    ),
    Retention(
        SELLER,
        "DE",
        8,
        date(2017, 1, 1),
        None,
        "Abgabenordnung § 147(3) and UStG § 14b(1), as changed by the Viertes Bürokratieentlastungsgesetz: eight years "
        "from the end of the calendar year, also for periods that were not over on 1 January 2025",
    ),
    Retention(
        SELLER,
        "CN",
        30,
        date(2016, 1, 1),
        None,
        "Measures for the Administration of Accounting Archives (Ministry of Finance order 79 of 2015), annex 1: "
        "accounting vouchers thirty years from the end of the accounting year",
    ),
    Retention(
        SELLER,
        "JP",
        7,
        date(1998, 4, 1),
        None,
        "Consumption Tax Act, article 30(7), and its order, article 50: seven years from two months after the end of "
        "the taxable period",
        1,
    ),
    Retention(SELLER, "CH", 10, date(2002, 6, 1), None, "Obligationenrecht, article 958f: ten years from the close", 1),
    Retention(
        SELLER, "KR", 5, date(2007, 1, 1), None, "Framework Act on National Taxes, article 85-3(2): five years", 1
    ),
    Retention(SELLER, "AU", 5, date(2000, 7, 1), None, "Taxation Administration Act 1953, schedule 1, s 382-5", 1),
    Retention(
        SELLER,
        "US",
        7,
        date(1954, 1, 1),
        None,
        "Internal Revenue Code § 6501; IRS publication 583: up to seven years",
        1,
    ),
    *(
        Retention(
            DESTINATION,
            country,
            10,
            date(2021, 7, 1),
            None,
            "Implementing Regulation (EU) 282/2011, article 63c: sales under a one-stop shop, ten years from the end "
            "of the year of the transaction",
        )
        for country in sorted(EU)
    ),
)


@dataclass(frozen=True)
class Kept:
    """Until which day (the first on which it is no longer needed) and by which law."""

    until: date
    law: str


def retention(*, seller: str, destination: str, issued: date) -> Kept:
    """Return the longest retention of an invoice; countries are ISO 3166-1 alpha-2, ``destination`` may be empty.

    Goods that stay in the seller's own country are under its law alone.
    """
    found = [
        Kept(date(issued.year + one.years + one.whole_years_added + 1, 1, 1), one.source)
        for one in PERIODS
        if one.valid_from <= issued < (one.valid_to or date.max)
        and (
            (one.whose == SELLER and one.country == seller)
            or (one.whose == DESTINATION and one.country == destination != seller)
        )
    ]
    if not any(one.whose == SELLER and one.country == seller for one in PERIODS):
        years = issued.year + UNKNOWN_YEARS + 2
        found.append(Kept(date(years, 1, 1), f"No period of {seller or '–'} is on record: kept as long as the longest"))
    return max(found, key=lambda one: one.until)
