"""The pages of rules: lists, filters, forms with each fault at its field, and confirming."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.models import Jurisdiction, RuleSource, TaxRule
from tests.admin.furnishing_rules import DATED, confirm, form_of, furnish_rules, page
from tests.admin.test_actions import said

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
