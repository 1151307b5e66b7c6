"""From the desk to the quote: a rule that nobody has confirmed makes an estimate until somebody does."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from config.roles import MANAGER, ensure_groups
from shop.crossborder.landed_cost.answer import Kind, Reason
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.rulebook.queries import published_book
from shop.models import FeeRule, Market, TaxRule
from tests.shop.crossborder.landed_cost.purchases import line, purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("mona", is_staff=True)
    user.groups.add(ensure_groups()[MANAGER])
    client = Client()
    client.force_login(user)
    return client


def test_an_estimate_becomes_final_once_its_rule_is_confirmed_and_published(manager):
    call_command("load_rules", stdout=StringIO())
    asked = purchase("FR", "EUR", line("490199", "40.00", origin="FR"), sender="FR")
    row = TaxRule.objects.get(key="fr-vat-books")
    assert row.confirmed_on is None

    before = landed_cost(asked, published_book())
    assert before.kind is Kind.ESTIMATE
    assert [(one.code, one.rule) for one in before.reasons] == [(Reason.RULE_UNCONFIRMED, row.key)]

    url = reverse("admin:shop_taxrule_change", args=[row.pk]).replace("/change/", "/confirm/")
    seen = manager.get(url).context["form"]["seen"].value()
    assert manager.post(url, {"_form_submitted": "True", "seen": seen}).status_code == 302
    assert landed_cost(asked, published_book()) == before  # confirmed, but not yet in force

    review = manager.get(reverse("admin:shop_ruleset_review"))
    assert [one.key for one in review.context["changes"]] == [row.key]
    told = {"reviewed": review.context["form"]["reviewed"].value(), "note": "French books"}
    assert manager.post(reverse("admin:shop_ruleset_publish"), told).status_code == 302

    after = landed_cost(asked, published_book())
    assert after.kind is Kind.FINAL
    assert after.reasons == ()
    assert (after.tax, after.total) == (before.tax, before.total)
    assert (before.rulebook, after.rulebook) == ("1", "2")


def _report(**options) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("rule_report", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def test_the_report_says_what_is_unconfirmed_and_ends_well_without_markets():
    call_command("load_rules", stdout=StringIO())
    said, code = _report()
    assert code == 0
    assert "Version 1" in said
    assert "fr-vat-books" in said


def test_the_report_fails_where_a_rule_that_the_markets_need_is_over():
    call_command("load_rules", stdout=StringIO())
    FeeRule.objects.all().delete()
    Market.objects.create(code="gb", currency="GBP", countries=["GB"], languages=["en"])
    days = {"days": 3660}
    TaxRule.objects.filter(key="fr-vat-standard").update(valid_to="2026-10-31")
    said, code = _report()
    assert code == 0, said
    Market.objects.create(code="fr", currency="EUR", countries=["FR"], languages=["fr"])
    said, code = _report(**days)
    assert code == 1
    assert "over without successor" in said
    assert "fr-vat-standard" in said.splitlines()[-1]


def test_the_report_names_rows_that_cannot_be_read_and_wrong_options():
    call_command("load_rules", stdout=StringIO())
    TaxRule.objects.filter(key="fr-vat-books").update(hs="x")
    said, code = _report()
    assert code == 1
    assert "Cannot be read: taxes fr-vat-books: hs: 'x' must be 2 to 10 digits." in said
    assert "--days" in _report(days=-1)[0]
