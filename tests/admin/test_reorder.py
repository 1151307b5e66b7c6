"""What to order: the list, its filters, and the drafts that are made of it, each once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.roles import VIEWER, ensure_groups
from inventory.replenishment import actions, advising
from inventory.replenishment.errors import OrderRule
from inventory.replenishment.models import PurchaseOrder, ReorderAdvice, Supplier, SupplierItem
from tests import factories
from tests.admin.test_actions import said

D = Decimal
Pace = ReorderAdvice.Pace
LIST = "/admin/inventory/reorderadvice/"


@pytest.fixture
def viewer(db) -> Client:
    """A browser signed in as viewer."""
    user = User.objects.create_user("vera", is_staff=True)
    user.groups.add(ensure_groups()[VIEWER])
    client = Client()
    client.force_login(user)
    return client


def supplier(code: str = "kiln", currency: str = "GBP") -> Supplier:
    return Supplier.objects.get_or_create(
        code=code, defaults={"name": code.title(), "country": "GB", "currency": currency}
    )[0]


def advise(
    sku: str, suggested: int = 12, *, of: Supplier | None, cost: str = "4.00", at: str = "LON", **fields
) -> ReorderAdvice:
    """A row of advice, and the supplier's price behind it."""
    source = None
    if of:
        source, _created = SupplierItem.objects.get_or_create(
            supplier=of, item=factories.item(sku), defaults={"unit_cost": D(cost), "minimum": 6, "multiple": 6}
        )
    facts = {
        "daily_demand": 0.5, "daily_deviation": 0.3, "available": 5, "on_order": 0, "days_of_cover": 10.0,
        "lead_time_days": 30, "reorder_point": 18, "order_up_to": 24, "pace": Pace.MOVING, "computed_at": timezone.now(),
    }  # fmt: skip
    return ReorderAdvice.objects.create(
        item=factories.item(sku),
        warehouse=factories.warehouse(at),
        source=source,
        suggested=suggested,
        **{**facts, **fields},
    )


def shown(response) -> str:
    return response.content.decode()


def choose(client: Client, *rows: ReorderAdvice):
    """Choose rows of the list and run the action; return the page that asks."""
    return client.post(LIST, {"action": "draft_orders", "_selected_action": [str(row.pk) for row in rows]})


def confirm(client: Client, asked):
    """Press the button of the page that asks."""
    hidden = dict(re.findall(r'<input type="hidden" name="(ids|budget|cause_key)" value="([^"]*)"', shown(asked)))
    return client.post(reverse("admin:inventory_reorderadvice_draft"), hidden)


def drafted() -> dict[tuple[str, str], dict[str, int]]:
    """(supplier, warehouse) → SKU → units of all drafts."""
    found = {}
    for order in PurchaseOrder.objects.order_by("number"):
        found[order.supplier.code, order.warehouse.code] = dict(order.lines.values_list("item__sku", "quantity"))
    return found


# --- The list -------------------------------------------------------------------------------------------------------


def test_a_row_tells_what_a_buyer_needs(desk):
    sold = timezone.localdate() - timedelta(days=3)
    advise("MUG-1", 24, of=supplier(), cost="4.10", on_order=1200, last_sold_on=sold)
    advise("OLD-1", 0, of=None, days_of_cover=None, daily_demand=0, pace=Pace.DEAD)
    text = re.sub(r"\s+", " ", shown(desk.get(LIST)).split("<tbody", 1)[1])
    for part in [
        "MUG-1",
        "LON",
        "1,200",
        "0.50",
        ">10<",
        ">24<",
        "Kiln",
        "£98.40",
        "Moving",
        "Dead",
        "never",
        "none sold",
    ]:
        assert part in text.replace("> ", ">").replace(" <", "<"), part


def test_what_runs_out_first_is_at_the_top(desk):
    advise("C-1", of=None, days_of_cover=None)
    advise("B-1", of=None, days_of_cover=40.0)
    advise("A-1", of=None, days_of_cover=0.0)
    assert [row.item.sku for row in desk.get(LIST).context["cl"].result_list] == ["A-1", "B-1", "C-1"]


