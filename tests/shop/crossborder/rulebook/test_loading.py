"""Files become rows of the tables: by key, never over what a person has edited, and all or nothing."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.crossborder.models import FeeRule, Jurisdiction, RuleSet, RuleSource, TaxRule
from shop.crossborder.rulebook.actions import Loaded, load_rules
from shop.crossborder.rulebook.files import INITIAL, FileFault, read_rows
from shop.crossborder.rulebook.tables import TABLES, working_book
from tests.shop.crossborder.rulebook.rows_made import confirmed, facts, row

pytestmark = pytest.mark.django_db


def _load(*rows, kind: str = "taxes") -> Loaded:
    return load_rules(rows={kind: rows})


@pytest.fixture
def folder(tmp_path):
    """Write rows as CSV files of a folder."""

    def write(**kinds):
        for kind, rows in kinds.items():
            names = list(dict.fromkeys(name for one in rows for name in one))
            with (tmp_path / f"{kind}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, names, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return tmp_path

    return write


def _command(*args: str, **options) -> str:
    out = StringIO()
    call_command("load_rules", *args, stdout=out, **options)
    return out.getvalue()


def test_the_initial_book_comes_back_from_the_tables_as_it_was_in_the_files():
    rows = read_rows(INITIAL)
    assert load_rules(rows=rows) == Loaded(new=sum(map(len, rows.values())), changed=0, same=0, kept=0)
    book = working_book()
    for kind in TABLES:
        assert book.rows[kind] == tuple(sorted(rows[kind], key=lambda one: one.key))


def test_loading_twice_changes_nothing():
    rows = read_rows(INITIAL)
    load_rules(rows=rows)
    before = {kind: list(table.objects.values()) for kind, table in TABLES.items()}
    with CaptureQueriesContext(connection) as captured:
        assert load_rules(rows=rows) == Loaded(new=0, changed=0, same=sum(map(len, rows.values())), kept=0)
    assert {kind: list(table.objects.values()) for kind, table in TABLES.items()} == before
    assert not [one for one in captured if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_loading_takes_few_statements_however_many_rows_there_are():
    rows = read_rows(INITIAL)
    with CaptureQueriesContext(connection) as first:
        load_rules(rows=rows)
    with CaptureQueriesContext(connection) as again:
        load_rules(rows=rows)
    assert len(first) <= 3 * len(TABLES) + 2  # read and insert each kind, inside savepoints
    assert len(again) <= len(TABLES) + 2


def test_an_edited_row_is_left_alone():
    _load(row("taxes"))
    TaxRule.objects.update(rate=Decimal("0.21"), edited=True)
    assert _load(row("taxes", rate="0.22", **confirmed())) == Loaded(new=0, changed=0, same=0, kept=1)
    held = TaxRule.objects.get()
    assert (held.rate, held.confirmed_on) == (Decimal("0.21"), None)


@pytest.mark.parametrize(
    ("kind", "table", "more"),
    [("sources", RuleSource, {"title": "Loi"}), ("jurisdictions", Jurisdiction, {"name": "République française"})],
)
def test_edited_sources_and_jurisdictions_are_left_alone_too(kind, table, more):
    _load(row(kind), kind=kind)
    table.objects.update(edited=True, **more)
    assert _load(row(kind), kind=kind).kept == 1
    assert table.objects.filter(**more).exists()


def test_changed_facts_replace_a_row_with_the_files_confirmation():
    _load(row("taxes", **confirmed(date(2026, 1, 1))))
    assert _load(row("taxes", rate="0.21")).changed == 1
    held = TaxRule.objects.get()
    assert (held.rate, held.confirmed_by, held.confirmed_on) == (Decimal("0.21"), "", None)
    assert _load(row("taxes", rate="0.22", **confirmed(date(2026, 2, 2)))).changed == 1
    held.refresh_from_db()
    assert (held.rate, held.confirmed_by, held.confirmed_on) == (Decimal("0.22"), "Rule desk", date(2026, 2, 2))


def test_the_same_facts_keep_a_confirmation_that_the_file_lacks():
    _load(row("taxes"))
    TaxRule.objects.update(confirmed_by="mina", confirmed_on=date(2026, 3, 3))
    assert _load(row("taxes")).same == 1
    assert _load(row("taxes", **confirmed())).same == 1
    assert TaxRule.objects.get().confirmed_by == "mina"


def test_a_confirmation_that_only_the_file_has_is_taken():
    _load(row("taxes"))
    assert _load(row("taxes", **confirmed())).changed == 1
    assert TaxRule.objects.get().confirmed_by == "Rule desk"


def test_nothing_is_deleted():
    _load(row("taxes", key="a"), row("taxes", key="b", hs="49"))
    assert _load(row("taxes", key="a")) == Loaded(new=0, changed=0, same=1, kept=0)
    assert set(TaxRule.objects.values_list("key", flat=True)) == {"a", "b"}


def test_a_wrong_row_names_file_line_and_column_and_nothing_is_written(folder):
    where = folder(
        taxes=[facts("taxes", key="a"), facts("taxes", key="b", rate="1.2"), facts("taxes", key="c", hs="x")],
        fees=[facts("fees", amount="")],
    )
    with pytest.raises(CommandError) as caught:
        _command(str(where))
    assert str(caught.value).splitlines() == [
        "taxes.csv line 3: rate: is a fraction: 0.2 is 20 %.",
        "taxes.csv line 4: hs: 'x' must be 2 to 10 digits.",
        "fees.csv line 2: amount: is needed for a fee that is charged, with its currency.",
    ]
    assert not any(table.objects.exists() for table in (*TABLES.values(), RuleSet))


def test_an_unknown_column_a_ragged_row_and_an_empty_folder_are_named(folder, tmp_path):
    with pytest.raises(FileFault, match="holds no rule book"):
        read_rows(tmp_path)
    where = folder(taxes=[facts("taxes", colour="red")])
    with pytest.raises(FileFault, match=r"taxes.csv: there is no column 'colour'"):
        read_rows(where)
    (where / "taxes.csv").write_text("key,rate\na,0.2,more\n")
    with pytest.raises(FileFault, match=r"taxes.csv line 2: it has more or fewer cells"):
        read_rows(where)


def test_a_dry_run_says_what_it_would_do_and_does_nothing(folder):
    where = folder(taxes=[facts("taxes")])
    said = _command(str(where), dry_run=True)
    assert "1 rows new" in said
    assert "nothing was kept" in said
    assert not TaxRule.objects.exists()
    assert not RuleSet.objects.exists()


def test_the_command_loads_and_publishes(folder):
    where = folder(taxes=[facts("taxes")])
    assert "version 1" in _command(str(where), by="mina")
    made = RuleSet.objects.get()
    assert (made.version, made.frozen_by, len(made.content["taxes"])) == (1, "mina", 1)
    assert "version 1" in _command(str(where))


def test_a_row_may_wait_for_its_review(folder):
    assert "Not published" in _command(str(folder(fees=[facts("fees")])), no_publish=True)
    assert FeeRule.objects.exists()
    assert not RuleSet.objects.exists()


def test_a_book_that_cannot_be_published_is_not_loaded_either(folder):
    where = folder(jurisdictions=[facts("jurisdictions", parent="EU")])
    with pytest.raises(CommandError, match="cannot be published"):
        _command(str(where))
    assert not Jurisdiction.objects.exists()
