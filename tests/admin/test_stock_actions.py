"""What a person does with stock in the admin: who may, what it says, and that twice is once."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from config.roles import MANAGER, VIEWER, ensure_groups
from inventory.models import Balance, BundleComponent, Item, Lot, LotBalance, Movement, RingFence, Transfer
from inventory.stock import actions
from tests import factories


def said(response) -> str:
    """The last message; those of earlier requests wait beside it for a page that shows them."""
    return str(list(get_messages(response.wsgi_request))[-1])


def url(model: str, row, path: str) -> str:
    return f"{reverse(f'admin:inventory_{model}_change', args=[row.pk])}".removesuffix("change/") + f"{path}/"


def press(client: Client, model: str, row, path: str, **fields):
    """Open an action's dialogue, then submit it as a new form unless it brings a key."""
    address = url(model, row, path)
    assert client.get(address).status_code == 200
    return client.post(address, {"_form_submitted": "True", "cause": "note 7", "cause_key": uuid4(), **fields})


def text(response) -> str:
    return response.content.decode()


def signed_in(name: str, group: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(db) -> Client:
    return signed_in("mona", MANAGER)


@pytest.fixture
def viewer(db) -> Client:
    return signed_in("vera", VIEWER)


@pytest.fixture
def balance(db) -> Balance:
    return factories.balance(10, sku="MUG-1")


def counters(balance: Balance) -> tuple[int, ...]:
    balance.refresh_from_db()
    return (balance.on_hand, balance.quarantined, balance.damaged, balance.fenced)


# --- One balance ----------------------------------------------------------------------------------------------------


def test_goods_are_received_into_a_lot(desk, balance):
    answer = press(
        desk,
        "balance",
        balance,
        "receive-units",
        quantity=4,
        lot_number="L-7",
        produced_on="2026-03-01",
        condition="fit",
    )
    assert said(answer) == "Received; 14 units on hand."
    lot = Lot.objects.get()
    assert (lot.number, lot.produced_on.isoformat(), lot.balances.get().units) == ("L-7", "2026-03-01", 4)


@pytest.mark.parametrize(("condition", "expected"), [("inspect", (10, 4, 0, 0)), ("damaged", (10, 0, 4, 0))])
def test_goods_are_received_aside(desk, balance, condition, expected):
    press(desk, "balance", balance, "receive-units", quantity=4, condition=condition)
    assert counters(balance) == expected


def test_a_date_without_a_lot_and_a_lot_for_unfit_goods_are_form_errors(desk, balance):
    answer = press(desk, "balance", balance, "receive-units", quantity=4, produced_on="2026-03-01")
    assert "Name the lot" in text(answer)
    answer = press(desk, "balance", balance, "receive-units", quantity=4, lot_number="L", condition="damaged")
    assert "Lots are kept for units fit for sale" in text(answer)
    assert counters(balance) == (10, 0, 0, 0)


def test_units_go_to_quarantine_and_come_back(desk, balance):
    assert said(press(desk, "balance", balance, "quarantine", quantity=3)) == "Off sale; 3 in quarantine."
    assert said(press(desk, "balance", balance, "clear", quantity=2)) == "Cleared; 9 units on hand."
    assert counters(balance) == (9, 1, 0, 0)
    assert "Not so many units are quarantined here" in text(press(desk, "balance", balance, "clear", quantity=2))
    movement = Movement.objects.latest("id")
    assert (movement.kind, movement.cause, movement.actor) == ("clear", "note 7", "mina")


def test_units_are_marked_damaged_where_they_are_found(desk, balance):
    press(desk, "balance", balance, "quarantine", quantity=3)
    assert said(press(desk, "balance", balance, "damage", quantity=1)) == "Marked; 1 damaged here."
    press(desk, "balance", balance, "damage", quantity=2, found="inspect")
    assert counters(balance) == (6, 1, 3, 0)
    answer = press(desk, "balance", balance, "damage", quantity=2, found="inspect")
    assert "Not so many units are quarantined here" in text(answer)


def test_a_manager_writes_off(manager, balance):
    press(manager, "balance", balance, "damage", quantity=3)
    assert said(press(manager, "balance", balance, "write-off", quantity=2)) == "Written off: 2."
    press(manager, "balance", balance, "write-off", quantity=1, found="fit")
    assert counters(balance) == (6, 0, 1, 0)
    answer = press(manager, "balance", balance, "write-off", quantity=2)
    assert "Not so many damaged units lie here" in text(answer)


def test_claimed_units_are_not_taken_away(desk, balance):
    actions.hold(
        demand={balance.item_id: 9}, warehouses=[balance.warehouse_id], holder="ada", cause_key="h", expires_at=None
    )
    for path in ("quarantine", "damage"):
        assert "than are claimed" in text(press(desk, "balance", balance, path, quantity=2))
    assert "than are claimed" in text(press(desk, "balance", balance, "correct-count", delta=-2))
    elsewhere = factories.warehouse("LIL", "FR")
    answer = press(desk, "balance", balance, "send-elsewhere", quantity=2, destination=elsewhere.pk)
    assert "not so many unclaimed units at LON" in text(answer)
    assert counters(balance) == (10, 0, 0, 0)


def test_units_are_sent_elsewhere_from_their_row(desk, balance):
    there = factories.warehouse("LIL", "FR")
    key = uuid4()
    for _time in range(2):
        answer = press(desk, "balance", balance, "send-elsewhere", quantity=2, destination=there.pk, cause_key=key)
        transfer = Transfer.objects.get()
        assert said(answer) == f"On the way as transfer LON → LIL #{transfer.pk}."
    assert (transfer.note, transfer.actor, transfer.lines.get().quantity) == ("note 7", "mina", 2)
    assert counters(balance) == (8, 0, 0, 0)


def test_units_are_not_sent_to_where_they_lie(desk, balance):
    factories.warehouse("LIL", "FR")
    page = text(desk.get(url("balance", balance, "send-elsewhere")))
    assert "LIL" in page
    assert f'<option value="{balance.warehouse_id}"' not in page
    answer = press(desk, "balance", balance, "send-elsewhere", quantity=2, destination=balance.warehouse_id)
    assert answer.status_code == 200
    assert not Transfer.objects.exists()


def test_units_are_set_aside_for_a_purpose(manager, balance):
    key = uuid4()
    for _time in range(2):
        answer = press(manager, "balance", balance, "set-aside", quantity=4, purpose="wholesale", cause_key=key)
        assert said(answer) == "Set aside for wholesale: 4."
    assert counters(balance) == (10, 0, 0, 4)
    assert Movement.objects.latest("id").actor == "mona"
    assert "MUG-1: 7 asked, 6 left" in text(
        press(manager, "balance", balance, "set-aside", quantity=7, purpose="wholesale")
    )


CHANGES = [
    ("receive-units", {"quantity": 2}),
    ("correct-count", {"delta": -2}),
    ("quarantine", {"quantity": 2}),
    ("clear", {"quantity": 1}),
    ("damage", {"quantity": 2}),
    ("write-off", {"quantity": 1}),
]


@pytest.mark.parametrize(("path", "fields"), CHANGES)
def test_the_same_form_twice_changes_stock_once(manager, balance, path, fields):
    press(manager, "balance", balance, "quarantine", quantity=2)
    press(manager, "balance", balance, "damage", quantity=2)
    key, before = uuid4(), Movement.objects.count()
    first = press(manager, "balance", balance, path, cause_key=key, **fields)
    state = counters(balance)
    again = press(manager, "balance", balance, path, cause_key=key, **fields)
    assert (first.status_code, again.status_code) == (302, 302)
    assert said(first) == said(again)
    assert counters(balance) == state
    assert Movement.objects.count() == before + 1


@pytest.mark.parametrize(("path", "fields"), CHANGES)
def test_no_change_without_a_cause(manager, balance, path, fields):
    answer = press(manager, "balance", balance, path, cause="", **fields)
    assert answer.status_code == 200
    assert counters(balance) == (10, 0, 0, 0)


def test_a_dialogue_says_what_there_is_now(desk, balance):
    press(desk, "balance", balance, "quarantine", quantity=3)
    page = text(desk.get(url("balance", balance, "clear")))
    assert "MUG-1 · LON" in page
    assert "quarantined" in page
    answer = press(desk, "balance", balance, "clear", quantity=9)
    assert "MUG-1 · LON" in text(answer)


# --- Who may --------------------------------------------------------------------------------------------------------

DAILY = ["receive-units", "correct-count", "send-elsewhere", "quarantine", "clear", "damage"]
MANAGED = ["write-off", "set-aside"]


def test_a_viewer_sees_no_buttons_and_is_refused(viewer, balance):
    for page in (
        reverse("admin:inventory_balance_changelist"),
        reverse("admin:inventory_balance_change", args=[balance.pk]),
    ):
        answer = viewer.get(page)
        assert answer.status_code == 200
        assert not [path for path in DAILY + MANAGED if f"/{path}/" in text(answer)]
        assert "_save" not in text(answer)
    for path in DAILY + MANAGED:
        assert viewer.get(url("balance", balance, path)).status_code == 403
        assert viewer.post(url("balance", balance, path), {"quantity": 1}).status_code == 403
    assert viewer.get(url("balance", balance, "ledger")).status_code == 302
    assert counters(balance) == (10, 0, 0, 0)


def test_a_merchandiser_does_the_daily_things_only(desk, manager, balance):
    page = reverse("admin:inventory_balance_change", args=[balance.pk])
    mine, hers = text(desk.get(page)), text(manager.get(page))
    assert all(f"/{path}/" in mine for path in DAILY)
    assert not [path for path in MANAGED if f"/{path}/" in mine]
    assert all(f"/{path}/" in hers for path in DAILY + MANAGED)
    for path in MANAGED:
        assert desk.post(url("balance", balance, path), {"quantity": 1}).status_code == 403


def test_fences_lots_and_transfers_are_refused_to_whom_they_must_be(desk, viewer, balance):
    fence = actions.set_aside(
        item=balance.item, warehouse=balance.warehouse, quantity=2, purpose="drop:wave", cause_key="f"
    )
    lot = Lot.objects.create(item=balance.item, number="L-1", produced_on="2026-01-01")
    there = factories.warehouse("LIL", "FR")
    transfer = actions.send_transfer(
        source=balance.warehouse, destination=there, lines={balance.item_id: 1}, cause_key="t"
    )
    for client in (desk, viewer):
        assert client.post(reverse("admin:inventory_ringfence_set_units_aside"), {}).status_code == 403
        assert client.post(url("ringfence", fence, "give-back"), {}).status_code == 403
        assert client.post(url("lot", lot, "recall"), {}).status_code == 403
        for model in ("ringfence", "lot"):
            page = text(client.get(reverse(f"admin:inventory_{model}_changelist")))
            assert not [path for path in ("set-aside", "give-back", "recall") if f"/{path}/" in page]
    for path in ("receive-all", "receive-part", "close-short"):
        assert viewer.post(url("transfer", transfer, path), {}).status_code == 403
        assert f"/{path}/" not in text(viewer.get(reverse("admin:inventory_transfer_changelist")))
        assert f"/{path}/" in text(desk.get(reverse("admin:inventory_transfer_changelist")))
    assert viewer.get(reverse("admin:inventory_transfer_add")).status_code == 403
    assert viewer.post(reverse("admin:inventory_transfer_add"), {}).status_code == 403
    item = reverse("admin:inventory_item_change", args=[balance.item_id])
    assert viewer.post(item, {"description": "x"}).status_code == 403


# --- Fences ---------------------------------------------------------------------------------------------------------


def set_aside(client: Client, **fields):
    address = reverse("admin:inventory_ringfence_set_units_aside")
    assert client.get(address).status_code == 200
    form = {"_form_submitted": "True", "cause_key": uuid4(), "sku": "mug-1", "quantity": 4, "purpose": "wholesale"}
    return client.post(address, {**form, **fields})


def test_units_are_set_aside_from_the_list_of_fences(manager, balance):
    answer = set_aside(manager, warehouse=balance.warehouse_id)
    assert said(answer) == "Set aside: 4 × MUG-1 @ LON for wholesale."
    assert counters(balance) == (10, 0, 0, 4)
    assert "7 asked, 6 left" in text(set_aside(manager, warehouse=balance.warehouse_id, quantity=7))


def test_nothing_is_set_aside_where_nothing_lies(manager, balance):
    elsewhere = factories.warehouse("LIL", "FR")
    assert "MUG-1 does not lie in that warehouse" in text(set_aside(manager, warehouse=elsewhere.pk))
    assert not Balance.objects.filter(warehouse=elsewhere).exists()


def test_fenced_units_are_given_back_in_parts_and_whole(manager, balance):
    set_aside(manager, warehouse=balance.warehouse_id)
    fence = RingFence.objects.get()
    key = uuid4()
    assert said(press(manager, "ringfence", fence, "give-back", quantity=1, cause_key=key)) == "Given back: 1."
    press(manager, "ringfence", fence, "give-back", quantity=1, cause_key=key)
    assert counters(balance) == (10, 0, 0, 3)
    assert "5 to give back, 3 unclaimed" in text(press(manager, "ringfence", fence, "give-back", quantity=5))
    assert said(press(manager, "ringfence", fence, "give-back", cause="drop is over")) == "Given back: 3."
    fence.refresh_from_db()
    assert (fence.open, counters(balance)) == (False, (10, 0, 0, 0))
    notes = [str(entry) for entry in LogEntry.objects.order_by("id")]
    assert len(notes) == 2
    assert "Gave 3 back: drop is over" in notes[1]


# --- Lots -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lot(balance) -> Lot:
    """Six of MUG-1's units in London, four of them claimed with the ten others."""
    actions.receive(
        item=balance.item, warehouse=balance.warehouse, quantity=6, cause="x", cause_key="l", lot_number="L-7"
    )
    actions.hold(
        demand={balance.item_id: 13}, warehouses=[balance.warehouse_id], holder="ada", cause_key="h", expires_at=None
    )
    return Lot.objects.get()


def test_a_recall_says_what_it_took_and_what_it_could_not(manager, lot, balance):
    answer = press(manager, "lot", lot, "recall", reason="loose clasp")
    assert "MUG-1 lot L-7 is recalled. LON: 3 quarantined, 3 claimed." in said(answer)
    assert "cancel or repack" in said(answer)
    lot.refresh_from_db()
    assert lot.recall_reason == "loose clasp"
    assert lot.recalled_at is not None
    assert counters(balance) == (13, 3, 0, 0)
    assert Movement.objects.latest("id").actor == "mona"
    assert "loose clasp" in str(LogEntry.objects.get())
    again = press(manager, "lot", lot, "recall", reason="again")
    assert "LON: 0 quarantined, 3 claimed" in said(again)
    assert counters(balance) == (13, 3, 0, 0)


def test_a_recall_needs_a_reason(manager, lot):
    assert press(manager, "lot", lot, "recall", reason="").status_code == 200
    lot.refresh_from_db()
    assert lot.recalled_at is None


def test_a_lot_without_units_is_recalled_too(manager, lot):
    LotBalance.objects.update(units=0)
    assert "no units of it are left" in said(press(manager, "lot", lot, "recall", reason="x"))


# --- Transfers ------------------------------------------------------------------------------------------------------


def send(client: Client, *lines: tuple[str, object], **fields):
    form = {"note": "autumn show", "cause_key": uuid4(), "lines-TOTAL_FORMS": 30, "lines-INITIAL_FORMS": 0, **fields}
    for at, (sku, quantity) in enumerate(lines):
        form |= {f"lines-{at}-sku": sku, f"lines-{at}-quantity": quantity}
    return client.post(reverse("admin:inventory_transfer_add"), form)


@pytest.fixture
def places(balance) -> dict[str, int]:
    factories.balance(5, sku="TOTE-1")
    return {"source": balance.warehouse_id, "destination": factories.warehouse("LIL", "FR").pk}


def test_several_skus_travel_in_one_transfer(desk, balance, places):
    assert desk.get(reverse("admin:inventory_transfer_add")).status_code == 200
    key = uuid4()
    for _time in range(2):
        answer = send(desk, ("mug-1 ", 4), ("", ""), ("TOTE-1", 5), cause_key=key, **places)
        transfer = Transfer.objects.get()
        assert answer.headers["Location"] == reverse("admin:inventory_transfer_change", args=[transfer.pk])
    assert {line.item.sku: line.quantity for line in transfer.lines.all()} == {"MUG-1": 4, "TOTE-1": 5}
    assert (transfer.note, transfer.actor, counters(balance)) == ("autumn show", "mina", (6, 0, 0, 0))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "Name at least one SKU"),
        ([("MUG-9", 1)], "There is no item MUG-9"),
        ([("MUG-1", 1), ("mug-1", 2)], "MUG-1 stands here twice"),
        ([("MUG-1", 0)], "greater than or equal to 1"),
        ([("MUG-1", "")], "required"),
        ([("MUG-1", 11), ("TOTE-1", 1)], "MUG-1: not so many unclaimed units at LON"),
    ],
)
def test_what_cannot_travel_is_said_and_nothing_leaves(desk, balance, places, lines, words):
    answer = send(desk, *lines, **places)
    assert answer.status_code == 200
    assert words in text(answer)
    assert not Transfer.objects.exists()
    assert counters(balance) == (10, 0, 0, 0)


