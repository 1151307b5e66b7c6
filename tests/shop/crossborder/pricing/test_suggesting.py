"""Suggestions from rates, and what becomes of them."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shop.crossborder.pricing import actions, errors, queries
from shop.crossborder.pricing.actions import suggesting
from shop.crossborder.pricing.rates import OneRate
from shop.crossborder.rulebook.queries import NoRuleBook
from shop.models import PricePolicy, PriceSuggestion
from tests import factories as make

pytestmark = pytest.mark.django_db
RATE_DAY = date(2026, 11, 20)


def rates(value, quote="JPY"):
    return OneRate("GBP", quote, Decimal(value), RATE_DAY)


@pytest.fixture
def jp(db):
    made = make.market("jp")
    make.tax_rates()
    PricePolicy.objects.create(
        market=made, base_market=make.market("gb"), margin=Decimal("1.1"), step=Decimal(100), endings=[Decimal(0)]
    )
    return made


def suggest(market, value, today):
    return actions.suggest(market=market, rates=rates(value), on=today, actor="mina")


def test_a_rate_suggests_and_moves_nothing(jp, mug, today):
    made = suggest(jp, "200", today)
    assert (made.made, made.standing, made.withdrawn) == (1, 0, 0)
    row = PriceSuggestion.objects.get()
    # 18.00 with 20 % VAT is 15.00 without; × 200 × 1.1.
    assert (row.amount, row.old_amount, row.base_amount) == (Decimal(3300), None, Decimal(18))
    assert (row.rate, row.rate_on, row.margin, row.tax_taken_off) == (200, RATE_DAY, Decimal("1.1"), Decimal("0.2"))
    assert (row.step, row.endings, row.rounding, row.created_by) == (100, [Decimal(0)], "nearest", "mina")
    assert queries.prices(variant_ids=[mug.id], market=jp, on=today) == {}


def test_books_go_by_their_own_tax(jp, today):
    book = make.variant("BOOK-1", category="books", prices={"gb": "18.00"}, stock_at={})
    suggest(jp, "200", today)
    assert PriceSuggestion.objects.get(variant=book).amount == Decimal(4000)  # 18 × 200 × 1.1 = 3960


def test_accepting_sets_the_price_and_keeps_it(jp, mug, today):
    suggest(jp, "200", today)
    row = PriceSuggestion.objects.get()
    assert actions.accept(suggestion_ids=[row.id], actor="mina") == 1
    assert queries.prices(variant_ids=[mug.id], market=jp, on=today) == {mug.id: Decimal(3300)}
    assert mug.prices.get(market=jp).origin == "derived"
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", "mina")
    with pytest.raises(errors.AlreadyDecided, match="MUG-1"):
        actions.accept(suggestion_ids=[row.id], actor="mina")
    suggest(jp, "250", today)
    assert queries.prices(variant_ids=[mug.id], market=jp, on=today) == {mug.id: Decimal(3300)}


@pytest.mark.parametrize(("minimum", "made"), [("0.0303", 1), ("0.0304", 0)])
def test_a_change_below_the_least_is_not_suggested(jp, mug, today, minimum, made):
    actions.set_price(variant=mug, market=jp, amount=Decimal(3300), actor="a")
    PricePolicy.objects.filter(market=jp).update(minimum_change=Decimal(minimum))
    assert suggest(jp, "206", today).made == made  # 3400: 3.0303 %


def test_a_newer_rate_replaces_and_the_same_stands(jp, mug, today):
    suggest(jp, "200", today)
    assert vars(suggest(jp, "200.5", today)) == {"made": 0, "standing": 1, "withdrawn": 0}
    assert vars(suggest(jp, "210", today)) == {"made": 1, "standing": 0, "withdrawn": 1}
    assert sorted(PriceSuggestion.objects.values_list("state", "amount")) == [("dismissed", 3300), ("open", 3500)]
    PriceSuggestion.objects.filter(state="open").get()
    actions.set_price(variant=mug, market=jp, amount=Decimal(3400), actor="a")
    assert not PriceSuggestion.objects.filter(state="open").exists()  # it compared with a price that is gone


def test_dismissing_changes_no_price(jp, mug, today):
    suggest(jp, "200", today)
    assert actions.dismiss(suggestion_ids=list(PriceSuggestion.objects.values_list("id", flat=True)), actor="m") == 1
    assert queries.prices(variant_ids=[mug.id], market=jp, on=today) == {}


def test_all_suggestions_are_accepted_or_none(jp, mug, today):
    other = make.variant("V-1", prices={"gb": "9.00"}, stock_at={})
    suggest(jp, "200", today)
    actions.set_price(variant=other, market=jp, amount=Decimal(900), starts_on=today + timedelta(days=9), actor="a")
    suggest(jp, "200", today)
    ids = list(PriceSuggestion.objects.filter(state="open").values_list("id", flat=True))
    assert len(ids) == 2
    with pytest.raises(errors.PriceOverlap, match="V-1"):
        actions.accept(suggestion_ids=ids, actor="a")
    assert PriceSuggestion.objects.filter(state="open").count() == 2
    assert queries.prices(variant_ids=[mug.id], market=jp, on=today) == {}


def test_it_takes_as_many_statements_for_many_variants(jp, mug, today, django_assert_num_queries):
    for number in range(12):
        make.variant(f"V-{number}", stock_at={})
    # Savepoint twice, market, policy, base prices, prices, categories, taxes, least change, open ones, insert.
    with django_assert_num_queries(11):
        assert suggest(jp, "200", today).made == 13


def test_what_is_missing_is_said(jp, mug, today, monkeypatch):
    with pytest.raises(errors.RateUnknown, match="GBP to USD"):
        actions.suggest(market=jp, rates=rates("1.3", "USD"), on=today, actor="a")
    with pytest.raises(errors.RateUnknown):
        suggest(jp, "0", today)

    def unpublished() -> None:
        raise NoRuleBook("No rule book is published.")

    # A published rule book is for ever: the time before there was one can only be acted.
    monkeypatch.setattr(suggesting, "published_book", unpublished)
    with pytest.raises(errors.MissingTaxRate, match="GB"):
        suggest(jp, "200", today)
    with pytest.raises(errors.NoPolicy):
        actions.suggest(market=make.market("cn"), rates=rates("9", "CNY"), on=today, actor="a")
    assert not PriceSuggestion.objects.exists()


def test_the_command_suggests_with_a_rate(jp, mug):
    said = StringIO()
    call_command("suggest_prices", "jp", rate=Decimal(200), rate_on=RATE_DAY, stdout=said)
    assert said.getvalue().startswith("1 prices suggested")
    with pytest.raises(CommandError, match="no market"):
        call_command("suggest_prices", "xx")
    with pytest.raises(CommandError):
        call_command("suggest_prices", "jp", "--rate", "-1")
