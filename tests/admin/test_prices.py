"""The pages of prices: every change goes through the actions and leaves its history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from shop.crossborder.pricing import actions
from shop.models import Price, PriceChange, PriceList, PricePolicy, PriceSuggestion
from tests import factories
from tests.admin.test_actions import press


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def mug(db):
    return factories.variant("MUG-1", prices={"gb": "18.00"}, stock_at={})


@pytest.fixture
def gb(db):
    return factories.market()


@pytest.fixture
def price(mug):
    return mug.prices.get()


def rows(mug, *prices, **first):
    """What the variant's form sends: each price as (id, market, quantity, amount, first day)."""
    data = {
        "product": mug.product_id, "item": mug.item_id, "sku": mug.sku, "options": "{}", "position": 0, "hs_code": mug.hs_code,
        "origin": mug.origin, "weight_g": mug.weight_g, "prices-TOTAL_FORMS": len(prices),
        "prices-INITIAL_FORMS": sum(1 for one in prices if one[0]), "price_changes-TOTAL_FORMS": 0,
        "price_changes-INITIAL_FORMS": 0,
    } | first  # fmt: skip
    for number, (row, market, quantity, amount, day) in enumerate(prices):
        facts = {"id": row or "", "market": market.id, "min_quantity": quantity, "amount": amount, "starts_on": day}
        data |= {f"prices-{number}-{name}": value for name, value in facts.items()}
        data[f"prices-{number}-variant"] = mug.id
    return data


def change_page(mug):
    return reverse("admin:shop_variant_change", args=[mug.pk])


def test_prices_on_a_variants_page_are_set_not_typed_over(desk, mug, gb, price):
    today = timezone.localdate()
    later = today + timedelta(days=4)
    data = rows(mug, (price.id, gb, 1, "19.50", today), ("", gb, 10, "15.00", later))
    assert desk.post(change_page(mug), data).status_code == 302
    found = mug.prices.order_by("id").values_list("min_quantity", "amount", "valid", "set_by")
    assert list(found) == [
        (1, Decimal(18), DateRange(factories.ALWAYS.lower, today), ""),
        (1, Decimal("19.5"), DateRange(today, None), "mina"),
        (10, Decimal(15), DateRange(later, None), "mina"),
    ]
    assert set(PriceChange.objects.values_list("min_quantity", "amount", "actor")) == {
        (1, Decimal("19.5"), "mina"),
        (10, Decimal(15), "mina"),
    }
    page = desk.get(change_page(mug)).content.decode()
    assert "Price history" in page
    assert "£18.00" not in page  # what is over is in the history alone


def test_saving_a_variant_without_a_change_sets_nothing(desk, mug, gb, price):
    data = rows(mug, (price.id, gb, 1, "18.0000", timezone.localdate()), weight_g=500)
    assert desk.post(change_page(mug), data).status_code == 302
    mug.refresh_from_db()
    assert mug.weight_g == 500
    assert mug.prices.count() == 1
    assert not PriceChange.objects.exists()


@pytest.mark.parametrize(
    ("amount", "ahead", "sentence"),
    [("18.005", 0, "whole minor units"), ("19", -1, "cannot start"), ("0", 0, "above zero"), ("", 0, "required")],
)
def test_a_refused_price_is_an_error_on_its_row(desk, mug, gb, price, amount, ahead, sentence):
    day = timezone.localdate() + timedelta(days=ahead)
    answer = desk.post(change_page(mug), rows(mug, (price.id, gb, 1, amount, day)))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    price.refresh_from_db()
    assert price.amount == 18


def test_a_row_cannot_be_moved_to_another_market(desk, mug, gb, price):
    cn = factories.market("cn")
    desk.post(change_page(mug), rows(mug, (price.id, cn, 1, "19.00", timezone.localdate())))
    assert set(mug.prices.values_list("market__code", flat=True)) == {"gb"}


def test_a_price_is_added_on_its_own_page(desk, mug, gb):
    facts = {
        "variant": mug.id,
        "market": gb.id,
        "amount": "20.00",
        "min_quantity": 1,
        "starts_on": timezone.localdate(),
    }
    answer = desk.post(reverse("admin:shop_price_add"), facts)
    assert answer.status_code == 302
    assert mug.prices.get(amount=20).valid.lower == timezone.localdate()
    again = desk.post(reverse("admin:shop_price_add"), facts | {"starts_on": "2026-01-01"})
    assert "cannot start" in again.content.decode()


def test_a_price_that_stands_cannot_be_typed_over_or_deleted(root, price):
    page = reverse("admin:shop_price_change", args=[price.pk])
    assert root.post(page, {"amount": "1.00"}).status_code == 403
    assert root.post(reverse("admin:shop_price_delete", args=[price.pk]), {"post": "yes"}).status_code == 403
    price.refresh_from_db()
    assert price.amount == 18


