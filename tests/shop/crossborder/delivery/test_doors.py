"""Delivery at the doors: the checkout page, the store API, the frozen order, and the admin's pages."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from shop.models import Order, ShippingOption, Tariff, Zone
from tests import factories as make
from tests.shop.storefront.furnishing import CHECKOUT

pytestmark = pytest.mark.django_db
API = "/api/v1/store"


@pytest.fixture
def world(gb):
    """A torch with a battery and a plain mug, for sale in Britain."""
    make.agreement()
    make.tax_rates()
    make.variant("MUG-1")
    torch = make.variant("TORCH-1")
    torch.flags = ["battery"]
    torch.save()


@pytest.fixture
def web(world) -> Client:
    client = Client()
    client.post("/gb/en/basket/add/", {"sku": "TORCH-1"})
    return client


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_the_page_greys_out_what_cannot_be_chosen_and_names_the_days(web):
    page = web.get("/gb/en/checkout/").text
    express = page.split('value="express"')[1].split("</label>")[0]
    assert "disabled" in express
    assert "Not carried by this method: Batteries." in express
    assert "£" not in express
    standard = page.split('value="standard"')[1].split("</label>")[0]
    assert " checked" in standard
    assert "£4.95" in standard
    assert "2–4 working days" in standard


def test_a_refused_choice_is_quoted_by_another_and_said_so(web):
    answer = web.post("/gb/en/checkout/", {"intent": "update", **CHECKOUT, "shipping_option": "express"})
    assert "“Express” cannot be chosen. Not carried by this method: Batteries." in answer.text
    assert "Pay £22.95" in answer.text


def test_an_order_by_a_refused_method_is_not_placed(web):
    page = web.get("/gb/en/checkout/").text
    data = CHECKOUT | {name: hidden(page, name) for name in ("attempt", "expected_total")}
    answer = web.post("/gb/en/checkout/", data | {"shipping_option": "express"})
    assert answer.status_code == 409
    assert answer.text.count("“Express” cannot be chosen.") == 1
    assert not Order.objects.exists()


def test_the_postcode_decides_and_an_address_nobody_goes_to_has_no_total(web):
    far = web.post("/gb/en/checkout/", {"intent": "update", **CHECKOUT, "postcode": "ZE1 0AA"}).text
    assert "£9.95" in far
    nobody = web.post("/gb/en/checkout/", {"intent": "update", **CHECKOUT, "postcode": "IM1 1AA"})
    assert nobody.status_code == 409
    assert nobody.text.count("Does not go to this postcode.") == 3
    assert "There is no total yet" in nobody.text


def test_the_product_page_says_what_it_costs_to_send_and_what_cannot(web):
    page = web.get("/gb/en/products/torch-1/").text
    assert "Not carried by this method: Batteries." in page
    assert "£4.95" in page
    assert "£12.00" in web.get("/gb/en/products/mug-1/").text


def test_an_order_keeps_the_method_it_was_placed_with(web):
    page = web.get("/gb/en/checkout/").text
    web.post("/gb/en/checkout/", CHECKOUT | {name: hidden(page, name) for name in ("attempt", "expected_total")})
    order = Order.objects.get()
    assert (order.quote["shipping_option"], order.quote["shipping_name"]) == ("standard", "Standard")
    assert (order.quote["delivery"]["amount"], order.quote["delivery"]["parcels"]) == ("4.95", 1)
    ShippingOption.objects.all().delete()
    assert '<span class="quiet">Standard</span>' in web.get(f"/orders/{order.token}/").text


def test_an_order_from_before_shows_the_name_of_now(web):
    page = web.get("/gb/en/checkout/").text
    web.post("/gb/en/checkout/", CHECKOUT | {name: hidden(page, name) for name in ("attempt", "expected_total")})
    order = Order.objects.get()
    Order.objects.update(quote={})
    assert '<span class="quiet">Standard</span>' in web.get(f"/orders/{order.token}/").text


def call(path: str, body: dict, **headers: str):
    return Client().post(f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers)


def test_the_quote_lists_every_option(world):
    torch = make.basket((make.Variant.objects.get(sku="TORCH-1"), 1))
    quote = call(f"/baskets/{torch.token}/quote", {"ship_to": {"country": "GB"}}).json()
    standard, express = quote["delivery_options"]
    assert (quote["shipping_option"], quote["shipping"]) == ("standard", "4.95")
    assert (standard["available"], standard["amount"], standard["free_above"]) == (True, "4.95", "60.00")
    assert date.fromisoformat(standard["earliest"]) <= date.fromisoformat(standard["latest"])
    assert express["reasons"] == [
        {"code": "not_carried_battery", "text": "Not carried by this method: Batteries.", "skus": ["TORCH-1"]}
    ]
    far = call(f"/baskets/{torch.token}/quote", {"ship_to": {"country": "GB", "postcode": "ZE1 0AA"}}).json()
    assert far["shipping"] == "9.95"


def test_a_refused_option_is_a_problem_that_names_its_reasons(world):
    torch = make.basket((make.Variant.objects.get(sku="TORCH-1"), 1))
    body = {
        "email": "ada@example.org",
        "ship_to": make.address(),
        "shipping_option": "express",
        "consents": make.consents(),
    }
    for path, headers in (("quote", {}), ("checkout", {"Idempotency-Key": "one"})):
        answer = call(f"/baskets/{torch.token}/{path}", body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "delivery-refused")
        error = answer.json()["errors"][0]
        assert (error["pointer"], error["reason"], error["skus"]) == (
            "/shipping_option", "not_carried_battery", ["TORCH-1"],
        )  # fmt: skip
    assert not Order.objects.exists()


def test_markets_name_the_least_a_method_costs(world, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = Client().get(f"{API}/markets").json()["results"]
    options = {one["code"]: one for one in found[0]["shipping_options"]}
    assert (options["standard"]["amount"], options["standard"]["free_above"]) == ("4.95", "60.00")
    assert options["express"]["amount"] == "12.00"


@pytest.fixture
def desk(gb) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "x"))
    return client


def method_form(method: ShippingOption, *rows: dict[str, str]) -> dict[str, str]:
    standing = list(method.tariffs.all())
    form = {
        "market": method.market_id, "code": method.code, "active": "on", "name_en": "Swift", "name_fr": "", "name_ja": "速",
        "name_zh_hans": "", "days_from": 1, "days_to": 2, "cut_off": 12, "max_weight_g": 5000, "volumetric_divisor": 5000,
        "position": 1, "refuses": ["battery", "magnet"],
        "tariffs-TOTAL_FORMS": len(standing) + len(rows), "tariffs-INITIAL_FORMS": len(standing),
        "fuel_surcharges-TOTAL_FORMS": 0, "fuel_surcharges-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, one in enumerate(standing):
        form |= {
            f"tariffs-{number}-id": one.pk, f"tariffs-{number}-method": method.pk, f"tariffs-{number}-zone": one.zone_id,
            f"tariffs-{number}-up_to_grams": one.up_to_grams, f"tariffs-{number}-amount": one.amount,
            f"tariffs-{number}-valid_0": "2020-01-01",
        }  # fmt: skip
    for number, row in enumerate(rows, len(standing)):
        form |= {f"tariffs-{number}-{key}": value for key, value in row.items()}
        form |= {f"tariffs-{number}-method": method.pk, f"tariffs-{number}-valid_0": "2020-01-01"}
    return form


def test_a_method_is_edited_without_json(desk):
    method = ShippingOption.objects.get(code="express")
    url = f"/admin/shop/shippingoption/{method.pk}/change/"
    page = desk.get(url).text
    assert "up to 5,000 g" in page
    answer = desk.post(url, method_form(method), follow=True)
    assert answer.status_code == 200
    assert not answer.context.get("errors"), answer.context.get("errors")
    method.refresh_from_db()
    assert (method.names, method.refuses) == ({"en": "Swift", "ja": "速"}, ["battery", "magnet"])


def test_contradicting_tariffs_are_refused_and_gaps_are_warned_of(desk):
    method = ShippingOption.objects.get(code="express")
    url = f"/admin/shop/shippingoption/{method.pk}/change/"
    zone = Zone.objects.get(name="Home")
    cheap = {"zone": zone.pk, "up_to_grams": 9000, "amount": "1.00"}
    assert "costs less than" in desk.post(url, method_form(method, cheap)).text
    twice = {"zone": zone.pk, "up_to_grams": 5000, "amount": "12.00"}
    assert "hold on the same day" in desk.post(url, method_form(method, twice)).text
    assert method.tariffs.count() == 1
    low = {"zone": Zone.objects.get(name="Islands").pk, "up_to_grams": 900, "amount": "20"}
    assert "Islands: no price above 900 g" in desk.post(url, method_form(method, low), follow=True).text
    assert method.tariffs.count() == 2


def test_a_zone_of_another_market_is_refused(desk):
    method = ShippingOption.objects.get(code="express")
    strange = Zone.objects.create(market=make.market("fr"), name="France", countries=["FR"], valid=make.ALWAYS)
    row = {"zone": strange.pk, "up_to_grams": 900, "amount": "20"}
    answer = desk.post(f"/admin/shop/shippingoption/{method.pk}/change/", method_form(method, row))
    assert answer.status_code == 200
    assert method.tariffs.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"countries": "fr"}, "does not deliver to FR"),
        ({"postcodes": "KA28-KA27"}, "is not a range"),
        ({}, ""),
    ],
)
def test_zones_are_checked(desk, gb, typed, said):
    form = {
        "market": gb.pk, "name": "Arran", "countries": "gb", "postcodes": "ka27, KA28", "regions": "", "extra_days": 1,
        "valid_0": "2026-01-01",
    } | typed  # fmt: skip
    answer = desk.post("/admin/shop/zone/add/", form)
    assert said in answer.text
    found = Zone.objects.filter(name="Arran")
    assert [one.postcodes for one in found] == ([] if typed else [["KA27", "KA28"]])


def test_a_method_can_be_tried(desk):
    method = ShippingOption.objects.get(code="express")
    url = f"/admin/shop/shippingoption/{method.pk}/try/"
    body = {"country": "gb", "weight_g": 100, "sides": "300 × 200 x 100", "goods": "0", "_form_submitted": "True"}
    assert "£12.00 for 1,200 g charged" in desk.post(url, body, follow=True).text
    assert "Too heavy" in desk.post(url, body | {"weight_g": 9000}, follow=True).text


def test_a_variant_gets_its_flags_by_boxes(desk, world):
    torch = make.Variant.objects.get(sku="TORCH-1")
    url = f"/admin/shop/variant/{torch.pk}/change/"
    form = {
        "product": torch.product_id, "item": torch.item_id, "sku": torch.sku, "options": "{}", "position": 0,
        "hs_code": torch.hs_code, "origin": "GB", "weight_g": 400, "length_mm": 100, "flags": ["battery", "blade"],
        "prices-TOTAL_FORMS": 0, "prices-INITIAL_FORMS": 0,
        "price_changes-TOTAL_FORMS": 0, "price_changes-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert desk.post(url, form).status_code == 200, "one side alone is refused"
    answer = desk.post(url, form | {"width_mm": 80, "height_mm": 50})
    assert answer.status_code == 302, answer.context["errors"]
    torch.refresh_from_db()
    assert (torch.flags, torch.length_mm, torch.height_mm) == (["battery", "blade"], 100, 50)


def test_dates_and_bands_are_kept_apart_by_the_table_itself(gb):
    from django.db import IntegrityError, transaction

    tariff = Tariff.objects.get(method__code="express")
    tariff.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        tariff.save()
    tariff.up_to_grams, tariff.valid = None, DateRange(date(2026, 1, 1), None)
    tariff.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tariff.objects.create(method=tariff.method, zone=tariff.zone, amount=Decimal(9), valid=make.ALWAYS)
