"""Counts by sheet: all rows or none, each difference one movement, and what forbids it named by row."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import Balance, Item, Movement, Warehouse
from inventory.stock import actions, counting, ledger, proofs, sheets
from inventory.stock.errors import BadQuantity, SheetError, SheetRepeated
from inventory.stock.models import BundleComponent, CountLine, CountSheet, LotBalance, Restock
from inventory.stock.sheets import CountedRow
from tests import factories as make


@pytest.fixture
def london(db) -> Warehouse:
    """The warehouse that is counted."""
    return make.warehouse("LON")


def row(sku: str, expected: int, counted: int, *, at: str = "LON", number: int = 2) -> CountedRow:
    return CountedRow(number, sku, "", at, expected, counted)


def books() -> dict[tuple[str, str], int]:
    rows = Balance.objects.values_list("item__sku", "warehouse__code", "on_hand")
    return {(sku, code): units for sku, code, units in rows}


def everything() -> list:
    """All that a count may write."""
    tables = (Balance, Movement, CountSheet, CountLine, Restock, LotBalance)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def hold(balance: Balance, quantity: int, key: str = "hold-1"):
    return actions.hold(
        demand={balance.item_id: quantity},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause_key=key,
        expires_at=timezone.now() + timedelta(hours=1),
    )


def count(warehouse: Warehouse, *rows: CountedRow, reference: str = "annual count 2026") -> CountSheet:
    return actions.apply_count(warehouse=warehouse, rows=rows, reference=reference, actor="mina")


def refused(warehouse: Warehouse, *rows: CountedRow, **told) -> list[tuple[int, str]]:
    """What a refusal says; the dry run says the same, and nothing is changed by either."""
    before = everything()
    checked = actions.check_count(warehouse=warehouse, rows=rows)
    assert not checked.clean
    with pytest.raises(SheetError) as error:
        count(warehouse, *rows, **told)
    assert error.value.troubles == checked.troubles
    assert everything() == before
    return error.value.troubles


# --- Applied --------------------------------------------------------------------------------------------------------


def test_a_count_sets_the_books_with_one_movement_for_each_difference(london):
    make.balance(10, sku="CUP")
    make.balance(4, sku="FAN")
    make.balance(7, sku="PIN")
    rows = [row("CUP", 10, 8), row("FAN", 4, 4, number=3), row("PIN", 7, 9, number=4)]
    checked = actions.check_count(warehouse=london, rows=rows)
    assert checked.clean
    assert [one.sku for one in checked.differences] == ["CUP", "PIN"]
    assert (checked.more, checked.fewer) == (2, 2)
    assert books()["CUP", "LON"] == 10  # a dry run

    sheet = count(london, *rows)
    assert books() == {("CUP", "LON"): 8, ("FAN", "LON"): 4, ("PIN", "LON"): 9}
    moved = Movement.objects.filter(kind=Movement.Kind.COUNT).order_by("balance__item__sku")
    assert list(moved.values_list("balance__item__sku", "on_hand_delta", "cause", "actor")) == [
        ("CUP", -2, "count:annual count 2026", "mina"),
        ("PIN", 2, "count:annual count 2026", "mina"),
    ]
    assert list(sheet.lines.values_list("item__sku", "expected", "counted")) == [
        ("CUP", 10, 8), ("FAN", 4, 4), ("PIN", 7, 9),
    ]  # fmt: skip
    assert (sheet.warehouse, sheet.reference, sheet.actor) == (london, "annual count 2026", "mina")
    assert not any(proofs.differences().values())


def test_a_sheet_that_is_downloaded_filled_in_and_uploaded(london):
    make.balance(3, sku="CUP")
    make.balance(0, sku="FAN")
    make.item("NEW")
    make.balance(5, sku="PIN", at=make.warehouse("LIL", "FR"))
    bundle = make.item("SET")
    BundleComponent.objects.create(bundle=bundle, component=make.item("CUP"), quantity=1)

    everywhere = counting.sheet_rows(london)
    assert [(one.sku, one.expected) for one in everywhere] == [("CUP", 3), ("FAN", 0), ("NEW", 0), ("PIN", 0)]
    assert [one.sku for one in counting.sheet_rows(london, stocked=True)] == ["CUP"]
    found = {"CUP": 2, "NEW": 6}
    filled = [
        sheets.BookRow(one.sku, one.description, one.warehouse, one.expected, found.get(one.sku)) for one in everywhere
    ]
    count(london, *sheets.read(sheets.write_xlsx(filled)).rows)
    assert books() == {("CUP", "LON"): 2, ("FAN", "LON"): 0, ("NEW", "LON"): 6, ("PIN", "LIL"): 5}


def test_what_had_nothing_to_promise_is_noted_when_the_count_finds_some(london):
    empty, few = make.balance(0, sku="CUP"), make.balance(3, sku="FAN")
    hold(few, 3)
    make.balance(1, sku="PIN")
    before = set(Restock.objects.values_list("id", flat=True))
    count(london, row("CUP", 0, 5), row("FAN", 3, 4), row("PIN", 1, 2))
    noted = Restock.objects.exclude(id__in=before).order_by("balance__item__sku")
    assert [(one.balance_id, one.available, one.movement.kind) for one in noted] == [
        (empty.id, 5, "count"),
        (few.id, 1, "count"),
    ]


def test_a_count_takes_from_the_oldest_lots(london):
    item = make.item("CUP")
    for number, units in (("L1", 5), ("L2", 5)):
        actions.receive(item=item, warehouse=london, quantity=units, lot_number=number, cause="t", cause_key=number)
    count(london, row("CUP", 10, 3))
    assert dict(LotBalance.objects.values_list("lot__number", "units")) == {"L1": 0, "L2": 3}


def test_a_count_without_differences_is_kept_and_moves_nothing(london):
    make.balance(2, sku="CUP")
    moved = Movement.objects.count()
    assert count(london, row("CUP", 2, 2)).lines.count() == 1
    assert Movement.objects.count() == moved


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_after_any_count_the_books_say_what_was_counted(london, data):
    """Counts of any items, one after the other, with claims in between."""
    skus = ("CUP", "FAN", "PIN", "TOY")
    for sku in skus:
        make.item(sku)
    for _ in range(3):
        there = {sku: books().get((sku, "LON"), 0) for sku in skus}
        told = data.draw(st.dictionaries(st.sampled_from(skus), st.integers(0, 9), min_size=1))
        rows = [row(sku, there[sku], counted, number=at) for at, (sku, counted) in enumerate(told.items(), start=2)]
        try:
            count(london, *rows)
        except SheetRepeated:
            continue
        now = books()
        assert {sku: now[sku, "LON"] for sku in told} == told
        assert all(now.get((sku, "LON"), 0) == there[sku] for sku in skus if sku not in told)


# --- Refused --------------------------------------------------------------------------------------------------------


def test_the_same_sheet_counts_once(london):
    make.balance(10, sku="CUP")
    make.balance(4, sku="FAN")
    rows = [row("CUP", 10, 8), row("FAN", 4, 5, number=3)]
    count(london, *rows)
    actions.receive(item=make.item("CUP"), warehouse=london, quantity=2, cause="t", cause_key="back-to-ten")
    actions.correct(item=make.item("FAN"), warehouse=london, delta=-1, cause="t", cause_key="back-to-four")
    before = everything()
    for again in (rows, rows[::-1], [row("CUP", 10, 8, number=7), row("FAN", 4, 5, at="lon", number=9)]):
        with pytest.raises(SheetRepeated) as error:
            count(london, *again, reference="another name")
        ((number, text),) = error.value.troubles
        assert number == 0
        assert "as “annual count 2026”" in text
        assert actions.check_count(warehouse=london, rows=again).troubles == error.value.troubles
    assert everything() == before


def test_the_same_rows_of_another_warehouse_are_another_sheet(london):
    lille = make.warehouse("LIL", "FR")
    make.balance(10, sku="CUP")
    make.balance(10, sku="CUP", at=lille)
    count(london, row("CUP", 10, 8))
    count(lille, row("CUP", 10, 8, at="LIL"))
    assert set(books().values()) == {8}


def test_stock_that_moved_since_the_sheet_was_made(london):
    cup = make.balance(10, sku="CUP")
    make.balance(4, sku="FAN")
    rows = [row("FAN", 4, 1), row("CUP", 10, 9, number=3)]
    actions.receive(item=cup.item, warehouse=london, quantity=5, cause="t", cause_key="late")
    assert refused(london, *rows) == [
        (3, "CUP: the sheet expects 10, the books now say 15 (5 more). Stock moved since the sheet was made; count it again.")
    ]  # fmt: skip
    actions.correct(item=cup.item, warehouse=london, delta=-6, cause="t", cause_key="less")
    assert "the books now say 9 (1 fewer)" in refused(london, *rows)[0][1]


def test_fewer_units_than_are_claimed(london):
    cup = make.balance(10, sku="CUP")
    hold(cup, 4)
    actions.set_aside(item=cup.item, warehouse=london, quantity=2, purpose="drop", cause_key="fence", actor="")
    assert refused(london, row("CUP", 10, 5, number=8)) == [
        (8, "CUP: 5 counted, but 6 are claimed by holds, orders and units set aside. Release or cancel claims first.")
    ]
    count(london, row("CUP", 10, 6))
    assert books()["CUP", "LON"] == 6


def test_promises_beyond_the_stock_may_stay_uncovered(london):
    cup = make.balance(3, sku="CUP")
    Balance.objects.filter(id=cup.id).update(backorder_limit=2)
    hold(cup, 4)
    assert "2 are claimed" in refused(london, row("CUP", 3, 1))[0][1]
    count(london, row("CUP", 3, 2))


def test_rows_that_cannot_be_matched(london):
    make.balance(10, sku="CUP")
    make.balance(5, sku="FAN", at=make.warehouse("LIL", "FR"))
    BundleComponent.objects.create(bundle=make.item("SET"), component=make.item("CUP"), quantity=1)
    assert refused(
        london,
        row("CUP", 10, 9, number=2),
        row("NOPE", 1, 1, number=3),
        row("FAN", 5, 5, at="LIL", number=4),
        row("SET", 0, 2, number=5),
        row("CUP", 10, 9, number=6),
    ) == [
        (3, "There is no item NOPE."),
        (4, "FAN is a row of warehouse LIL, not of LON."),
        (5, "SET is a bundle: count what it is made of."),
        (6, "CUP is counted twice."),
    ]


def test_a_sheet_on_which_nothing_is_counted(london):
    ((number, text),) = refused(london)
    assert number == 0
    assert "Nothing is counted yet" in text


@pytest.mark.parametrize("reference", ["", "  ", "x" * 61])
def test_a_count_needs_a_reference_that_fits(london, reference):
    make.balance(10, sku="CUP")
    before = everything()
    with pytest.raises(SheetError, match="reference"):
        count(london, row("CUP", 10, 9), reference=reference)
    assert everything() == before


def test_quantities_out_of_bounds_never_reach_the_books(london):
    make.balance(10, sku="CUP")
    before = everything()
    for counted in (-1, 1_000_001, 2.0, True):
        with pytest.raises(BadQuantity):
            count(london, row("CUP", 10, counted))
    assert everything() == before


def test_a_refusal_by_the_ledger_leaves_nothing(london, monkeypatch):
    cup = make.balance(10, sku="CUP")
    before = everything()
    monkeypatch.setattr(ledger, "apply", lambda changes, **_told: {change.balance_id for change in changes})
    with pytest.raises(SheetError) as error:
        count(london, row("CUP", 10, 9, number=4))
    assert error.value.troubles == [(4, "CUP: refused by the ledger.")]
    assert everything() == before
    assert Balance.objects.get(id=cup.id).on_hand == 10


# --- How it is done -------------------------------------------------------------------------------------------------


def many(london: Warehouse, number: int, prefix: str) -> list[CountedRow]:
    """Rows of which a fifth each is new there, has lots, is found, is missing, or is as expected."""
    items = Item.objects.bulk_create(Item(sku=f"{prefix}-{at}", description=f"Thing {at}") for at in range(number))
    rows = []
    for at, item in enumerate(items):
        kind = at % 5
        if kind:
            lot = {"lot_number": f"{item.sku}-L"} if kind == 1 else {}
            actions.receive(item=item, warehouse=london, quantity=4, cause="t", cause_key=item.sku, **lot)
        expected = 4 if kind else 0
        rows.append(row(item.sku, expected, (3, 2, 6, 1, 4)[kind], number=at + 2))
    return rows


def statements(verb) -> int:
    with CaptureQueriesContext(connection) as asked:
        verb()
    return len(asked)


def test_the_number_of_statements_does_not_grow_with_the_rows(london):
    few, lots = many(london, 5, "FEW"), many(london, 500, "LOT")
    assert statements(lambda: counting.sheet_rows(london)) == 1
    checks = [statements(lambda rows=rows: actions.check_count(warehouse=london, rows=rows)) for rows in (few, lots)]
    assert checks == [3, 3]
    applied = [statements(lambda rows=rows: count(london, *rows)) for rows in (few, lots)]
    assert applied[0] == applied[1] <= 16
    assert not any(proofs.differences().values())
    assert Movement.objects.filter(kind=Movement.Kind.COUNT).count() == 4 + 400


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_sent_by_two_at_once_counts_once():
    london = make.warehouse("LON")
    skus = [f"T-{at}" for at in range(20)]
    for sku in skus:
        make.item(sku)
    rows = [row(sku, 0, 3, number=at) for at, sku in enumerate(skus, start=2)]
    answers, gate = [], threading.Barrier(4)

    def send(mine):
        gate.wait()
        try:
            answers.append(count(london, *mine).pk)
        except SheetRepeated:
            answers.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[rows[::turn]]) for turn in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer is None for answer in answers) == [False, True, True, True]
    assert set(books().values()) == {3}
    assert Movement.objects.filter(kind=Movement.Kind.COUNT).count() == 20


@pytest.mark.django_db(transaction=True)
def test_sheets_that_overlap_and_sales_between_them_never_wait_in_a_circle():
    """Each count either finds the books as its sheet says or names what moved; nobody is left out of the books."""
    london = make.warehouse("LON")
    skus = [f"T-{at}" for at in range(12)]
    stock = {sku: make.balance(50, sku=sku) for sku in skus}
    gate, wrong = threading.Barrier(6), []

    def counter(turn):
        gate.wait()
        try:
            for _ in range(6):
                now = books()
                rows = [row(sku, now[sku, "LON"], now[sku, "LON"] + turn) for sku in skus[:: (-1) ** turn]]
                try:
                    count(london, *rows, reference=f"turn {turn}")
                except SheetError as error:
                    if "moved since" not in str(error) and not isinstance(error, SheetRepeated):
                        wrong.append(error)
        except Exception as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            connection.close()

    def buyer(turn):
        gate.wait()
        try:
            for at in range(6):
                actions.hold(
                    demand={stock[sku].item_id: 1 for sku in skus[turn::2]},
                    warehouses=[london.id],
                    holder=f"buyer {turn}",
                    cause_key=f"b{turn}-{at}",
                    expires_at=timezone.now() + timedelta(hours=1),
                )
        except Exception as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=counter, args=[turn]) for turn in (1, 2, 3, 4)]
    threads += [threading.Thread(target=buyer, args=[turn]) for turn in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong
    applied = CountLine.objects.all()
    found = {sku: 50 + sum(line.difference for line in applied.filter(item__sku=sku)) for sku in skus}
    assert {sku: books()[sku, "LON"] for sku in skus} == found
    assert not any(proofs.differences().values())
