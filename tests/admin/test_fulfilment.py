"""The warehouse's pages: what is to ship, the pick list, packing, parcels and their papers; and who may do what."""

import re

import pypdfium2
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from licensing.models import Agreement
from shop.models import Order, Shipment
from shop.orders import actions as orders
from tests import factories as make
from tests.admin.test_actions import press
from tests.shop.orders import exports, sold

pytestmark = pytest.mark.django_db
TO_SHIP, PICKING, LIST, PDF = (
    f"/admin/shop/shipment/{page}" for page in ("to-ship/", "start-picking/", "pick-list/", "pick-list.pdf")
)


@pytest.fixture(autouse=True)
def world():
    make.agreement()
    make.tax_rates()


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def text_of(response) -> str:
    assert response["Content-Type"] == "application/pdf"
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(response.content))


def pack_page(order: Order, warehouse: str = "LON") -> str:
    return reverse("admin:shop_shipment_pack", args=[order.pk, warehouse])


def fields(client, order: Order, warehouse: str = "LON", **changed) -> dict[str, str]:
    """The fields of the pack page as they stand, with changes; SKUs name the units of a piece."""
    form = client.get(pack_page(order, warehouse)).context["form"]
    told = {name: form[name].value() or "" for name in form.fields} | {"weight_g": 800}
    for row in form.rows:
        if row.item.sku in changed:
            told[form.name_of(row)] = changed.pop(row.item.sku)
    return told | changed


def test_the_longest_paid_come_first_and_warehouses_have_their_own_view(desk):
    variant = make.variant("MUG-1", stock_at={"LON": 9, "LIL": 9})
    first, second = sold.paid((variant, 2)), sold.paid((variant, 1), at=("LIL",))
    sold.placed((variant, 1))
    page = desk.get(TO_SHIP)
    assert [row["order"] for row in page.context["rows"]] == [first, second]
    assert [(one.code, one.orders) for one in page.context["desks"]] == [("LIL", 1), ("LON", 1)]
    (row,) = desk.get(f"{TO_SHIP}?warehouse=LIL").context["rows"]
    assert (row["order"], [(place.code, place.units) for place in row["places"]]) == (second, [("LIL", 1)])
    sold.ship(sold.pack(first, "LON"))
    assert [row["order"] for row in desk.get(TO_SHIP).context["rows"]] == [second]


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 2), ("state=picking", 1), ("state=paid", 1), ("state=nonsense", 2), ("channel=web", 2), ("q=BOWL-1", 1),
     ("q=none", 0), ("warehouse=none", 0), ("method=none", 2)],
)  # fmt: skip
def test_filters(desk, query, found):
    orders.start_picking(order_id=sold.paid((make.variant("MUG-1"), 1)).id, **sold.BY)
    sold.paid((make.variant("BOWL-1"), 1))
    assert len(desk.get(f"{TO_SHIP}?{query}").context["rows"]) == found


