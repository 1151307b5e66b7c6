"""Both directions over real HTTP: what customs accepts, refuses, loses, repeats and mixes up."""

from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from shop.crossborder.china import actions, http_gateway
from shop.crossborder.china.actions import sending
from shop.crossborder.china.http_gateway import HttpGateway
from shop.crossborder.models import CustomsDocument, CustomsReply
from tests.shop.crossborder.china.facts import LI, request
from tests.shop.crossborder.china.world import KEPT, later, now_at, poll, send, states

pytestmark = pytest.mark.django_db
CLEARED = {"order": "accepted", "payment": "accepted", "logistics": "accepted"}


def finish(customs) -> int:
    customs.clock.forward(seconds=11)
    return poll(customs)


def test_three_documents_that_agree_are_cleared(customs):
    filing = actions.file(request())
    assert send(customs) == 3
    assert send(customs) == 0
    assert poll(customs) == 3
    assert set(states(filing).values()) == {"sent"}
    assert poll(customs) == 0
    assert finish(customs) == 3
    assert states(filing) == CLEARED
    filing = now_at(filing)
    assert (filing.state, filing.reason, filing.cleared_at is not None) == ("cleared", "", True)
    assert [one["state"] for one in customs.documents()] == ["accepted"] * 3
    document = filing.documents.get(kind="order")
    assert (document.accepted_version, document.due_at, document.last_code) == (1, None, "1800")


def test_a_payer_who_is_somebody_else_is_refused_and_sent_again_when_mended(customs):
    filing = actions.file(request())

    class OtherPayer:
        def submit(self, slip):
            built = slip.message.replace("王小明".encode(), LI.name.encode()).replace(
                b"11010519491231002X", LI.number.encode()
            )
            customs.gateway.submit_payment(built)

    send(customs, slips=OtherPayer())
    finish(customs)
    assert states(filing) == {"order": "sent", "payment": "refused", "logistics": "sent"}
    filing = now_at(filing)
    assert filing.state == "attention"
    assert "payer is not the person who ordered" in filing.reason
    assert send(customs) == 0, "a refusal waits for a person"
    assert actions.resend(filing_id=filing.id) == 1
    assert actions.resend(filing_id=filing.id) == 0
    assert send(customs) == 1
    finish(customs)
    assert states(filing) == CLEARED
    assert filing.documents.get(kind="payment").accepted_version == 2


def test_goods_over_the_persons_year_are_refused(customs):
    for number in range(6):
        filing = actions.file(
            request(f"VT-{number}", goods=Decimal("367.00"), freight=Decimal("4595.51"), paid=Decimal("5000.00"))
        )
        send(customs)
        finish(customs)
        expected = "accepted" if number < 5 else "refused"
        assert states(filing)["order"] == expected, number
    assert filing.documents.get(kind="order").last_code == "1313"


@pytest.mark.parametrize("kind", ["order", "payment", "logistics"])
def test_a_refusal_with_a_code_names_it(customs, kind):
    filing = actions.file(request())
    customs.fault(refuse="S107", kind=kind)
    send(customs)
    finish(customs)
    document = filing.documents.get(kind=kind)
    assert (document.state, document.last_code, document.due_at) == ("refused", "S107", None)
    assert now_at(filing).state == "attention"
    actions.resend(filing_id=filing.id)
    send(customs)
    finish(customs)
    assert now_at(filing).state == "cleared"


def test_a_busy_customs_is_asked_again_by_itself(customs):
    filing = actions.file(request())
    customs.fault(refuse="1301", kind="order")
    send(customs)
    finish(customs)
    document = filing.documents.get(kind="order")
    assert document.state == "waiting"
    assert document.due_at is not None


def test_http_500_leaves_it_due_later_and_stops_the_round(customs):
    filing = actions.file(request())
    customs.fault(http_500=True)
    assert send(customs) == 0
    assert customs.documents() == []
    first = filing.documents.get(attempts=1)
    assert (first.state, first.last_message) == ("waiting", "The gateway answered HTTP 500.")
    assert filing.documents.filter(attempts=0).count() == 2
    later(minutes=1)
    assert send(customs) == 3
    finish(customs)
    assert states(filing) == CLEARED


def test_a_time_out_after_taking_is_harmless(customs, monkeypatch):
    monkeypatch.setattr(http_gateway, "TIMEOUT", httpx.Timeout(0.2))
    filing = actions.file(request())
    customs.fault(timeout=0.6, kind="order")
    assert send(customs) == 0
    assert filing.documents.get(kind="order").last_message == "The gateway did not answer in time."
    later(minutes=1)
    monkeypatch.setattr(http_gateway, "TIMEOUT", httpx.Timeout(5))
    assert send(customs) == 3
    finish(customs)
    assert states(filing) == CLEARED
    taken = {one["kind"]: one["times"] for one in customs.documents()}
    assert taken == {"order": 2, "payment": 1, "logistics": 1}


