"""Rows of the rule book for tests of the admin, and the tables that its pages show."""

from datetime import date
from decimal import Decimal

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from shop.crossborder.rulebook.actions import publish
from shop.models import (
    DutyRule,
    FeeRule,
    Jurisdiction,
    PlaceRule,
    ProcedureRule,
    RestrictionRule,
    RuleSet,
    RuleSource,
    TaxRule,
    ThresholdRule,
)

DATED: list[type[Model]] = [DutyRule, FeeRule, PlaceRule, ProcedureRule, RestrictionRule, TaxRule, ThresholdRule]
RULES: list[type[Model]] = [*DATED, Jurisdiction, RuleSource, RuleSet]


def furnish_rules(number: int, *, published: bool = True) -> None:
    """One unconfirmed row of each kind, in force since a day of the past, and a version with it."""
    code = f"F{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
    source = RuleSource.objects.create(key=f"e{number}", title=f"Law {number}", url=f"https://example.org/{number}")
    place = Jurisdiction.objects.create(
        key=f"fr-{code.lower()}", name=f"Region {number}", customs_territory="EU", currency="EUR"
    ).key.upper()
    dated = {"key": f"row-{number}", "valid_from": date(2026, 1, 1), "sources": [source.key], "confidence": "secondary"}
    TaxRule.objects.create(**dated, jurisdiction=place, tax="VAT", name="TVA", rate=Decimal("0.2"))
    DutyRule.objects.create(
        **dated, jurisdiction=place, act="MFN", combine="base", kind="ad_valorem", rate=Decimal("0.12"), name="Mugs"
    )
    limit = ThresholdRule.objects.create(
        **dated,
        jurisdiction=place,
        name="Up to EUR 150",
        amount=Decimal(150),
        currency="EUR",
        basis="goods",
        scope="consignment",
        effects=["no_duty", "collect_at_sale"],
    )
    FeeRule.objects.create(
        **dated,
        jurisdiction=place,
        name="Fee",
        per="parcel",
        amount=Decimal("2.125"),
        currency="EUR",
        within=limit.key,
    )
    RestrictionRule.objects.create(**dated, hs="97", action="warn", code="cultural-goods")
    ProcedureRule.objects.create(**dated, jurisdiction=place, customs_value="cif", valuation=Decimal("0.6"))
    PlaceRule.objects.create(**dated, country="FR", postcode=r"97[1-4]\d\d", jurisdiction=place)
    if published:
        publish(by="test", note=f"With {number}")


def page(row, name: str = "change") -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk] if row.pk else [])


def form_of(row: TaxRule, **fields) -> dict[str, str]:
    told = {
        "name": row.name, "jurisdiction": row.jurisdiction, "route": row.route, "tax": row.tax, "rate": str(row.rate), "hs": row.hs,
        "category": row.category, "valid_from": row.valid_from or "", "valid_to": row.valid_to or "", "sources": "; ".join(row.sources),
        "confidence": row.confidence, "note": row.note,
    }  # fmt: skip
    return {**told, **fields}


def confirm(client: Client, row):
    """Open the question and answer it."""
    url = page(row).replace("/change/", "/confirm/")
    opened = client.get(url)
    assert opened.status_code == 200
    seen = opened.context["form"]["seen"].value()
    return client.post(url, {"_form_submitted": "True", "seen": seen})
