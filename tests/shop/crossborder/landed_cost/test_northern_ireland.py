"""Northern Ireland: free of duty from Great Britain and the EU; from elsewhere the EU's tariff holds (UK-5)."""

from decimal import Decimal

import pytest

from shop.crossborder.landed_cost.answer import Kind
from shop.crossborder.landed_cost.request import Incoterm
from tests.shop.crossborder.landed_cost.purchases import DAY, cost, line

BELFAST = {"postcode": "BT1 1AA"}


def rules(found) -> set[str]:
    return {step.rule for step in found.steps if step.rule}


@pytest.mark.parametrize(("sender", "registered"), [("GB", []), ("GB", ["GB_VAT"]), ("FR", ["EU_OSS"])])
def test_goods_from_great_britain_and_the_union_cross_no_customs_border(sender, registered):
    found = cost("GB", "GBP", line("621410", "200"), sender=sender, registered=registered, **BELFAST)
    assert found.jurisdiction == "XI"
    assert not found.consignments[0].imported
    assert (found.kind, found.duty, found.tax) == (Kind.FINAL, 0, Decimal("40.00"))


def test_a_small_parcel_from_elsewhere_bears_the_unions_duty_per_item():
    found = cost("GB", "GBP", line("621410", "100"), line("691310", "20"), sender="US", registered=["IOSS"], **BELFAST)
    assert (found.kind, found.incoterm) == (Kind.FINAL, Incoterm.DDP)
    assert found.consignments[0].collected_at_sale
    assert found.duty == Decimal("5.28")  # twice EUR 3 at 0.88
    assert found.tax == Decimal("25.06")
    assert rules(found) >= {"xi-135-ioss", "eu-150", "eu-per-item-2026", "xi-vat-standard"}


def test_a_larger_parcel_from_elsewhere_bears_the_unions_tariff():
    found = cost("GB", "GBP", line("321310", "200"), sender="US", **BELFAST)  # 6.5 % there, free in Great Britain
    assert (found.duty, found.tax) == (Decimal("13.00"), Decimal("42.60"))
    assert "eu-mfn-321310" in rules(found)
    assert cost("GB", "GBP", line("321310", "200"), sender="US").duty == 0


def test_the_unions_relief_ended_there_too():
    before = DAY.replace(month=6, day=30)
    assert cost("GB", "GBP", line("621410", "100"), sender="US", on=before, **BELFAST).duty == 0
    assert cost("GB", "GBP", line("621410", "100"), sender="US", on=before.replace(month=7, day=1), **BELFAST).duty > 0


def test_goods_that_the_unions_tariff_does_not_have_are_an_estimate():
    found = cost("GB", "GBP", line("851712", "500"), sender="US", **BELFAST)
    assert found.kind is Kind.ESTIMATE
    assert [str(one.code) for one in found.reasons] == ["duty_rule_missing"]


def test_the_unions_limits_on_tax_and_the_fees_of_its_members_do_not_reach_there():
    found = cost("GB", "GBP", line("621410", "100"), sender="US", registered=["IOSS"], **BELFAST)
    assert found.fees == 0
    assert {one.rule for one in found.cautions} == {"eu-handling-fee"}  # announced, not charged


def test_special_goods_need_the_papers_of_the_union_there():
    found = cost("GB", "GBP", line("950300", "20", flags=frozenset({"toy"})), sender="US", **BELFAST)
    assert "toy-safety-eu" in {one.rule for one in found.cautions}