def test_a_lost_reply_is_asked_for_by_sending_the_same_message_again(customs):
    filing = actions.file(request())
    customs.fault(lose_reply=True, times=0)
    send(customs)
    assert finish(customs) == 0
    customs.fault()
    assert send(customs) == 0, "not before its time"
    later(minutes=11)
    assert send(customs) == 3
    finish(customs)
    assert states(filing) == CLEARED
    assert {one["times"] for one in customs.documents()} == {2}
    assert set(filing.documents.values_list("sent_version", flat=True)) == {1}


def test_replies_twice_and_out_of_order_are_harmless(customs):
    filing = actions.file(request())
    customs.fault(duplicate_reply=True, reorder=True, times=0)
    send(customs)
    assert poll(customs) > 0
    finish(customs)
    assert states(filing) == CLEARED
    assert CustomsReply.objects.count() == 6
    assert CustomsReply.objects.filter(outcome="overtaken: customs has decided").exists()


def test_the_same_reply_unacknowledged_is_kept_once(customs, monkeypatch):
    actions.file(request())
    send(customs)
    monkeypatch.setattr(HttpGateway, "acknowledge", lambda _self, _ids: None)
    assert poll(customs) == 3
    assert poll(customs) == 0
    assert CustomsReply.objects.count() == 3


def test_a_changed_order_is_declared_as_a_change(customs):
    filing = actions.file(request())
    send(customs)
    finish(customs)
    changed = request()
    changed = replace(changed, logistics=replace(changed.logistics, weight=Decimal("1.5")))
    actions.file(changed)
    assert now_at(filing).state == "open"
    assert send(customs) == 1
    finish(customs)
    assert now_at(filing).state == "cleared"
    assert customs.documents()[0]["head"]["appType"] == "2"


def test_silence_is_given_up_after_bounded_tries(customs):
    filing = actions.file(request())
    customs.fault(http_500=True, times=0)
    for _turn in range(sending.MOST_ATTEMPTS * 3 + 3):
        assert send(customs) == 0
        later(days=1)
    assert set(states(filing).values()) == {"failed"}
    assert set(filing.documents.values_list("attempts", flat=True)) == {sending.MOST_ATTEMPTS}


def test_an_identity_that_cannot_be_read_costs_no_turn(customs, monkeypatch):
    filing = actions.file(request())
    monkeypatch.delitem(KEPT, "wang")
    assert send(customs) == 1, "the waybill needs none"
    order = filing.documents.get(kind="order")
    assert (order.state, order.attempts, order.sent_version) == ("waiting", 0, 0)
    assert order.last_message == "The buyer's kept identity cannot be read."
    monkeypatch.setitem(KEPT, "wang", LI)
    later(hours=2)
    assert send(customs) == 3, "the waybill, unanswered, once more"


def test_replies_about_an_earlier_version_do_not_count(customs):
    filing = actions.file(request())
    customs.fault(refuse="S107", kind="logistics")
    send(customs)
    finish(customs)
    actions.resend(filing_id=filing.id)
    first = CustomsReply.objects.filter(kind="logistics", status="2").get()
    from shop.crossborder.china.replies import Reply

    stale = Reply(
        kind="logistics", guid="0" * 36, company_code=first.company_code, merchant_code="", number=first.number,
        status="120", code="1800", at=first.return_time, info="", echoed="", about_status=False,
    )  # fmt: skip
    assert actions.receive(stale)
    send(customs)
    assert actions.receive(replace(stale, guid="1" * 36))
    assert filing.documents.get(kind="logistics").state == "sent"
    assert (
        list(CustomsReply.objects.filter(status="120", kind="logistics").values_list("outcome", flat=True))
        == ["about an earlier version"] * 2
    )
    # A reply that names nobody of ours is kept, too.
    assert actions.receive(replace(stale, guid="2" * 36, number="X"))
    assert not actions.receive(replace(stale, guid="2" * 36, number="X"))
    assert CustomsReply.objects.get(number="X").outcome == "not ours"
    # Where the parcel is says nothing about the waybill.
    assert actions.receive(replace(stale, guid="3" * 36, about_status=True, status="100"))
    assert filing.documents.get(kind="logistics").state == "sent"


def test_an_unreadable_reply_does_not_block_the_queue(customs, monkeypatch):
    filing = actions.file(request())
    send(customs)
    customs.clock.forward(seconds=11)
    whole = customs.gateway.poll(100)
    monkeypatch.setattr(customs.gateway, "poll", lambda _limit: [replace(whole[0], message=b"<broken"), *whole[1:]])
    assert poll(customs) == 5
    monkeypatch.undo()
    assert poll(customs) == 0
    assert states(filing) == CLEARED, "the receipt was the one lost"
    assert CustomsDocument.objects.filter(state="accepted").count() == 3
