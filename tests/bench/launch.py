"""A launch through HTTP: 2,000 buyers, 64 at once, 500 units."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import rush
from tests.e2e.conftest import Demo, free_ports

BUYERS, AT_ONCE, UNITS = 2_000, 64, 500


def measure() -> list[dict[str, Any]]:
    """Return how many were sold, what the others were told, p95 and the time to sell out."""
    folder = Path(tempfile.mkdtemp(prefix="vitrine-rush-"))
    demo = Demo(folder / "state", free_ports())
    try:
        demo.start()
        done = rush.run(demo, buyers=BUYERS, at_once=AT_ONCE, units=UNITS)
        held = demo.row(
            "SELECT count(DISTINCT o.id), sum(l.quantity) FROM shop_order o JOIN inventory_hold h ON h.id = o.hold_id "
            "JOIN inventory_holdline l ON l.hold_id = h.id JOIN inventory_balance b ON b.id = l.balance_id "
            "JOIN inventory_item i ON i.id = b.item_id WHERE i.sku = %s AND o.email LIKE 'buyer%%' AND h.state = 'active'",
            done.sku,
        )
    finally:
        if demo.process:
            demo.stop()
        shutil.rmtree(folder, ignore_errors=True)
    told = ", ".join(f"{count:,} × {outcome}" for outcome, count in done.outcomes.most_common())
    name = f"launch over HTTP, {BUYERS:,} buyers, {AT_ONCE} at once, {UNITS} units"
    orders, units = held or (0, 0)
    return [
        {"what": f"{name}: orders that hold stock", "figure": float(orders), "unit": "", "wanted": f"= {UNITS}"},
        {"what": f"{name}: units held", "figure": float(units or 0), "unit": "", "wanted": f"= {UNITS}"},
        {"what": f"{name}: answers {told}", "figure": float(len(done.answers)), "unit": ""},
        {"what": f"{name}: p95 of an answer", "figure": done.p95, "unit": "s"},
        {"what": f"{name}: sold out after", "figure": done.sold_out_after, "unit": "s"},
    ]
