"""Tariff tables: contradictions are named, gaps too, and the table shows bands by zones."""

from datetime import date
from decimal import Decimal

from shop.crossborder.delivery.tables import Row, faults, gaps, table

TODAY = date(2026, 11, 23)


def row(up_to=1000, amount="5", *, zone="Home", origin="", stepped=False, since=date(2026, 1, 1), until=None) -> Row:
    return Row(zone, origin, up_to, Decimal(amount), stepped, since, until)


def test_a_table_without_fault_has_none():
    rows = [row(), row(2000, "7"), row(5000, "9", stepped=True), row(zone="Far"), row(origin="FR")]
    assert faults(rows) == []
    assert gaps([rows[0], rows[1], rows[2]], max_weight_g=None, today=TODAY) == []


def test_contradictions_are_named():
    assert faults([row(), row()]) == ["Home: two rows up to 1,000 g hold on the same day."]
    assert faults([row(None), row(None)]) == ["Home: two rows any weight hold on the same day."]
    assert faults([row(), row(2000, "4.99")]) == ["Home: a parcel up to 2,000 g costs less than one up to 1,000 g."]
    assert faults([row(stepped=True), row(2000, "9")]) == [
        "Home: only the last row may have steps, not the one up to 1,000 g."
    ]


def test_rows_of_different_days_do_not_contradict():
    turn = date(2027, 1, 1)
    assert faults([row(until=turn), row(since=turn)]) == []
    assert len(faults([row(until=date(2027, 1, 2)), row(since=turn)])) == 1


def test_gaps_of_weight_and_of_days_are_named():
    assert gaps([row(1000)], max_weight_g=2000, today=TODAY) == ["Home: no price above 1,000 g on 2026-11-23."]
    assert gaps([row(2000)], max_weight_g=2000, today=TODAY) == []
    assert gaps([row(None)], max_weight_g=None, today=TODAY) == []
    rows = [row(None, until=date(2026, 12, 1)), row(None, since=date(2027, 1, 1))]
    assert gaps(rows, max_weight_g=None, today=TODAY) == ["Home: no row holds on 2026-12-01."]
    assert gaps([row(None, until=TODAY)], max_weight_g=None, today=TODAY) == [], "what is over is no gap"


def test_the_table_of_a_day():
    found = table([row(), row(2000, "7"), row(2000, "9", zone="Far"), row(None, until=TODAY)], on=TODAY)
    assert (found.places, found.bands) == (("Far", "Home"), ("up to 1,000 g", "up to 2,000 g"))
    assert [[one and str(one.amount) for one in line] for line in found.cells] == [[None, "5"], ["9", "7"]]
