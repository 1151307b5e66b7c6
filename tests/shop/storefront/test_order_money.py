"""The page of an order: what was paid back is said, and a doubt about a rule is told in words."""

from decimal import Decimal

import pytest
from django.test import Client

from shop.checkout.landed_words import frozen_reasons
from shop.models import Payment
from tests import factories as make
from tests.shop.accounts import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("refunded", "said"), [("0", ""), ("5", "£5.00")])
def test_what_went_back_stands_under_the_total(refunded: str, said: str) -> None:
    make.market("gb")
    order = people.order(state="paid", paid=True)
    facts = {"amount": order.total, "charged": order.total, "currency": "GBP", "charged_currency": "GBP"}
    Payment.objects.create(order=order, attempt=1, state="expired", amount=order.total, currency="GBP")
    Payment.objects.create(order=order, attempt=2, state="succeeded", refunded=Decimal(refunded), **facts)
    page = Client().get(f"/orders/{order.token}/")
    assert page.context["page"].paid_back == said
    assert ("Paid back" in page.text) == bool(said)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"action": "permit", "hs": "7116"}, "whether customs lets these goods take the way of small imports"),
        ({"permit_only": "no", "customs_value": "cif"}, "how customs values these goods"),
        ({"name": "VAT"}, "VAT"),
        ({}, "711620"),
    ],
)
def test_a_frozen_doubt_names_no_key_of_ours(rule: dict[str, str], said: str) -> None:
    quote = {
        "kind": "ESTIMATE",
        "reasons": [{"code": "rule_unconfirmed", "rule": "cn-permit-7116", "about": "711620"}],
        "rules": {"cn-permit-7116": rule},
    }
    [sentence] = frozen_reasons(quote)
    assert sentence.endswith(f": {said}.")
    assert "cn-permit" not in sentence