def test_the_filters(desk):
    kiln, loom = supplier(), supplier("loom")
    advise("OUT-1", of=kiln, days_of_cover=0.0)
    advise("WEEK-1", of=loom, days_of_cover=7.0, at="LIL")
    advise("MONTH-1", of=None, days_of_cover=30.0)
    advise("QUARTER-1", 0, of=kiln, days_of_cover=90.0, pace=Pace.NEW)
    advise("HALF-1", 0, of=kiln, days_of_cover=180.0, pace=Pace.SLOW)
    advise("LONG-1", 0, of=kiln, days_of_cover=181.0, pace=Pace.SLOW)
    advise("NONE-1", 0, of=kiln, days_of_cover=None, pace=Pace.DEAD)
    expected = {
        "to_order=now": {"OUT-1", "WEEK-1", "MONTH-1"},
        "to_order=unsourced": {"MONTH-1"},
        "to_order=no": {"QUARTER-1", "HALF-1", "LONG-1", "NONE-1"},
        "pace__exact=slow": {"HALF-1", "LONG-1"},
        f"source__supplier__id__exact={loom.pk}": {"WEEK-1"},
        f"warehouse__id__exact={factories.warehouse('LIL').pk}": {"WEEK-1"},
        "cover=out": {"OUT-1"},
        "cover=short": {"OUT-1", "WEEK-1"},
        "cover=week": {"WEEK-1"},
        "cover=month": {"MONTH-1"},
        "cover=quarter": {"QUARTER-1"},
        "cover=half": {"HALF-1"},
        "cover=long": {"LONG-1"},
        "cover=none": {"NONE-1"},
        "q=week": {"WEEK-1"},
        "q=loom": {"WEEK-1"},
    }
    for query, skus in expected.items():
        rows = desk.get(f"{LIST}?{query}").context["cl"].result_list
        assert {row.item.sku for row in rows} == skus, query


def test_the_list_costs_at_most_twelve_statements_whatever_the_rows(desk):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    for number in range(3):
        advise(f"A-{number}", of=supplier(f"s{number}"))
    desk.get(LIST)
    few = cost()
    for number in range(30):
        advise(f"B-{number}", of=supplier(f"t{number}"))
    assert cost() == few <= 12


def test_a_row_has_a_page_that_only_shows(desk, root):
    row = advise("MUG-1", 24, of=supplier())
    for browser in (desk, root):
        page = browser.get(f"{LIST}{row.pk}/change/")
        assert page.status_code == 200
        assert "at least 6, in multiples of 6" in shown(page)
        assert 'name="_save"' not in shown(page)
        assert browser.get(f"{LIST}add/").status_code == 403


# --- Drafting for chosen rows ---------------------------------------------------------------------------------------


def test_chosen_rows_become_one_draft_for_each_supplier_and_warehouse(desk):
    kiln, loom = supplier(), supplier("loom")
    rows = [
        advise("MUG-1", 24, of=kiln),
        advise("CUP-1", 12, of=kiln),
        advise("MUG-1", 6, of=kiln, at="LIL"),
        advise("SCARF-1", 30, of=loom),
        advise("LONE-1", 9, of=None),
        advise("IDLE-1", 0, of=kiln),
    ]
    advise("OTHER-1", 60, of=kiln)
    asked = choose(desk, *rows)
    text = shown(asked)
    assert asked.status_code == 200
    assert "One row is skipped because it has no supplier" in text
    assert "LONE-1 (LON)" in text
    assert "One row has nothing to order" in text
    assert "£144.00" in text
    assert not PurchaseOrder.objects.exists()
    answer = confirm(desk, asked)
    assert answer.status_code == 302
    assert drafted() == {
        ("kiln", "LON"): {"MUG-1": 24, "CUP-1": 12},
        ("kiln", "LIL"): {"MUG-1": 6},
        ("loom", "LON"): {"SCARF-1": 30},
    }
    assert set(PurchaseOrder.objects.values_list("created_by", "state")) == {("mina", "draft")}
    sentence = said(answer)
    assert "3 purchase orders were drafted" in sentence
    for order in PurchaseOrder.objects.all():
        assert f'href="/admin/inventory/purchaseorder/{order.pk}/change/"' in sentence
    assert "1 row was left out: it has no supplier." in sentence
    assert "budget" not in sentence


def test_a_page_confirmed_twice_drafts_once(desk):
    asked = choose(desk, advise("MUG-1", of=supplier()))
    confirm(desk, asked)
    answer = confirm(desk, asked)
    assert "nothing more was drafted" in said(answer)
    assert PurchaseOrder.objects.count() == 1


def test_items_that_lie_on_drafts_are_warned_of(desk):
    row = advise("MUG-1", of=supplier())
    assert "lie on drafts already" not in shown(choose(desk, row))
    confirm(desk, choose(desk, row))
    text = shown(choose(desk, row))
    assert "lie on drafts already" in text
    assert PurchaseOrder.objects.get().number in text


def test_rows_with_nothing_to_draft_are_a_sentence(desk):
    answer = choose(desk, advise("A-1", 0, of=supplier()), advise("B-1", 5, of=None))
    assert answer.status_code == 302
    assert "None of these rows" in said(answer)


def test_a_foreign_draft_without_a_rate_says_so(desk):
    answer = confirm(desk, choose(desk, advise("MUG-1", of=supplier("atelier", "EUR"))))
    assert "Give an exchange rate before you send" in said(answer)


