"""The initial rule book says what the law was found to say: rates, limits and fees, typed here a second time.

The tables hold percent and dates as the sources have them and know nothing of the files; each compares the whole of
its kind, so that a row changed, added or lost is seen. Duties have a file of their own.
"""

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from shop.crossborder.rulebook.entries import KINDS, Confidence, Entry
from shop.crossborder.rulebook.files import INITIAL, read_rows

D = Decimal
# Standard rate and rate of printed books in percent; a star: the rate of books was read, not only remembered.
EU_VAT = """
AT 20 10*   BE 21 6    BG 20 9    HR 25 5     CY 19 3   CZ 21 0*   DK 25 25    EE 24 9*   FI 25.5 13.5
FR 20 5.5   DE 19 7    GR 24 6    HU 27 5*    IE 23 0*  IT 22 4*   LV 21 5*    LT 21 5    LU 17 3*
MT 18 5     NL 21 9    PL 23 5    PT 23 6     RO 21 11  SK 23 5    SI 22 5     ES 21 4*   SE 25 6*
"""
# First day of the rates above, where they changed while the book runs: standard, books.
EU_SINCE = {
    "EE": ("2025-07-01", ""),
    "FI": ("", "2026-01-01"),
    "LT": ("", "2026-01-01"),
    "RO": ("2025-08-01", "2025-08-01"),
    "SK": ("2025-01-01", ""),
}
OWN_GST = ("AB", "BC", "MB", "NT", "NU", "QC", "SK", "YT")
HST = ("NB", "NL", "NS", "ON", "PE")
# jurisdiction, route, tax, tariff headings, percent, first and last day, confirmed
OTHER_TAXES: list[tuple[str, str, str, str, str, str, str, bool]] = [
    ("EE", "standard", "VAT", "*", "22", "", "2025-06-30", False),
    ("RO", "standard", "VAT", "*", "19", "", "2025-07-31", True),
    ("RO", "standard", "VAT", "4901 4903", "5", "", "2025-07-31", False),
    ("FI", "standard", "VAT", "4901 4903", "14", "", "2025-12-31", False),
    ("LT", "standard", "VAT", "4901 4903", "9", "", "2025-12-31", False),
    ("FR", "standard", "VAT", "9701 9702 9703", "5.5", "", "", False),
    ("DE", "standard", "VAT", "9701 9702 9703", "7", "2025-01-01", "", False),
    ("FR-DOM", "standard", "VAT", "*", "8.5", "", "", True),
    ("FR-DOM", "standard", "VAT", "4901 4903 9701 9702 9703", "2.1", "", "", False),
    ("FR-GF", "standard", "VAT", "* 4901 4903 9701 9702 9703", "0", "", "", False),
    ("FR-YT", "standard", "VAT", "* 4901 4903 9701 9702 9703", "0", "", "", False),
    ("PT-MAD", "standard", "VAT", "*", "22", "", "", True),
    ("PT-AZO", "standard", "VAT", "*", "16", "", "", False),
    ("PT-MAD", "standard", "VAT", "4901 4903", "4", "", "", False),
    ("PT-AZO", "standard", "VAT", "4901 4903", "4", "", "", False),
    ("AT-JUN", "standard", "VAT", "*", "19", "", "", True),
    ("AT-JUN", "standard", "VAT", "4901 4903", "10", "", "", False),
    ("GB", "standard", "VAT", "*", "20", "", "", True),
    ("GB", "standard", "VAT", "4901 4902 4903 4904 4905", "0", "", "", True),
    ("XI", "standard", "VAT", "*", "20", "", "", True),
    ("XI", "standard", "VAT", "4901 4902 4903 4904 4905", "0", "", "", True),
    ("CH", "standard", "VAT", "*", "8.1", "", "", True),
    ("CH", "standard", "VAT", "4901 4902", "2.6", "", "", True),
    ("CH", "standard", "VAT", "4903", "2.6", "", "", False),
    ("NO", "standard", "VAT", "*", "25", "", "", True),
    ("NO", "standard", "VAT", "4901 4902", "0", "", "", True),
    ("NO", "standard", "VAT", "4903", "0", "", "", False),
    ("KR", "standard", "VAT", "*", "10", "", "", True),
    ("KR", "standard", "VAT", "4901", "0", "", "", True),
    ("KR", "standard", "VAT", "4903", "0", "", "", False),
    ("JP", "standard", "CT", "*", "10", "", "", True),
    ("AU", "standard", "GST", "*", "10", "", "", True),
    ("NZ", "standard", "GST", "*", "15", "", "", True),
    ("SG", "standard", "GST", "*", "9", "", "", True),
    ("HK", "standard", "VAT", "*", "0", "", "", True),
    ("US", "standard", "SALES", "*", "0", "", "", True),
    *[(f"CA-{one}", "standard", "GST", "*", "5", "", "", True) for one in OWN_GST],
    ("CA-BC", "standard", "PST", "*", "7", "", "", False),
    ("CA-MB", "standard", "PST", "*", "7", "", "", False),
    ("CA-SK", "standard", "PST", "*", "6", "", "", False),
    ("CA-QC", "standard", "QST", "*", "9.975", "", "", False),
    *[(f"CA-{one}", "standard", "PST", "4901 4903", "0", "", "", False) for one in ("BC", "MB", "SK")],
    ("CA-QC", "standard", "QST", "4901 4903", "0", "", "", False),
    ("CA-ON", "standard", "HST", "*", "13", "", "", True),
    *[(f"CA-{one}", "standard", "HST", "*", "15", "", "", False) for one in ("NB", "NL", "PE")],
    ("CA-NS", "standard", "HST", "*", "15", "", "2025-03-31", False),
    ("CA-NS", "standard", "HST", "*", "14", "2025-04-01", "", False),
    *[(f"CA-{one}", "standard", "HST", "4901 4903", "5", "", "", False) for one in HST],
    ("CN", "standard", "VAT", "*", "13", "", "", True),
    ("CN", "standard", "VAT", "4901 4902 4903", "9", "", "", False),
    ("CN", "general", "VAT", "*", "13", "", "", True),
    ("CN", "general", "VAT", "4901 4902 4903", "9", "", "", False),
    ("CN", "cbec", "IMPORT", "*", "9.1", "", "", True),
    ("CN", "cbec", "IMPORT", "4901 4902 4903", "6.3", "", "", False),
    ("CN", "cbec", "IMPORT", "7113 7116", "17.89", "", "", False),
    ("CN", "postal", "IMPORT", "*", "0", "", "", True),
]
# jurisdiction, route, amount, currency, within at the amount itself, value, scope, effects, seller's registration,
# sent from, first day, last day
THRESHOLDS = """
EU standard    150 EUR <= goods         consignment collect_at_sale IOSS   *        2021-07-01 *
EU standard    150 EUR <= goods         consignment no_duty         *      *        *          2026-06-30
GB standard    135 GBP <= goods         consignment collect_at_sale GB_VAT *        2021-01-01 *
GB standard    135 GBP <= goods         consignment no_duty         *      *        *          *
XI standard    135 GBP <= goods         consignment collect_at_sale IOSS   *        2021-07-01 *
US standard    800 USD <= goods         consignment no_duty;no_tax  *      *        *          2025-08-28
CN cbec       5000 CNY <= customs_value consignment refuse_above    *      *        2019-01-01 *
CN cbec      26000 CNY <= year          consignment refuse_above    *      *        2019-01-01 *
CN general   26000 CNY <= year          consignment refuse_above    *      *        2019-01-01 *
CN postal     1000 CNY <= goods         consignment refuse_above_unless_one * *        *          *
CN postal      800 CNY <= goods         consignment refuse_above_unless_one * HK;MO;TW *          *
CN postal       50 CNY <= duty          consignment waive_duty      *      *        *          *
CN postal       10 *   <= units         consignment no_duty         *      *        *          *
JP standard  10000 JPY <= customs_value consignment no_duty;no_tax  *      *        *          2028-03-31
KR standard    150 USD <= goods         consignment no_duty;no_tax  *      *        *          *
KR standard    200 USD <= goods         consignment no_duty;no_tax  *      US       *          *
AU standard   1000 AUD <= goods         unit        collect_at_sale AU_ARN *        2018-07-01 *
AU standard   1000 AUD <= goods         consignment no_duty         *      *        *          *
AU standard   1000 AUD <= goods         consignment no_tax          *      *        *          *
NZ standard   1000 NZD <= goods         unit        collect_at_sale NZ_GST *        2019-12-01 *
NZ standard   1000 NZD <= goods         consignment no_duty         *      *        2019-12-01 *
NZ standard   1000 NZD <= goods         consignment no_tax          *      *        2019-12-01 *
CA standard     20 CAD <= goods         consignment no_duty;no_tax  *      *        *          *
CA standard     40 CAD <= goods         consignment no_tax          *      US;MX    *          *
CA standard    150 CAD <= goods         consignment no_duty         *      US;MX    *          *
CH standard      5 CHF <= tax           consignment waive_tax       *      *        *          *
NO standard   3000 NOK <  goods         unit        collect_at_sale VOEC   *        2024-01-01 *
NO standard   3000 NOK <  goods         unit        no_duty         VOEC   *        2024-01-01 *
SG standard    400 SGD <= goods         unit        collect_at_sale SG_GST *        *          *
SG standard    400 SGD <= cif           consignment no_tax          *      *        *          *
"""
# jurisdiction, charged for, amount, currency, within, status, first day, last day, confirmed
FEES = {
    ("EU", "hs6_line", None, "EUR", "", "announced", "2026-11-01", "", False),
    ("FR", "hs6_line", D(2), "EUR", "eu-150", "active", "2026-03-01", "2026-10-31", True),
    ("IT", "parcel", D(2), "EUR", "eu-150", "active", "2026-07-01", "", True),
    ("RO", "parcel", D(25), "RON", "eu-150", "active", "2026-01-01", "", True),
}


