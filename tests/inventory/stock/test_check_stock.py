"""``manage.py check_stock`` finds every falsified balance and names it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from inventory.models import Balance
from inventory.stock import actions, proofs
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy() -> Balance:
    """Ten cups of a lot and two of none: three held, two paid, four fenced; and another balance where all is well."""
    balance = make.balance(2, sku="CUP")
    make.balance(5, sku="FAN", at=make.warehouse("LIL", "FR"))
    place = {"item": balance.item, "warehouse": balance.warehouse}
    actions.receive(**place, quantity=10, cause="t", cause_key="lot", lot_number="L1", produced_on=date(2026, 1, 5))
    for key, units in (("held", 3), ("paid", 2)):
        held = actions.hold(
            demand={balance.item_id: units},
            warehouses=[balance.warehouse_id],
            holder="ann",
            cause_key=key,
            expires_at=None,
        )
    actions.commit(hold_id=held.id)
    actions.set_aside(**place, quantity=4, purpose="drop", cause_key="fence")
    return balance


def check() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_stock", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def falsify(change: str) -> None:
    """Change rows behind the product's back: of balances those of the cup, of other tables all that match."""
    of_the_cup = " WHERE item_id = (SELECT id FROM inventory_item WHERE sku = 'CUP')"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}{of_the_cup if change.startswith('inventory_balance') else ''}")
        assert cursor.rowcount == 1


@pytest.mark.usefixtures("busy")
def test_the_command_is_content_when_everything_agrees():
    code, said = check()
    assert code == 0
    assert said.splitlines() == [f"{proof.name}: yes." for proof in proofs.PROOFS]


def test_the_command_is_content_with_an_empty_stock_room():
    assert check()[0] == 0


LEDGER, CLAIMS, FENCES, LOTS = (proof.name for proof in proofs.PROOFS)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("change", "failing", "figures"),
    [
        pytest.param(
            "inventory_balance SET on_hand = 13",
            [LEDGER],
            "CUP LON: on_hand 13, held 3, allocated 2, fenced 4, quarantined 0, damaged 0, ledger on_hand 12",
            id="on hand",
        ),
        pytest.param("inventory_balance SET quarantined = 1", [LEDGER], "ledger quarantined 0", id="quarantined"),
        pytest.param("inventory_balance SET damaged = 1", [LEDGER], "ledger damaged 0", id="damaged"),
        pytest.param(
            "inventory_balance SET held = 2",
            [LEDGER, CLAIMS],
            "CUP LON: held 2, allocated 2, live holds 3, committed holds 2",
            id="held",
        ),
        pytest.param(
            "inventory_balance SET allocated = 0",
            [LEDGER, CLAIMS],
            "CUP LON: held 3, allocated 0, live holds 3, committed holds 2",
            id="allocated",
        ),
        pytest.param(
            "inventory_balance SET fenced = 5",
            [LEDGER, FENCES],
            "CUP LON: fenced 5, fences 4",
            id="fenced",
        ),
        pytest.param(
            "inventory_hold SET state = 'released' WHERE cause_key = 'held'",
            [CLAIMS],
            "CUP LON: held 3, allocated 2, live holds 0, committed holds 2",
            id="a claim without its hold",
        ),
        pytest.param("inventory_ringfence SET remaining = 3", [FENCES], "CUP LON: fenced 4, fences 3", id="fence"),
        pytest.param(
            "inventory_lotbalance SET units = 11",
            [LOTS],
            "CUP LON: on hand 12, in lots 11, lot ledger 10",
            id="lot",
        ),
        pytest.param(
            "inventory_balance SET on_hand = 9",
            [LEDGER, LOTS],
            "CUP LON: on hand 9, in lots 10, lot ledger 10",
            id="fewer than in lots",
        ),
    ],
)
def test_a_falsified_row_is_named_and_the_command_fails(change, failing, figures):
    falsify(change)
    code, said = check()
    assert code == 1
    assert figures in said
    assert "FAN" not in said
    lines = said.splitlines()
    for proof in proofs.PROOFS:
        assert (f"{proof.name}: yes." not in lines) == (proof.name in failing)
        assert (f"{proof.name}: 1 rows differ." in lines) == (proof.name in failing)
    assert sorted(proofs.differences()) == sorted(failing)


def test_every_falsified_balance_is_named():
    for sku in ("CUP", "FAN", "PIN"):
        make.balance(3, sku=sku)
    Balance.objects.filter(item__sku__in=["CUP", "PIN"]).update(on_hand=4)
    code, said = check()
    assert (code, "2 rows differ" in said) == (1, True)
    assert [line.split(":")[0].strip() for line in said.splitlines() if line.startswith("  ")] == ["CUP LON", "PIN LON"]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("proof", proofs.PROOFS, ids=lambda proof: proof.name)
def test_a_proof_is_one_statement_with_a_name_for_every_figure(proof, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert proof.differences() == []
    Balance.objects.filter(item__sku="CUP").update(on_hand=9, held=0, fenced=5)
    (row,) = proof.differences()
    assert row[:2] == ("CUP", "LON")
    assert len(row) == 2 + len(proof.columns)
