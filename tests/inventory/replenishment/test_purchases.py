"""The life of a purchase order before and beside its deliveries: each verb, each refusal, nothing changed by it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import BundleComponent
from inventory.replenishment import actions
from inventory.replenishment.errors import OrderRule, RateMissing, WrongState
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from inventory.stock.errors import BadQuantity
from tests import factories as make

State = PurchaseOrder.State
pytestmark = pytest.mark.django_db


def maker(code: str = "kiln", currency: str = "GBP", **fields) -> Supplier:
    return Supplier.objects.create(code=code, name=code.title(), country="GB", currency=currency, **fields)


def terms(supplier: Supplier, sku: str = "MUG-1", cost: str = "4.10", **fields) -> SupplierItem:
    return SupplierItem.objects.create(supplier=supplier, item=make.item(sku), unit_cost=Decimal(cost), **fields)


def drafted(supplier: Supplier | None = None, quantity: int = 24, **fields) -> PurchaseOrder:
    """A draft of one line, at the supplier's terms."""
    supplier = supplier or maker(lead_time_days=20)
    mug = terms(supplier, minimum=12, multiple=6)
    return actions.draft(supplier=supplier, warehouse=make.warehouse(), lines={mug.item_id: quantity}, **fields)


def everything() -> list:
    """All rows of orders, to show that a refusal changed none."""
    return [list(PurchaseOrder.objects.values()), list(PurchaseOrderLine.objects.values())]


def refused(error: type[Exception], verb, *, saying: str, **facts) -> None:
    before = everything()
    with pytest.raises(error, match=saying):
        verb(**facts)
    assert everything() == before


# --- Drafting -------------------------------------------------------------------------------------------------------


def test_a_draft_takes_the_suppliers_prices_and_currency():
    supplier = maker()
    mug, cup = terms(supplier, minimum=12, multiple=6), terms(supplier, "CUP-1", "2.60")
    order = actions.draft(
        supplier=supplier,
        warehouse=make.warehouse(),
        lines={mug.item_id: 24, cup.item_id: 1},
        note="autumn",
        actor="mina",
    )
    assert (order.state, order.currency, order.rate, order.note, order.created_by) == (
        State.DRAFT,
        "GBP",
        Decimal(1),
        "autumn",
        "mina",
    )
    assert order.number.startswith(f"PO-{timezone.localdate().year}-")
    assert order.sent_at is None
    lines = {line.item.sku: (line.quantity, line.unit_cost, line.received) for line in order.lines.all()}
    assert lines == {"MUG-1": (24, Decimal("4.10"), 0), "CUP-1": (1, Decimal("2.60"), 0)}


def test_numbers_rise():
    first, second = drafted(), actions.draft(supplier=maker("loom"), warehouse=make.warehouse(), lines={})
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1


def test_a_foreign_draft_keeps_its_rate_or_waits_for_one():
    supplier = maker(currency="EUR")
    with_rate = drafted(supplier, rate=Decimal("0.86"))
    assert (with_rate.currency, with_rate.rate) == ("EUR", Decimal("0.86"))
    assert actions.draft(supplier=supplier, warehouse=make.warehouse(), lines={}).rate is None


@pytest.mark.parametrize(
    ("quantity", "error", "saying"),
    [
        (6, OrderRule, "MUG-1: Kiln sells at least 12 units, not 6"),
        (20, OrderRule, "MUG-1: Kiln sells multiples of 6 units, not 20"),
        (0, BadQuantity, "between 1 and"),
        (-12, BadQuantity, "between 1 and"),
        (1_000_001, BadQuantity, "between 1 and"),
        (12.0, BadQuantity, "whole number"),
        (True, BadQuantity, "whole number"),
        ("12", BadQuantity, "whole number"),
        (Decimal(12), BadQuantity, "whole number"),
    ],
)
def test_a_quantity_that_the_supplier_does_not_sell_drafts_nothing(quantity, error, saying):
    supplier = maker()
    mug = terms(supplier, minimum=12, multiple=6)
    refused(
        error,
        actions.draft,
        saying=saying,
        supplier=supplier,
        warehouse=make.warehouse(),
        lines={mug.item_id: quantity},
    )


