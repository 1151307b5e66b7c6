"""Ring-fences: units set aside for a purpose, held out of it, and given back."""

import pytest

from inventory.models import Balance, Hold
from inventory.stock import actions, proofs
from inventory.stock.errors import BadQuantity, FenceError, OutOfStock, StockBusy
from inventory.stock.models import Movement, RingFence
from tests import factories as make
from tests.inventory.stock.model_of_stock import contents, refused

pytestmark = pytest.mark.django_db


def set_aside(balance: Balance, units: int, *, purpose: str = "drop", key: str = "f") -> RingFence:
    return actions.set_aside(
        item=balance.item, warehouse=balance.warehouse, quantity=units, purpose=purpose, cause_key=key
    )


def hold(balance: Balance, units: int, *, purpose: str = "", key: str = "k") -> Hold:
    return actions.hold(
        demand={balance.item_id: units},
        warehouses=[balance.warehouse_id],
        holder="ann",
        cause_key=key,
        expires_at=None,
        purpose=purpose,
    )


def standing(balance: Balance, purpose: str = "drop") -> tuple[int, int, int, int]:
    """Held, allocated and fenced units of the balance, and what remains in the fence."""
    balance.refresh_from_db()
    assert proofs.differences() == {}
    fence = RingFence.objects.get(balance=balance, purpose=purpose)
    return balance.held, balance.allocated, balance.fenced, fence.remaining


def test_fenced_units_are_out_of_everybodys_reach_but_their_purposes():
    balance = make.balance(10)
    set_aside(balance, 6)
    with refused(OutOfStock) as refusal:
        hold(balance, 5)
    assert refusal.value.shortages[0].available == 4
    with refused(OutOfStock):
        hold(balance, 5, purpose="another")
    hold(balance, 5, purpose="drop")
    assert standing(balance) == (5, 0, 1, 1)


def test_a_hold_takes_from_its_fence_first_and_then_from_the_general_stock():
    balance = make.balance(10)
    set_aside(balance, 3)
    held = hold(balance, 5, purpose="drop")
    lines = held.lines.order_by("quantity").values_list("fence__purpose", "quantity")
    assert list(lines) == [(None, 2), ("drop", 3)]
    assert standing(balance) == (5, 0, 0, 0)
    with refused(OutOfStock) as refusal:
        hold(balance, 6, purpose="drop", key="next")
    assert refusal.value.shortages[0].available == 5


@pytest.mark.parametrize("verbs", [["release"], ["commit", "cancel"]])
def test_units_given_back_return_to_their_open_fence(verbs):
    balance = make.balance(10)
    set_aside(balance, 3)
    held = hold(balance, 5, purpose="drop")
    for verb in verbs:
        getattr(actions, verb)(hold_id=held.id)
    assert standing(balance) == (0, 0, 3, 3)
    assert balance.available == 7


def test_a_cancelled_part_returns_where_that_part_came_from():
    balance = make.balance(10)
    set_aside(balance, 3)
    held = hold(balance, 5, purpose="drop")
    actions.commit(hold_id=held.id)
    fenced, general = held.lines.get(fence__isnull=False), held.lines.get(fence__isnull=True)
    actions.cancel(hold_id=held.id, parts={general.id: 1}, key="a")
    assert standing(balance) == (0, 4, 0, 0)
    actions.cancel(hold_id=held.id, parts={fenced.id: 2}, key="b")
    assert standing(balance) == (0, 2, 2, 2)
    actions.ship(hold_id=held.id)
    assert standing(balance) == (0, 0, 2, 2)


def test_units_of_a_closed_fence_return_to_everybody():
    balance = make.balance(10)
    fence = set_aside(balance, 6)
    held = hold(balance, 4, purpose="drop")
    assert actions.give_back(fence=fence, cause_key="close") == 2
    assert standing(balance) == (4, 0, 0, 0)
    actions.release(hold_id=held.id)
    assert standing(balance) == (0, 0, 0, 0)
    assert balance.available == 10


