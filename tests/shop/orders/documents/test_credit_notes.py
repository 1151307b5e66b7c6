"""A credit note gives back what a refund gave back, no more than was invoiced, and names the invoice."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.models import Invoice, Order
from shop.orders.documents.amounts import DoesNotAddUp, Group, Sold, Sums, What, charges
from shop.orders.documents.content import Frozen
from shop.orders.documents.crediting import Credit, CreditedLine, TooMuch, credited
from shop.orders.documents.invoicing import credit_note_for, invoice_for
from shop.payments.refund_amounts import Done, part_of
from tests import factories as make
from tests.shop.orders.documents.invoiced import mug, paid, said, seller
from tests.shop.payments.test_refund_amounts import charged

ZERO = Decimal(0)


def credit(order: Order, *, units: int = 1, amount: str = "18.00", tax: str = "3.00", **more) -> Credit:
    lines = (CreditedLine(order.lines.get(position=1).pk, units, Decimal(amount), Decimal(tax)),) if units else ()
    facts = {"refund_id": uuid4(), "order_id": order.pk, "tax_included": order.tax_included, "lines": lines} | more
    return Credit(**facts)


@pytest.fixture
def order(db) -> Order:
    """Three mugs, £18 each, delivery £4.95."""
    make.agreement()
    seller()
    return paid((mug(), 3))


def test_a_refund_has_one_credit_note_that_names_its_invoice(order):
    invoice = invoice_for(order)
    facts = credit(order, shipping=Decimal("4.95"), reason="withdrawal")
    note = credit_note_for(facts)
    assert credit_note_for(facts) == note
    year = note.issued_at.year
    assert (note.number, note.corrects, note.refund_id) == (f"VML-C-{year}-000001", invoice, facts.refund_id)
    assert (note.total, note.net, note.tax) == (Decimal("-22.95"), Decimal("-19.12"), Decimal("-3.83"))
    text = said(note)
    for part in ("Credit note", invoice.number, order.number, "−18.00", "−£22.95", "Total credited",
                 "withdrawal from the contract", "credited to you"):  # fmt: skip
        assert part in text
    assert invoice_for(order).number.endswith("-000001")


def test_the_invoice_is_issued_first_where_it_is_missing(order):
    note = credit_note_for(credit(order))
    assert note.corrects == Invoice.objects.get(kind="invoice")


def test_what_was_never_sold_is_not_credited(order):
    Order.objects.filter(pk=order.pk).update(channel="tmall")
    assert credit_note_for(credit(order)) is None
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"units": 4, "amount": "18.00"},
        {"units": 3, "amount": "54.01"},
        {"shipping": Decimal("4.96")},
        {"duty": Decimal("0.01")},
    ],
)
def test_more_than_was_invoiced_is_refused(order, facts):
    with pytest.raises(TooMuch):
        credit_note_for(credit(order, **facts))


def test_credit_notes_together_never_pass_the_invoice(order):
    credit_note_for(credit(order, units=3, amount="54.00", tax="9.00"))
    with pytest.raises(TooMuch, match=r"£4\.95 is left"):
        credit_note_for(credit(order))
    assert credit_note_for(credit(order, units=0, shipping=Decimal("4.95"))).total == Decimal("-4.95")
    assert sum(one.total for one in Invoice.objects.all()) == 0
    assert sum(one.tax for one in Invoice.objects.all()) == 0


@pytest.mark.parametrize("facts", [{"amount": "-1"}, {"amount": "18.001"}, {"units": 0}])
def test_what_is_no_amount_is_refused(order, facts):
    with pytest.raises(ValueError, match=r"credited|amount"):
        credit_note_for(credit(order, **facts))


@settings(max_examples=150, deadline=None)
@given(charged(), st.data())
def test_every_refund_is_credited_to_the_minor_unit(sold, data):
    """Whatever payments pay back, in any parts, the notes are over the same amounts; all parts undo the invoice."""
    included = bool(sold.tax_in_prices)
    rate = Decimal("0.2")
    if included:
        # Goods cannot contain more tax than their price.
        sold = replace(sold, lines=tuple(replace(line, tax=min(line.tax, line.amount)) for line in sold.lines))
        contained = sum((line.tax for line in sold.lines), ZERO)
        sold = replace(sold, tax=contained, tax_in_prices=contained)
    group = Group("domestic", "VAT", rate)
    sums = Sums(sold.currency, included, sold.goods, sold.shipping, sold.duty, sold.fees, sold.tax,
                sold.tax_in_prices, sold.total)  # fmt: skip
    lines = [Sold(line.id, line.quantity, line.amount, line.tax, group, charged=True) for line in sold.lines]
    try:
        invoice = [Frozen(str(one.what), one.position or None, one) for one in charges(sums, lines)]
    except DoesNotAddUp:
        return
    units = {line.id: data.draw(st.integers(0, line.quantity)) for line in sold.lines}
    first = {key: count for key, count in units.items() if count}
    shipping = data.draw(st.sampled_from([ZERO, sold.shipping]))
    rest = {line.id: line.quantity - units[line.id] for line in sold.lines if line.quantity > units[line.id]}
    found = []
    for done, asked, delivery in (
        (Done({}), first, shipping),
        (Done(units, shipping), rest, sold.shipping - shipping),
    ):
        part = part_of(sold, done=done, units=asked, shipping=delivery) if asked or delivery else None
        if part is None or not part.total:
            continue
        facts = Credit(
            refund_id=uuid4(),
            order_id=uuid4(),
            tax_included=included,
            lines=tuple(CreditedLine(one.line_id, one.quantity, one.amount, one.tax) for one in part.lines),
            shipping=part.shipping,
            duty=part.duty,
            fees=part.fees,
            tax_on_top=part.tax_on_top,
        )
        assert facts.total == part.total
        notes = credited(facts, invoice, sold.currency)
        assert sum((one.charge.gross for one in notes), ZERO) == -part.total
        assert all(one.charge.net <= 0 and one.charge.tax <= 0 for one in notes)
        found += notes
    assert sum((one.charge.gross for one in found), ZERO) == -sold.total
    assert sum((one.charge.tax for one in found), ZERO) == -sold.tax
    goods = [one for one in found if one.charge.what is What.GOODS]
    assert sum((one.charge.quantity for one in goods), 0) >= sum(line.quantity for line in sold.lines if line.amount)
