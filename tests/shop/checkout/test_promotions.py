"""Codes from the basket to the order and back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from shop.checkout import settling
from shop.checkout.actions import place_order
from shop.checkout.errors import NothingToPay, QuoteChanged
from shop.checkout.promotions import actions
from shop.checkout.promotions.errors import CodeRefused
from shop.checkout.promotions.reckoning import Reason
from shop.checkout.quoting import quote_basket
from shop.models import Basket, Market, Order, Promotion, PromotionCode, PromotionCustomer, PromotionUse
from shop.orders import actions as orders
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    make.agreement()
    make.tax_rates()
    return [
        make.variant(f"MUG-{number}", prices={"gb": price, "fr": "30.00"}, stock_at={"LON": 20, "LIL": 20})
        for number, price in enumerate(("10.00", "20.00", "33.33"), start=1)
    ]


def buy(basket: Basket, key: str = "one", email: str = "ada@example.org", **more) -> Order:
    return place_order(
        basket=basket,
        email=email,
        ship_to=make.address(),
        shipping_option="standard",
        cause_key=f"test:{key}",
        **more,
    ).order


def counts(code: PromotionCode) -> tuple[int, int]:
    code.refresh_from_db()
    return Promotion.objects.get(id=code.promotion_id).used, code.used


def filled(goods, *codes: str) -> Basket:
    basket = make.basket(*((one, 1) for one in goods))
    for code in codes:
        settling.put_in(basket=basket, code=code)
    return basket


def test_the_discount_reaches_every_line_the_tax_and_the_payment(goods):
    make.promotion("SPRING")
    order = buy(filled(goods, "spring"))
    lines = list(order.lines.all())
    assert [line.discount for line in lines] == [Decimal("1.00"), Decimal("2.00"), Decimal("3.33")]
    assert order.goods == sum(line.amount for line in lines) == Decimal("57.00")
    assert order.total == order.payments.get().amount == Decimal("57.00") + order.shipping
    # VAT is contained in what is really paid: a sixth of it at 20 %.
    assert abs(order.tax - order.total / 6) < Decimal("0.02")
    assert order.quote["promotions"] == [{"code": "SPRING", "kind": "percentage", "discount": "6.33"}]
    use = order.promotion_uses.get()
    assert (use.discount, use.currency, use.code.code) == (Decimal("6.33"), "GBP", "SPRING")


def test_a_repeat_counts_once_and_the_basket_keeps_no_code(goods):
    code = make.promotion("ONCE", limit=1, limit_per_customer=1)
    basket = filled(goods, "ONCE")
    first, second = buy(basket), buy(basket)
    assert first == second
    assert counts(code) == (1, 1)
    assert not basket.codes.exists()
    assert PromotionUse.objects.count() == 1


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_an_order_that_ends_unpaid_gives_its_use_back_once(goods, end):
    code = make.promotion("BACK", limit=1, limit_per_customer=1)
    order = buy(filled(goods, "BACK"))
    with pytest.raises(CodeRefused):
        filled(goods, "BACK")
    if end == "cancelled":
        orders.cancel_unpaid(order_id=order.id, actor="test", cause="test")
        orders.cancel_unpaid(order_id=order.id, actor="test", cause="test")
    else:
        Order.objects.filter(id=order.id).update(expires_at=timezone.now() - timedelta(minutes=1))
        assert orders.expire_unpaid() == 1
    assert counts(code) == (0, 0)
    assert set(PromotionCustomer.objects.values_list("used", flat=True)) == {0}
    assert order.promotion_uses.get().counted is False
    assert buy(filled(goods, "BACK"), key="two").promotion_uses.get().counted


def test_money_that_comes_late_counts_the_use_again(goods):
    code = make.promotion("LATE")
    order = buy(filled(goods, "LATE"))
    Order.objects.filter(id=order.id).update(expires_at=timezone.now() - timedelta(minutes=1))
    orders.expire_unpaid()
    assert counts(code) == (0, 0)
    orders.mark_paid(order_id=order.id, actor="test", cause="late")
    assert Order.objects.get(id=order.id).state == "paid"
    assert counts(code) == (1, 1)
    assert order.promotion_uses.get().given_back_at is None


def test_the_limit_of_a_customer_follows_her_address_and_account(goods):
    make.promotion("MINE", limit_per_customer=1)
    buy(filled(goods, "MINE"), email="Ada+shop@Example.org")
    with pytest.raises(QuoteChanged) as refused:
        buy(filled(goods, "MINE"), key="two", email="ada@example.org")
    assert refused.value.codes == ("MINE",)
    # Somebody else may; an account is known under another address too.
    user = User.objects.create_user("eve", email="eve@example.org")
    mine = filled(goods, "MINE")
    Basket.objects.filter(pk=mine.pk).update(user=user)
    buy(mine, key="three", email="eve@example.org")
    Basket.objects.filter(user=user).update(user=None)
    other = make.basket((goods[0], 1))
    Basket.objects.filter(pk=other.pk).update(user=user)
    with pytest.raises(CodeRefused) as known:
        settling.put_in(basket=Basket.objects.get(pk=other.pk), code="MINE")
    assert known.value.reason == Reason.USED_BY_CUSTOMER


def test_a_code_that_ended_meanwhile_is_told_with_the_total_of_now_and_nothing_is_placed(goods):
    code = make.promotion("SOON")
    basket = filled(goods, "SOON")
    Promotion.objects.filter(id=code.promotion_id).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(seconds=1)
    )
    with pytest.raises(QuoteChanged) as refused:
        buy(basket)
    assert (refused.value.codes, refused.value.total) == (("SOON",), "68.28")
    assert not Order.objects.exists()
    settled = settling.settle(basket=basket)
    assert settled.news == [{"code": "promotion_removed", "promotion_code": "SOON", "reason": "ended"}]
    assert not settled.codes.exists()
    assert settling.settle(basket=basket).news == settled.news
    assert buy(basket).total == Decimal("68.28")


def test_another_market_and_fewer_goods_take_a_code_out_with_a_word(goods):
    make.promotion("GBONLY", minima={"GBP": Decimal("30.00")})
    basket = filled(goods, "GBONLY")
    basket.lines.filter(quantity=1).exclude(variant__sku="MUG-2").delete()
    news = settling.settle(basket=basket).news
    assert (news[0]["reason"], news[0]["missing"]) == ("below_minimum", "10.00")
    basket = filled(goods, "GBONLY")
    moved = settling.switch_market(basket=basket, market=Market.objects.get(code="fr"), language="fr")
    assert [one.get("reason") for one in moved.news] == [None, "other_market"]


def test_free_delivery_is_free_and_wrapping_is_not(goods):
    make.promotion("FREE", kind="free_delivery", percent=None)
    Market.objects.get(code="gb").wrapping_prices.create(amount="4.00", valid=make.ALWAYS)
    basket = filled(goods, "FREE")
    Basket.objects.filter(pk=basket.pk).update(gift_wrap=True)
    order = buy(basket)
    assert (order.shipping, order.gift_wrap_amount) == (Decimal("4.00"), Decimal("4.00"))
    assert order.promotion_uses.get().delivery_discount == Decimal("4.95")


def test_codes_that_leave_nothing_to_pay_are_refused(goods):
    make.promotion("ALL", percent=Decimal(100), stacking="stackable")
    make.promotion("FREE", kind="free_delivery", percent=None, stacking="stackable")
    basket = filled(goods, "ALL", "FREE")
    with pytest.raises(NothingToPay):
        quote_basket(basket, country="GB")
    settling.take_out(basket=basket, code="free")
    assert buy(basket).total == Decimal("4.95")


@pytest.mark.parametrize("typed", ["nope", "", "é" * 40, "'; DROP", "x" * 33, "\U0001f600"])
def test_an_unknown_code_is_refused_whatever_it_is(goods, typed):
    with pytest.raises(CodeRefused) as refused:
        settling.put_in(basket=make.basket((goods[0], 1)), code=typed)
    assert refused.value.reason == Reason.UNKNOWN


def test_a_batch_is_unguessable_and_each_code_is_good_once(goods):
    promotion = make.promotion("BASE").promotion
    made = actions.make_batch(promotion=promotion, count=50, name="letter", prefix="let")
    assert len({one.code for one in made}) == 50
    assert all(one.limit == 1 and one.code.startswith("LET-") for one in made)
    buy(filled(goods, made[0].code.lower()))
    with pytest.raises(CodeRefused) as refused:
        filled(goods, made[0].code)
    assert refused.value.reason == Reason.USED_UP
    filled(goods, made[1].code)
    for wrong in ({"count": 0}, {"count": 10_001}, {"name": " "}, {"prefix": "a"}, {"limit": 0}):
        with pytest.raises(actions.BadBatch):
            actions.make_batch(**{"promotion": promotion, "count": 1, "name": "x"} | wrong)


def test_a_quote_costs_the_same_however_many_codes_the_shop_has(goods, django_assert_max_num_queries):
    make.promotion("ONE", stacking="stackable")
    basket = filled(goods, "ONE")
    with django_assert_max_num_queries(17) as few:
        quote_basket(basket, country="GB")
    make.promotion("TWO", stacking="stackable")
    actions.make_batch(promotion=Promotion.objects.get(name="two"), count=200, name="many")
    settling.put_in(basket=basket, code="TWO")
    with django_assert_max_num_queries(17) as many:
        quote_basket(basket, country="GB")
    assert len(many) <= len(few)
