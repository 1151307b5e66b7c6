"""Addresses and identities through the store API: each refusal as a problem with a pointer."""

import pytest

from shop.models import BuyerIdentity, IdempotencyRecord, Market, Order
from tests import factories as make
from tests.shop.store_api.test_store_api import add, call, checkout, order_body, problem

pytestmark = pytest.mark.django_db
NUMBER = "360426199101010071"
IDENTITY = {"kind": "cn_resident_id", "number": NUMBER, "name": "王小明", "consent": True}


@pytest.fixture
def china(client):
    make.agreement()
    make.tax_rates()
    make.variant("MUG-1", prices={"gb": "18.00", "cn": "168.00"}, stock_at={"LON": 3, "NGB": 5})
    basket = call(client, "post", "/baskets", {"market": "cn", "language": "zh-hans"}).json()["id"]
    add(client, basket, quantity=1)
    return basket


def body(**changes):
    return order_body(ship_to=make.address("CN")) | changes


def errors(answer, status, code):
    return {one["pointer"]: one["code"] for one in problem(answer, status, code)["errors"]}


def test_an_order_to_china_with_an_identity(client, china):
    answer = checkout(client, china, body(identity=IDENTITY))
    assert answer.status_code == 201, answer.content
    assert NUMBER not in answer.text
    order = Order.objects.get()
    assert order.identity == BuyerIdentity.objects.get()
    assert order.ship_to["region"] == "33"
    assert order.ship_to["phone"] == "+8613812345678"
    assert checkout(client, china, body(identity=IDENTITY)).json() == answer.json()
    assert BuyerIdentity.objects.count() == 1
    shown = call(client, "get", f"/orders/{order.token}")
    assert shown.status_code == 200
    assert NUMBER not in shown.text
    assert "360•" not in shown.text
    assert NUMBER not in str(IdempotencyRecord.objects.values())


def test_without_one_customs_question_is_told_with_the_text_to_agree_to(client, china):
    document = problem(checkout(client, china, body()), 422, "identity-required")
    (error,) = document["errors"]
    assert error["pointer"] == "/identity/number"
    assert error["kind"] == "cn_resident_id"
    assert "本人单独同意" in error["consent_texts"]["zh-hans"]
    assert not Order.objects.exists()
    assert checkout(client, china, body(identity=IDENTITY), key="key-2").status_code == 201


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"number": NUMBER[:-1] + "2"}, "/identity/number", "checksum"),
        ({"number": NUMBER[:-1]}, "/identity/number", "length"),
        ({"number": ""}, "/identity/number", "required"),
        ({"name": ""}, "/identity/name", "required"),
        ({"consent": False}, "/identity/consent", "required"),
        ({"consent": "true"}, "/identity/consent", "required"),
        ({"consent_version": "old"}, "/identity/consent", "outdated"),
        ({"kind": "passport"}, "/identity/kind", "invalid_choice"),
        ({"colour": "red"}, "/identity/colour", "unknown"),
        ({"number": "1" * 41}, "/identity/number", "max_length"),
    ],
)
def test_a_wrong_identity_names_the_field_and_never_the_number(client, china, changes, pointer, code):
    answer = checkout(client, china, body(identity=IDENTITY | changes))
    assert errors(answer, 400, "validation-error") == {pointer: code}
    assert NUMBER[:10] not in answer.text
    assert not BuyerIdentity.objects.exists()


def test_a_missing_consent_comes_with_its_text(client, china):
    document = problem(checkout(client, china, body(identity=IDENTITY | {"consent": False})), 400, "validation-error")
    assert "separate consent" in document["errors"][0]["consent_texts"]["en"]


def test_another_countrys_number_does_not_do(client, china):
    other = IDENTITY | {"kind": "kr_pccc", "number": "P123456789012"}
    assert errors(checkout(client, china, body(identity=other)), 422, "identity-required") == {
        "/identity/number": "identity-required"
    }


@pytest.mark.parametrize("identity", ["x", [], 7])
def test_an_identity_that_is_no_object(client, china, identity):
    assert "/identity" in errors(checkout(client, china, body(identity=identity)), 400, "validation-error")


def test_a_number_that_nobody_asks_for_is_refused(client, china):
    make.market("gb")
    basket = call(client, "post", "/baskets", {"market": "gb", "language": "en"}).json()["id"]
    add(client, basket, quantity=1)
    answer = checkout(client, basket, order_body(identity=IDENTITY))
    assert errors(answer, 422, "identity-not-needed") == {"/identity": "identity-not-needed"}
    assert not BuyerIdentity.objects.exists()


@pytest.mark.parametrize(
    ("country", "changes", "pointer", "code"),
    [
        ("GB", {"postcode": "12345"}, "postcode", "postcode_invalid"),
        ("GB", {"postcode": ""}, "postcode", "required"),
        ("US", {"region": "Atlantis"}, "region", "region_invalid"),
        ("US", {"region": "CA"}, "postcode", "postcode_region"),
        ("US", {"phone": "12"}, "phone", "phone_invalid"),
        ("JP", {"phone": ""}, "phone", "required"),
        ("HK", {"region": ""}, "region", "required"),
    ],
)
def test_an_address_is_checked_by_its_country(client, china, country, changes, pointer, code):
    make.market("gb")
    Market.objects.filter(code="gb").update(countries=["GB", "US", "JP", "HK"])
    basket = call(client, "post", "/baskets", {"market": "gb", "language": "en"}).json()["id"]
    add(client, basket, quantity=1)
    answer = checkout(client, basket, order_body(ship_to=make.address(country) | changes))
    assert errors(answer, 400, "validation-error") == {f"/ship_to/{pointer}": code}
    assert checkout(client, basket, order_body(ship_to=make.address(country)), key="good").status_code == 201
