"""What an offer lacks of the facts on its maker; the filter of the admin asks the database the same question."""

from dataclasses import replace
from datetime import date
from itertools import product as every

import pytest

from shop.crossborder.admin.manufacturers import incomplete
from shop.crossborder.protections.gpsr import Contact, Missing, SafetyFacts, missing
from shop.crossborder.protections.makers import safety_facts
from shop.models import Manufacturer

ON = date(2026, 11, 23)
LEEDS = Contact("Bramley", ("1 Lane", "Leeds"), "GB", "safety@example.org")
LILLE = Contact("Vitrine SAS", ("12 rue", "59000 Lille"), "FR", "eu@example.org")


def test_a_maker_in_the_union_answers_for_itself():
    assert missing(SafetyFacts(LILLE, None, "MUG-1"), on=ON) == ()


def test_a_maker_outside_needs_somebody_inside():
    assert missing(SafetyFacts(LEEDS, None, "MUG-1"), on=ON) == (Missing.RESPONSIBLE,)
    assert missing(SafetyFacts(LEEDS, LILLE, "MUG-1"), on=ON) == ()
    assert missing(SafetyFacts(LEEDS, replace(LILLE, country="CH"), "MUG-1"), on=ON) == (Missing.RESPONSIBLE,)
    assert missing(SafetyFacts(LEEDS, replace(LILLE, email=""), "MUG-1"), on=ON) == (Missing.RESPONSIBLE,)


def test_each_gap_is_named():
    assert missing(SafetyFacts(None, None, ""), on=ON) == (Missing.MANUFACTURER, Missing.IDENTIFIER)
    bare = replace(LILLE, address=(), email="")
    assert missing(SafetyFacts(bare, None, "x"), on=ON) == (Missing.MANUFACTURER_ADDRESS, Missing.MANUFACTURER_EMAIL)


@pytest.mark.django_db
def test_the_database_finds_the_makers_that_the_rule_finds():
    cases = every(("GB", "FR"), ("1 Lane", ""), ("a@example.org", ""), ("", "FR", "CH"), (True, False))
    for number, (country, address, email, answering, whole) in enumerate(cases):
        Manufacturer.objects.create(
            code=f"m{number}", name="M", country=country, address=address, email=email,
            responsible_name="R" if answering else "", responsible_address="1 rue" if answering else "",
            responsible_country=answering, responsible_email="r@example.org" if answering and whole else "",
        )  # fmt: skip
    found = set(Manufacturer.objects.filter(incomplete()))
    wanted = {maker for maker in Manufacturer.objects.all() if missing(safety_facts(maker, identifier="x"), on=ON)}
    assert found == wanted
    assert 0 < len(wanted) < Manufacturer.objects.count()
