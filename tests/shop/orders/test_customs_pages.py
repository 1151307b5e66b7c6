"""The papers on the order's page: there where a border is crossed, refused in words where customs would refuse."""

import json
from pathlib import Path

import jsonschema
import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.roles import VIEWER, ensure_groups
from shop.crossborder.customs import data_files
from tests import factories as make
from tests.shop.orders.exports import HANGZHOU, SELLER, TOKYO, mug, paid

pytestmark = pytest.mark.django_db
PAPERS = ["commercial_invoice", "postal_form", "customs_data"]


@pytest.fixture(autouse=True)
def world(settings):
    settings.SELLER = SELLER
    make.agreement()
    make.tax_rates()


@pytest.fixture
def desk() -> Client:
    viewer = User.objects.create_user("viewer", "viewer@example.org", "secret", is_staff=True)
    viewer.groups.add(ensure_groups()[VIEWER])
    client = Client()
    client.force_login(viewer)
    return client


def page(order, name: str) -> str:
    return reverse(f"admin:shop_order_{name}", args=[order.pk])


def export():
    return paid(make.basket((mug(), 2), market_code="jp"), TOKYO)


def test_the_papers_open(desk):
    order = export()
    shown = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert all(page(order, name) in shown for name in PAPERS)
    invoice, form, data = (desk.get(page(order, name)) for name in PAPERS)
    for answer in (invoice, form):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert "no-store" in answer["Cache-Control"]
    assert order.number in pypdfium2.PdfDocument(invoice.content)[0].get_textpage().get_text_range()
    assert form["Content-Disposition"] == f'inline; filename="CN22-{order.number}.pdf"'
    schema = json.loads((Path(data_files.__file__).parent / "schemas/item_attributes.schema.json").read_text())
    jsonschema.validate(data.json(), schema)
    assert data.json()["content_pieces"][0]["declared_value"] == "6800"


def test_a_domestic_order_shows_no_papers(desk):
    order = paid(make.basket((mug(), 1)), make.address())
    shown = desk.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert not any(page(order, name) in shown for name in PAPERS)
    for name in PAPERS:
        answer = desk.get(page(order, name))
        assert answer.status_code == 409
        assert "does not leave the customs territory" in answer.content.decode()


def test_what_customs_would_refuse_is_said_in_words(desk):
    thing = mug()
    thing.customs_description = "Souvenir <b>"
    thing.save()
    order = paid(make.basket((thing, 1), market_code="jp"), TOKYO)
    thing.customs_description = "souvenir"
    thing.save()
    for name in PAPERS:
        answer = desk.get(page(order, name))
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "says why it was bought and not what it is" in said
        assert "/lines/0/description" in said


def test_each_parcel_has_its_papers(desk):
    make.market("cn").marketwarehouse_set.create(warehouse=make.warehouse("LIL", "FR"), rank=5)
    things = [(mug(f"MUG-{code}", stock_at={code: 5}), 1) for code in ("LON", "LIL")]
    order = paid(make.basket(*things, market_code="cn"), HANGZHOU)
    answer = desk.get(page(order, "customs_data"))
    assert answer.status_code == 409
    assert "?warehouse=LIL" in answer.content.decode()
    data = desk.get(page(order, "customs_data") + "?warehouse=LIL").json()
    assert [piece["merchant_product_id"] for piece in data["content_pieces"]] == ["MUG-LIL"]


def test_strangers_see_nothing(client):
    order = export()
    for name in PAPERS:
        assert client.get(page(order, name)).status_code == 302
    nobody = User.objects.create_user("nobody", "nobody@example.org", "secret", is_staff=True)
    client.force_login(nobody)
    for name in PAPERS:
        assert client.get(page(order, name)).status_code == 403


def test_an_order_that_is_not_there(desk):
    unknown = reverse("admin:shop_order_customs_data", args=["00000000-0000-4000-8000-000000000000"])
    assert desk.get(unknown).status_code == 404


def test_the_facts_are_edited_on_the_variant(admin_client):
    thing = mug()
    shown = admin_client.get(reverse("admin:shop_variant_change", args=[thing.pk])).content.decode()
    for field in ("customs_description", "customs_description_zh", "manufacturer_product_id", "reproduction_year"):
        assert f'name="{field}"' in shown
