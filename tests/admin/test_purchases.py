"""Suppliers and purchase orders in the admin: drafted by a merchandiser, sent by a manager, received into stock."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.roles import MANAGER, VIEWER, ensure_groups
from inventory.models import Balance, BundleComponent, Lot
from inventory.replenishment import actions
from inventory.replenishment.models import ItemCost, PurchaseOrder, PurchaseOrderLine, Receipt, Supplier, SupplierItem
from tests import factories
from tests.admin.test_actions import press, said

D = Decimal
State = PurchaseOrder.State
LIST = "/admin/inventory/purchaseorder/"


def _member(name: str, group: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(db) -> Client:
    """A browser signed in as manager."""
    return _member("mona", MANAGER)


@pytest.fixture
def viewer(db) -> Client:
    """A browser signed in as viewer."""
    return _member("vera", VIEWER)


@pytest.fixture
def kiln(db) -> Supplier:
    """A supplier of mugs in sixes, at least twelve; and of cups."""
    made = Supplier.objects.create(code="kiln", name="Kiln & Co", country="GB", currency="GBP", lead_time_days=20)
    SupplierItem.objects.create(
        supplier=made, item=factories.item("MUG-1"), unit_cost=D("4.10"), minimum=12, multiple=6
    )
    SupplierItem.objects.create(supplier=made, item=factories.item("CUP-1"), unit_cost=D("2.60"))
    return made


@pytest.fixture
def draft(kiln) -> PurchaseOrder:
    """Two dozen mugs for London."""
    return actions.draft(
        supplier=kiln, warehouse=factories.warehouse(), lines={factories.item("MUG-1").id: 24}, actor="mina"
    )


@pytest.fixture
def sent(draft) -> PurchaseOrder:
    """The same, on its way."""
    return actions.send(order=draft)


def page_of(order: PurchaseOrder, path: str = "change") -> str:
    return f"{LIST}{order.pk}/{path}/"


def line_form(order: PurchaseOrder | None, *lines: dict, **fields) -> dict:
    """What the browser posts: each line with item, quantity, and perhaps unit_cost, id or DELETE."""
    form = {
        "rate": "", "expected_on": "", "note": "",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": str(sum("id" in line for line in lines)),
        **fields,
    }  # fmt: skip
    for number, line in enumerate(lines):
        told = {"unit_cost": "", "id": "", "order": str(order.pk) if order else "", **line}
        form |= {f"lines-{number}-{name}": str(value) for name, value in told.items()}
    return form


def new_form(kiln: Supplier, *lines: dict, **fields) -> dict:
    return line_form(None, *lines, supplier=str(kiln.pk), warehouse=str(factories.warehouse().pk), **fields)


def shown(response) -> str:
    return response.content.decode()


# --- Suppliers ------------------------------------------------------------------------------------------------------


def supplier_form(**fields) -> dict[str, str]:
    return {
        "code": "loom", "name": "Loom", "country": "fr", "currency": "eur", "lead_time_days": "40", "email": "",
        "active": "on", "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-item": str(factories.item("SCARF-1").pk),
        "items-0-supplier_sku": "F-77", "items-0-unit_cost": "11.50", "items-0-minimum": "20", "items-0-multiple": "10",
        "items-0-lead_time_days": "", "items-0-preferred": "on", **fields,
    }  # fmt: skip


def test_a_supplier_is_written_with_its_items(desk):
    answer = desk.post(reverse("admin:inventory_supplier_add"), supplier_form())
    assert answer.status_code == 302, answer.context["errors"]
    made = Supplier.objects.get()
    assert (made.country, made.currency) == ("FR", "EUR")
    sells = made.items.get()
    assert (sells.item.sku, sells.unit_cost, sells.minimum, sells.multiple, sells.lead_time, sells.preferred) == (
        "SCARF-1",
        D("11.50"),
        20,
        10,
        40,
        True,
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("country", "xx", "There is no country with this code"),
        ("country", "f1", "There is no country with this code"),
        ("currency", "zzz", "There is no currency with this code"),
        ("items-0-minimum", "0", "Give a number between 1 and"),
        ("items-0-multiple", "0", "Give a number between 1 and"),
        ("items-0-unit_cost", "-1", "greater than or equal to 0"),
        ("lead_time_days", "99999", "lead_time_days"),
    ],
)
def test_what_a_supplier_cannot_be_is_a_form_error(desk, field, value, sentence):
    answer = desk.post(reverse("admin:inventory_supplier_add"), supplier_form(**{field: value}))
    assert answer.status_code == 200
    assert sentence in shown(answer)
    assert not Supplier.objects.exists()


def test_an_item_has_one_preferred_supplier(desk, kiln):
    form = supplier_form(**{"items-0-item": str(factories.item("MUG-1").pk)})
    answer = desk.post(reverse("admin:inventory_supplier_add"), form)
    assert answer.status_code == 200
    assert "The item has another preferred supplier" in shown(answer)


def test_a_bundle_has_no_supplier(desk):
    BundleComponent.objects.create(bundle=factories.item("GIFT-1"), component=factories.item("MUG-1"))
    form = supplier_form(**{"items-0-item": str(factories.item("GIFT-1").pk)})
    answer = desk.post(reverse("admin:inventory_supplier_add"), form)
    assert "A bundle is not bought" in shown(answer)


def test_the_list_of_suppliers_counts_items_and_open_orders(desk, draft):
    text = shown(desk.get(reverse("admin:inventory_supplier_changelist")))
    assert f"supplier__id__exact={draft.supplier_id}&amp;stage=open" in text
    assert "20 days" in text
    assert desk.get(f"{LIST}?supplier__id__exact={draft.supplier_id}&stage=open").status_code == 200


# --- Drafting -------------------------------------------------------------------------------------------------------


def test_an_order_is_drafted_at_the_suppliers_prices(desk, kiln):
    mug, cup = factories.item("MUG-1"), factories.item("CUP-1")
    when = timezone.localdate() + timedelta(days=9)
    form = new_form(
        kiln,
        {"item": mug.pk, "quantity": 24},
        {"item": cup.pk, "quantity": 5, "unit_cost": "2.45"},
        {"item": "", "quantity": ""},
        note="autumn",
        expected_on=when.isoformat(),
    )
    answer = desk.post(f"{LIST}add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    made = PurchaseOrder.objects.get()
    assert (made.state, made.supplier, made.note, made.expected_on, made.created_by, made.rate, made.currency) == (
        State.DRAFT,
        kiln,
        "autumn",
        when,
        "mina",
        D(1),
        "GBP",
    )
    assert list(made.lines.values_list("item__sku", "quantity", "unit_cost")) == [
        ("CUP-1", 5, D("2.45")),
        ("MUG-1", 24, D("4.10")),
    ]


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("6", "Kiln &amp; Co sells at least 12 units, not 6."),
        ("20", "Kiln &amp; Co sells multiples of 6 units, not 20."),
        ("0", "greater than or equal to 1"),
        ("1.5", "Enter a whole number"),
        ("1000002", "less than or equal to 1000000"),
    ],
)
def test_the_suppliers_terms_are_errors_of_the_line(desk, kiln, quantity, sentence):
    form = new_form(kiln, {"item": factories.item("MUG-1").pk, "quantity": quantity})
    answer = desk.post(f"{LIST}add/", form)
    assert answer.status_code == 200
    lines = answer.context["inline_admin_formsets"][0].formset
    assert list(lines.forms[0].errors) == ["quantity"]
    assert sentence in shown(answer)
    assert not PurchaseOrder.objects.exists()


def test_what_the_supplier_has_no_price_for_needs_one(desk, kiln):
    box = factories.item("BOX-1")
    answer = desk.post(f"{LIST}add/", new_form(kiln, {"item": box.pk, "quantity": 5}))
    assert "has no price for BOX-1; give one" in shown(answer)
    assert not PurchaseOrder.objects.exists()
    form = new_form(kiln, {"item": box.pk, "quantity": 5, "unit_cost": "0.20"})
    assert desk.post(f"{LIST}add/", form).status_code == 302
    assert PurchaseOrderLine.objects.get().unit_cost == D("0.20")


def test_an_item_twice_is_a_form_error(desk, kiln):
    mug = factories.item("MUG-1").pk
    answer = desk.post(f"{LIST}add/", new_form(kiln, {"item": mug, "quantity": 12}, {"item": mug, "quantity": 24}))
    assert answer.status_code == 200
    assert not PurchaseOrder.objects.exists()


def test_an_order_without_supplier_is_a_form_error(desk, kiln):
    form = new_form(kiln, {"item": factories.item("MUG-1").pk, "quantity": 12}) | {"supplier": ""}
    answer = desk.post(f"{LIST}add/", form)
    assert answer.status_code == 200
    assert "supplier" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("rate", ["0", "-1"])
def test_a_rate_is_above_zero(desk, kiln, rate):
    answer = desk.post(f"{LIST}add/", new_form(kiln, rate=rate))
    assert answer.status_code == 200
    assert "must be above zero" in shown(answer)


def test_a_supplier_that_is_no_longer_used_is_not_offered(desk, kiln):
    Supplier.objects.update(active=False)
    assert "Kiln" not in shown(desk.get(f"{LIST}add/"))


def test_a_draft_is_edited_line_by_line(desk, draft):
    line, cup = draft.lines.get(), factories.item("CUP-1")
    form = line_form(
        draft,
        {"id": line.pk, "item": line.item_id, "quantity": 30, "unit_cost": "4.1000"},
        {"item": cup.pk, "quantity": 7},
        note="more",
    )
    answer = desk.post(page_of(draft), form)
    assert answer.status_code == 302, answer.context["errors"]
    draft.refresh_from_db()
    assert draft.note == "more"
    assert list(draft.lines.values_list("item__sku", "quantity", "unit_cost")) == [
        ("CUP-1", 7, D("2.60")),
        ("MUG-1", 30, D("4.10")),
    ]


def test_a_line_is_taken_out_by_a_merchandiser(desk, draft):
    line = draft.lines.get()
    form = line_form(draft, {"id": line.pk, "item": line.item_id, "quantity": 24, "unit_cost": "4.1", "DELETE": "on"})
    assert desk.post(page_of(draft), form).status_code == 302
    assert not draft.lines.exists()


def test_two_lines_swap_their_items(desk, draft):
    mug, cup = factories.item("MUG-1"), factories.item("CUP-1")
    actions.set_line(order=draft, item=cup, quantity=12)
    first, second = draft.lines.get(item=mug), draft.lines.get(item=cup)
    form = line_form(
        draft,
        {"id": first.pk, "item": cup.pk, "quantity": 24},
        {"id": second.pk, "item": mug.pk, "quantity": 12},
    )
    answer = desk.post(page_of(draft), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert list(draft.lines.values_list("item__sku", "quantity")) == [("CUP-1", 24), ("MUG-1", 12)]


def test_an_edit_that_comes_after_the_sending_changes_nothing(desk, draft):
    line = draft.lines.get()
    form = line_form(draft, {"id": line.pk, "item": line.item_id, "quantity": 30}, note="late")
    actions.send(order=draft)
    assert desk.post(page_of(draft), form).status_code == 403
    draft.refresh_from_db()
    assert (draft.note, draft.lines.get().quantity) == ("", 24)


def test_a_sending_while_the_form_is_saved_is_a_sentence(desk, draft, monkeypatch):
    """Between the page's look at the state and the action's lock somebody else sends the order."""
    line = draft.lines.get()
    real = actions.set_line

    def slow(**facts):
        PurchaseOrder.objects.update(state=State.SENT)
        return real(**facts)

    monkeypatch.setattr(actions, "set_line", slow)
    answer = desk.post(page_of(draft), line_form(draft, {"id": line.pk, "item": line.item_id, "quantity": 30}))
    assert answer.status_code == 302
    assert "it cannot be edited" in said(answer)
    assert draft.lines.get().quantity == 24


def test_a_sent_order_is_only_read(desk, root, sent):
    for browser in (desk, root):
        text = shown(browser.get(page_of(sent)))
        assert "MUG-1" in text
        assert 'name="_save"' not in text
        assert 'name="lines-0-quantity"' not in text
        assert browser.post(page_of(sent), line_form(sent)).status_code == 403


# --- Sending and the rest of its life -------------------------------------------------------------------------------


def test_a_manager_sends_takes_back_and_cancels(manager, draft):
    answer = press(manager, "inventory_purchaseorder", draft, "send")
    assert said(answer) == f"{draft.number} was sent."
    draft.refresh_from_db()
    assert (draft.state, draft.expected_on) == (State.SENT, timezone.localdate() + timedelta(days=20))
    press(manager, "inventory_purchaseorder", draft, "back")
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    press(manager, "inventory_purchaseorder", draft, "cancel")
    draft.refresh_from_db()
    assert draft.state == State.CANCELLED


def test_what_cannot_be_sent_says_why(manager, kiln):
    empty = actions.draft(supplier=kiln, warehouse=factories.warehouse(), lines={})
    answer = press(manager, "inventory_purchaseorder", empty, "send")
    assert said(answer) == f"{empty.number} has no lines."
    Supplier.objects.update(currency="EUR")
    kiln.refresh_from_db()
    foreign = actions.draft(supplier=kiln, warehouse=factories.warehouse(), lines={factories.item("CUP-1").id: 1})
    answer = press(manager, "inventory_purchaseorder", foreign, "send")
    assert "give the rate to GBP" in said(answer)


@pytest.mark.parametrize("path", ["send", "back", "cancel"])
def test_a_merchandiser_does_not_send(desk, draft, path):
    assert desk.get(page_of(draft, path)).status_code == 403
    assert desk.post(page_of(draft, path), {"_form_submitted": "True"}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_opening_a_dialogue_changes_nothing(manager, draft):
    for path in ("send", "back", "cancel", "close-short"):
        manager.get(page_of(draft, path), {"_form_submitted": "True"})
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


BUTTONS = {
    State.DRAFT: {"Send", "Cancel order"},
    State.SENT: {"Receive", "Back to draft", "Cancel order"},
    State.PARTLY_RECEIVED: {"Receive", "Close short"},
    State.RECEIVED: set(),
    State.CLOSED_SHORT: set(),
    State.CANCELLED: set(),
}


@pytest.mark.parametrize("state", list(State))
def test_the_buttons_are_what_the_state_allows(manager, desk, draft, state):
    PurchaseOrder.objects.update(state=state)
    offered = {one["title"] for one in manager.get(page_of(draft)).context["actions_detail"]}
    assert {str(title) for title in offered} == BUTTONS[state]
    offered = {str(one["title"]) for one in desk.get(page_of(draft)).context["actions_detail"]}
    assert offered == BUTTONS[state] & {"Receive", "Close short"}


def test_what_did_not_come_is_closed_short(desk, sent):
    line = sent.lines.get()
    actions.receive(order=sent, arrivals=[actions.Arrival(line.id, 10)], cause_key="d1")
    assert said(press(desk, "inventory_purchaseorder", sent, "close-short")) == f"{sent.number} was closed short."
    sent.refresh_from_db()
    assert sent.state == State.CLOSED_SHORT


# --- Receiving ------------------------------------------------------------------------------------------------------


def delivery(order: PurchaseOrder, **fields) -> dict[str, str]:
    """What the receive page posts: ``MUG_1=24`` are units; ``MUG_1_lot`` a lot."""
    form = {"delivery_note": "", "charges": "", "cause_key": str(uuid4())}
    for line in order.lines.select_related("item"):
        name = line.item.sku.replace("-", "_")
        form[f"line-{line.pk}-quantity"] = str(fields.pop(name, ""))
        form[f"line-{line.pk}-lot_number"] = fields.pop(f"{name}_lot", "")
        form[f"line-{line.pk}-produced_on"] = fields.pop(f"{name}_made", "")
    return {**form, **fields}


def test_a_delivery_is_received_under_the_persons_name(desk, sent):
    opened = shown(desk.get(page_of(sent, "receive")))
    assert "MUG-1" in opened
    assert "accept_surplus" not in opened
    form = delivery(
        sent, MUG_1=10, MUG_1_lot=" B-17 ", MUG_1_made="2026-03-01", charges="9.00", delivery_note="DN 4711"
    )
    answer = desk.post(page_of(sent, "receive"), form)
    assert answer.status_code == 302
    assert said(answer) == f"10 units received; {sent.number} is partly received."
    receipt = Receipt.objects.get()
    assert (receipt.delivery_note, receipt.charges, receipt.actor) == ("DN 4711", D("9.00"), "mina")
    row = receipt.lines.get()
    # 4.10 and a tenth of 9.00 each.
    assert (row.quantity, row.landed_unit_cost, row.lot.number) == (10, D("5.0000"), "B-17")
    assert Lot.objects.get().produced_on.isoformat() == "2026-03-01"
    assert Balance.objects.get().on_hand == 10
    page = shown(desk.get(page_of(sent)))
    assert "DN 4711" in page
    assert "£5.00, the first known" in page


def test_the_order_page_tells_how_the_average_moved(desk, sent):
    line = sent.lines.get()
    for number, (units, charges) in enumerate([(12, "0"), (12, "12.00")]):
        actions.receive(
            order=sent, arrivals=[actions.Arrival(line.id, units)], cause_key=f"d{number}", charges=D(charges)
        )
    page = shown(desk.get(page_of(sent)))
    # 12 at 4.10 and 12 at 5.10
    assert "£5.10" in page
    assert "£4.10" in page
    assert "(of 12 units)" in page
    assert "→ £4.60" in page
    assert "+0.5" in page


def test_the_same_delivery_sent_twice_is_received_once(desk, sent):
    form = delivery(sent, MUG_1=10)
    desk.post(page_of(sent, "receive"), form)
    answer = desk.post(page_of(sent, "receive"), form | delivery(sent, MUG_1=14, cause_key=form["cause_key"]))
    assert answer.status_code == 302
    assert "nothing more was received" in said(answer)
    assert Receipt.objects.count() == 1
    assert Balance.objects.get().on_hand == 10


def test_each_opened_page_has_a_key_of_its_own(desk, sent):
    keys = {shown(desk.get(page_of(sent, "receive"))).split('name="cause_key" value="')[1][:36] for _time in range(2)}
    assert len(keys) == 2


def test_a_surplus_is_asked_about_first(desk, sent):
    form = delivery(sent, MUG_1=30)
    answer = desk.post(page_of(sent, "receive"), form)
    assert answer.status_code == 200
    text = shown(answer)
    assert "6 more than outstanding" in text
    assert 'name="accept_surplus"' in text
    assert 'value="30"' in text
    assert form["cause_key"] in text
    assert not Receipt.objects.exists()
    answer = desk.post(page_of(sent, "receive"), form | {"accept_surplus": "on"})
    assert answer.status_code == 302
    assert Balance.objects.get().on_hand == 30
    sent.refresh_from_db()
    assert sent.state == State.RECEIVED


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Nothing has arrived"),
        ({"MUG_1": 0}, "Nothing has arrived"),
        ({"MUG_1": -1}, "greater than or equal to 0"),
        ({"MUG_1": "1.5"}, "Enter a whole number"),
        ({"MUG_1": "x"}, "Enter a whole number"),
        ({"MUG_1_lot": "B-17"}, "How many units of this lot"),
        ({"MUG_1": 1, "MUG_1_made": "2026-03-01"}, "Name the lot"),
        ({"MUG_1": 1, "MUG_1_lot": "B-17", "MUG_1_made": "2999-01-01"}, "still to come"),
        ({"MUG_1": 1, "MUG_1_lot": "B" * 61}, "at most 60 characters"),
        ({"MUG_1": 1, "charges": "-1"}, "greater than or equal to 0"),
        ({"MUG_1": 1, "charges": "1.005"}, "no more than 2 decimal places"),
        ({"MUG_1": 1, "delivery_note": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_cannot_have_arrived_is_a_form_error(desk, sent, fields, sentence):
    answer = desk.post(page_of(sent, "receive"), delivery(sent, **fields))
    assert answer.status_code == 200
    assert sentence in shown(answer)
    assert not Receipt.objects.exists()
    assert not ItemCost.objects.exists()


def test_a_key_that_is_no_key_receives_nothing(desk, sent):
    assert desk.post(page_of(sent, "receive"), delivery(sent, MUG_1=1, cause_key="x")).status_code == 200
    assert not Receipt.objects.exists()


def test_a_draft_is_not_received(desk, draft):
    answer = desk.get(page_of(draft, "receive"))
    assert answer.status_code == 302
    assert "is draft: it cannot be received" in said(answer)
    answer = desk.post(page_of(draft, "receive"), delivery(draft, MUG_1=1))
    assert answer.status_code == 302
    assert "it cannot be received" in said(answer)
    assert not Receipt.objects.exists()


def test_an_unknown_order_is_not_found(desk):
    for order_id in ("999", "x"):
        assert desk.get(f"{LIST}{order_id}/receive/").status_code == 404


# --- Who may what, and the list -------------------------------------------------------------------------------------


def test_a_viewer_sees_and_does_nothing(viewer, sent):
    for page in (LIST, page_of(sent), reverse("admin:inventory_supplier_changelist")):
        assert viewer.get(page).status_code == 200
    assert viewer.get(page_of(sent)).context["actions_detail"] == []
    for path in ("receive", "send", "back", "cancel", "close-short"):
        assert viewer.get(page_of(sent, path)).status_code == 403
        assert viewer.post(page_of(sent, path), delivery(sent, MUG_1=1)).status_code == 403
    assert viewer.get(f"{LIST}add/").status_code == 403
    assert not Receipt.objects.exists()


def test_nobody_deletes_orders(root, draft):
    assert root.get(page_of(draft, "delete")).status_code == 403


def test_the_list_marks_what_is_late(desk, sent, kiln):
    PurchaseOrder.objects.update(expected_on=timezone.localdate() - timedelta(days=1))
    text = shown(desk.get(LIST))
    assert "Late" in text.split("<tbody")[1]
    assert "£98.40" in text
    assert "0 / 24" in text
    for query, found in {
        "stage=late": 1, "stage=coming": 1, "stage=open": 1, "state__exact=draft": 0, "state__exact=sent": 1,
        f"supplier__id__exact={kiln.pk}": 1, f"warehouse__id__exact={sent.warehouse_id}": 1, "q=MUG-1": 1, "q=CUP": 0,
    }.items():  # fmt: skip
        assert len(desk.get(f"{LIST}?{query}").context["cl"].result_list) == found, query


def test_the_list_costs_the_same_with_2_and_20_orders(desk, kiln):
    def draft_some(number: int) -> None:
        for _time in range(number):
            actions.draft(supplier=kiln, warehouse=factories.warehouse(), lines={factories.item("CUP-1").id: 3})

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    draft_some(2)
    desk.get(LIST)
    few = cost()
    draft_some(18)
    assert cost() == few <= 12
