"""Two senders at once: no version of a document leaves twice; without the claim's lock each one does."""

from collections import Counter
from threading import Barrier, Lock

import pytest
from django.utils import timezone

from shop.crossborder.china import actions
from shop.crossborder.china.actions import sending
from shop.crossborder.models import CustomsDocument
from tests.concurrency.together import PATIENCE, all_at_once
from tests.shop.crossborder.china.facts import TRANSFER, request
from tests.shop.crossborder.china.world import resolve

pytestmark = pytest.mark.django_db(transaction=True)
FILINGS = 12


class Recorder:
    """A gateway that takes everything and remembers it."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self._lock = Lock()

    def submit_order(self, message: bytes) -> None:
        with self._lock:
            self.taken.append(message[message.index(b"guid=") :][:43])

    submit_payment = submit_logistics = submit_order

    def poll(self, _limit):
        return []

    def acknowledge(self, _ids):
        pass


def send_all(gateway: Recorder, senders: int) -> list[str]:
    def attempt(_number: int) -> str:
        return str(actions.send_due(limit=100, gateway=gateway, resolve=resolve, transfer=TRANSFER))

    return all_at_once(attempt, senders)


def test_no_version_is_sent_twice():
    for number in range(FILINGS):
        actions.file(request(f"VT-{number}"))
    gateway = Recorder()
    counts = send_all(gateway, 6)
    assert sum(map(int, counts)) == 3 * FILINGS
    assert len(gateway.taken) == 3 * FILINGS
    assert set(Counter(gateway.taken).values()) == {1}
    assert set(CustomsDocument.objects.values_list("attempts", "sent_version")) == {(1, 1)}


def test_without_the_lock_each_is_sent_twice(monkeypatch):
    actions.file(request(waybill=False))
    barrier = Barrier(2)

    def careless():
        document = (
            CustomsDocument.objects.filter(state__in=["waiting", "sent"], due_at__lte=timezone.now())
            .order_by("id")
            .first()
        )
        barrier.wait(timeout=PATIENCE)
        return sending.take(document, timezone.now()) if document else None

    monkeypatch.setattr(sending, "claim_one", careless)
    gateway = Recorder()
    send_all(gateway, 2)
    assert set(Counter(gateway.taken).values()) == {2}


def test_the_same_sale_filed_by_many_at_once_is_one_filing():
    outcomes = all_at_once(lambda _number: str(actions.file(request()).pk), 6)
    assert len(set(outcomes)) == 1
    assert CustomsDocument.objects.count() == 3
    assert set(CustomsDocument.objects.values_list("desired_version", flat=True)) == {1}
