"""The payment page shows what the order's market takes, as far as it takes the order's currency."""

import httpx
import pytest
import stripe

from shop.checkout import actions as checkout
from shop.models import Market
from shop.payments import actions, gateway, methods
from shop.payments.session_params import session_params
from tests import factories as make

ALL = ["wechat_pay", "card", "alipay", "link"]


@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("CNY", ALL),
        ("GBP", ALL),
        ("CHF", ["wechat_pay", "card", "link"]),
        ("NZD", ["card", "alipay", "link"]),
        ("KRW", ["card", "link"]),
    ],
)
def test_only_methods_that_take_the_currency_are_shown(currency, shown):
    assert methods.taking([*ALL, "card"], currency) == shown
    told = methods.session_params(ALL, currency)
    assert told["allowed_payment_method_types"] == shown
    assert ("payment_method_options" in told) == ("wechat_pay" in shown)


def test_stripe_chooses_where_no_method_is_left():
    assert methods.session_params(["alipay"], "KRW") == {}
    assert methods.session_params([], "GBP") == {}


def place(market_methods: list[str], *, in_market: bool = True):
    make.agreement()
    make.tax_rates()
    basket = make.basket((make.variant("MUG-1"), 1))
    Market.objects.filter(code="gb").update(payment_methods=market_methods)
    return checkout.place_order(
        basket=type(basket).objects.get(pk=basket.pk),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("pressed", ["wechat_pay", "link", "alipay", "card"])
def test_an_order_is_paid_by_each_of_its_markets_methods(stripe_side, pressed):
    placed = place(ALL)
    session = stripe_side.state()["sessions"][0]
    assert session["payment_method_types"] == ALL
    assert session["payment_method_options"]["wechat_pay"]["client"] == "web"
    assert stripe_side.press(placed.payment.url, pressed).status_code == 303
    assert actions.reconcile(payment_id=placed.payment.id) == "order paid"


@pytest.mark.django_db
def test_what_the_market_does_not_take_is_not_on_the_page(stripe_side):
    placed = place(["card"])
    page = httpx.get(placed.payment.url).text
    assert 'value="card"' in page
    for other in ("alipay", "wechat_pay", "link"):
        assert f'value="{other}"' not in page
        stripe_side.press(placed.payment.url, other)
    assert actions.reconcile(payment_id=placed.payment.id) == "nothing to do"


@pytest.mark.django_db
def test_an_order_without_a_market_says_nothing_of_methods(stripe_side):
    placed = place(ALL)
    placed.order.market = None
    placed.payment.order = placed.order
    params = session_params(placed.payment)
    assert "allowed_payment_method_types" not in params
    assert "payment_method_options" not in params


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"allowed_payment_method_types": ["wechat_pay"]}, "payment_method_options[wechat_pay][client]"),
        ({"allowed_payment_method_types": ["cheque"]}, "allowed_payment_method_types[0]"),
        ({"allowed_payment_method_types": ["sepa_debit"]}, "allowed_payment_method_types"),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        (
            {
                "allowed_payment_method_types": ["wechat_pay"],
                "payment_method_options": {"wechat_pay": {"client": "telegraph"}},
            },
            "payment_method_options[wechat_pay][client]",
        ),
    ],
)
def test_the_simulator_refuses_what_stripe_refuses(stripe_side, given, param):
    line = {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 900, "product_data": {"name": "Mug"}}}
    asked = {"mode": "payment", "line_items": [line], "success_url": "http://127.0.0.1:9/", **given}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        gateway.client().v1.checkout.sessions.create(params=asked)
    assert refused.value.param == param