def test_one_bad_line_drafts_none():
    supplier = maker()
    mug, cup = terms(supplier), terms(supplier, "CUP-1", minimum=10)
    lines = {mug.item_id: 5, cup.item_id: 5}
    refused(OrderRule, actions.draft, saying="CUP-1", supplier=supplier, warehouse=make.warehouse(), lines=lines)


def test_what_the_supplier_does_not_sell_is_named():
    supplier, other = maker(), maker("loom")
    scarf = terms(other, "SCARF-1")
    facts = {"supplier": supplier, "warehouse": make.warehouse()}
    refused(OrderRule, actions.draft, saying="Kiln does not sell SCARF-1", lines={scarf.item_id: 1}, **facts)
    refused(OrderRule, actions.draft, saying="an unknown item", lines={10**9: 1}, **facts)


@pytest.mark.parametrize("rate", ["0", "-0.86"])
def test_a_rate_must_be_above_zero(rate):
    supplier = maker(currency="EUR")
    refused(
        OrderRule,
        actions.draft,
        saying="above zero",
        supplier=supplier,
        warehouse=make.warehouse(),
        lines={},
        rate=Decimal(rate),
    )


def test_a_bundle_is_not_bought():
    supplier = maker()
    gift = terms(supplier, "GIFT-1")
    BundleComponent.objects.create(bundle=gift.item, component=make.item("MUG-1"))
    facts = {"supplier": supplier, "warehouse": make.warehouse()}
    refused(OrderRule, actions.draft, saying="GIFT-1: a bundle is not bought", lines={gift.item_id: 1}, **facts)
    order = actions.draft(lines={}, **facts)
    refused(OrderRule, actions.set_line, saying="a bundle", order=order, item=gift.item, quantity=1)


# --- Lines ----------------------------------------------------------------------------------------------------------


def test_a_line_is_set_changed_and_taken_out():
    order = drafted()
    mug = make.item("MUG-1")
    assert actions.set_line(order=order, item=mug, quantity=30).quantity == 30
    line = actions.set_line(order=order, item=mug, quantity=36, unit_cost=Decimal("3.95"))
    assert (line.quantity, line.unit_cost) == (36, Decimal("3.95"))
    assert order.lines.count() == 1
    for _time in range(2):
        assert actions.set_line(order=order, item=mug, quantity=0) is None
    assert not order.lines.exists()


def test_without_a_price_told_the_suppliers_is_taken():
    order = drafted()
    mug = make.item("MUG-1")
    actions.set_line(order=order, item=mug, quantity=12, unit_cost=Decimal(9))
    SupplierItem.objects.update(unit_cost=Decimal("4.40"))
    assert actions.set_line(order=order, item=mug, quantity=12).unit_cost == Decimal("4.40")


def test_what_the_supplier_has_no_price_for_needs_one():
    order = drafted()
    extra = make.item("BOX-1")
    refused(OrderRule, actions.set_line, saying="no price for BOX-1; give one", order=order, item=extra, quantity=1)
    assert actions.set_line(order=order, item=extra, quantity=1, unit_cost=Decimal("0.20")).unit_cost == Decimal("0.20")


@pytest.mark.parametrize(
    ("quantity", "error", "saying"),
    [
        (6, OrderRule, "at least 12"),
        (20, OrderRule, "multiples of 6"),
        (-1, BadQuantity, "between 0"),
        (1.5, BadQuantity, "whole"),
    ],
)
def test_a_line_against_the_terms_is_refused(quantity, error, saying):
    order = drafted()
    refused(error, actions.set_line, saying=saying, order=order, item=make.item("MUG-1"), quantity=quantity)