def test_a_transfer_goes_somewhere_and_for_a_reason(desk, places):
    answer = send(desk, ("MUG-1", 1), **{**places, "destination": places["source"]})
    assert "from one warehouse to another" in text(answer)
    assert send(desk, ("MUG-1", 1), **places, note="").status_code == 200
    assert not Transfer.objects.exists()


@pytest.fixture
def transfer(desk, places) -> Transfer:
    send(desk, ("MUG-1", 4), ("TOTE-1", 5), **places)
    return Transfer.objects.get()


def arrived() -> dict[str, int]:
    rows = Balance.objects.filter(warehouse__code="LIL").select_related("item")
    return {row.item.sku: row.on_hand for row in rows}


def test_a_transfer_is_received_in_parts(desk, transfer):
    mugs, totes = transfer.lines.all()
    page = text(desk.get(url("transfer", transfer, "receive-part")))
    assert f'name="line_{mugs.pk}" value="4"' in page or f'value="4" name="line_{mugs.pk}"' in page
    key = uuid4()
    for _time in range(2):
        answer = press(
            desk, "transfer", transfer, "receive-part", **{f"line_{mugs.pk}": 4, f"line_{totes.pk}": 2}, cause_key=key
        )
        assert said(answer).startswith("Received; the rest of LON → LIL")
    assert arrived() == {"MUG-1": 4, "TOTE-1": 2}
    too_many = press(desk, "transfer", transfer, "receive-part", **{f"line_{totes.pk}": 4})
    assert "More units than are on the way" in text(too_many)
    assert "Nothing has arrived" in text(press(desk, "transfer", transfer, "receive-part"))
    answer = press(desk, "transfer", transfer, "receive-all")
    assert said(answer).endswith("has arrived whole.")
    assert arrived() == {"MUG-1": 4, "TOTE-1": 5}
    assert "is received" in text(press(desk, "transfer", transfer, "receive-all"))


