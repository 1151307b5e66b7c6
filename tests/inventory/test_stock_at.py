"""What did we have on 11 November? The command that asks the ledger."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from inventory.stock import actions
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    for day, units in ((1, 10), (11, 5), (12, 7)):
        for sku in ("CUP", "MUG"):
            actions.receive(
                item=make.item(sku),
                warehouse=make.warehouse("LON"),
                quantity=units,
                cause="t",
                cause_key=f"{sku}:{day}",
                occurred_at=datetime(2026, 11, day, 18, tzinfo=UTC),
            )


HEAD = "sku,warehouse,on_hand,held,allocated,fenced,quarantined,damaged\n"


@pytest.mark.parametrize(
    ("moment", "units"),
    [("2026-11-11", 15), ("2026-11-11T17:59", 10), ("2026-11-11T18:00:00Z", 15), ("2026-11-30", 22)],
)
def test_a_date_means_its_end_and_a_time_that_moment(told, capsys, moment, units):
    call_command("stock_at", moment, "--sku", "MUG")
    assert capsys.readouterr().out == f"{HEAD}MUG,LON,{units},0,0,0,0,0\n"


def test_before_the_first_delivery_there_was_nothing(told, capsys):
    call_command("stock_at", "2026-10-31")
    assert capsys.readouterr().out == HEAD


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["yesterday"], "neither a date"),
        (["2026-02-30"], "neither a date"),
        (["2026-11-11", "--sku", "CUP", "--sku", "HAT"], "no item HAT"),
        (["2026-11-11", "--warehouse", "XXX"], "no warehouse XXX"),
    ],
)
def test_bad_arguments_are_refused_with_a_sentence(told, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("stock_at", *arguments)
