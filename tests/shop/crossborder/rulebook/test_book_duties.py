"""The initial rule book says what duties were found to be: the tariff, additional acts, dates, typed here a second time.

Percent throughout. A question mark: nobody has confirmed the row, be it remembered or one of several lines.
"""

from decimal import Decimal
from functools import cache
from typing import Any

from shop.crossborder.rulebook.files import INITIAL, read_rows
from tests.shop.crossborder.rulebook.test_book_facts import day, same

# heading, EU, United Kingdom, United States; a dash: no row
TARIFF = """
4901      0      0     0        4903      0      0     0        4905      0      0     0?
4909      0      0     0?       4910      0      0     0?       4911      0      0     0?
482010    0      0     0?       482020    0      0     0?       960910    2.7    2     -
960810    3.7    2     -        321310    6.5    0     -        621410    8      8     3.9?
62141010  -      -     1.2?     62141020  -      -     3.9?     621420    8      8     6.7
621490    8      8     11.3     621510    6.3?   6?    7.2      610910    12     12    16.5?
420292    2.7    2     6.3?     420222    3.7    2     6.3?     630260    12     12    -
630492    12     12    -        630790    12?    12?   7?       691110    12     12    14?
69111045  -      -     14       6912      9?     8?    10?      69120023  5.5?   4?    -
69120025  9?     8?    -        69120044  -      -     10       691310    6      6     -
691390    6?     6?    -        69139010  3.5?   2?    -        701337    11     10    -
711311    2.5    2     5?       711319    2.5    2     5.5?     711719    4      4     11?
711711    4      4     8?       392640    6.5    6     5.3?     830621    0      0     4.5?
830629    0      0     4.5?     442011    3      2     3.2?     442019    0      0     3.2?
4414      2.5?   2?    -        830630    2.7    2     -        660191    4.7    4     -
660199    4.7?   4?    -        950300    4.7?   4?    0?       95030041  4.7?   4?    -
95030021  4.7?   4?    -        95030061  0?     0?    -        95030069  4.7?   4?    -
950440    2.7    2     0?       950490    0      0     0?       950510    2.7?   2?    0?
95051010  0?     0?    -        3406      0      0     0?       711810    0      0     -
9701      0      0     0?       9702      0      0     0?       9703      0      0     0?
9705      0      0     0?       9706      0      0     0?
"""
# Everywhere else: jurisdiction, heading (a star: any goods), percent
OTHER_TARIFFS = """
JP * 5?   JP 49 0?   KR * 8?   KR 49 0?   AU * 5?   AU 49 0?   CA 49 0?   CA 6912 4.5?
CH * 0?   NO * 0?    SG * 0?   HK * 0
"""
CHINA_MAIL = "* 20   9503 13   49 13?   95 13?   94 13?   7113 50?"
# The 60 economies of section 301: how the rate joins the tariff, percent, origins
SECTION_301 = [
    ("add", "10", "GB IN MX CA ID MY PK BD KH LK AR EC SV GT HN JO TT"),
    ("top_up_to", "10", "EU TW"),
    ("top_up_to", "12.5", "JP KR CH"),
    ("add", "12.5", "CN HK NO SG AU NZ TR TH VN"),
    ("add", "12.5?", "*"),
]
INFORMATIONAL = """
49 3704 3705 3706 5807 8310 9701 9702 9703 9704 9705 63079030 63079085 85238010 852329 852341 852349 940561 940569
"""
# jurisdiction, act, heading, origin, how it joins, percent, first and last day
OTHER_ACTS = """
EU EU-AD-CANDLES  3406   CN add        70.9?  *          *
EU EU-AD-CERAMICS 691110 CN add        36.1?  *          *
EU EU-AD-CERAMICS 6912   CN add        36.1?  *          *
GB GB-AD-CERAMICS 691110 CN add        36.1?  *          *
GB GB-AD-CERAMICS 6912   CN add        36.1?  *          *
EU TCA            *      GB preference 0?     *          *
GB TCA            *      EU preference 0?     *          *
AU AUKFTA         *      GB preference 0?     *          *
US US-S122        *      *  add        10     2026-02-24 2026-07-23
US US-S301-CN     490199 CN add        7.5    *          *
US US-S301-CN     6214   CN add        7.5    *          *
US US-S301-CN     *      CN add        25?    *          *
"""
S122, S301 = ("2026-02-24", "2026-07-23"), ("2026-07-24", "")


