"""Addresses with characters that no database takes are addresses of nothing."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/orders/a%00b/", "/gb/en/objects/%00/", "/gb/en/?q=a%00b", "/admin/shop/order/?q=%00", "/%00"]
)
def test_a_nul_character_finds_nothing(client, address):
    make.market("gb")
    assert client.get(address).status_code == 404
