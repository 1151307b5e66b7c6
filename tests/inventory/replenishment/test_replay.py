"""The replay of a sales history: what it does to stock, that it resumes, and that it counts nothing twice."""

import json

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Balance, Hold, Movement, SalesReplay
from inventory.replenishment import replay as replays
from inventory.replenishment.history import invoices
from inventory.stock import proofs
from inventory.stock.queries import stock_at
from tests import factories as make

pytestmark = pytest.mark.django_db
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
ROWS = [
    "1001,MUG,Mug,6,2010-12-01 08:26:00,2.50,17850.0,United Kingdom",
    "1001,SCARF,Scarf,2,2010-12-01 08:26:00,10.00,17850.0,United Kingdom",
    "1001,POST,Postage,1,2010-12-01 08:26:00,4.00,17850.0,United Kingdom",
    "1002,MUG,Mug,3,2010-12-02 10:00:00,2.50,12583.0,France",
    "C1003,MUG,Mug,-4,2010-12-03 10:00:00,2.50,17850.0,United Kingdom",
    "C1004,PRINT,Print,-1,2010-12-03 11:00:00,7.00,99999.0,EIRE",
    "1005,MUG,Mug,1,2010-12-04 10:00:00,2.50,,Germany",
]


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n")
    make.warehouse("LON")
    return path


def figures(sku: str) -> tuple[int, int, int]:
    balance = Balance.objects.get(item__sku=sku)
    return balance.on_hand, balance.held, balance.allocated


def test_orders_leave_and_cancellations_come_back(history, capsys):
    call_command("replay_sales", history, "--warehouse", "LON", "--opening", "10", "--json")
    report = json.loads(capsys.readouterr().out)
    # 10 at first; 6 + 3 + 1 sold, 4 of the 6 came back; the print was never sold here and came in by itself.
    assert (figures("MUG"), figures("SCARF"), figures("PRINT")) == ((4, 0, 0), (8, 0, 0), (11, 0, 0))
    assert (report["orders"], report["units"], report["units_refused"]) == (3, 12, 0)
    assert (report["returns"], report["units_returned"], report["returns_without_sale"]) == (2, 5, 1)
    assert report["skipped"] == {"postage": 1}
    assert report["value"] == {"GB": "25.00", "FR": "7.50", "IE": "-7.00", "DE": "2.50"}
    assert proofs.differences() == {}
    sold = Movement.objects.get(kind="commit", cause__startswith="order:1002")
    assert (sold.channel, sold.occurred_at.date().isoformat()) == ("history", "2010-12-02")
    returned = Movement.objects.get(kind="return")
    assert returned.cause.startswith("order:1001 "), "it goes back to the order that sold it"


def test_what_is_short_leaves_the_order_and_is_counted(history, capsys):
    call_command("replay_sales", history, "--warehouse", "LON", "--opening", "5", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["units_refused"], report["stock_outs"]) == (6, {"MUG": 1})
    assert figures("MUG") == (5 - 3 + 4 - 1, 0, 0)
    assert Hold.objects.get(cause__startswith="order:1001").lines.count() == 1, "the scarves were bought all the same"


def test_without_stock_every_order_is_refused_and_nothing_is_sold(history, capsys):
    call_command("replay_sales", history, "--warehouse", "LON", "--opening", "0", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["orders"], report["orders_refused"], report["units"]) == (1, 2, 1)
    assert proofs.differences() == {}


def test_the_opening_stock_is_what_the_file_sells_and_was_there_before(history):
    call_command("replay_sales", history, "--warehouse", "LON")
    opening = Movement.objects.get(kind="receive", balance__item__sku="MUG")
    assert (opening.on_hand_delta, opening.occurred_at.isoformat()) == (10, "2010-12-01T00:00:00+00:00")


def test_at_no_time_was_there_less_than_nothing(history):
    call_command("replay_sales", history, "--warehouse", "LON")
    for moment in Movement.objects.values_list("occurred_at", flat=True).distinct():
        assert all(row["on_hand"] >= 0 for row in stock_at(moment))


def test_a_replay_that_was_stopped_goes_on_and_counts_nothing_twice(history):
    whole = make.warehouse("PAR", "FR")
    call_command("replay_sales", history, "--warehouse", "PAR", "--opening", "10")
    london = make.warehouse("LON")
    replay = replays.open_replay(digest="d" * 64, name="history.csv", warehouse=london)
    shelf = {"MUG": ("Mug", 0), "SCARF": ("Scarf", 0), "PRINT": ("", 0)}
    replays.receive_opening(replay=replay, units=shelf, at=None, flat=10)

    class Crash(Exception):
        pass

    def crash_after(lines):
        def progress(report):
            if report.lines >= lines:
                raise Crash

        return progress

    for lines in (3, 4, 5, 6, 99):
        replay.refresh_from_db()
        with history.open() as text:
            try:
                done = replays.run(
                    replay=replay, invoices=invoices(text, skip=replay.position), progress=crash_after(lines), chunk=1
                )
            except Crash:
                continue
    reports = {one.warehouse_id: one.report for one in SalesReplay.objects.all()}
    assert reports[london.id] == reports[whole.id] == done.as_json()
    for sku in ("MUG", "SCARF", "PRINT"):
        london_has, paris_has = (Balance.objects.get(item__sku=sku, warehouse=place) for place in (london, whole))
        assert london_has.on_hand == paris_has.on_hand
    assert proofs.differences() == {}


def test_a_chunk_that_fails_leaves_nothing(history, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr(replays, "_take_back", fail)
    with pytest.raises(RuntimeError):
        call_command("replay_sales", history, "--warehouse", "LON")
    replay = SalesReplay.objects.get()
    assert (replay.position, replay.report) == (0, {})
    assert not Hold.objects.exists()


def test_the_same_file_again_replays_nothing(history, capsys):
    call_command("replay_sales", history, "--warehouse", "LON", "--json")
    before = Movement.objects.count()
    capsys.readouterr()
    call_command("replay_sales", history, "--warehouse", "LON", "--json")
    assert json.loads(capsys.readouterr().out)["lines_replayed"] == 0
    assert Movement.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--warehouse", "XXX"], "There is no warehouse XXX; there are: LON"),
        (["--warehouse", "LON", "--speed", "fast"], "neither “max” nor a positive factor"),
        (["--warehouse", "LON", "--speed", "-1"], "neither “max” nor a positive factor"),
        (["--warehouse", "LON", "--opening", "-5"], "neither “sold” nor a whole number"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(history, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("replay_sales", str(history), *arguments)
    assert not Movement.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"a,b\n1,2\n", "no sales history: the file has no column InvoiceNo"),
        (b"\x1f\x8b\x08broken", "(cannot be read|ends in the middle|no sales history)"),
        (f"{HEAD}\n1,MUG,Mug,x,2010-12-01 08:26:00,1,,France\n".encode(), "line 1: quantity 'x'"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_changes_nothing(tmp_path, content, said):
    make.warehouse("LON")
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("replay_sales", path, "--warehouse", "LON")
    assert not Movement.objects.exists()
