"""The returns desk: the list by deadline, the bench on its two pages, statements to match, and who may do what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.models import ReturnRequest, UnexpectedUnits, WithdrawalStatement
from shop.returns import actions, drafts, tasks
from tests import factories as make
from tests.shop.returns import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    make.agreement()
    world.return_addresses()
    return world.mugs()


@pytest.fixture(autouse=True)
def handed(monkeypatch) -> list[str]:
    given: list[str] = []
    monkeypatch.setattr(tasks.repay, "delay", given.append)
    monkeypatch.setattr(tasks.carry_out, "delay", given.append)
    return given


def page(model: str, name: str, *args) -> str:
    return reverse(f"admin:shop_{model}_{name}", args=args)


def test_the_most_urgent_comes_first_and_overdue_is_red(desk, mug):
    order = world.delivered((mug, 3), ago=timedelta(days=90))
    late = world.ask(order, key="late", asked_at=timezone.now() - timedelta(days=30))
    soon = world.ask(order, key="soon")
    text = desk.get(page("returnrequest", "changelist")).text
    assert text.index(late.number) < text.index(soon.number)
    assert "days over" in text
    only = desk.get(page("returnrequest", "changelist"), {"deadline": "overdue"}).text
    assert late.number in only
    assert soon.number not in only


def test_a_parcel_is_received_and_inspected_on_the_bench(desk, mug, handed):
    order = world.delivered((mug, 3))
    made = world.ask(order, 2)
    line = world.line(order)
    form = desk.get(f"/admin/shop/returnrequest/{made.pk}/receive/")
    assert form.status_code == 200
    assert "Take in" in form.text
    key = form.context["hidden"][0].value()
    told = {"key": key, "warehouse": made.warehouse_id, f"units_{line.pk}": "3"}
    for _again in range(2):
        assert desk.post(f"/admin/shop/returnrequest/{made.pk}/receive/", told).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.lines.get().received) == ("received", 2)
    assert UnexpectedUnits.objects.get().units == 1
    found = {f"line{line.pk}-{name}": value for name, value in
             {"resaleable": "1", "damaged": "1", "written_off": "1", "accepted": "2", "note": "one cracked"}.items()}  # fmt: skip
    wrong = found | {f"line{line.pk}-resaleable": "2"}
    answer = desk.post(f"/admin/shop/returnrequest/{made.pk}/inspect/", wrong)
    assert "must add up" in answer.text
    unexplained = found | {"deduction": "3.00"}
    assert "needs a reason" in desk.post(f"/admin/shop/returnrequest/{made.pk}/inspect/", unexplained).text
    done = desk.post(f"/admin/shop/returnrequest/{made.pk}/inspect/", unexplained | {"deduction_reason": "used"})
    assert done.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.deduction) == ("inspected", 3)
    assert handed == [str(made.pk)]
    assert world.counters(mug) == (8, 1, 0)
    shown = desk.get(page("returnrequest", "change", made.pk)).text
    for said in ("one cracked", "units received at LON", "used", "mina"):
        assert said in shown


def test_a_refusal_needs_a_reason_and_is_shown(desk, mug):
    made = world.ask(world.delivered((mug, 1), ago=timedelta(days=90)))
    assert made.state == "requested"
    desk.post(f"/admin/shop/returnrequest/{made.pk}/refuse/", {"_form_submitted": "1", "reason": ""})
    made.refresh_from_db()
    assert made.state == "requested"
    desk.post(f"/admin/shop/returnrequest/{made.pk}/refuse/", {"_form_submitted": "1", "reason": "Worn."})
    made.refresh_from_db()
    assert (made.state, made.refused_reason) == ("refused", "Worn.")
    desk.post(f"/admin/shop/returnrequest/{made.pk}/authorise/", {"_form_submitted": "1"})
    made.refresh_from_db()
    assert made.state == "authorised"
    assert desk.get(f"/admin/shop/returnrequest/{made.pk}/slip/")["Content-Type"] == "application/pdf"


def test_a_statement_is_matched_in_two_steps(desk, mug, handed):
    order = world.delivered((mug, 2))
    draft = drafts.Draft(name="Ada", order_number="VT-2026-9", email="ada@example.org", language="en")
    statement = actions.confirm(token=drafts.sign(draft))
    actions.carry_out(statement_id=statement.pk)
    match = f"/admin/shop/withdrawalstatement/{statement.pk}/match/"
    first = desk.get(match)
    assert order.number in first.text  # an order of that e-mail address
    assert "no order" in desk.post(match, {"number": "VT-1"}).text
    second = desk.post(match, {"number": order.number})
    assert "Which units?" in second.text
    line = world.line(order)
    told = {"number": order.number, "confirm": "1"}
    assert "at least one unit" in desk.post(match, told | {f"units_{line.pk}": "0"}).text
    assert desk.post(match, told | {f"units_{line.pk}": "2"}).status_code == 302
    assert handed == [str(statement.pk)]
    assert actions.carry_out(statement_id=statement.pk) == "done"
    assert ReturnRequest.objects.get().lines.get().units == 2
    statement.refresh_from_db()
    assert statement.decided_by == "mina"


def test_a_statement_is_set_aside_with_a_reason(desk, mug):
    draft = drafts.Draft(name="Bot", order_number="x", email="bot@example.org", language="en")
    statement = actions.confirm(token=drafts.sign(draft))
    actions.carry_out(statement_id=statement.pk)
    desk.post(
        f"/admin/shop/withdrawalstatement/{statement.pk}/set-aside/", {"_form_submitted": "1", "reason": "advertising"}
    )
    assert WithdrawalStatement.objects.get().state == "set_aside"


def test_a_stray_parcel_is_taken_in_and_decided(desk, mug):
    order = world.delivered((mug, 2))
    form = desk.get("/admin/shop/unexpectedunits/take-in/")
    key = form.context["hidden"][0].value()
    told = {"key": key, "warehouse": make.warehouse("LON").pk, "order_number": order.number, "units": "1"}
    assert "no such order" in desk.post("/admin/shop/unexpectedunits/take-in/", told | {"order_number": "VT-9"}).text
    assert desk.post("/admin/shop/unexpectedunits/take-in/", told).status_code == 302
    found = UnexpectedUnits.objects.get()
    desk.post(
        f"/admin/shop/unexpectedunits/{found.pk}/accept/",
        {"_form_submitted": "1", "order_number": "", "sku": "", "reason": "fine"},
    )
    assert ReturnRequest.objects.get().state == "received"
    found.refresh_from_db()
    assert found.resolution == "accepted"


def test_who_only_looks_changes_nothing(viewer, mug):
    made = world.ask(world.delivered((mug, 1)))
    assert viewer.get(page("returnrequest", "change", made.pk)).status_code == 200
    for name in ("receive", "inspect", "authorise"):
        assert viewer.post(f"/admin/shop/returnrequest/{made.pk}/{name}/", {}).status_code in {302, 403}
    made.refresh_from_db()
    assert made.state == "authorised"
    assert not made.lines.get().received
