"""Versions of the book: numbered without gaps, frozen for ever, and the same content is the same version."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from shop.crossborder.models import Jurisdiction, RuleSet, TaxRule
from shop.crossborder.rulebook import queries
from shop.crossborder.rulebook.actions import (
    RulesMoved,
    confirm,
    confirm_seen,
    load_rules,
    publish,
    unpublished,
)
from shop.crossborder.rulebook.changes import diff
from shop.crossborder.rulebook.entries import RowFault
from shop.crossborder.rulebook.tables import facts_digest, working_book
from tests.shop.crossborder.rulebook.rows_made import confirmed, row

TODAY = date(2026, 11, 22)


@pytest.fixture
def one_tax(db) -> TaxRule:
    load_rules(rows={"taxes": [row("taxes")]})
    return TaxRule.objects.get()


def test_the_same_content_is_the_same_version(one_tax):
    first = publish(by="mina", note="First")
    again = publish(by="otto", note="Again")
    assert (again.pk, again.version, again.note) == (first.pk, 1, "First")
    assert RuleSet.objects.count() == 1


def test_other_content_is_the_next_version_and_content_that_returns_a_new_one(one_tax):
    digests = []
    for rate in ("0.2", "0.21", "0.2"):
        TaxRule.objects.update(rate=Decimal(rate))
        digests.append(publish(by="mina").digest)
    assert list(RuleSet.objects.values_list("version", flat=True)) == [3, 2, 1]
    assert digests[0] == digests[2] != digests[1]


def test_an_old_version_still_gives_the_same_book(one_tax):
    first = publish(by="mina")
    before = queries.book_of(first.version, first.digest)
    TaxRule.objects.update(rate=F("rate") * 2)
    publish(by="mina")
    queries.book_of.cache_clear()
    after = queries.book_of(first.version, first.digest)
    assert (after.rows, after.digest, after.version) == (before.rows, first.digest, "1")
    assert queries.published_book().version == "2"
    assert queries.published_book().rows["taxes"][0].rate == Decimal("0.4")


def test_without_a_version_there_is_no_book(db):
    assert queries.current_book() is None
    with pytest.raises(queries.NoRuleBook, match="load_rules"):
        queries.published_book()
    with pytest.raises(queries.NoRuleBook):
        queries.book_of(7, "0" * 64)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE shop_ruleset SET content = '{}'", "UPDATE shop_ruleset SET note = 'x'", "DELETE FROM shop_ruleset", "TRUNCATE shop_ruleset CASCADE"],
)  # fmt: skip
def test_the_database_lets_nobody_change_a_version(one_tax, statement):
    made = publish(by="mina", note="First")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert RuleSet.objects.get().digest == made.digest


def test_a_row_that_cannot_be_read_keeps_the_book_from_being_published(one_tax):
    TaxRule.objects.update(hs="x")
    with pytest.raises(RowFault, match="hs"):
        publish(by="mina")
    assert not RuleSet.objects.exists()


def test_a_parent_that_is_not_there_keeps_the_book_from_being_published(db):
    Jurisdiction.objects.create(key="fr", name="France", parent="EU", customs_territory="EU")
    with pytest.raises(RowFault, match="EU"):
        publish(by="mina")


def test_what_was_not_looked_at_is_not_published(one_tax):
    reviewed = working_book().digest
    TaxRule.objects.update(rate=Decimal("0.21"))
    with pytest.raises(RulesMoved):
        publish(by="mina", reviewed=reviewed)
    assert not RuleSet.objects.exists()
    assert publish(by="mina", reviewed=working_book().digest).version == 1


def test_what_awaits_publishing(one_tax):
    publish(by="mina")
    assert diff(*unpublished()) == []
    TaxRule.objects.update(rate=Decimal("0.21"))
    assert [(one.key, one.columns) for one in diff(*unpublished())] == [("one", ["rate"])]


def test_confirming_notes_name_and_day_once(one_tax):
    assert confirm(table=TaxRule, ids=[one_tax.pk], by="mina", on=TODAY) == 1
    assert confirm(table=TaxRule, ids=[one_tax.pk], by="otto", on=TODAY) == 0
    one_tax.refresh_from_db()
    assert (one_tax.confirmed_by, one_tax.confirmed_on, one_tax.edited) == ("mina", TODAY, False)


def test_only_what_was_seen_is_confirmed(one_tax):
    seen = facts_digest(one_tax)
    TaxRule.objects.update(rate=Decimal("0.21"))
    told = {"table": TaxRule, "row_id": one_tax.pk, "by": "mina", "on": TODAY}
    with pytest.raises(RulesMoved):
        confirm_seen(seen=seen, **told)
    one_tax.refresh_from_db()
    assert one_tax.confirmed_on is None
    assert confirm_seen(seen=facts_digest(one_tax), **told)
    one_tax.refresh_from_db()
    assert not confirm_seen(seen=facts_digest(one_tax), **told)
    one_tax.delete()
    with pytest.raises(RulesMoved):
        confirm_seen(seen=seen, **told)


def test_rows_to_confirm_are_counted_in_one_statement(one_tax, django_assert_num_queries):
    load_rules(
        rows={
            "fees": [row("fees"), row("fees", key="two", **confirmed())],
            "duties": [row("duties", valid_to="2026-11-21"), row("duties", key="two", valid_to="2026-11-22")],
        }
    )
    with django_assert_num_queries(1):
        assert queries.count_unconfirmed(TODAY) == 3


@pytest.mark.django_db(transaction=True)
def test_publishers_at_the_same_time_get_consecutive_versions():
    load_rules(rows={"taxes": [row("taxes")]})
    first = publish(by="first")
    together, made, troubles = Barrier(2), [], []

    def work(name: str) -> None:
        try:
            with transaction.atomic():
                # Each sees its own row and not yet the other's: the contents differ.
                TaxRule.objects.create(key=name, jurisdiction="FR", tax="VAT", name="TVA", hs="49", rate=Decimal("0.1"))
                together.wait(timeout=20)
                made.append(publish(by=name).version)
        except Exception as error:  # noqa: BLE001 (reported below)
            troubles.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(name,)) for name in "ab"]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert not troubles
    assert first.version == 1
    assert sorted(made) == [2, 3]
    assert list(RuleSet.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]
    # Whoever came second saw what the first had published.
    last = RuleSet.objects.get(version=3)
    assert {one["key"] for one in last.content["taxes"]} == {"a", "b", "one"}