@cache
def book() -> dict[str, list[Any]]:
    return read_rows(INITIAL)


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def same(found: list[Any], expected: list[Any]) -> None:
    """Fail with what is only in the book and what only in the table; a row counts as often as it is there."""
    there, wanted = Counter(found), Counter(expected)
    assert (there - wanted, wanted - there) == (Counter(), Counter())


def test_every_tax_rate_is_the_one_found() -> None:
    expected = []
    words = EU_VAT.split()
    for code, standard, books in zip(words[::3], words[1::3], words[2::3], strict=True):
        first, first_books = EU_SINCE.get(code, ("", ""))
        rate = D(books.rstrip("*")) / 100
        expected += [
            (code, "standard", "VAT", "", D(standard) / 100, first, "", True),
            (code, "standard", "VAT", "4901", rate, first_books, "", books.endswith("*")),
            (code, "standard", "VAT", "4903", rate, first_books, "", False),
        ]
    for code, route, tax, headings, percent, first, last, confirmed in OTHER_TAXES:
        expected += [
            (code, route, tax, hs.strip("*"), D(percent) / 100, first, last, confirmed) for hs in headings.split()
        ]
    same(
        [
            (r.jurisdiction, r.route, r.tax, r.hs, r.rate, day(r.valid_from), day(r.valid_to), r.confirmed)
            for r in book()["taxes"]
        ],
        expected,
    )
    assert not any(row.category for row in book()["taxes"])


