"""The worked landed costs of the research page (domain/crossborder.md, section 13), to the minor unit."""

from decimal import Decimal

import pytest

from shop.crossborder.landed_cost.answer import Kind, Reason
from tests.shop.crossborder.landed_cost.purchases import cost, line

# case, purchase, duty, tax, total
CASES = [
    ("1 GB→FR print and mug, IOSS", ("FR", "EUR", line("491191", "45.00", origin="GB"), line("691200", "18.00")),
     {"shipping": "9.90", "registered": ["IOSS"]}, "6.00", "15.78", "94.68"),
    ("2 GB→DE catalogue, IOSS", ("DE", "EUR", line("490199", "40.00", origin="GB")),
     {"shipping": "7.50", "registered": ["IOSS"]}, "3.00", "3.54", "54.04"),
    ("4 GB→FR scarf of exactly EUR 150", ("FR", "EUR", line("621410", "150.00")),
     {"shipping": "10", "registered": ["IOSS"]}, "3.00", "32.60", "195.60"),
    ("4b the same at EUR 150.01", ("FR", "EUR", line("621410", "150.01")),
     {"shipping": "10", "registered": ["IOSS"]}, "12.80", "34.56", "207.37"),
    ("5 GB→IT resin replica", ("IT", "EUR", line("392640", "240.00")),
     {"shipping": "25.00", "registered": ["IOSS"]}, "17.23", "62.09", "344.32"),
    ("6 FR→DE scarf, Union OSS", ("DE", "EUR", line("621410", "95.00", origin="IT")),
     {"shipping": "6.00", "sender": "FR", "registered": ["EU_OSS"]}, "0.00", "19.19", "120.19"),
    ("7 FR→GB mugs and book", ("GB", "GBP", line("691200", "18.00", quantity=2), line("490199", "30.00", origin="FR")),
     {"shipping": "8.00", "sender": "FR", "registered": ["GB_VAT"]}, "0.00", "8.07", "82.07"),
    ("9 GB→CN mug and jigsaw, CBEC", ("CN", "CNY", line("691200", "168"), line("950300", "199")),
     {"shipping": "45", "route": "cbec"}, "0.00", "37.49", "449.49"),
    ("11 CN personal mail, scarf", ("CN", "CNY", line("621410", "850")), {"route": "postal"}, "170.00", "0.00", "1020.00"),
    ("11b CN personal mail, mug, waived", ("CN", "CNY", line("691200", "240")), {"route": "postal"}, "0.00", "0.00", "240.00"),
    ("12 GB→US mug of UK origin", ("US", "USD", line("69120044", "24.00", origin="GB")),
     {"shipping": "15.00"}, "4.80", "0.00", "43.80"),
    ("14 GB→US art book, in doubt", ("US", "USD", line("490199", "45.00", origin="GB")), {}, "4.50", "0.00", "49.50"),
    ("15 GB→JP own use", ("JP", "JPY", line("691200", "16500")), {"shipping": "1800"}, "0", "0", "18300"),
    ("17 GB→KR over the line", ("KR", "KRW", line("691200", "160")),
     {"shipping": "20", "priced_in": "USD"}, "20160", "27216", "299376"),
    ("18 GB→AU registered", ("AU", "AUD", line("691200", "180")),
     {"shipping": "25", "registered": ["AU_ARN"]}, "0.00", "20.50", "225.50"),
    ("19 GB→CA Ontario mug", ("CA", "CAD", line("691200", "60")), {"region": "ON"}, "2.70", "8.15", "70.85"),
    ("20 FR→CH book, tax not levied", ("CH", "CHF", line("490199", "48", origin="FR")),
     {"shipping": "9", "sender": "FR"}, "0.00", "0.00", "57.00"),
    ("21 GB→SG registered", ("SG", "SGD", line("691200", "80")),
     {"shipping": "12", "registered": ["SG_GST"]}, "0.00", "8.28", "100.28"),
    ("23 GB→NZ registered", ("NZ", "NZD", line("691200", "120")),
     {"shipping": "20", "registered": ["NZ_GST"]}, "0.00", "21.00", "161.00"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "args", "more", "duty", "tax", "total"), CASES, ids=[one[0] for one in CASES])
def test_a_worked_case(case, args, more, duty, tax, total):
    found = cost(*args, **more)
    assert (found.duty, found.tax, found.total) == (Decimal(duty), Decimal(tax), Decimal(total))
    assert found.total == found.goods + found.shipping + found.duty + found.tax + found.fees - found.tax_in_prices


def test_the_book_case_is_an_estimate_until_somebody_confirms_the_exemption():
    found = cost("US", "USD", line("490199", "45.00", origin="GB"))
    assert found.kind is Kind.ESTIMATE
    assert Reason.RULE_UNCONFIRMED in {one.code for one in found.reasons}
