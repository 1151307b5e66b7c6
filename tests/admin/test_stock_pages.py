"""What the stock pages show, which filters they have, and that no page asks more of the database when it has more rows."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import Balance, BundleComponent, Hold, Item, ItemCost, Lot, Movement, Supplier, SupplierItem
from inventory.stock import actions
from shop.models import Museum, MuseumText
from tests import factories

LIST_BUDGET = 12


def address(model: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:inventory_{model}_{page}", args=args)


def text(response) -> str:
    return response.content.decode()


def captured(client: Client, url: str) -> CaptureQueriesContext:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return queries


def skus(client: Client, query: str, model: str = "balance") -> set[str]:
    """The SKUs that a filtered list shows."""
    page = client.get(f"{address(model)}?{query}")
    assert page.status_code == 200
    rows = page.context["cl"].result_list
    return {
        row.sku if model == "item" else row.balance.item.sku if model == "movement" else row.item.sku for row in rows
    }


def supplied(thing: Item, code: str = "potter") -> Supplier:
    supplier, _made = Supplier.objects.get_or_create(
        code=code, defaults={"name": code.title(), "country": "GB", "currency": "GBP"}
    )
    SupplierItem.objects.create(supplier=supplier, item=thing, unit_cost=Decimal("3.5000"), preferred=False)
    return supplier


def fill(number: int) -> None:
    """One more of everything, with movements, claims, a lot, a fence, a supplier, a transfer and a bundle."""
    balance = factories.balance(20, sku=f"FILL-{number:03d}")
    thing, place = balance.item, balance.warehouse
    factories.balance(5, sku=thing.sku, at=factories.warehouse(f"W{number}"))
    supplied(thing)
    supplied(thing, code=f"maker-{number}")
    actions.receive(
        item=thing, warehouse=place, quantity=3, cause="x", cause_key=f"lot:{number}", lot_number=f"L-{number}"
    )
    fence = actions.set_aside(item=thing, warehouse=place, quantity=2, purpose="drop:wave", cause_key=f"fence:{number}")
    assert fence.remaining == 2
    hold = actions.hold(
        demand={thing.id: 4}, warehouses=[place.id], holder="ada", cause_key=f"hold:{number}", expires_at=None
    )
    actions.commit(hold_id=hold.id)
    actions.ship(hold_id=hold.id)
    actions.send_transfer(
        source=place, destination=factories.warehouse("LIL", "FR"), lines={thing.id: 1}, cause_key=f"t:{number}"
    )
    BundleComponent.objects.create(bundle=factories.item(f"SET-{number:03d}"), component=thing)


LISTS = ["balance", "item", "warehouse", "movement", "hold", "ringfence", "lot", "transfer"]


def test_lists_cost_the_same_with_3_and_60_rows(desk):
    for number in range(3):
        fill(number)
    for model in LISTS:
        desk.get(address(model))  # content types and the like are read once in a process
    few = {model: len(captured(desk, address(model))) for model in LISTS}
    for number in range(3, 60):
        fill(number)
    many = {model: len(captured(desk, address(model))) for model in LISTS}
    assert many == few
    assert {model: count for model, count in many.items() if count > LIST_BUDGET} == {}


def test_filtered_lists_keep_to_the_budget(desk):
    fill(1)
    desk.get(address("balance"))
    supplier = Supplier.objects.first().pk
    for query in ("stock=low", "stock=out", "claims=yes", f"supplier={supplier}", "museum=x", "q=FILL"):
        assert len(captured(desk, f"{address('balance')}?{query}")) <= LIST_BUDGET
    for query in ("stock=low", "kind=bundle", f"supplier={supplier}", "q=FILL"):
        assert len(captured(desk, f"{address('item')}?{query}")) <= LIST_BUDGET


def test_pages_of_one_thing_cost_the_same_with_few_and_many_rows(desk):
    balance = factories.balance(100, sku="MUG-1")
    thing, lon = balance.item, balance.warehouse
    lil = factories.warehouse("LIL", "FR")
    bundle = factories.item("SET-1")
    fence = actions.set_aside(item=thing, warehouse=lon, quantity=30, purpose="drop:wave", cause_key="f")

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            there = factories.warehouse(f"W{number}")
            actions.receive(
                item=thing, warehouse=there, quantity=2, cause="x", cause_key=f"l{number}", lot_number="L-1"
            )
            supplied(thing, code=f"maker-{number}")
            BundleComponent.objects.create(bundle=bundle, component=factories.item(f"PART-{number}"))
            hold = actions.hold(
                demand={thing.id: 1},
                warehouses=[there.id, lon.id],
                holder="ada",
                cause_key=f"h{number}",
                expires_at=None,
                purpose="drop:wave",
            )
            actions.commit(hold_id=hold.id)
            actions.ship(hold_id=hold.id)
        held = actions.hold(
            demand={thing.id: 3},
            warehouses=[lon.id],
            holder="b",
            cause_key=f"b{last}",
            expires_at=None,
            purpose="drop:wave",
        )
        assert held.lines.filter(fence=fence).exists()

    grow(0, 2)
    transfer = actions.send_transfer(source=lon, destination=lil, lines={thing.id: 1}, cause_key="t")
    wide = {item.id: 1 for item in (factories.balance(5, sku=f"WIDE-{number}").item for number in range(9))}
    hold = Hold.objects.order_by("created_at").first()
    pages = [
        address("balance", "change", balance.pk),
        address("item", "change", thing.pk),
        address("item", "change", bundle.pk),
        address("ringfence", "change", fence.pk),
        address("lot", "change", Lot.objects.get().pk),
        address("hold", "change", hold.pk),
        address("warehouse", "change", lon.pk),
        address("movement", "change", Movement.objects.first().pk),
        f"{address('movement')}?item={thing.pk}",
    ]
    for page in pages:
        desk.get(page)
    few = [len(captured(desk, page)) for page in pages]
    desk.get(address("transfer", "change", transfer.pk))
    narrow = len(captured(desk, address("transfer", "change", transfer.pk)))
    grow(2, 12)
    assert [len(captured(desk, page)) for page in pages] == few
    broad = actions.send_transfer(source=lon, destination=lil, lines=wide, cause_key="t2")
    assert len(captured(desk, address("transfer", "change", broad.pk))) == narrow


@pytest.mark.parametrize("model", ["movement", "hold"])
@pytest.mark.parametrize("query", ["", "?_facets=True", "?q=ada"])
def test_lists_over_long_tables_never_count(desk, model, query):
    fill(1)
    queries = captured(desk, address(model) + query)
    assert not [one["sql"] for one in queries if "COUNT(" in one["sql"] and f'"inventory_{model}"' in one["sql"]]


# --- The stock list -------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(db) -> dict[str, Balance]:
    """Out, low, enough, and too much by a threshold of its own."""
    rows = {
        sku: factories.balance(units, sku=sku) for sku, units in (("OUT", 0), ("LOW", 3), ("FINE", 9), ("OVER", 50))
    }
    Balance.objects.filter(item__sku="OVER").update(high_at=40)
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"OUT", "LOW", "FINE", "OVER"}),
        ("stock=out", {"OUT"}),
        ("stock=low", {"OUT", "LOW"}),
        ("stock=enough", {"FINE", "OVER"}),
        ("stock=overstock", {"OVER"}),
        ("stock=nonsense", {"OUT", "LOW", "FINE", "OVER"}),
        ("q=fin", {"FINE"}),
    ],
)
def test_the_stock_filter_goes_by_each_rows_thresholds(desk, shelf, query, expected):
    assert skus(desk, query) == expected


def test_low_and_out_count_what_is_claimed_and_kept_back(desk, shelf):
    fine = shelf["FINE"]
    Balance.objects.filter(pk=fine.pk).update(safety=4, low_at=5)
    assert "FINE" in skus(desk, "stock=low")
    actions.hold(demand={fine.item_id: 5}, warehouses=[fine.warehouse_id], holder="ada", cause_key="h", expires_at=None)
    assert skus(desk, "stock=out") == {"OUT", "FINE"}
    assert skus(desk, "claims=yes") == {"FINE"}
    assert skus(desk, "claims=no") == {"OUT", "LOW", "OVER"}


def test_stock_by_supplier_warehouse_and_museum(desk, agreed):
    mug, tote = factories.variant("MUG-1", stock_at={"LON": 5}), factories.variant("TOTE-1", stock_at={"LON": 5})
    museum = Museum.objects.create(slug="wave-house")
    MuseumText.objects.create(museum=museum, language="en", name="The Wave House")
    type(mug.product).objects.filter(pk=mug.product_id).update(museum=museum)
    supplier = supplied(tote.item)
    assert skus(desk, "museum=wave-house") == {"MUG-1"}
    assert skus(desk, "museum=nobody") == set()
    assert skus(desk, f"supplier={supplier.pk}") == {"TOTE-1"}
    assert skus(desk, f"supplier={supplier.pk}", "item") == {"TOTE-1"}
    assert skus(desk, "supplier=nonsense") == set()
    assert skus(desk, f"supplier={10**30}") == set()
    lil = factories.warehouse("LIL", "FR")
    assert skus(desk, f"warehouse__id__exact={lil.pk}") == set()
    page = text(desk.get(address("balance")))
    assert "The Wave House" in page
    assert "Potter" in page


def test_a_museum_without_an_english_name_is_named_by_its_address(desk, db):
    Museum.objects.create(slug="wave-house")
    factories.balance(1)
    assert '<option value="wave-house">wave-house</option>' in re.sub(r"\s+", " ", text(desk.get(address("balance"))))


def test_a_row_shows_its_counters_and_what_lies_aside(desk, shelf):
    over = shelf["OVER"]
    facts = {"item": over.item, "warehouse": over.warehouse, "cause": "x"}
    actions.quarantine(**facts, quantity=2, cause_key="q")
    actions.damage(**facts, quantity=1, cause_key="d")
    page = text(desk.get(f"{address('balance')}?q=OVER"))
    assert 'title="2 quarantined, 1 damaged">3</span>' in page
    assert "bg-blue-100" in page  # overstocked: 47 of at least 40
    assert "bg-red-100" in text(desk.get(f"{address('balance')}?q=OUT"))
    assert "bg-orange-100" in text(desk.get(f"{address('balance')}?q=LOW"))


def test_the_count_is_one_click_away(desk, onlooker, shelf):
    link = f'hx-get="/admin/inventory/balance/{shelf["LOW"].pk}/correct-count/"'
    assert text(desk.get(address("balance"))).count(link) == 2  # at the number, and in the row's menu
    assert link not in text(onlooker.get(address("balance")))


def test_the_row_menu_is_short(desk, shelf):
    page = desk.get(address("balance"))
    titles = [str(one["title"]) for one in page.context["actions_row"]]
    assert titles == ["Receive units", "Correct count", "Send elsewhere", "Ledger"]


# --- Items ----------------------------------------------------------------------------------------------------------


def test_a_bundle_has_as_many_units_as_its_scarcest_component_allows(desk, shelf):
    bundle = factories.item("SET-1")
    BundleComponent.objects.create(bundle=bundle, component=shelf["FINE"].item, quantity=2)
    BundleComponent.objects.create(bundle=bundle, component=shelf["OVER"].item, quantity=1)
    assert skus(desk, "stock=low", "item") == {"LOW", "SET-1"}
    assert skus(desk, "stock=sold_out", "item") == {"OUT"}
    assert skus(desk, "stock=in_stock", "item") == {"FINE", "OVER"}
    assert skus(desk, "kind=bundle", "item") == {"SET-1"}
    assert skus(desk, "kind=counted", "item") == {"OUT", "LOW", "FINE", "OVER"}
    rows = {row.sku: (row.there, row.free) for row in desk.get(address("item")).context["cl"].result_list}
    assert rows == {"OUT": (0, 0), "LOW": (3, 3), "FINE": (9, 9), "OVER": (50, 50), "SET-1": (None, 4)}


def test_an_item_page_shows_places_suppliers_cost_and_chart(desk, shelf):
    thing = shelf["FINE"].item
    supplied(thing)
    page = text(desk.get(address("item", "change", thing.pk)))
    assert "Average cost" not in page
    ItemCost.objects.create(item=thing, average=Decimal("3.1250"), currency="GBP")
    page = text(desk.get(address("item", "change", thing.pk)))
    for words in ("LON · LON", "Potter", "3.50 GBP", "3.12 GBP", "Limit per holder", "Where it lies"):
        assert words in page, words
    assert "Components of this bundle" not in page
    assert 'role="img" aria-labelledby="stock-title stock-words"' in page
    assert '<title id="stock-title">Units on hand at the end of each day</title>' in page
    assert f"9 on {timezone.localdate().strftime('%-d %B %Y')}" in page
    assert page.count('scope="row"') == 13
    assert page.count('class="day"') == 180


def test_a_bundle_page_shows_components_and_no_chart(desk, shelf):
    bundle = factories.item("SET-1")
    BundleComponent.objects.create(bundle=bundle, component=shelf["FINE"].item)
    page = text(desk.get(address("item", "change", bundle.pk)))
    assert "Components of this bundle" in page
    assert "Where it lies" not in page
    assert "stock-chart" not in page


def test_a_limit_of_nothing_is_a_form_error(desk, shelf):
    thing = shelf["FINE"].item
    form = {"description": "x", "limit_per_holder": 0}
    form |= {f"{rows}-{part}_FORMS": 0 for rows in ("balances", "suppliers") for part in ("TOTAL", "INITIAL")}
    answer = desk.post(address("item", "change", thing.pk), form)
    assert answer.status_code == 200
    assert "item_limit_positive" in text(answer)
    assert desk.post(address("item", "change", thing.pk), form | {"limit_per_holder": 2}).status_code == 302
    thing.refresh_from_db()
    assert thing.limit_per_holder == 2


# --- The ledger -----------------------------------------------------------------------------------------------------


@pytest.fixture
def told(shelf) -> dict[str, Balance]:
    """A sale on a marketplace, and a correction."""
    fine = shelf["FINE"]
    actions.correct(item=fine.item, warehouse=fine.warehouse, delta=-1, cause="count 7", cause_key="c", actor="mina")
    hold = actions.hold(
        demand={fine.item_id: 2},
        warehouses=[fine.warehouse_id],
        holder="ada",
        cause="order:VT-1",
        cause_key="h",
        expires_at=None,
        channel="tmall",
    )
    actions.commit(hold_id=hold.id)
    actions.ship(hold_id=hold.id, actor="otto")
    return shelf


def kinds(client: Client, query: str) -> list[str]:
    page = client.get(f"{address('movement')}?{query}")
    assert page.status_code == 200
    return [row.kind for row in page.context["cl"].result_list]


def test_the_ledger_is_filtered_and_searched(desk, told):
    fine = told["FINE"]
    whole = ["ship", "commit", "hold", "correct", "receive"]
    assert kinds(desk, f"balance={fine.pk}") == whole
    assert kinds(desk, f"item={fine.item_id}") == whole
    assert kinds(desk, "channel=tmall") == ["ship", "commit", "hold"]
    assert kinds(desk, "kind__exact=correct") == ["correct"]
    assert len(kinds(desk, f"balance__warehouse__id__exact={fine.warehouse_id}")) == 7
    assert kinds(desk, "occurred_at_from_0=2099-01-01&occurred_at_from_1=00:00:00") == []
    assert kinds(desk, "q=fine") == whole
    assert kinds(desk, "q=VT-1") == ["ship", "commit", "hold"]
    assert kinds(desk, "q=mina+FINE") == ["correct"]
    assert kinds(desk, "item=nonsense") == []
    assert kinds(desk, f"balance={10**30}") == []


def test_a_row_of_the_ledger_says_what_is_there_then_and_who_and_why(desk, told):
    page = re.sub(r"<[^>]+>|\s+", " ", text(desk.get(f"{address('movement')}?item={told['FINE'].item_id}")))
    shown = re.sub(r" +", " ", page)
    assert "Shipped tmall −2 allocated −2 6 order:VT-1 otto" in shown
    assert "Hold committed tmall · held −2, allocated +2 8 order:VT-1" in shown
    assert "Corrected −1 · 8 count 7 mina" in shown


def test_pages_lead_to_their_ledger(desk, told):
    fine = told["FINE"]
    answer = desk.get(f"/admin/inventory/balance/{fine.pk}/ledger/")
    assert answer.headers["Location"] == f"{address('movement')}?balance={fine.pk}"
    answer = desk.get(f"/admin/inventory/item/{fine.item_id}/ledger/")
    assert answer.headers["Location"] == f"{address('movement')}?item={fine.item_id}"
    assert desk.get("/admin/inventory/item/0/ledger/").status_code == 404


def test_a_balance_shows_its_latest_twenty_movements(desk, told):
    fine = told["FINE"]
    for number in range(30):
        actions.receive(
            item=fine.item, warehouse=fine.warehouse, quantity=1, cause=f"note {number:02d}", cause_key=f"n{number}"
        )
    url = address("balance", "change", fine.pk)
    page = text(desk.get(url))
    assert sorted(set(re.findall(r"note \d\d", page))) == [f"note {number:02d}" for number in range(10, 30)]
    # Somebody receives while another person sets the safety stock.
    hidden = {"movements-TOTAL_FORMS": 20, "movements-INITIAL_FORMS": 20}
    hidden |= {f"movements-{at}-id": pk for at, pk in enumerate(Movement.objects.values_list("pk", flat=True)[:20])}
    actions.receive(item=fine.item, warehouse=fine.warehouse, quantity=1, cause="late", cause_key="late")
    answer = desk.post(url, {"safety": 1, "backorder_limit": 0, "low_at": 5, "high_at": "", **hidden})
    assert answer.status_code == 302
    fine.refresh_from_db()
    assert (fine.safety, fine.on_hand) == (1, 37)


# --- Holds, lots, transfers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", Hold.State.values)
def test_holds_of_every_state_are_shown(desk, told, state):
    Hold.objects.update(state=state)
    page = text(desk.get(address("hold")))
    assert str(Hold.State(state).label) in page


def test_a_lot_says_where_its_units_lie_and_which_orders_took_them(desk, db):
    thing, place = factories.item("MUG-1"), factories.warehouse()
    actions.receive(
        item=thing,
        warehouse=place,
        quantity=6,
        cause="x",
        cause_key="x",
        lot_number="L-7",
        produced_on=date(2026, 3, 1),
    )
    for number in (1, 2):
        hold = actions.hold(
            demand={thing.id: number},
            warehouses=[place.id],
            holder="ada",
            cause=f"order:VT-{number}",
            cause_key=f"h{number}",
            expires_at=None,
        )
        actions.commit(hold_id=hold.id)
        if number == 1:
            actions.ship(hold_id=hold.id)
    rows = desk.get(address("lot")).context["cl"].result_list
    assert [(lot.number, lot.units_left) for lot in rows] == [("L-7", 5)]
    page = text(desk.get(address("lot", "change", rows[0].pk)))
    assert "order:VT-1" in page
    assert "order:VT-2" not in page
    assert "LON · LON" in page
    actions.recall(lot=rows[0], reason="loose clasp")
    page = text(desk.get(address("lot", "change", rows[0].pk)))
    assert "loose clasp" in page
    assert "Recalled" in text(desk.get(f"{address('lot')}?recalled=yes"))
    assert "L-7" not in text(desk.get(f"{address('lot')}?recalled=no"))


def test_a_list_of_transfers_says_what_is_on_the_way(desk, db):
    balance = factories.balance(9, sku="MUG-1")
    there = factories.warehouse("LIL", "FR")
    sent = actions.send_transfer(
        source=balance.warehouse, destination=there, lines={balance.item_id: 5}, cause_key="t", note="show"
    )
    actions.receive_transfer(transfer=sent, parts={sent.lines.get().id: 2}, key="a")
    page = desk.get(address("transfer"))
    row = page.context["cl"].result_list[0]
    assert (row.units_sent, row.units_left) == (5, 3)
    assert "In transit" in text(page)
    assert "LON → LIL" in text(page)


@pytest.mark.parametrize("query", ["open=yes", "open=no", "q=drop"])
def test_fences_are_filtered(desk, query):
    fill(1)
    rows = desk.get(f"{address('ringfence')}?{query}").context["cl"].result_list
    assert len(rows) == (0 if query == "open=no" else 1)