def test_more_for_the_same_purpose_adds_up_and_opens_a_closed_fence():
    balance = make.balance(10)
    fence = set_aside(balance, 2)
    assert set_aside(balance, 3, key="g").remaining == 5
    actions.give_back(fence=fence, cause_key="close")
    reopened = set_aside(balance, 4, key="h")
    assert (reopened.id, reopened.open, reopened.remaining) == (fence.id, True, 4)
    assert standing(balance) == (0, 0, 4, 4)


def test_setting_aside_and_giving_back_count_once():
    balance = make.balance(10)
    fence = set_aside(balance, 8)
    before = contents()
    assert set_aside(balance, 8).remaining == 8  # only two are free now: the repetition is answered all the same
    assert contents() == before
    assert actions.give_back(fence=fence, quantity=5, cause_key="b") == 5
    assert actions.give_back(fence=fence, quantity=5, cause_key="b") == 0
    assert standing(balance) == (0, 0, 3, 3)
    assert actions.give_back(fence=fence, cause_key="all") == 3
    assert actions.give_back(fence=fence, cause_key="all") == 0
    assert actions.give_back(fence=fence, cause_key="all over") == 0
    kinds = Movement.objects.filter(fenced_delta__lt=0).order_by("id").values_list("kind", "fenced_delta")
    assert list(kinds) == [("unfence", -5), ("unfence", -3)]


def test_no_more_is_given_back_than_is_unclaimed():
    balance = make.balance(10)
    fence = set_aside(balance, 6)
    hold(balance, 4, purpose="drop")
    with refused(FenceError, match="3 to give back, 2 unclaimed"):
        actions.give_back(fence=fence, quantity=3, cause_key="b")
    actions.give_back(fence=fence, cause_key="close")
    with refused(FenceError, match="closed"):
        actions.give_back(fence=fence, quantity=1, cause_key="c")


@pytest.mark.parametrize("quantity", [0, -1, True, 2.0, "2"])
def test_a_fence_takes_and_gives_whole_units_only(quantity):
    balance = make.balance(10)
    fence = set_aside(balance, 6)
    with refused(BadQuantity):
        set_aside(balance, quantity, key="g")
    with refused(BadQuantity):
        actions.give_back(fence=fence, quantity=quantity, cause_key="b")


def test_units_are_set_aside_for_something():
    balance = make.balance(10)
    with refused(FenceError):
        set_aside(balance, 1, purpose="")


def test_neither_the_safety_stock_nor_claimed_units_are_set_aside():
    balance = make.balance(10)
    Balance.objects.filter(id=balance.id).update(safety=3)
    hold(balance, 2)
    with refused(OutOfStock) as refusal:
        set_aside(balance, 6)
    assert refusal.value.shortages[0].available == 5
    assert set_aside(balance, 5).remaining == 5


def test_nothing_can_be_set_aside_where_nothing_was_ever_counted():
    item, warehouse = make.item(), make.warehouse("NEW")
    with refused(OutOfStock):
        actions.set_aside(item=item, warehouse=warehouse, quantity=1, purpose="drop", cause_key="f")


# Ten units, eight of them fenced, two kept as safety stock; then two are found missing.
def eaten_into() -> Balance:
    balance = make.balance(10)
    Balance.objects.filter(id=balance.id).update(safety=2)
    set_aside(balance, 8)
    actions.correct(item=balance.item, warehouse=balance.warehouse, delta=-2, cause="count", cause_key="c")
    return balance


def test_a_fence_serves_its_purpose_although_the_safety_stock_was_eaten_into():
    balance = eaten_into()
    hold(balance, 6, purpose="drop")
    assert standing(balance) == (6, 0, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_a_refused_hold_leaves_its_fence_as_it_was():
    balance = eaten_into()
    try:
        hold(balance, 6, purpose="drop")
    except (OutOfStock, StockBusy):
        assert standing(balance) == (0, 0, 8, 8)
    else:
        assert standing(balance) == (6, 0, 2, 2)
