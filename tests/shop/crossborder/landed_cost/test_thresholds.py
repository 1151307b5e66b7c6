"""Both sides of every threshold of the initial rule book: what it does on the edge and a cent beyond it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shop.crossborder.landed_cost.answer import NotDeliverable, StepCode
from shop.crossborder.rulebook.entries import Effect
from tests.shop.crossborder.landed_cost.purchases import DAY, book, cost, line

REFUSED = "refused"


def goods(hs: str, **more):
    return lambda price: line(hs, price, **more)


scarf, mug, art_book = goods("621410"), goods("691200"), goods("490199")
uk_mug = goods("69120044", origin="GB")
NI = {"postcode": "BT1 1AA", "sender": "US"}
ONTARIO = {"region": "ON"}
BEFORE_AUGUST_2025 = {"on": book().entries["us-800"].valid_to}

# threshold, country, currency, goods, the price on the edge, beyond it, further facts, "duty tax total" on the edge, beyond
EDGES = [
    ("eu-150", "FR", "EUR", scarf, "150.00", "150.01", {"registered": ["IOSS"]}, "3.00 30.60 183.60", "12.00 32.40 194.41"),
    ("eu-150", "DE", "EUR", art_book, "150.00", "150.01", {"registered": ["IOSS"]}, "3.00 10.71 163.71", "0 10.50 160.51"),
    ("eu-150-relief", "FR", "EUR", scarf, "150.00", "150.01", {"on": book().entries["eu-150-relief"].valid_to},
     "0 30.00 182.00", "12.00 32.40 194.41"),  # with the French fee of EUR 2 within
    ("gb-135", "GB", "GBP", scarf, "135", "135.01", {"sender": "FR", "registered": ["GB_VAT"]},
     "0 27.00 162.00", "10.80 29.16 174.97"),
    ("gb-135-duty", "GB", "GBP", scarf, "135", "135.01", {"sender": "FR"}, "0 27.00 162.00", "10.80 29.16 174.97"),
    ("xi-135-ioss", "GB", "GBP", scarf, "135", "135.01", NI | {"registered": ["IOSS"]},
     "10.80 29.16 174.96", "10.80 29.16 174.97"),
    ("eu-150", "GB", "GBP", scarf, "132", "132.01", NI, "2.64 26.93 161.57", "10.56 28.51 171.08"),
    ("us-800", "US", "USD", uk_mug, "800", "800.01", BEFORE_AUGUST_2025, "0 0 800.00", "80.00 0 880.01"),
    ("cn-cbec-5000", "CN", "CNY", mug, "5000", "5000.01", {"route": "cbec"}, "0 455.00 5455.00", REFUSED),
    ("cn-cbec-26000", "CN", "CNY", mug, "4000", "4000.01", {"route": "cbec", "bought_this_year": Decimal(22000)},
     "0 364.00 4364.00", REFUSED),
    ("cn-general-26000", "CN", "CNY", mug, "6000", "6000.01", {"route": "general", "bought_this_year": Decimal(20000)},
     "0 780.00 6780.00", REFUSED),
    ("cn-postal-1000", "CN", "CNY", goods("691200", quantity=2), "500", "500.01", {}, "200.00 0 1200.00", REFUSED),
    ("cn-postal-800", "CN", "CNY", goods("691200", quantity=2), "400", "400.01", {"sender": "HK"},
     "160.00 0 960.00", REFUSED),
    ("cn-postal-50", "CN", "CNY", mug, "250.02", "250.03", {}, "0 0 250.02", "50.01 0 300.04"),
    ("jp-10000", "JP", "JPY", mug, "16666", "16667", {}, "0 0 16666", "500 1050 18217"),  # 60 % of it is the value
    ("kr-150", "KR", "USD", mug, "150", "150.01", {}, "0 0 150.00", "12.00 16.20 178.21"),
    ("kr-200-us", "KR", "USD", mug, "200", "200.01", {"sender": "US"}, "0 0 200.00", "16.00 21.60 237.61"),
    ("au-1000-sale", "AU", "AUD", mug, "1000", "1000.01", {"registered": ["AU_ARN"]}, "0 100.00 1100.00", "50.00 105.00 1155.01"),
    ("au-1000-duty", "AU", "AUD", mug, "1000", "1000.01", {}, "0 0 1000.00", "50.00 105.00 1155.01"),
    ("au-1000-tax", "AU", "AUD", art_book, "1000", "1000.01", {}, "0 0 1000.00", "0 100.00 1100.01"),
    ("nz-1000-sale", "NZ", "NZD", mug, "1000", "1000.01", {"registered": ["NZ_GST"]}, "0 150.00 1150.00", "0 150.00 1150.01"),
    ("nz-1000-duty", "NZ", "NZD", mug, "1000", "1000.01", {}, "0 0 1000.00", "0 150.00 1150.01"),
    ("nz-1000-tax", "NZ", "NZD", mug, "1000", "1000.01", {}, "0 0 1000.00", "0 150.00 1150.01"),
    ("ca-20", "CA", "CAD", mug, "20", "20.01", ONTARIO, "0 0 20.00", "0.90 2.72 23.63"),
    ("ca-40-us-mx", "CA", "CAD", mug, "40", "40.01", ONTARIO | {"sender": "US"}, "0 0 40.00", "0 5.20 45.21"),
    ("ca-150-us-mx", "CA", "CAD", mug, "150", "150.01", ONTARIO | {"sender": "MX"}, "0 19.50 169.50", "6.75 20.38 177.14"),
    ("ch-5", "CH", "CHF", mug, "61.79", "61.80", {}, "0 0 61.79", "0 5.01 66.81"),
    ("ch-5", "CH", "CHF", art_book, "192.49", "192.50", {}, "0 0 192.49", "0 5.01 197.51"),
    ("no-3000-voec", "NO", "NOK", mug, "2999.99", "3000", {"registered": ["VOEC"]}, "0 750.00 3749.99", "0 750.00 3750.00"),
    ("no-3000-duty", "NO", "NOK", mug, "2999.99", "3000", {"registered": ["VOEC"]}, "0 750.00 3749.99", "0 750.00 3750.00"),
    ("sg-400-sale", "SG", "SGD", mug, "400", "400.01", {"registered": ["SG_GST"]}, "0 36.00 436.00", "0 36.00 436.01"),
    ("sg-400-relief", "SG", "SGD", mug, "388", "388.01", {"shipping": "12"}, "0 0 400.00", "0 36.00 436.01"),
]  # fmt: skip


def figures(found) -> str:
    shown = (str(amount) if amount else "0" for amount in (found.duty, found.tax, found.total))
    return " ".join(shown)


def noted(found, key: str) -> set[StepCode]:
    return {step.code for step in found.steps if step.rule == key and step.code in {StepCode.WITHIN, StepCode.BEYOND}}


@pytest.mark.parametrize(
    ("key", "country", "currency", "made", "edge", "beyond", "more", "expected", "expected_beyond"),
    EDGES,
    ids=[f"{one[0]}-{number}" for number, one in enumerate(EDGES)],
)
def test_a_threshold_holds_to_its_edge_and_no_further(
    key, country, currency, made, edge, beyond, more, expected, expected_beyond
):
    within = cost(country, currency, made(edge), **more)
    assert figures(within) == expected
    assert noted(within, key) == {StepCode.WITHIN}
    sold = Effect.COLLECT_AT_SALE in book().entries[key].effects and "registered" in more
    assert within.consignments[0].collected_at_sale or not sold
    if expected_beyond == REFUSED:
        with pytest.raises(NotDeliverable) as refused:
            cost(country, currency, made(beyond), **more)
        assert key in {one.rule for one in refused.value.refusals}
        return
    above = cost(country, currency, made(beyond), **more)
    assert figures(above) == expected_beyond
    assert noted(above, key) == {StepCode.BEYOND}
    assert not (sold and above.consignments[0].collected_at_sale)


def test_ten_copies_go_by_post_to_china_free_of_duty_and_eleven_are_all_taxed():
    def copies(count, *others):
        return cost("CN", "CNY", line("490199", "60", quantity=count), *others)

    assert figures(copies(10)) == "0 0 600.00"
    assert noted(copies(10), "cn-postal-10-copies") == {StepCode.WITHIN}
    assert figures(copies(11)) == "85.80 0 745.80"
    assert noted(copies(11), "cn-postal-10-copies") == {StepCode.BEYOND}
    # Copies are counted over all titles, and other goods bear their own duty.
    assert figures(copies(6, line("490300", "30", quantity=5))) == "66.30 0 576.30"
    assert figures(copies(10, line("691200", "300"))) == "60.00 0 960.00"
    assert noted(cost("CN", "CNY", line("691200", "300")), "cn-postal-10-copies") == set()


def test_one_indivisible_article_may_go_by_post_to_china_whatever_it_costs():
    assert figures(cost("CN", "CNY", mug("1000.01"))) == "200.00 0 1200.01"
    assert figures(cost("CN", "CNY", mug("800.01"), sender="HK")) == "160.00 0 960.01"
    # The positive list of a route that was not taken leaves no doubt behind.
    dear = cost("CN", "CNY", mug("5000.01"), registered=["CN_CBEC"])
    assert (dear.consignments[0].route, dear.reasons) == ("postal", ())


def test_every_threshold_of_the_book_has_a_case():
    tried = {one[0] for one in EDGES} | {"cn-postal-10-copies"}
    assert tried == {row.key for row in book().rows["thresholds"]}


def changes():
    """The days on which a rule of the book begins or has ended, within the days it covers."""
    rows = [book().entries[key] for key in ("eu-150-relief", "eu-per-item-2026", "us-800", "us-s122-2026", "us-s301-2026-gb",
                                            "fr-parcel-fee", "it-parcel-fee", "ro-parcel-fee", "jp-10000")]  # fmt: skip
    return {
        (row.key, day)
        for row in rows
        for day in (row.valid_from, row.valid_to and row.valid_to + timedelta(days=1))
        if day
    }


PARCEL = (line("621410", "50", origin="GB"), line("491191", "40", origin="GB"))
US_MUG = (line("69120044", "100", origin="GB"),)
JP_BOOKS = (line("490199", "16000", origin="GB"),)
# rule, the first day that is different, country, currency, goods, "duty tax fees total" on the day before, and on it
DATES = [
    ("eu-150-relief", "2026-07-01", "DE", "EUR", PARCEL, "0 17.10 0 107.10", "6.00 18.24 0 114.24"),
    ("eu-per-item-2026", "2026-07-01", "DE", "EUR", PARCEL, "0 17.10 0 107.10", "6.00 18.24 0 114.24"),
    ("eu-per-item-2026", "2028-07-01", "DE", "EUR", PARCEL, "6.00 18.24 0 114.24", "4.00 17.86 0 111.86"),
    ("us-800", "2025-08-29", "US", "USD", US_MUG, "0 0 0 100.00", "10.00 0 0 110.00"),
    ("us-s122-2026", "2026-02-24", "US", "USD", US_MUG, "10.00 0 0 110.00", "20.00 0 0 120.00"),
    ("us-s122-2026", "2026-07-24", "US", "USD", US_MUG, "20.00 0 0 120.00", "20.00 0 0 120.00"),
    ("us-s301-2026-gb", "2026-07-24", "US", "USD", US_MUG, "20.00 0 0 120.00", "20.00 0 0 120.00"),
    ("fr-parcel-fee", "2026-03-01", "FR", "EUR", PARCEL, "0 18.00 0 108.00", "0 18.00 4.00 112.00"),
    ("fr-parcel-fee", "2026-11-01", "FR", "EUR", PARCEL, "6.00 19.20 4.00 119.20", "6.00 19.20 0 115.20"),
    ("it-parcel-fee", "2026-07-01", "IT", "EUR", PARCEL, "0 19.80 0 109.80", "6.00 21.12 2.00 119.12"),
    ("ro-parcel-fee", "2026-01-01", "RO", "EUR", PARCEL, "0 18.90 0 108.90", "0 18.90 5.00 113.90"),
    ("jp-10000", "2028-04-01", "JP", "JPY", JP_BOOKS, "0 0 0 16000", "0 960 0 16960"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "day", "country", "currency", "lines", "before", "after"), DATES)
def test_a_rule_changes_on_its_day(key, day, country, currency, lines, before, after):
    first = DAY.fromisoformat(day)
    shown = []
    for on in (first - timedelta(days=1), first):
        found = cost(country, currency, *lines, on=on, registered=["IOSS"] if currency == "EUR" else [])
        shown.append(" ".join(str(n) if n else "0" for n in (found.duty, found.tax, found.fees, found.total)))
    assert shown == [before, after]


def test_every_change_has_a_case():
    assert changes() == {(one[0], DAY.fromisoformat(one[1])) for one in DATES}


def test_the_surcharge_on_goods_from_china_changes_its_act_in_july_2026():
    def rates(day):
        found = cost("US", "USD", line("490199", "100"), on=DAY.fromisoformat(day))
        return {step.rule: step.rate for step in found.steps if step.code is StepCode.ADDITIONAL_DUTY}

    lists = {"us-s301-cn-490199": Decimal("0.075")}
    assert rates("2026-07-23") == lists  # informational materials are outside section 122
    assert rates("2026-07-24") == lists | {"us-s301-2026-cn": Decimal("0.125")}
