"""The merchandiser's side of the rule book: reviewing, publishing, comparing, and who may what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.crossborder.rulebook.actions import publish
from shop.models import FeeRule, Jurisdiction, Market, RuleSet, RuleSource, TaxRule
from tests.admin.furnishing_rules import RULES, confirm, form_of, furnish_rules, page
from tests.admin.test_actions import said

REVIEW, COMPARE, PUBLISH = (f"/admin/shop/ruleset/{name}/" for name in ("review", "compare", "publish"))


# --- Review and publishing ------------------------------------------------------------------------------------------


def _counts(answer) -> list[int]:
    return [one["count"] for one in answer.context["figures"]]


def test_the_review_says_what_is_in_force_and_that_nothing_waits(manager, tax):
    answer = manager.get(REVIEW)
    text = answer.content.decode()
    assert "Version 1" in text
    assert RuleSet.objects.get().digest[:12] in text
    assert "Every rule is in force as it stands here." in text
    assert answer.context["form"] is None
    assert _counts(answer) == [0, 0, 0, 7, 1]  # without markets only the rule that holds everywhere is needed


def test_the_review_shows_columns_before_and_after(manager, tax):
    TaxRule.objects.update(rate=Decimal("0.21"))
    FeeRule.objects.all().delete()
    TaxRule.objects.create(key="books", jurisdiction="FR-FAB", tax="VAT", name="TVA", hs="4901", rate=Decimal("0.055"))
    answer = manager.get(REVIEW)
    told = {(one.sort, one.key): one for one in answer.context["changes"]}
    assert set(told) == {("changed", "row-1"), ("gone", "row-1"), ("new", "books")}
    assert told["changed", "row-1"].columns == [("rate", "20 %", "21 %")]
    assert told["changed", "row-1"].href == page(tax)
    assert told["gone", "row-1"].href == ""
    assert "5.5 %" in told["new", "books"].summary


def test_publishing_makes_the_next_version_with_its_note(manager, tax):
    TaxRule.objects.update(rate=Decimal("0.21"))
    reviewed = manager.get(REVIEW).context["form"]["reviewed"].value()
    answer = manager.post(PUBLISH, {"reviewed": reviewed, "note": "Budget 2027"})
    assert said(answer) == "Version 2 is in force."
    made = RuleSet.objects.get(version=2)
    assert (made.frozen_by, made.note, made.content["taxes"][0]["rate"]) == ("mona", "Budget 2027", "0.21")
    assert manager.get(REVIEW).context["changes"] == []


def test_what_changed_after_the_page_was_opened_is_not_published(manager, tax):
    TaxRule.objects.update(rate=Decimal("0.21"))
    reviewed = manager.get(REVIEW).context["form"]["reviewed"].value()
    TaxRule.objects.update(rate=Decimal("0.22"))
    assert "look at the changes again" in said(manager.post(PUBLISH, {"reviewed": reviewed, "note": ""}))
    assert RuleSet.objects.count() == 1


def test_publishing_takes_a_post_and_what_was_reviewed(manager, tax):
    assert manager.get(PUBLISH).status_code == 405
    TaxRule.objects.update(rate=Decimal("0.21"))
    assert manager.post(PUBLISH, {"note": "x"}).status_code == 200
    assert manager.post(PUBLISH, {"reviewed": "x", "note": "x" * 251}).status_code == 200
    assert RuleSet.objects.count() == 1


def test_a_row_that_cannot_be_read_is_named_and_keeps_all_from_being_published(manager, tax):
    TaxRule.objects.update(hs="x")
    answer = manager.get(REVIEW)
    assert answer.context["form"] is None
    assert [(fault.key, href) for fault, href in answer.context["faults"]] == [("row-1", page(tax))]
    assert "2 to 10 digits" in answer.content.decode()
    assert "cannot be compared" in manager.get(f"{COMPARE}?old=1&new=tables").content.decode()


def test_before_the_first_version_everything_waits(manager, db):
    furnish_rules(1, published=False)
    answer = manager.get(REVIEW)
    assert "No version is published yet" in answer.content.decode()
    assert _counts(answer)[0] == 9
    assert manager.get(COMPARE).status_code == 200


def test_concerns_stand_by_jurisdiction_and_first_what_our_markets_need(manager, tax):
    today = timezone.localdate()
    furnish_rules(2)
    Market.objects.create(code="fr", currency="EUR", countries=["FR"], languages=["fr"])
    TaxRule.objects.filter(key="row-1").update(valid_to=today - timedelta(days=1))
    TaxRule.objects.filter(key="row-2").update(valid_to=today + timedelta(days=60))
    FeeRule.objects.filter(key="row-1").update(jurisdiction="FR-FXX")
    answer = manager.get(REVIEW)
    groups = {one.code: one for one in answer.context["groups"]}
    assert list(groups)[-1] == "FR-FXX"
    assert [line.key for line in groups["FR-FXX"].others] == ["row-1"]
    assert str(groups["FR-FAB"].needed[0].word) == "Over"
    assert _counts(answer)[1:3] == [1, 1]
    assert answer.context["review"].lapsed[0].row.key == "row-1"
    assert groups["FR-FAB"].needed[0].href == page(tax)


# --- Versions -------------------------------------------------------------------------------------------------------


def test_any_two_versions_are_compared(viewer, tax):
    for rate in ("0.21", "0.22"):
        TaxRule.objects.update(rate=Decimal(rate))
        publish(by="test")
    answer = viewer.get(f"{COMPARE}?old=1&new=3")
    assert [one.columns for one in answer.context["changes"]] == [[("rate", "20 %", "22 %")]]
    back = viewer.get(f"{COMPARE}?old=3&new=1")
    assert [one.columns for one in back.context["changes"]] == [[("rate", "22 %", "20 %")]]
    latest = viewer.get(COMPARE)
    assert [one.columns for one in latest.context["changes"]] == [[("rate", "21 %", "22 %")]]
    assert "These two say the same." in viewer.get(f"{COMPARE}?old=2&new=2").content.decode()
    assert "row-1" not in viewer.get(f"{COMPARE}?old=3&new=tables").content.decode()


@pytest.mark.parametrize("query", ["old=7&new=1", "old=x&new=1", "old=1&new=1%27"])
def test_a_version_that_is_not_there_is_a_form_error(viewer, tax, query):
    answer = viewer.get(f"{COMPARE}?{query}")
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_many_changes_come_in_pages(viewer, tax):
    place = Jurisdiction.objects.get().key.upper()
    TaxRule.objects.bulk_create(
        TaxRule(key=f"t{number}", jurisdiction=place, tax="VAT", name="TVA", hs=str(1000 + number), rate=Decimal("0.1"))
        for number in range(60)
    )
    first, second = (viewer.get(f"{COMPARE}?old=1&new=tables&p={number}") for number in (1, 2))
    assert (len(first.context["changes"]), len(second.context["changes"])) == (50, 10)
    answer = viewer.get(REVIEW)
    assert (len(answer.context["changes"]), answer.context["hidden"]) == (25, 35)


def test_versions_are_only_read(manager, tax):
    made = RuleSet.objects.get()
    text = manager.get(page(made)).content.decode()
    assert "_save" not in text
    assert manager.post(page(made), {"note": "x"}).status_code == 403


# --- Who may what ---------------------------------------------------------------------------------------------------


def test_a_viewer_looks_and_does_nothing(viewer, tax):
    TaxRule.objects.update(rate=Decimal("0.21"))
    for model in RULES:
        assert viewer.get(page(model(), "changelist")).status_code == 200
        assert viewer.get(page(model.objects.first())).status_code == 200
    answer = viewer.get(REVIEW)
    assert answer.context["form"] is None
    assert viewer.post(PUBLISH, {"reviewed": "x"}).status_code == 403
    assert viewer.post(page(tax), form_of(tax)).status_code == 403
    assert viewer.get(page(tax).replace("/change/", "/confirm/")).status_code == 403
    viewer.post("/admin/shop/taxrule/", {"action": "confirm_chosen", "_selected_action": [tax.pk]})
    tax.refresh_from_db()
    assert tax.confirmed_on is None


def test_a_merchandiser_edits_and_confirms_and_a_manager_publishes(desk, manager, tax):
    assert desk.post(page(tax), form_of(tax, rate="0.21")).status_code == 302
    confirm(desk, tax)
    assert desk.get(REVIEW).context["form"] is None
    reviewed = manager.get(REVIEW).context["form"]["reviewed"].value()
    assert desk.post(PUBLISH, {"reviewed": reviewed}).status_code == 403
    assert RuleSet.objects.count() == 1
    manager.post(PUBLISH, {"reviewed": reviewed})
    assert RuleSet.objects.count() == 2


def test_nobody_deletes_what_others_refer_to(root, tax):
    for row in (Jurisdiction.objects.get(), RuleSource.objects.get()):
        assert root.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    assert not [one for one in Group.objects.all() if one.permissions.filter(codename="delete_taxrule").exists()]


@pytest.mark.parametrize("path", [REVIEW, COMPARE])
def test_a_stranger_is_sent_away(client, db, path):
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(path).status_code == 403


# --- Statements -----------------------------------------------------------------------------------------------------


def _statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_cost_the_same_with_10_and_700_rows(manager, db):
    furnish_rules(1)
    urls = [REVIEW, f"{COMPARE}?old=1&new=2", f"{COMPARE}?old=1&new=tables", "/admin/shop/taxrule/", "/admin/"]
    publish_rows(9, since=0)
    for url in urls:
        manager.get(url)
    few = [_statements(manager, url) for url in urls]
    publish_rows(690, since=9)
    assert [_statements(manager, url) for url in urls] == few
    # The user, the two sorts of permissions, the open cases in the side bar; then what the page itself reads.
    assert few[0] == 4 + 12
    assert few[1] == 4 + 3
    assert few[2] == 4 + 11
    assert few[3] <= 16


def publish_rows(count: int, *, since: int) -> None:
    place = Jurisdiction.objects.first().key.upper()
    TaxRule.objects.bulk_create(
        TaxRule(key=f"t{number}", jurisdiction=place, tax="VAT", name="TVA", hs=str(1000 + number), rate=Decimal("0.1"))
        for number in range(since, since + count)
    )
    publish(by="test")
    TaxRule.objects.filter(key=f"t{since}").update(rate=Decimal("0.11"))