def test_all_is_received_once(desk, transfer):
    key = uuid4()
    for _time in range(2):
        assert said(press(desk, "transfer", transfer, "receive-all", cause_key=key)).endswith("has arrived whole.")
    assert arrived() == {"MUG-1": 4, "TOTE-1": 5}
    assert "has arrived whole" in text(press(desk, "transfer", transfer, "close-short"))


def test_a_transfer_is_closed_short_with_a_reason_in_its_history(desk, transfer):
    mugs = transfer.lines.first()
    press(desk, "transfer", transfer, "receive-part", **{f"line_{mugs.pk}": 4})
    for _time in range(2):
        answer = press(desk, "transfer", transfer, "close-short", cause="lost by the carrier")
        assert said(answer).endswith("is closed.")
    transfer.refresh_from_db()
    assert transfer.state == Transfer.State.CLOSED_SHORT
    entry = LogEntry.objects.get()
    assert "lost by the carrier" in str(entry)
    assert entry.user.username == "mina"


def test_what_is_over_offers_nothing(desk, manager, transfer, balance):
    page = reverse("admin:inventory_transfer_change", args=[transfer.pk])
    assert "/receive-all/" in text(desk.get(page))
    press(desk, "transfer", transfer, "receive-all")
    assert "/receive-all/" not in text(desk.get(page))
    set_aside(manager, warehouse=balance.warehouse_id, quantity=1)
    fence = RingFence.objects.get()
    page = reverse("admin:inventory_ringfence_change", args=[fence.pk])
    assert "/give-back/" in text(manager.get(page))
    press(manager, "ringfence", fence, "give-back")
    assert "/give-back/" not in text(manager.get(page))


