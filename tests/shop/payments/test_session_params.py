"""What Stripe is asked: amounts in its own units, a name for the bank statement, and nobody's personal data."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shop.demo.stripe_simulator.parameters import statement_text
from shop.models import Market, Payment, PaymentCase, StripeEvent
from shop.payments import actions, statement
from shop.payments.session_params import SESSION_LIFE, session_params
from shop.payments.stripe_amounts import from_stripe, places, to_stripe
from tests import factories as make
from tests.shop.payments.conftest import place


@given(st.text(max_size=60))
def test_a_suffix_is_empty_or_one_that_stripe_takes(name):
    found = statement.suffix(name)
    assert len(found) <= statement.MOST
    assert not found or statement_text(found, "suffix") == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Aldermere Trading Ltd", "ALDERMERE"),
        ("Musée d’Orsay", "MUSEE"),
        ("The Royal Academy", "THE ROYAL"),
        ("東京国立博物館", ""),
        ("1851", ""),
        ('"M*A"<S>', "M A S"),
        ("Wissenschaftsmuseum", "WISSENSCHA"),
    ],
)
def test_the_suffix_keeps_whole_words(name, shown):
    assert statement.suffix(name) == shown


@given(st.integers(0, 10**9), st.sampled_from(["GBP", "JPY", "KRW", "KWD", "ISK", "EUR", "CNY"]))
def test_amounts_come_back_as_they_went(units, currency):
    amount = Decimal(units * (10 if currency == "KWD" else 1)).scaleb(-places(currency))
    assert from_stripe(to_stripe(amount, currency), currency.lower()) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("1200", "JPY", 1200), ("12.34", "GBP", 1234), ("5", "ISK", 500), ("5", "UGX", 500), ("5.120", "KWD", 5120)],
)
def test_stripes_units(amount, currency, minor):
    assert to_stripe(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("1.5", "JPY"), ("1.005", "GBP"), ("1.005", "KWD")])
def test_too_many_decimals_are_refused(amount, currency):
    with pytest.raises(ValueError, match="more decimals"):
        to_stripe(Decimal(amount), currency)


@pytest.mark.django_db
def test_metadata_names_order_and_attempt_and_nobody(stripe_side):
    placed = place()
    Market.objects.filter(code="gb").update(seller=make.seller())
    params = session_params(Payment.objects.get())
    assert params["metadata"] == {"order": placed.order.number, "payment": str(placed.payment.id)}
    assert params["payment_intent_data"]["metadata"] == params["metadata"]
    assert params["expires_at"] < placed.order.hold.expires_at.timestamp()
    assert len(params["payment_intent_data"]["statement_descriptor_suffix"]) > 2
    said = str({key: value for key, value in params.items() if key != "customer_email"})
    assert not [one for one in ("ada@", *make.address().values()) if len(one) > 3 and one in said]


@pytest.mark.django_db
def test_a_session_that_comes_too_late_is_followed_by_another_attempt(stripe_side, settings):
    """Stripe's shortest session is half an hour: an attempt whose answers were lost so long is given up for another."""
    placed = place()
    Payment.objects.update(
        state="pending", session_id=None, url="", created_at=placed.payment.created_at - SESSION_LIFE / 2
    )
    # The key is that of a session that Stripe never saw.
    other = Payment.objects.get()
    Payment.objects.filter(id=other.id).delete()
    other.id = uuid4()
    other.save(force_insert=True)
    Payment.objects.update(created_at=placed.payment.created_at - SESSION_LIFE / 2)
    after = actions.open_session(payment=Payment.objects.get())
    assert (after.attempt, after.state) == (2, "open")
    assert {one.state for one in Payment.objects.all()} == {"expired", "open"}
    assert placed.order.payments.count() == 2


@pytest.mark.django_db
def test_what_stripe_will_never_take_is_a_case(stripe_side):
    placed = place()
    stripe_side.act(f"sessions/{placed.payment.session_id}/expire")
    actions.reconcile(payment_id=placed.payment.id)
    Market.objects.filter(code="gb").update(payment_methods=["sepa_debit"])
    type(placed.order).objects.update(currency="ZWL")
    after = actions.try_again(order_id=placed.order.id)
    assert (after.state, PaymentCase.objects.get().kind) == ("failed", "session_refused")
    assert "Invalid currency" in after.last_error


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, db, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_x"]
    answer = client.post(reverse("stripe_webhook"), data="x" * 262_145, content_type="application/json")
    assert answer.status_code == 413
    assert not StripeEvent.objects.exists()
