"""Royalties: terms without silent defaults, exact arithmetic, an append-only ledger."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from licensing.models import RoyaltyEntry
from licensing.royalties import actions, arithmetic, terms
from tests import factories as make

MONEY = st.decimals(min_value=0, max_value=10**6, places=2)
RATE = st.decimals(min_value=0, max_value=1, places=4)


def sale(version, **facts) -> actions.Sale:
    return actions.Sale(
        **{
            "source": "order:VT-2026-000001/1",
            "sku": "MUG-1",
            "quantity": 2,
            "territory": "GB",
            "channel": "web",
            "sold_on": date(2026, 11, 22),
            "currency": "GBP",
            "gross": Decimal("36.00"),
            "tax": Decimal("6.00"),
            "frozen": actions.freeze(version, channel="web"),
            **facts,
        }
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "must be an object"),
        ({"rates": {"*": "0.1"}}, "base: must be one of"),
        ({"base": "net_sales"}, "rates: at least one"),
        ({"base": "net_sales", "rates": {"*": 0.1}}, r"rates.\*: write the rate as text"),
        ({"base": "net_sales", "rates": {"web": "ten"}}, "rates.web: 'ten' is not a number"),
        ({"base": "net_sales", "rates": {"web": "1.5"}}, "not a fraction"),
        ({"base": "net_sales", "rates": {"web": "NaN"}}, "not a fraction"),
        ({"base": "net_sales", "rates": {"*": "0.1"}, "tiers": []}, "Unknown keys: tiers"),
    ],
)
def test_bad_terms_are_named(document, message):
    with pytest.raises(terms.TermsError, match=message):
        terms.parse(document)


def test_the_channel_has_its_own_rate():
    parsed = terms.parse({"base": "net_sales", "rates": {"*": "0.0800", "tmall": "0.1200"}})
    assert parsed.rate_for("tmall") == Decimal("0.12")
    assert parsed.rate_for("web") == Decimal("0.08")
    with pytest.raises(terms.TermsError, match="no rate for channel 'web'"):
        terms.parse({"base": "net_sales", "rates": {"tmall": "0.12"}}).rate_for("web")


@given(MONEY, MONEY, RATE)
def test_a_reversal_is_the_exact_negative_and_rounding_is_within_half_a_cent(gross, tax, rate):
    royalty = arithmetic.earned(gross=gross, tax=tax, rate=rate, currency="GBP")
    reverse = arithmetic.earned(gross=-gross, tax=-tax, rate=rate, currency="GBP")
    assert royalty.amount == -reverse.amount
    assert abs(royalty.amount - (gross - tax) * rate) <= Decimal("0.005")
    assert royalty.amount == royalty.amount.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("2.345", "GBP", "2.35"), ("-2.345", "GBP", "-2.35"), ("1234.5", "JPY", "1235"), ("1.2345", "KWD", "1.235")],
)
def test_rounding_is_half_up_to_the_minor_unit(amount, currency, rounded):
    assert str(arithmetic.round_money(Decimal(amount), currency)) == rounded


@pytest.mark.django_db
def test_accrual_is_posted_once_and_explains_itself():
    version = make.agreement()
    first = actions.accrue(sale(version))
    assert actions.accrue(sale(version)).id == first.id
    assert first.amount == Decimal("2.40")
    assert [step["step"] for step in first.trace] == ["terms", "base", "rate", "round"]
    assert first.partner == version.agreement.licensee


@pytest.mark.django_db
def test_an_entry_is_reversed_once():
    entry = actions.accrue(sale(make.agreement()))
    reversal = actions.reverse(entry, cause="refund", on=date(2026, 11, 23))
    assert actions.reverse(entry, cause="refund", on=date(2026, 11, 23)).id == reversal.id
    assert entry.amount + reversal.amount == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        RoyaltyEntry.objects.bulk_create(
            [
                RoyaltyEntry(
                    agreement=entry.agreement,
                    version=entry.version,
                    partner=entry.partner,
                    kind="reversal",
                    sku="X",
                    quantity=-1,
                    territory="GB",
                    channel="web",
                    sale_date=entry.sale_date,
                    currency="GBP",
                    base=-1,
                    rate=entry.rate,
                    amount=-1,
                    source="x",
                    cause_key="other",
                    reverses=entry,
                    trace=[],
                )
            ]
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_royaltyentry SET amount = 0",
        "DELETE FROM licensing_royaltyentry",
        "TRUNCATE licensing_royaltyentry CASCADE",
    ],
)
def test_the_ledger_is_append_only(statement):
    actions.accrue(sale(make.agreement()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert RoyaltyEntry.objects.get().amount == Decimal("2.40")


@pytest.mark.django_db
def test_units_taken_back_one_by_one_take_back_the_whole():
    sold = replace(sale(make.agreement()), quantity=3, gross=Decimal("29.99"))
    entry = actions.accrue(sold)
    parts = [
        actions.reverse_units(
            source=sold.source, quantity=1, cause_key=f"r-{number}", cause="refund", on=date(2026, 11, 23)
        )
        for number in range(entry.quantity)
    ]
    again = actions.reverse_units(
        source=sold.source, quantity=1, cause_key="r-0", cause="refund", on=date(2026, 11, 23)
    )
    assert again.id == parts[0].id
    assert sum(part.amount for part in parts) == -entry.amount
    assert sum(part.base for part in parts) == -entry.base
    with pytest.raises(ValueError, match="0 units are left"):
        actions.reverse_units(source=sold.source, quantity=1, cause_key="more", cause="refund", on=date(2026, 11, 23))
    with pytest.raises(ValueError, match="reversed before"):
        actions.reverse(entry, cause="refund", on=date(2026, 11, 23))
    assert actions.reverse_source(prefix=sold.source, cause="refund", on=date(2026, 11, 23)) == 0