def test_terms_that_changed_since_the_advice_draft_nothing(desk, monkeypatch):
    asked = choose(desk, advise("MUG-1", of=supplier()))

    def refuse(**_facts):
        raise OrderRule("MUG-1: Kiln sells at least 48 units, not 12.")

    monkeypatch.setattr(actions, "draft", refuse)
    answer = confirm(desk, asked)
    assert "Nothing was drafted. MUG-1: Kiln sells at least 48 units" in said(answer)
    monkeypatch.undo()
    assert confirm(desk, asked).status_code == 302
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.parametrize("form", [{}, {"ids": "x", "cause_key": "x"}, {"ids": "1;2", "budget": "-1"}])
def test_what_cannot_be_read_drafts_nothing(desk, form):
    answer = desk.post(reverse("admin:inventory_reorderadvice_draft"), form)
    assert "cannot be read" in said(answer)
    assert not PurchaseOrder.objects.exists()


# --- Drafting within a budget ---------------------------------------------------------------------------------------


def within(client: Client, budget: str, query: str = ""):
    return client.post(f"{reverse('admin:inventory_reorderadvice_within_budget')}{query}", {"budget": budget})


def test_a_budget_is_spent_on_what_runs_out_first(desk):
    kiln = supplier()
    advise("LATER-1", 24, of=kiln, days_of_cover=20.0)
    advise("SOON-1", 24, of=kiln, days_of_cover=2.0)
    advise("LAST-1", 24, of=kiln, cost="50", days_of_cover=25.0)
    asked = within(desk, "150")
    assert asked.status_code == 200
    assert "£150.00" in shown(asked)
    answer = confirm(desk, asked)
    # 24 × 4.00 = 96.00; of the 54.00 left 12 × 4.00 in whole cartons.
    assert drafted() == {("kiln", "LON"): {"SOON-1": 24, "LATER-1": 12}}
    assert "1 row was left out: the budget was spent" in said(answer)


def test_the_filters_bound_the_budget(desk):
    advise("MUG-1", 12, of=supplier())
    advise("SCARF-1", 12, of=supplier("loom"))
    asked = within(desk, "1000", f"?source__supplier__id__exact={supplier('loom').pk}")
    confirm(desk, asked)
    assert drafted() == {("loom", "LON"): {"SCARF-1": 12}}


@pytest.mark.parametrize("budget", ["", "x", "-1", "1.005"])
def test_a_budget_is_an_amount(desk, budget):
    advise("MUG-1", 12, of=supplier())
    answer = within(desk, budget, "?to_order=now")
    assert answer.status_code == 302
    assert answer.url == f"{LIST}?to_order=now"
    assert "Give the budget as an amount of GBP" in said(answer)


def test_a_budget_too_small_drafts_nothing(desk):
    advise("MUG-1", 12, of=supplier())
    answer = confirm(desk, within(desk, "5"))
    assert "Nothing was drafted." in said(answer)
    assert not PurchaseOrder.objects.exists()


# --- Computing ------------------------------------------------------------------------------------------------------


def test_advice_is_computed_on_demand(desk):
    factories.balance(5, sku="MUG-1")
    url = reverse("admin:inventory_reorderadvice_compute_now")
    assert desk.get(url).status_code == 200
    assert not ReorderAdvice.objects.exists()
    answer = desk.post(url, {"_form_submitted": "True"})
    assert answer.status_code == 302
    assert "rows: 1." in said(answer)
    assert ReorderAdvice.objects.get().item.sku == "MUG-1"


def test_htmx_is_led_to_the_list_after_computing(desk, monkeypatch):
    monkeypatch.setattr(advising, "compute_advice", lambda: 7)
    url = reverse("admin:inventory_reorderadvice_compute_now")
    answer = desk.post(url, {"_form_submitted": "True"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == LIST


# --- Who may what ---------------------------------------------------------------------------------------------------


def test_a_viewer_sees_and_does_nothing(viewer):
    row = advise("MUG-1", of=supplier())
    page = viewer.get(LIST)
    assert page.status_code == 200
    assert "MUG-1" in shown(page)
    assert 'name="budget"' not in shown(page)
    assert "Compute now" not in shown(page)
    choose(viewer, row)
    for name in ("draft", "within_budget"):
        answer = viewer.post(reverse(f"admin:inventory_reorderadvice_{name}"), {"ids": str(row.pk), "budget": "100"})
        assert answer.status_code == 403
    compute = reverse("admin:inventory_reorderadvice_compute_now")
    assert viewer.post(compute, {"_form_submitted": "True"}).status_code == 403
    assert not PurchaseOrder.objects.exists()


def test_nothing_is_drafted_by_a_get(desk):
    for name in ("draft", "within_budget"):
        assert desk.get(reverse(f"admin:inventory_reorderadvice_{name}")).status_code == 405


def test_nobody_signed_in_drafts_nothing(client, db):
    row = advise("MUG-1", of=supplier())
    answer = client.post(reverse("admin:inventory_reorderadvice_draft"), {"ids": str(row.pk)})
    assert answer.status_code == 302
    assert "login" in answer.url
    assert not PurchaseOrder.objects.exists()