def test_prices_are_set_planned_cancelled_and_ended_by_actions(desk, mug, price):
    today = timezone.localdate()
    later = today + timedelta(days=5)
    assert press(desk, "shop_price", price, "set-price", amount="21.00", starts_on=later).status_code == 302
    planned = mug.prices.get(amount=21)
    answer = press(desk, "shop_price", price, "set-price", amount="22.00", starts_on=today)
    assert "already planned" in answer.content.decode()
    assert said(press(desk, "shop_price", price, "cancel")).endswith("set another or end it.")
    press(desk, "shop_price", planned, "cancel")
    assert [one.amount for one in mug.prices.all()] == [Decimal(18)]
    press(desk, "shop_price", price, "end-price", ends_on=later)
    price.refresh_from_db()
    assert price.valid.upper == later


def test_who_only_looks_sets_nothing(onlooker, price):
    assert onlooker.get(reverse("admin:shop_price_add")).status_code == 403
    url = f"{reverse('admin:shop_price_change', args=[price.pk])}".removesuffix("change/") + "set-price/"
    assert onlooker.post(url, {"_form_submitted": "True", "amount": "1", "starts_on": "2030-01-01"}).status_code in {
        302,
        403,
    }
    assert Price.objects.count() == 1


def test_a_list_reduces_and_ends(desk, mug, gb, price):
    today = timezone.localdate()
    facts = {"name": "Sale", "market": gb.id, "valid_0": today, "valid_1": "", "priority": 0}
    inline = {"prices-TOTAL_FORMS": 0, "prices-INITIAL_FORMS": 0}
    assert desk.post(reverse("admin:shop_pricelist_add"), facts | inline).status_code == 302
    sale = PriceList.objects.get()
    assert sale.created_by == "mina"
    wrong = press(desk, "shop_pricelist", sale, "reduce", percent="25", skus="MUG-1, NONE-1")
    assert "Unknown: NONE-1." in wrong.content.decode()
    assert "1 prices reduced." in said(press(desk, "shop_pricelist", sale, "reduce", percent="25", skus="MUG-1"))
    assert mug.prices.get(price_list=sale).amount == Decimal("13.5")
    assert "£13.50" in desk.get(reverse("admin:shop_pricelist_change", args=[sale.pk])).content.decode()
    press(desk, "shop_pricelist", sale, "end", ends_on=today)
    assert not mug.prices.filter(price_list=sale).exists()


def test_suggestions_are_made_seen_and_decided_together(desk, mug):
    fr = factories.market("fr")
    other = factories.variant("MUG-2", prices={"gb": "10.00", "fr": "10.00"}, stock_at={})
    policy = PricePolicy.objects.create(market=fr, base_market=factories.market("gb"))
    answer = press(desk, "shop_pricepolicy", policy, "suggest", rate="1.2", rate_on="2026-11-20")
    assert said(answer) == "2 prices suggested, 0 stand already, 0 withdrawn."
    page = desk.get(reverse("admin:shop_pricesuggestion_changelist")).content.decode()
    assert all(words in page for words in ("€10.00", "€12.00", "+20.0 %", "1.2 EUR/GBP"))
    chosen = {"action": "accept_chosen", "_selected_action": PriceSuggestion.objects.get(variant=other).id}
    answer = desk.post(reverse("admin:shop_pricesuggestion_changelist"), chosen)
    assert said(answer).endswith("1 prices set.")
    assert other.prices.get(market=fr, origin="derived").amount == 12
    answer = desk.post(reverse("admin:shop_pricesuggestion_changelist"), chosen)
    assert "Decided before: MUG-2" in said(answer)
    left = {"action": "dismiss_chosen", "_selected_action": PriceSuggestion.objects.get(variant=mug).id}
    answer = desk.post(reverse("admin:shop_pricesuggestion_changelist"), left)
    assert said(answer).endswith("1 suggestions dismissed.")


def test_a_policy_that_makes_no_points_is_refused(desk, gb):
    facts = {"market": gb.id, "margin": "1", "minimum_change": "0.02", "step": "1", "rounding": "nearest"}
    page = reverse("admin:shop_pricepolicy_add")
    assert "below the step" in desk.post(page, facts | {"endings": "0, 1.5"}).content.decode()
    assert desk.post(page, facts | {"endings": "0, 0.95"}).status_code == 302
    assert PricePolicy.objects.get().endings == [Decimal(0), Decimal("0.95")]
    rule = {"endings": "0", "prior_price_days": 30}
    url = reverse("admin:shop_pricepolicy_change", args=[PricePolicy.objects.get().pk])
    assert desk.post(url, facts | rule).status_code == 200  # without date and source it is no rule


def test_prices_are_exported(desk, mug, gb):
    actions.set_price(variant=mug, market=gb, amount=Decimal(20), actor="mina")
    page = desk.get(reverse("admin:shop_price_export"))
    assert page.status_code == 200
    # The first format offered is CSV.
    names = [name for name in page.context["form"].fields if name.startswith(("price_", "pricechange_"))] or [
        "resource"
    ]
    chosen = {"format": "0", "resource": ""} | dict.fromkeys(names, "on")
    answer = desk.post(reverse("admin:shop_price_export"), chosen)
    assert answer.status_code == 200