def test_what_is_no_transfer_is_not_found(desk, transfer):
    for address in ("999", "x"):
        path = url("transfer", transfer, "receive-part").replace(f"/{transfer.pk}/", f"/{address}/")
        form = {"_form_submitted": "True", "cause_key": uuid4(), "line_1": 1}
        assert desk.get(path).status_code == 200
        assert desk.post(path, form).status_code in {200, 404}


# --- Bundles --------------------------------------------------------------------------------------------------------


def bundle_form(*rows: tuple[object, object], existing: int = 0, **fields) -> dict[str, object]:
    form = {"description": "Set", "limit_per_holder": "", "components-TOTAL_FORMS": len(rows)}
    form["components-INITIAL_FORMS"] = existing
    for shown in ("suppliers", "balances"):
        form |= {f"{shown}-TOTAL_FORMS": 0, f"{shown}-INITIAL_FORMS": 0}
    for at, (component, quantity) in enumerate(rows):
        form |= {f"components-{at}-component": component, f"components-{at}-quantity": quantity}
    return {**form, **fields}


def test_a_bundle_is_put_together_changed_and_taken_apart(desk, balance):
    tote = factories.item("TOTE-1")
    answer = desk.post(
        reverse("admin:inventory_item_add"), bundle_form((balance.item_id, 2), (tote.pk, 1), sku="SET-1")
    )
    assert answer.status_code == 302, text(answer)
    bundle = Item.objects.get(sku="SET-1")
    parts = list(bundle.components.order_by("component__sku"))
    assert [(part.component.sku, part.quantity) for part in parts] == [("MUG-1", 2), ("TOTE-1", 1)]
    page = reverse("admin:inventory_item_change", args=[bundle.pk])
    form = bundle_form((balance.item_id, 3), (tote.pk, 1), existing=2) | {
        "components-0-id": parts[0].pk,
        "components-0-bundle": bundle.pk,
        "components-1-id": parts[1].pk,
        "components-1-bundle": bundle.pk,
        "components-1-DELETE": "on",
    }
    answer = desk.post(page, form)
    assert answer.status_code == 302, text(answer)
    assert [(part.component.sku, part.quantity) for part in bundle.components.all()] == [("MUG-1", 3)]


