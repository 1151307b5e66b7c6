"""Numbers of invoices have no gap and no double under sixteen writers that fail in between; naive ways have both."""

from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shop.models import DocumentCounter, Invoice, Order
from shop.orders.documents import checks, numbering
from shop.orders.documents.invoicing import invoice_for
from shop.orders.documents.models import DocumentKind
from tests import factories as make
from tests.concurrency.together import PATIENCE, all_at_once
from tests.shop.orders.documents.invoiced import mug, paid, seller

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 16
EACH = 2


class PulledPlug(Exception):
    """What ends a transaction after its number was taken."""


def some(count: int) -> list[Order]:
    """Paid orders of one seller."""
    make.agreement()
    seller()
    thing = mug()
    return [paid((thing, 1)) for _number in range(count)]


def pull_the_plug(*, when: bool = True) -> None:
    if when:
        raise PulledPlug


def write_and_fail(order: Order) -> None:
    with transaction.atomic():
        invoice_for(order)
        pull_the_plug()


def sequences() -> list[int]:
    return list(Invoice.objects.order_by("sequence").values_list("sequence", flat=True))


def test_sixteen_writers_that_fail_in_between_leave_no_gap():
    orders = some(WRITERS * EACH)
    start = Barrier(WRITERS)

    def write(writer: int) -> int:
        start.wait(timeout=PATIENCE)
        failed = 0
        for place, order in enumerate(orders[writer::WRITERS]):
            # Every other document is written, thrown away, and written again.
            if (writer + place) % 2:
                with pytest.raises(PulledPlug):
                    write_and_fail(order)
                failed += 1
            invoice_for(order)
        return failed

    assert sum(all_at_once(write, WRITERS)) == WRITERS * EACH / 2
    assert sequences() == list(range(1, WRITERS * EACH + 1))
    assert DocumentCounter.objects.get().last == WRITERS * EACH
    assert checks.series_faults() == checks.number_faults() == checks.sum_faults() == []


def test_sixteen_who_ask_for_the_same_invoice_get_one():
    orders = some(1)
    start = Barrier(WRITERS)

    def ask(_writer: int) -> str:
        start.wait(timeout=PATIENCE)
        return invoice_for(orders[0]).number

    assert len(set(all_at_once(ask, WRITERS))) == 1
    assert sequences() == [1]


def test_the_highest_number_plus_one_is_taken_twice():
    """Negative control: the unique key stops the double, and whoever was second has no invoice."""
    orders = some(2)
    read = Barrier(2)

    def naive(writer: int) -> str:
        highest = Invoice.objects.count()
        read.wait(timeout=PATIENCE)
        order = orders[writer]
        try:
            with transaction.atomic():
                Invoice.objects.create(
                    seller=order.market.seller,
                    kind=DocumentKind.INVOICE,
                    year=2026,
                    sequence=highest + 1,
                    number=f"NAIVE-{writer}",
                    order=order,
                    issued_at=timezone.now(),
                    language="en",
                    currency="GBP",
                    net=1,
                    tax=0,
                    total=1,
                    content={},
                )
        except IntegrityError as error:
            return type(error.__cause__).__name__
        return "written"

    assert sorted(all_at_once(naive, 2)) == ["UniqueViolation", "written"]


def test_a_sequence_leaves_a_gap_where_a_transaction_fails():
    """Negative control: with the same failure a sequence has lost a number, the counter has not."""
    orders = some(1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE naive_invoice_number")
    try:
        taken = []
        for fails in (False, True, False):
            try:
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT nextval('naive_invoice_number')")
                        by_sequence = cursor.fetchone()[0]
                    counted = numbering.take(
                        seller=orders[0].market.seller, kind=DocumentKind.INVOICE, now=timezone.now()
                    )
                    pull_the_plug(when=fails)
            except PulledPlug:
                continue
            taken.append((by_sequence, counted.sequence))
        assert taken == [(1, 1), (3, 2)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE naive_invoice_number")


def test_a_number_outside_a_transaction_is_refused():
    orders = some(1)
    with pytest.raises(RuntimeError, match="transaction"):
        numbering.take(seller=orders[0].market.seller, kind=DocumentKind.INVOICE, now=timezone.now())