@pytest.mark.parametrize("cost", ["-0.0001", "10000000000", "NaN", "Infinity"])
def test_a_unit_cost_that_cannot_be_kept_is_refused(cost):
    order, mug = drafted(), make.item("MUG-1")
    refused(
        OrderRule, actions.set_line, saying="unit cost", order=order, item=mug, quantity=12, unit_cost=Decimal(cost)
    )


def test_only_drafts_have_their_lines_set():
    order = actions.send(order=drafted())
    refused(
        WrongState, actions.set_line, saying="is sent: it cannot be edited", order=order, item=make.item(), quantity=0
    )


# --- Sending --------------------------------------------------------------------------------------------------------


def test_sending_dates_the_order_by_the_longest_lead_time():
    supplier = maker(lead_time_days=20)
    mug, cup = terms(supplier, lead_time_days=45), terms(supplier, "CUP-1")
    order = actions.draft(supplier=supplier, warehouse=make.warehouse(), lines={mug.item_id: 1, cup.item_id: 1})
    sent = actions.send(order=order)
    assert sent.state == State.SENT
    assert sent.sent_at is not None
    assert sent.expected_on == timezone.localdate() + timedelta(days=45)


def test_a_date_that_was_agreed_stays_and_one_that_has_passed_does_not():
    agreed, today = drafted(), timezone.localdate()
    PurchaseOrder.objects.filter(id=agreed.id).update(expected_on=today + timedelta(days=3))
    assert actions.send(order=agreed).expected_on == today + timedelta(days=3)
    actions.back_to_draft(order=agreed)
    PurchaseOrder.objects.filter(id=agreed.id).update(expected_on=today - timedelta(days=1))
    assert actions.send(order=agreed).expected_on == today + timedelta(days=20)


def test_sending_twice_changes_nothing():
    order = drafted()
    first = actions.send(order=order)
    before = everything()
    assert actions.send(order=order).sent_at == first.sent_at
    assert everything() == before


def test_an_empty_order_is_not_sent():
    order = actions.draft(supplier=maker(), warehouse=make.warehouse(), lines={})
    refused(OrderRule, actions.send, saying="has no lines", order=order)


def test_a_foreign_order_without_a_rate_is_not_sent():
    order = drafted(maker(currency="EUR"))
    refused(RateMissing, actions.send, saying="is in EUR: give the rate to GBP", order=order)
    PurchaseOrder.objects.update(rate=Decimal("0.86"))
    assert actions.send(order=order).state == State.SENT


def test_terms_that_changed_since_the_draft_are_asked_again():
    order = drafted()
    SupplierItem.objects.update(minimum=48)
    refused(OrderRule, actions.send, saying="at least 48", order=order)


# --- Taking back, cancelling, closing -------------------------------------------------------------------------------


def test_a_sent_order_is_taken_back_and_edited():
    order = actions.send(order=drafted())
    for _time in range(2):
        back = actions.back_to_draft(order=order)
        assert (back.state, back.sent_at) == (State.DRAFT, None)
    assert actions.set_line(order=order, item=make.item("MUG-1"), quantity=36).quantity == 36


@pytest.mark.parametrize("sent", [False, True])
def test_an_order_of_which_nothing_arrived_is_cancelled(sent):
    order = drafted()
    if sent:
        actions.send(order=order)
    for _time in range(2):
        assert actions.cancel(order=order).state == State.CANCELLED


ALLOWED = {
    actions.send: {State.DRAFT, State.SENT},
    actions.back_to_draft: {State.DRAFT, State.SENT},
    actions.cancel: {State.DRAFT, State.SENT, State.CANCELLED},
    actions.close_short: {State.PARTLY_RECEIVED, State.CLOSED_SHORT},
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", ALLOWED, ids=lambda verb: verb.__name__)
def test_each_verb_in_each_state(verb, state):
    order = drafted()
    PurchaseOrder.objects.update(state=state)
    if state in ALLOWED[verb]:
        verb(order=order)
    else:
        refused(WrongState, verb, saying=f"{order.number} is {state.label.lower()}", order=order)
