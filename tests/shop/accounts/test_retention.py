from datetime import date

import pytest

from shop.accounts.privacy.retention import retention


@pytest.mark.parametrize(
    ("seller", "destination", "issued", "until"),
    [
        ("GB", "GB", date(2026, 11, 23), date(2034, 1, 1)),
        ("FR", "FR", date(2026, 1, 1), date(2038, 1, 1)),
        ("DE", "DE", date(2016, 12, 31), date(2027, 1, 1)),
        ("DE", "DE", date(2017, 1, 1), date(2026, 1, 1)),
        ("CN", "CN", date(2026, 5, 1), date(2057, 1, 1)),
        # One-stop shop: the union's ten years are longer than Britain's six and Germany's eight.
        ("GB", "FR", date(2026, 11, 23), date(2037, 1, 1)),
        ("DE", "FR", date(2026, 11, 23), date(2037, 1, 1)),
        ("GB", "FR", date(2021, 6, 30), date(2029, 1, 1)),
        ("GB", "US", date(2026, 11, 23), date(2034, 1, 1)),
    ],
)
def test_the_longest_law_decides(seller: str, destination: str, issued: date, until: date) -> None:
    assert retention(seller=seller, destination=destination, issued=issued).until == until


def test_a_country_without_a_row_keeps_as_long_as_the_longest() -> None:
    kept = retention(seller="XX", destination="", issued=date(2026, 1, 1))
    assert kept.until == date(2038, 1, 1)
    assert "XX" in kept.law