@cache
def duties() -> list[Any]:
    return read_rows(INITIAL)["duties"]


def row(jurisdiction: str, act: str, hs: str, percent: str, **more: str) -> tuple[Any, ...]:
    """Return what the test compares of a duty by value."""
    return (
        *(jurisdiction, more.get("route", "standard"), act, hs.strip("*"), more.get("origin", "").strip("*")),
        *(more.get("combine", "base"), Decimal(percent.rstrip("?")) / 100 if percent.strip("?") else None),
        *(more.get("first", "").strip("*"), more.get("last", "").strip("*"), not percent.endswith("?")),
    )


def tariffs() -> list[tuple[Any, ...]]:
    found = []
    words = TARIFF.split()
    for hs, *columns in zip(*(words[i::4] for i in range(4)), strict=True):
        found += [row(c, "MFN", hs, p) for c, p in zip(("EU", "GB", "US"), columns, strict=True) if p != "-"]
    words = OTHER_TARIFFS.split()
    for code, hs, percent in zip(words[::3], words[1::3], words[2::3], strict=True):
        found.append(row(code, "MFN", hs, percent, first="2024-01-01" if code == "CH" else ""))
    words = CHINA_MAIL.split()
    for hs, percent in zip(words[::2], words[1::2], strict=True):
        found.append(row("CN", "CN-POSTAL", hs, percent, route="postal"))
    return [*found, row("CN", "CBEC", "", "0", route="cbec")]


def acts() -> list[tuple[Any, ...]]:
    found = []
    for line in OTHER_ACTS.strip().splitlines():
        code, act, hs, origin, combine, percent, first, last = line.split()
        found.append(row(code, act, hs, percent, origin=origin, combine=combine, first=first, last=last))
    for combine, percent, origins in SECTION_301:
        found += [
            row("US", "US-S301-2026", "", percent, origin=one, combine=combine, first=S301[0])
            for one in origins.split()
        ]
    for hs in INFORMATIONAL.split():
        found.append(row("US", "US-S122", hs, "", combine="exempt", first=S122[0], last=S122[1]))
        found.append(row("US", "US-S301-2026", hs, "?", combine="exempt", first=S301[0]))
    for origin in ("CA", "MX"):
        found.append(row("US", "US-S122", "", "?", origin=origin, combine="exempt", first=S122[0], last=S122[1]))
    return found


def test_every_duty_by_value_is_the_one_found() -> None:
    same(
        [
            (
                *(r.jurisdiction, r.route, r.act, r.hs, r.origin, r.combine, r.rate),
                *(day(r.valid_from), day(r.valid_to), r.confirmed),
            )
            for r in duties()
            if r.kind == "ad_valorem"
        ],
        [*tariffs(), *acts()],
    )
    assert not any(r.amount or r.currency or r.within for r in duties() if r.kind == "ad_valorem")


def test_the_one_duty_by_item_is_the_unions_three_euro() -> None:
    found = [r for r in duties() if r.kind != "ad_valorem"]
    assert [(r.jurisdiction, r.route, r.act, r.hs, r.origin, r.combine, r.kind) for r in found] == [
        ("EU", "standard", "EU-2026-382", "", "", "replace", "per_item")
    ]
    (one,) = found
    assert (one.amount, one.currency, one.within, one.confirmed) == (Decimal(3), "EUR", "eu-150", True)
    assert (day(one.valid_from), day(one.valid_to)) == ("2026-07-01", "2028-06-30")


def test_one_american_act_follows_the_other_without_a_day_between() -> None:
    (surcharge,) = [r for r in duties() if r.act == "US-S122" and r.combine == "add"]
    (first,) = {r.valid_from for r in duties() if r.act == "US-S301-2026"}
    assert (first - surcharge.valid_to).days == 1