def test_every_threshold_is_the_one_found_with_its_currency_and_the_side_of_its_edge() -> None:
    found = [
        (
            *(r.jurisdiction, r.route, r.amount, r.currency, r.inclusive, r.basis, r.scope, ";".join(r.effects)),
            *(r.registration, ";".join(r.from_countries), day(r.valid_from), day(r.valid_to)),
        )
        for r in book()["thresholds"]
    ]
    expected = []
    for line in THRESHOLDS.strip().splitlines():
        code, route, amount, currency, edge, *rest = line.split()
        expected.append((code, route, D(amount), currency.strip("*"), edge == "<=", *(one.strip("*") for one in rest)))
    same(found, expected)
    goods = {row.key: row.hs for row in book()["thresholds"] if row.hs}
    assert goods == {"cn-postal-10-copies": ("4901", "4902", "4903")}


def test_every_fee_is_the_one_found_and_an_announced_fee_has_no_amount() -> None:
    found = {
        (
            *(r.jurisdiction, r.per, r.amount, r.currency, r.within, r.status),
            *(day(r.valid_from), day(r.valid_to), r.confirmed),
        )
        for r in book()["fees"]
    }
    assert found == FEES
    assert len(book()["fees"]) == len(FEES)
    assert not any(row.in_tax_base or row.route != "standard" for row in book()["fees"])


def test_procedures_value_goods_as_each_customs_does() -> None:
    found = [
        (r.jurisdiction, r.route, r.customs_value, r.valuation, r.taxes_shipping, r.registration, r.permit_only)
        for r in sorted(book()["procedures"], key=lambda r: r.rank)
    ]
    cif = [(code, "standard", "cif", D(1), True, "", False) for code in ("EU", "GB", "XI", "KR", "CH", "NO", "SG")]
    fob = [(code, "standard", "fob", D(1), taxed, "", False) for code, taxed in (("AU", True), ("NZ", True))]
    untaxed = [(code, "standard", "fob", D(1), False, "", False) for code in ("US", "CA")]
    china = [
        ("CN", "cbec", "cif", D(1), True, "CN_CBEC", True),
        ("CN", "postal", "fob", D(1), False, "", False),
        ("CN", "general", "cif", D(1), True, "", False),
    ]
    japan, hong_kong = ("JP", "standard", "fob", D("0.6"), False, "", False), ("HK", "standard", "cif", D(1), False, "")
    same(found, [*cif, *fob, *untaxed, *china, japan, (*hong_kong, False)])
    assert [row.key for row in book()["procedures"] if row.one_article] == ["cn-general"]
    assert [row[1] for row in found if row[0] == "CN"] == ["cbec", "postal", "general"]


def test_what_is_remembered_is_never_confirmed() -> None:
    rows = [row for kind in KINDS for row in book()[kind] if isinstance(row, Entry)]
    assert [row.key for row in rows if row.confidence is Confidence.MEMORY and row.confirmed] == []
    assert {row.confirmed_by for row in rows if row.confirmed} == {"Rule desk"}