def test_the_page_costs_the_same_with_2_and_20_orders(desk):
    variant, gone = make.variant("MUG-1", stock_at={"LON": 99}), make.variant("BOWL-1", stock_at={"LON": 99})

    def more(number: int) -> None:
        for _ in range(number):
            sold.pack(sold.paid((variant, 1), (gone, 1)), "LON", {"BOWL-1": 1})
            sold.paid((variant, 1))

    def statements(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len(captured)

    def chosen() -> str:
        return "&".join(f"order={number}" for number in Order.objects.values_list("number", flat=True))

    more(1)
    statements(TO_SHIP)
    few = statements(TO_SHIP), statements(f"{LIST}?{chosen()}")
    more(9)
    assert (statements(TO_SHIP), statements(f"{LIST}?{chosen()}")) == few
    assert max(few) <= 16


def test_chosen_orders_are_picked_together_and_lead_to_their_list(desk):
    mug, bowl = make.variant("MUG-1"), make.variant("BOWL-1")
    first, second = sold.paid((mug, 2), (bowl, 1)), sold.paid((mug, 3))
    answer = desk.post(PICKING, {"order": [first.number, second.number], "warehouse": "LON"}, follow=True)
    assert {sold.state(first), sold.state(second)} == {"picking"}
    assert set(first.events.filter(to_state="picking").values_list("actor", flat=True)) == {"mina"}
    (found,) = answer.context["lists"]
    assert [(pick.sku, pick.units, pick.orders) for pick in found.picks] == [
        ("BOWL-1", 1, [(first.number, 1)]),
        ("MUG-1", 5, [(first.number, 2), (second.number, 3)]),
    ]
    assert (found.units, found.orders) == (6, 2)
    printed = text_of(desk.get(f"{PDF}?order={first.number}&order={second.number}"))
    assert "Pick list · LON" in printed
    assert re.search(r"MUG-1\s+MUG-1\s+5", printed)


def test_a_list_has_components_of_bundles_and_only_what_is_left(desk):
    make.variant("CUP-1"), make.variant("FAN-1", stock_at={"LIL": 9})
    order = sold.paid((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 2))
    lists = desk.get(f"{LIST}?order={order.number}").context["lists"]
    assert [(one.code, [(pick.sku, pick.units) for pick in one.picks]) for one in lists] == [
        ("LIL", [("FAN-1", 4)]),
        ("LON", [("CUP-1", 2)]),
    ]
    sold.pack(order, "LON")
    (left,) = desk.get(f"{LIST}?order={order.number}").context["lists"]
    assert left.code == "LIL"


def test_nothing_chosen_is_said(desk):
    assert "Choose the orders" in said(desk.post(PICKING))
    assert desk.get(LIST).status_code == 302
    assert desk.get(PDF).status_code == 302
    assert desk.get(PICKING).status_code == 405


def test_a_parcel_is_packed_once_for_each_form(desk):
    order = sold.paid((make.variant("MUG-1"), 3), (make.variant("BOWL-1"), 1))
    told = fields(
        desk,
        order,
        **{"MUG-1": 2, "BOWL-1": 0, "carrier_code": "royal-mail", "length_cm": 30, "width_cm": 20, "height_cm": 9},
    )
    first = desk.post(pack_page(order), told)
    parcel = Shipment.objects.get()
    assert first.url == reverse("admin:shop_shipment_change", args=[parcel.pk])
    assert (parcel.state, parcel.weight_g, parcel.height_cm, parcel.carrier) == ("packed", 800, 9, "Royal Mail")
    assert (sold.contents(parcel), sold.state(order)) == ({"MUG-1": 2}, "picking")
    again = desk.post(pack_page(order), told)
    assert (again.url, Shipment.objects.count()) == (first.url, 1)
    assert "sent before" in said(again)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"weight_g": ""}, "This field is required."),
        ({"weight_g": 0}, "greater than or equal to 1"),
        ({"MUG-1": 4}, "less than or equal to 3"),
        ({"MUG-1": 0}, "Choose at least one piece."),
        ({"length_cm": 30}, "Give all three sides, or none."),
        ({"tracking_number": "!"}, "is no tracking number"),
    ],
)
def test_a_bad_form_says_what_is_wrong(desk, changed, sentence):
    order = sold.paid((make.variant("MUG-1"), 3))
    answer = desk.post(pack_page(order), fields(desk, order, **changed))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Shipment.objects.exists()


def test_two_people_with_the_same_form_open_pack_what_is_there(desk, manager):
    order = sold.paid((make.variant("MUG-1"), 3))
    hers, his = fields(desk, order), fields(manager, order)
    desk.post(pack_page(order), hers)
    answer = manager.post(pack_page(order), his)
    assert "Nothing of this order is left to pack here." in answer.content.decode()
    assert Shipment.objects.count() == 1


def test_looking_at_the_page_writes_nothing(desk):
    order = sold.paid((make.variant("MUG-1"), 3))
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(pack_page(order)).status_code == 200
    written = [one["sql"] for one in captured if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if "django_session" not in sql] == []


def test_a_parcel_goes_from_packed_to_delivered_on_its_page(desk):
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON", weight_g=None)
    press(desk, "shop_shipment", parcel, "weigh", weight_g=950)
    answer = press(desk, "shop_shipment", parcel, "ship", carrier_code="dhl-express", tracking_number="12345 67890")
    assert said(answer).endswith(f"Parcel {parcel.number} has left.")
    parcel.refresh_from_db()
    assert (parcel.state, parcel.weight_g, parcel.tracking_number) == ("shipped", 950, "1234567890")
    page = desk.get(reverse("admin:shop_shipment_change", args=[parcel.pk])).content.decode()
    assert parcel.tracking_url in page
    press(desk, "shop_shipment", parcel, "mark-delivered")
    assert sold.state(order) == "delivered"
    assert set(parcel.events.values_list("actor", flat=True)) == {"picker", "mina"}


def test_a_refusal_is_a_sentence(desk):
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON")
    Agreement.objects.update(state=Agreement.State.SUSPENDED)
    assert "agreement_inactive" in said(press(desk, "shop_shipment", parcel, "ship"))
    press(desk, "shop_shipment", parcel, "drop")
    assert "cannot go from dropped" in said(press(desk, "shop_shipment", parcel, "ship"))
    parcel.refresh_from_db()
    assert parcel.state == "dropped"


