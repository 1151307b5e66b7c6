"""Everybody at once over HTTP: exactly the units that are there are sold, and everybody gets a clear answer."""

import pytest

from tests.bench import rush
from tests.e2e.conftest import Demo, stock_of

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("demo")]
BUYERS, AT_ONCE, UNITS = 200, 64, 50


def test_a_rush_sells_each_unit_once(demo: Demo):
    done = rush.run(demo, buyers=BUYERS, at_once=AT_ONCE, units=UNITS)
    assert done.outcomes == {"201": UNITS, "409 out-of-stock": BUYERS - UNITS}
    claims = demo.row(
        "SELECT count(DISTINCT o.id), sum(l.quantity) FROM shop_order o JOIN inventory_hold h ON h.id = o.hold_id "
        "JOIN inventory_holdline l ON l.hold_id = h.id JOIN inventory_balance b ON b.id = l.balance_id "
        "JOIN inventory_item i ON i.id = b.item_id "
        "WHERE i.sku = %s AND o.email LIKE 'buyer%%' AND h.state = 'active'",
        done.sku,
    )
    assert claims == (UNITS, UNITS)
    assert stock_of(demo, done.sku).held >= UNITS
