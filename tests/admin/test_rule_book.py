"""The merchandiser's side of the rule book: rows, confirming, reviewing, publishing, comparing, and who may what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.roles import MANAGER, VIEWER, ensure_groups
from shop.crossborder.rulebook.actions import publish
from shop.models import FeeRule, Jurisdiction, Market, RuleSet, RuleSource, TaxRule
from tests.admin.furnishing_rules import DATED, RULES, furnish_rules
from tests.admin.test_actions import said

REVIEW, COMPARE, PUBLISH = (f"/admin/shop/ruleset/{page}/" for page in ("review", "compare", "publish"))


def _in_group(name: str, group: str) -> Client:
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(db) -> Client:
    return _in_group("mona", MANAGER)


@pytest.fixture
def viewer(db) -> Client:
    return _in_group("vera", VIEWER)


@pytest.fixture
def tax(db) -> TaxRule:
    """A published row, unconfirmed, of the made-up region FR-FAB."""
    furnish_rules(1)
    return TaxRule.objects.get()


def page(row, name: str = "change") -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk] if row.pk else [])


def form_of(row: TaxRule, **fields) -> dict[str, str]:
    told = {
        "name": row.name, "jurisdiction": row.jurisdiction, "route": row.route, "tax": row.tax, "rate": str(row.rate), "hs": row.hs,
        "category": row.category, "valid_from": row.valid_from or "", "valid_to": row.valid_to or "", "sources": "; ".join(row.sources),
        "confidence": row.confidence, "note": row.note,
    }  # fmt: skip
    return {**told, **fields}


def confirm(client: Client, row):
    """Open the question and answer it."""
    url = page(row).replace("/change/", "/confirm/")
    opened = client.get(url)
    assert opened.status_code == 200
    seen = opened.context["form"]["seen"].value()
    return client.post(url, {"_form_submitted": "True", "seen": seen})


# --- Rows -----------------------------------------------------------------------------------------------------------


def test_the_list_of_taxes_says_rates_in_per_cent_dates_and_who_confirmed(desk, tax):
    text = desk.get("/admin/shop/taxrule/").content.decode()
    for words in ("row-1", "20 %", "since 2026-01-01", "Unconfirmed", "secondary", "Region 1"):
        assert words in text, words
    TaxRule.objects.update(confirmed_by="Rule desk", confirmed_on=date(2026, 11, 22))
    text = desk.get("/admin/shop/taxrule/").content.decode()
    assert "Rule desk" in text
    assert "2026-11-22" in text


def test_amounts_have_their_currency_and_keep_their_decimals(desk, tax):
    assert "€150.00" in desk.get("/admin/shop/thresholdrule/").content.decode()
    assert "2.125 EUR" in desk.get("/admin/shop/feerule/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("confirmation=unconfirmed", {"now", "later", "over"}),
        ("confirmation=confirmed", {"sure"}),
        ("dates=now", {"now", "sure"}),
        ("dates=later", {"later"}),
        ("dates=over", {"over"}),
        ("jurisdiction=DE", {"now"}),
        ("confidence__exact=official", {"sure"}),
        ("route=cbec", {"over"}),
        ("q=49", {"later"}),
    ],
)
def test_filters_and_search(desk, db, query, found):
    today = timezone.localdate()
    day = timedelta(days=1)
    facts = {"jurisdiction": "FR", "tax": "VAT", "name": "TVA", "rate": Decimal("0.2")}
    TaxRule.objects.create(key="now", valid_from=today, valid_to=today, **{**facts, "jurisdiction": "DE"})
    TaxRule.objects.create(key="later", valid_from=today + day, hs="4901", **facts)
    TaxRule.objects.create(key="over", valid_to=today - day, route="cbec", **facts)
    TaxRule.objects.create(key="sure", confirmed_by="x", confirmed_on=today, confidence="official", **facts)
    answer = desk.get(f"/admin/shop/taxrule/?{query}")
    assert {row.key for row in answer.context["cl"].result_list} == found


def test_a_row_shows_its_sources_with_links(desk, tax):
    text = desk.get(page(tax)).content.decode()
    assert 'href="https://example.org/1"' in text
    assert "Law 1" in text
    assert 'name="key"' not in text


def test_an_address_that_is_none_of_the_web_is_no_link(desk, tax):
    RuleSource.objects.update(url="javascript:alert(1)")
    assert "javascript:" not in desk.get(page(tax)).content.decode()
    source = RuleSource.objects.get()
    answer = desk.post(page(source), {"title": "Law", "url": "javascript:alert(1)", "issuer": "", "read_on": ""})
    assert "url" in answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"hs": "x"}, "hs", "2 to 10 digits"),
        ({"rate": "20"}, "rate", "0.2 or 20 %"),
        ({"rate": "1"}, "rate", "is a fraction"),
        ({"rate": "100 %"}, "rate", "is a fraction"),
        ({"rate": "much"}, "rate", "number"),
        ({"valid_to": "2025-12-31"}, "valid_to", "is before valid_from"),
        ({"sources": ""}, "sources", "must name where this was read"),
        ({"sources": "e1, e7; e8"}, "sources", "There is no source e7, e8."),
        ({"jurisdiction": "XX"}, "jurisdiction", "XX"),
        ({"route": "cbecc"}, "route", "cbecc"),
        ({"tax": ""}, "tax", "required"),
    ],
)
def test_a_fault_stands_at_its_field(desk, tax, wrong, field, words):
    answer = desk.post(page(tax), form_of(tax, **wrong))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    tax.refresh_from_db()
    assert not tax.edited


@pytest.mark.parametrize(("typed", "rate"), [("21 %", "0.21"), ("5.5%", "0.055"), ("0.1", "0.1")])
def test_a_changed_rate_must_be_confirmed_again(desk, tax, typed, rate):
    confirm(desk, tax)
    answer = desk.post(page(tax), form_of(tax, rate=typed))
    assert answer.status_code == 302, answer.context["errors"]
    assert "row-1 has changed and must be confirmed again." in said(answer)
    tax.refresh_from_db()
    assert (tax.rate, tax.confirmed_by, tax.confirmed_on, tax.edited) == (Decimal(rate), "", None, True)


def test_saving_without_a_change_and_changing_the_note_keep_the_confirmation(desk, tax):
    confirm(desk, tax)
    assert "must be confirmed" not in said(desk.post(page(tax), form_of(tax)))
    tax.refresh_from_db()
    assert (tax.confirmed_by, tax.edited) == ("mina", False)
    desk.post(page(tax), form_of(tax, note="Read again in spring."))
    tax.refresh_from_db()
    assert (tax.confirmed_by, tax.edited, tax.note) == ("mina", True, "Read again in spring.")


def test_a_key_is_for_ever(desk, tax):
    desk.post(page(tax), form_of(tax, key="other", rate="0.21"))
    tax.refresh_from_db()
    assert (tax.key, tax.rate) == ("row-1", Decimal("0.21"))


def test_a_new_row_is_unconfirmed_and_not_loaded_over(desk, tax):
    answer = desk.post(reverse("admin:shop_taxrule_add"), form_of(tax, key="books", hs="4901", rate="5.5 %"))
    assert answer.status_code == 302, answer.context["errors"]
    made = TaxRule.objects.get(key="books")
    assert (made.rate, made.edited, made.confirmed_on, made.sources) == (Decimal("0.055"), True, None, ["e1"])


def test_two_rates_for_the_same_on_one_day_are_a_form_error(desk, tax):
    url = reverse("admin:shop_taxrule_add")
    answer = desk.post(url, form_of(tax, key="again", valid_from="2027-01-01"))
    assert "row-1" in answer.context["adminform"].form.errors["valid_from"][0]
    TaxRule.objects.update(valid_to=date(2026, 12, 31))
    assert desk.post(url, form_of(tax, key="again", valid_from="2027-01-01")).status_code == 302
    assert desk.post(url, form_of(tax, key="early", valid_from="", valid_to="2026-01-01")).status_code == 200
    assert desk.post(url, form_of(tax, key="early", valid_from="", valid_to="2025-12-31")).status_code == 302


def test_lists_are_typed_with_commas_or_semicolons_and_effects_are_chosen(desk, tax):
    RuleSource.objects.create(key="e2", title="Another")
    limit = DATED[-1].objects.get()
    fields = {
        "name": limit.name, "jurisdiction": limit.jurisdiction, "route": "standard", "amount": "150", "currency": "EUR", "inclusive": "on",
        "basis": "goods", "scope": "consignment", "effects": ["no_tax", "waive_duty"], "registration": "", "from_countries": "GB; CH,NO",
        "valid_from": "2026-01-01", "valid_to": "", "sources": "e1;e2", "confidence": "secondary", "note": "",
    }  # fmt: skip
    answer = desk.post(page(limit), fields)
    assert answer.status_code == 302, answer.context["errors"]
    limit.refresh_from_db()
    assert limit.effects == ["no_tax", "waive_duty"]
    assert limit.from_countries == ["GB", "CH", "NO"]
    assert limit.sources == ["e1", "e2"]


def test_jurisdictions_that_a_person_changed_are_marked(desk, tax):
    place = Jurisdiction.objects.get()
    fields = {
        "name": "Brittany",
        "parent": "",
        "currency": "EUR",
        "customs_territory": "EU",
        "free_with": "GB",
        "tax_name": "",
    }
    assert desk.post(page(place), fields).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.free_with, place.edited) == ("Brittany", ["GB"], True)


# --- Confirming -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", DATED, ids=lambda one: one.__name__)
def test_every_kind_of_rule_is_confirmed_by_name_and_day(desk, tax, model):
    row = model.objects.get()
    assert said(confirm(desk, row)) == "row-1 is confirmed."
    row.refresh_from_db()
    assert (row.confirmed_by, row.confirmed_on, row.edited) == ("mina", timezone.localdate(), False)
    assert said(confirm(desk, row)).endswith("row-1 was confirmed before, by mina.")


def test_the_question_shows_the_rule_beside_its_source(desk, tax):
    text = desk.get(page(tax).replace("/change/", "/confirm/")).content.decode()
    for words in ("You have compared this rule with its source", "TVA · 20 %", "since 2026-01-01", "Law 1"):
        assert words in text, words


def test_what_changed_while_the_question_was_open_is_not_confirmed(desk, tax):
    url = page(tax).replace("/change/", "/confirm/")
    seen = desk.get(url).context["form"]["seen"].value()
    TaxRule.objects.update(rate=Decimal("0.25"))
    answer = desk.post(url, {"_form_submitted": "True", "seen": seen})
    assert answer.status_code == 200
    assert "has changed since you opened the question" in answer.content.decode()
    assert "25 %" in answer.content.decode()
    tax.refresh_from_db()
    assert tax.confirmed_on is None
    again = desk.post(url, {"_form_submitted": "True", "seen": answer.context["form"]["seen"].value()})
    assert "row-1 is confirmed." in said(again)


def test_chosen_rows_are_confirmed(desk, tax):
    furnish_rules(2)
    confirm(desk, tax)
    ids = list(TaxRule.objects.values_list("id", flat=True))
    answer = desk.post("/admin/shop/taxrule/", {"action": "confirm_chosen", "_selected_action": ids})
    assert said(answer).endswith("1 rules confirmed. 1 were confirmed before.")
    assert not TaxRule.objects.filter(confirmed_on=None).exists()


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
    # The user and the two sorts of permissions; then what the page itself reads.
    assert few[0] == 3 + 12
    assert few[1] == 3 + 3
    assert few[2] == 3 + 11
    assert few[3] <= 15


def publish_rows(count: int, *, since: int) -> None:
    place = Jurisdiction.objects.first().key.upper()
    TaxRule.objects.bulk_create(
        TaxRule(key=f"t{number}", jurisdiction=place, tax="VAT", name="TVA", hs=str(1000 + number), rate=Decimal("0.1"))
        for number in range(since, since + count)
    )
    publish(by="test")
    TaxRule.objects.filter(key=f"t{since}").update(rate=Decimal("0.11"))