def test_bundles_of_bundles_are_a_form_error(desk, balance):
    inner, outer, tote = factories.item("SET-1"), factories.item("SET-2"), factories.item("TOTE-1")
    BundleComponent.objects.create(bundle=inner, component=balance.item)
    answer = desk.post(reverse("admin:inventory_item_change", args=[outer.pk]), bundle_form((inner.pk, 1)))
    assert answer.status_code == 200
    assert "SET-1 is a bundle itself" in text(answer)
    # An item within a bundle does not become one either.
    BundleComponent.objects.create(bundle=outer, component=tote)
    answer = desk.post(reverse("admin:inventory_item_change", args=[tote.pk]), bundle_form((balance.item_id, 1)))
    assert "a bundle cannot hold another bundle" in text(answer)
    answer = desk.post(
        reverse("admin:inventory_item_change", args=[inner.pk]),
        bundle_form((inner.pk, 1)),
    )
    assert answer.status_code == 200
    assert BundleComponent.objects.count() == 2


def test_what_two_people_do_at_once_is_a_sentence_of_the_database(desk, balance, monkeypatch):
    from inventory.stock.forms import ComponentFormSet

    inner, outer = factories.item("SET-1"), factories.item("SET-2")
    BundleComponent.objects.create(bundle=inner, component=balance.item)
    monkeypatch.setattr(ComponentFormSet, "clean", lambda _formset: None)
    answer = desk.post(reverse("admin:inventory_item_change", args=[outer.pk]), bundle_form((inner.pk, 1)))
    assert answer.status_code == 302
    assert "a bundle cannot hold another bundle" in said(answer)


def test_a_bundle_is_not_counted(desk, balance):
    bundle = factories.item("SET-1")
    BundleComponent.objects.create(bundle=bundle, component=balance.item)
    form = {"item": bundle.pk, "warehouse": balance.warehouse_id, "safety": 0, "backorder_limit": 0, "low_at": 5}
    answer = desk.post(reverse("admin:inventory_balance_add"), form)
    assert "A bundle is not counted" in text(answer)


def test_thresholds_are_set_and_must_not_cross(desk, balance):
    page = reverse("admin:inventory_balance_change", args=[balance.pk])
    form = {"safety": 1, "backorder_limit": 0, "low_at": 3, "high_at": 20}
    form |= {"movements-TOTAL_FORMS": 1, "movements-INITIAL_FORMS": 1}
    assert desk.post(page, form).status_code == 302
    balance.refresh_from_db()
    assert (balance.safety, balance.low_at, balance.high_at) == (1, 3, 20)
    assert "overstocked at once" in text(desk.post(page, {**form, "high_at": 3}))
    assert desk.post(page, {**form, "low_at": "", "high_at": ""}).status_code == 302
    balance.refresh_from_db()
    assert (balance.low_at, balance.high_at) == (3, None)
