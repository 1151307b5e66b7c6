"""Every page of the admin opens, and no list asks more of the database when it has more rows."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.desk import queries
from tests.admin.conftest import LISTED, fill

OURS = {"inventory", "licensing", "shop", "auth"}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)
IDS = [model._meta.label for model in MODELS]
QUERY_BUDGET = 15


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_listed_model_is_registered_and_filled():
    assert set(MODELS) == set(LISTED)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_superuser_opens_every_page(model, one_of_each, root):
    site_admin = admin.site._registry[model]
    row = model._default_manager.order_by("-pk").first()
    assert row is not None
    assert root.get(address(model, "changelist")).status_code == 200
    assert root.get(address(model, "change", row.pk)).status_code == 200
    adds = site_admin.has_add_permission(_request(root))
    assert root.get(address(model, "add")).status_code == (200 if adds else 403)


def _request(client: Client):
    class Request:
        user = User.objects.get(pk=client.session["_auth_user_id"])

    return Request()


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.app_label != "auth"], ids=str)
def test_a_merchandiser_opens_every_page_she_may(model, one_of_each, desk):
    row = model._default_manager.order_by("-pk").first()
    assert desk.get(address(model, "changelist")).status_code == 200
    assert desk.get(address(model, "change", row.pk)).status_code == 200
    may_add = admin.site._registry[model].has_add_permission(_request(desk))
    assert desk.get(address(model, "add")).status_code == (200 if may_add else 403)
    if model._meta.app_label == "licensing":
        assert not may_add
    assert not admin.site._registry[model].has_delete_permission(_request(desk))


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.app_label == "auth"], ids=str)
def test_a_merchandiser_does_not_see_people(model, one_of_each, desk):
    assert desk.get(address(model, "changelist")).status_code == 403


def _statements(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["desk", "root"])
def test_lists_cost_the_same_with_3_and_30_rows(who, agreed, request):
    client = request.getfixturevalue(who)
    visible = [model for model in MODELS if who == "root" or model._meta.app_label != "auth"]
    for number in range(1, 4):
        fill(number)
    urls = {model: address(model, "changelist") for model in visible}
    for url in urls.values():
        client.get(url)  # content types and the like are read once in a process
    few = {model._meta.label: _statements(client, url) for model, url in urls.items()}
    for number in range(4, 31):
        fill(number)
    many = {model._meta.label: _statements(client, url) for model, url in urls.items()}
    assert many == few
    assert {label: count for label, count in many.items() if count > QUERY_BUDGET} == {}


def test_searches_and_filters_answer(one_of_each, desk):
    asked = [
        "shop/product/?q=mug", "shop/variant/?q=SKU", "shop/museumobject/?q=Bowl&plate=no", "shop/order/?q=VT&state__exact=paid",
        "shop/order/?placed_at_from_0=2020-01-01&placed_at_from_1=00:00:00", "inventory/balance/?q=SKU&stock=low",
        "inventory/item/?stock=sold_out", "inventory/item/?stock=in_stock", "inventory/movement/?q=order", "inventory/hold/?q=SKU",
        "shop/listing/?sync=behind", "shop/listing/?sync=in_sync", "shop/taxrule/?confirmation=unconfirmed&dates=now",
        "shop/price/?dates=later", "shop/price/?dates=over", "shop/stripeevent/?processing=unprocessed", "shop/payment/?q=VT",
        "shop/channelorder/?state__exact=case", "licensing/agreementversion/?signature=signed", "licensing/royaltyentry/?q=SKU",
        "licensing/grant/?q=Bowl", "shop/shipment/?q=VT&news=none", "shop/shipment/to-ship/?q=SKU-1&state=picking",
    ]  # fmt: skip
    for path in asked:
        assert desk.get(f"/admin/{path}").status_code == 200, path


def test_the_desk_costs_the_same_with_3_and_30_rows(agreed, desk):
    for number in range(1, 4):
        fill(number)
    few = _statements(desk, reverse("admin:index"))
    for number in range(4, 31):
        fill(number)
    assert _statements(desk, reverse("admin:index")) == few


def test_the_desk_reads_in_twelve_statements(one_of_each, django_assert_num_queries):
    from django.utils import timezone

    with django_assert_num_queries(12):
        found = queries.desk(timezone.localdate())
    assert (found.placed, found.units, found.to_ship) == (2, 2, 2)
    assert [(one.currency, one.orders, str(one.amount)) for one in found.takings] == [("GBP", 2, "45.9000")]
    assert (found.listings_behind, found.cases, found.unprocessed_events, found.unconfirmed_rules) == (1, 0, 1, 7)


def test_the_desk_leads_to_its_lists(one_of_each, desk):
    page = desk.get(reverse("admin:index"))
    desk_context = page.context["desk"]
    for part in [*desk_context["figures"], *(duty for column in desk_context["duties"] for duty in column)]:
        assert desk.get(part["link"]).status_code == 200
        assert "e=1" not in part["link"]
    assert "£45.90" in page.content.decode()


def test_nobody_signed_in_sees_anything(one_of_each, client):
    for model in MODELS:
        assert client.get(address(model, "changelist")).status_code == 302
