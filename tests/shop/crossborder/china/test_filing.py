"""Filing: idempotent per sale, level rather than edge, never an identity number in the database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from shop.crossborder.china import actions
from shop.crossborder.china.actions import InvalidFiling
from shop.crossborder.models import CustomsDocument, CustomsFiling
from tests.shop.crossborder.china.facts import CARRIER, WANG, request
from tests.shop.crossborder.china.world import now_at, poll, send, states

pytestmark = pytest.mark.django_db


def versions(filing) -> dict[str, int]:
    return dict(filing.documents.values_list("kind", "desired_version"))


def test_the_same_facts_change_nothing(customs):
    filing = actions.file(request())
    before = list(CustomsDocument.objects.order_by("id").values())
    assert actions.file(request()) == filing
    assert list(CustomsDocument.objects.order_by("id").values()) == before
    assert (filing.state, len(before), filing.paid) == ("open", 3, Decimal("449.49"))
    assert all(len(row["guid"]) == 36 and row["guid"].isupper() for row in before)


def test_new_facts_replace_what_nobody_sent_and_make_a_version_of_what_was(customs):
    filing = actions.file(request())
    changed = request()
    changed = replace(changed, logistics=replace(changed.logistics, weight=Decimal("1.3")))
    actions.file(changed)
    assert versions(filing) == {"order": 1, "payment": 1, "logistics": 1}
    assert send(customs) == 3
    guid = filing.documents.get(kind="logistics").guid
    actions.file(request())
    assert versions(filing) == {"order": 1, "payment": 1, "logistics": 2}
    assert filing.documents.get(kind="logistics").guid != guid
    assert states(filing) == {"order": "sent", "payment": "sent", "logistics": "waiting"}


def test_without_identity_nothing_is_sent_and_the_filing_says_so(customs):
    filing = actions.file(request(ref=""))
    assert (filing.state, filing.reason) == ("waiting", "The buyer's identity is not known yet.")
    assert send(customs) == 0
    filing = actions.file(request())
    assert (filing.state, filing.reason) == ("open", "")
    assert send(customs) == 3


def test_without_a_waybill_the_two_others_go_ahead(customs):
    filing = actions.file(request(waybill=False))
    assert (filing.state, filing.reason) == ("waiting", "There is no waybill yet.")
    assert send(customs) == 2
    filing = actions.set_waybill(filing_id=filing.id, company=CARRIER, number=" SF1 ", weight=Decimal("1.2"))
    assert filing.state == "open"
    assert filing.payload["logistics"]["number"] == "SF1"
    # A request that does not know the waybill does not take it away.
    actions.file(request(waybill=False))
    assert versions(filing) == {"order": 1, "payment": 1, "logistics": 1}
    assert send(customs) == 1
    customs.clock.forward(seconds=11)
    assert poll(customs) == 6
    assert now_at(filing).state == "cleared"


def test_what_customs_would_refuse_is_not_written():
    with pytest.raises(InvalidFiling, match="/order/acturalPaid"):
        actions.file(request(paid=Decimal("1.00")))
    assert not CustomsFiling.objects.exists()
    filing = actions.hold_back(source="order:1", reason="No phone.", needs_person=True)
    assert (filing.state, filing.reason, str(filing)) == ("attention", "No phone.", "order:1")
    with pytest.raises(InvalidFiling, match="not filed yet"):
        actions.set_waybill(filing_id=filing.id, company=CARRIER, number="1", weight=Decimal(1))


def test_a_withdrawn_sale_is_never_sent(customs):
    filing = actions.file(request())
    assert actions.withdraw(source=filing.source, reason="The order was refunded.")
    assert actions.withdraw(source=filing.source, reason="The order was refunded.")
    assert now_at(filing).state == "withdrawn"
    assert actions.file(request()).state == "withdrawn"
    assert send(customs) == 0
    sent = actions.file(request("VT-2026-000124"))
    send(customs)
    assert not actions.withdraw(source=sent.source, reason="The order was refunded.")
    assert now_at(sent).state == "attention"
    assert "ask the broker to cancel" in now_at(sent).reason
    customs.clock.forward(seconds=11)
    poll(customs)
    assert "ask the broker to cancel" in now_at(sent).reason


def test_no_identity_number_is_anywhere_in_the_database(customs):
    actions.file(request())
    send(customs)
    customs.clock.forward(seconds=11)
    poll(customs)
    with connection.cursor() as cursor:
        for table in ("shop_customsfiling", "shop_customsdocument", "shop_customsreply"):
            cursor.execute(f"SELECT t::text FROM {table} AS t")  # noqa: S608 (names from the line above)
            rows = [text for (text,) in cursor.fetchall()]
            assert rows
            assert not any(WANG.number in text for text in rows)
