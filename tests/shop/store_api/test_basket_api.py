"""Gift, codes, markets, consents and what changed meanwhile, through the store API; and checkout's statements."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Balance
from shop.models import Basket, Market, Order, OrderConsent, Price, Promotion
from tests import factories as make
from tests.shop.store_api.test_store_api import add, call, checkout, order_body, problem, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
BUDGET = 25


@pytest.fixture(autouse=True)
def _no_guesses_yet():
    cache.clear()


@pytest.fixture
def basket_id(world, client):
    made = call(client, "post", "/baskets", {"market": "gb", "language": "en"}).json()["id"]
    add(client, made)
    return made


def codes(client, basket_id, code):
    return call(client, "post", f"/baskets/{basket_id}/codes", {"code": code})


def patch(client, basket_id, **changes):
    return call(client, "patch", f"/baskets/{basket_id}", changes)


def test_gift_and_note_reach_the_order(client, basket_id):
    Market.objects.get(code="gb").wrapping_prices.create(amount="4.00", valid=make.ALWAYS)
    answer = patch(client, basket_id, gift_wrap=True, gift_message="With love\nAda", note="Ring twice")
    assert answer.status_code == 200
    assert answer.json()["gift_wrap_price"] == "4.00"
    token = checkout(client, basket_id).json()["order"]["token"]
    order = call(client, "get", f"/orders/{token}").json()
    assert (order["gift_wrap"], order["gift_wrap_amount"], order["shipping"]) == (True, "4.00", "8.95")
    assert (order["gift_message"], order["note"]) == ("With love\nAda", "Ring twice")
    # The next order begins without.
    assert call(client, "get", f"/baskets/{basket_id}").json()["gift_message"] == ""


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"gift_message": "x" * 301}, 400, "/gift_message"),
        ({"note": "x\x07"}, 400, "/note"),
        ({"note": 3}, 400, "/note"),
        ({"gift_wrap": "yes"}, 400, "/gift_wrap"),
        ({"gift_wrap": True}, 422, "/gift_wrap"),
        ({"language": "xx"}, 422, "/language"),
    ],
)
def test_a_change_that_will_not_do_points_at_its_field(client, basket_id, changes, status, pointer):
    answer = patch(client, basket_id, **changes)
    assert answer.status_code == status, answer.content
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_moving_to_another_market_keeps_the_lines(client, basket_id):
    make.variant("MUG-2", prices={"gb": "5.00"})
    add(client, basket_id, sku="MUG-2", quantity=1)
    answer = patch(client, basket_id, market="cn").json()
    assert (answer["market"], answer["currency"], answer["language"]) == ("cn", "CNY", "zh-hans")
    assert [(line["sku"], line["unit_price"]) for line in answer["lines"]] == [("MUG-1", "168.00"), ("MUG-2", None)]
    assert [one["code"] for one in answer["notices"]] == ["market_switched", "not_sold_here"]
    assert answer["lines"][1]["messages"][0]["code"] == "no_price"
    assert call(client, "delete", f"/baskets/{basket_id}/notices").json()["notices"] == []


def test_lines_say_what_changed(client, basket_id):
    Price.objects.filter(market__code="gb").update(amount="19.00")
    Balance.objects.filter(item__sku="MUG-1", warehouse__code="LON").update(safety=2)
    line = call(client, "get", f"/baskets/{basket_id}").json()["lines"][0]
    assert (line["unit_price_before"], line["unit_price"], line["left"]) == ("18.00", "19.00", 1)
    assert [one["code"] for one in line["messages"]] == ["stock_short", "price_changed"]
    assert line["messages"][0]["message"] == "Only 1 left. Please lower the quantity."


def test_codes_go_in_and_out(client, basket_id):
    make.promotion("SPRING")
    answer = codes(client, basket_id, "spring")
    assert answer.status_code == 201
    assert answer.json()["promotions"] == [{"code": "SPRING", "kind": "percentage", "discount": "3.60"}]
    assert (answer.json()["goods"], answer.json()["discount"]) == ("36.00", "3.60")
    quote = call(client, "post", f"/baskets/{basket_id}/quote", {"ship_to": {"country": "GB"}}).json()
    assert (quote["goods"], quote["discount"], quote["payable_now"]) == ("32.40", "3.60", "37.35")
    assert call(client, "delete", f"/baskets/{basket_id}/codes/Spring").json()["discount"] == "0.00"
    assert call(client, "delete", f"/baskets/{basket_id}/codes/Spring").status_code == 404


def test_a_refused_code_says_why_in_the_baskets_language(client, basket_id):
    make.promotion("BIG", minima={"GBP": 50})
    document = problem(codes(client, basket_id, "big"), 422, "promotion-refused")
    entry = document["errors"][0]
    assert (entry["pointer"], entry["reason"]) == ("/code", "below_minimum")
    assert entry["message"] == "The code BIG holds from £50.00 of goods; £14.00 are missing."


def test_guessing_is_slowed_down(client, basket_id):
    for _each in range(10):
        problem(codes(client, basket_id, "guess"), 422, "promotion-refused")
    answer = codes(client, basket_id, "guess")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    # Other doors are open.
    assert call(client, "get", f"/baskets/{basket_id}").status_code == 200


def test_without_consent_the_texts_come_back_with_kind_and_version(client, basket_id):
    document = problem(checkout(client, basket_id, order_body(consents=[])), 422, "consent-required")
    first, second = document["errors"]
    assert (first["pointer"], first["code"]) == ("/consents/terms", "consent-required")
    assert (first["kind"], first["version"]) == ("terms", "terms-2026-11")
    assert set(first["texts"]) == {"en", "fr", "zh-hans", "ja"}
    assert second["kind"] == "withdrawal_information"
    old = [{"kind": "terms", "version": "terms-1"}, {"kind": second["kind"], "version": second["version"]}]
    document = problem(checkout(client, basket_id, order_body(consents=old), key="b"), 422, "consent-required")
    assert [one["code"] for one in document["errors"]] == ["consent-outdated"]
    given = [{"kind": one["kind"], "version": one["version"]} for one in (first, second)]
    assert checkout(client, basket_id, order_body(consents=given), key="c").status_code == 201
    assert OrderConsent.objects.count() == 2


def test_a_changed_price_answers_with_the_quote_of_now(client, basket_id):
    Price.objects.filter(market__code="gb").update(amount="19.00")
    document = problem(checkout(client, basket_id, order_body(expected_total="40.95")), 409, "quote-changed")
    assert document["quote"]["payable_now"] == document["errors"][0]["total"] == "42.95"
    assert not Order.objects.exists()
    # She agrees: the same request with the new total.
    assert checkout(client, basket_id, order_body(expected_total="42.95"), key="b").status_code == 201


def test_a_code_used_up_meanwhile_answers_with_the_quote_of_now_even_without_a_total(client, basket_id):
    code = make.promotion("LAST", limit=1)
    assert codes(client, basket_id, "LAST").status_code == 201
    Promotion.objects.filter(id=code.promotion_id).update(used=1)
    document = problem(checkout(client, basket_id), 409, "quote-changed")
    assert document["quote"]["promotions_dropped"][0]["reason"] == "used_up"
    assert document["quote"]["payable_now"] == "40.95"
    notices = call(client, "get", f"/baskets/{basket_id}").json()["notices"]
    assert notices[0]["message"] == "The code LAST is used up. It was taken out of the basket."
    assert checkout(client, basket_id, key="b").status_code == 201


def test_stock_that_went_meanwhile_answers_with_the_quote(client, basket_id):
    Balance.objects.filter(item__sku="MUG-1").update(safety=2)
    document = problem(checkout(client, basket_id), 409, "out-of-stock")
    assert document["quote"]["payable_now"] == "40.95"


def test_the_same_key_gets_its_order_though_the_basket_was_filled_anew(client, basket_id):
    from shop.store_api.models import IdempotencyRecord

    first = checkout(client, basket_id).json()
    IdempotencyRecord.objects.all().delete()  # the answer was never remembered: the worker died
    assert checkout(client, basket_id).json()["order"]["token"] == first["order"]["token"]
    IdempotencyRecord.objects.all().delete()
    add(client, basket_id, quantity=1)
    assert checkout(client, basket_id).json()["order"]["token"] == first["order"]["token"]
    assert Order.objects.count() == 1
    assert Basket.objects.get().lines.get().quantity == 1


def test_checkout_needs_at_most_25_statements_whatever_the_customer_bought_before(client, settings):
    settings.LIVE_HOLDS_PER_HOLDER = 1000
    make.agreement()
    make.tax_rates()
    things = [make.variant(f"A-{number}", stock_at={"LON": 99}) for number in range(3)]

    def statements(key: str) -> list[str]:
        basket = make.basket(*((thing, 1) for thing in things))
        with CaptureQueriesContext(connection) as captured:
            assert checkout(client, basket.token, key=key).status_code == 201
        # Of the outermost transaction's two, the test's own transaction makes savepoints.
        return [one["sql"] for one in captured.captured_queries]

    statements("warm")
    one = statements("one")
    assert len(one) <= BUDGET, "\n".join(" ".join(sql.split())[:110] for sql in one)
    order = Order.objects.first()
    Order.objects.bulk_create(
        Order(
            **{
                field.name: getattr(order, field.name)
                for field in Order._meta.concrete_fields
                if field.name not in {"id", "number", "token", "cause_key", "hold", "identity"}
            }
            | {"number": f"PAST-{number}", "cause_key": f"past:{number}"}
        )
        for number in range(500)
    )
    Order.objects.filter(number__startswith="PAST").update(placed_at=timezone.now() - timedelta(days=9))
    assert len(statements("many")) == len(one)