def test_several_are_marked_delivered_at_once(desk):
    variant = make.variant("MUG-1")
    gone = [sold.ship(sold.pack(sold.paid((variant, 1)), "LON")) for _ in range(2)]
    packed = sold.pack(sold.paid((variant, 1)), "LON")
    chosen = {"action": "deliver_chosen", "_selected_action": [one.pk for one in [*gone, packed]]}
    desk.post("/admin/shop/shipment/", chosen)
    assert list(Shipment.objects.order_by("pk").values_list("state", flat=True)) == ["delivered", "delivered", "packed"]


@override_settings(SELLER=exports.SELLER)
def test_the_label_has_both_addresses_the_barcode_and_says_what_it_is_not(desk, viewer):
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON", weight_g=950, carrier_code="royal-mail", service="Tracked 48")
    for client in (desk, viewer):
        printed = text_of(client.get(reverse("admin:shop_shipment_label", args=[parcel.pk])))
        for words in (
            "Ada Byron", "SW1Y 4LB", "Test Trading Ltd", parcel.number, "0.950 kg", "Royal Mail", "Tracked 48",
            "not a carrier’s label",
        ):  # fmt: skip
            assert words in printed


def test_the_label_is_100_by_150_millimetres(desk):
    parcel = sold.pack(sold.paid((make.variant("MUG-1"), 2)), "LON")
    answer = desk.get(reverse("admin:shop_shipment_label", args=[parcel.pk]))
    (page,) = pypdfium2.PdfDocument(answer.content)
    assert [round(side * 25.4 / 72) for side in page.get_size()] == [100, 150]
    assert "no-store" in answer["Cache-Control"]


def test_a_marketplace_keeps_the_address_and_makes_the_label(desk):
    order = sold.paid((make.variant("MUG-1"), 2), ship_to={"country": "GB", "held_by": "tmall"})
    parcel = sold.pack(order, "LON")
    answer = desk.get(reverse("admin:shop_shipment_label", args=[parcel.pk]))
    assert "is with tmall, which makes the label" in said(answer)


def test_customs_papers_of_a_parcel_are_at_hand(desk):
    mug = exports.mug()
    order = exports.paid(make.basket((mug, 2), market_code="jp"), exports.TOKYO)
    parcel = sold.pack(order, "LON", {"MUG-1": 1}, weight_g=950)
    page = desk.get(reverse("admin:shop_shipment_change", args=[parcel.pk])).content.decode()
    address = f"{reverse('admin:shop_order_commercial_invoice', args=[order.pk])}?parcel={parcel.number}"
    assert address in page
    with override_settings(SELLER=exports.SELLER):
        assert parcel.number in text_of(desk.get(address))
        told = desk.get(f"{reverse('admin:shop_order_customs_data', args=[order.pk])}?parcel={parcel.number}").content
    assert b"950" in told or b"0.950" in told
    assert desk.get(f"{reverse('admin:shop_order_commercial_invoice', args=[order.pk])}?parcel=none").status_code == 404


def test_a_viewer_looks_and_touches_nothing(viewer):
    order = sold.paid((make.variant("MUG-1"), 2))
    parcel = sold.pack(order, "LON", {"MUG-1": 1})
    page = viewer.get(TO_SHIP)
    assert page.status_code == 200
    assert "Start picking" not in page.content.decode()
    assert pack_page(order) not in page.content.decode()
    assert viewer.get(f"{LIST}?order={order.number}").status_code == 200
    assert viewer.post(PICKING, {"order": order.number}).status_code == 403
    assert viewer.get(pack_page(order)).status_code == 403
    for path in ("ship", "drop", "weigh", "mark-delivered"):
        url = reverse("admin:shop_shipment_change", args=[parcel.pk]).removesuffix("change/") + f"{path}/"
        assert viewer.post(url, {"_form_submitted": "True"}).status_code == 403
    parcel.refresh_from_db()
    assert parcel.state == "packed"


def test_nobody_signed_in_sees_nothing(client):
    order = sold.paid((make.variant("MUG-1"), 2))
    for page in (TO_SHIP, LIST, PDF, pack_page(order)):
        assert client.get(page).status_code == 302


def test_the_side_bar_leads_there(desk, viewer):
    for client in (desk, viewer):
        page = client.get("/admin/").content.decode()
        assert TO_SHIP in page
        assert reverse("admin:shop_shipment_changelist") in page
