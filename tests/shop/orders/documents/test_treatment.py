"""How a consignment is taxed, under which number, and what the paper says: each rule with its source."""

from datetime import date

import pytest

from shop.orders.documents.rules import LANGUAGES, clause, labels, rows, tax_place
from shop.orders.documents.treatment import (
    Number,
    Route,
    Treatment,
    number_for,
    routes_of,
    sentences,
    tax_currency,
    treatment,
)

ON = date(2026, 11, 23)
LONDON = (Number("GB_VAT", "", "GB980780684"), Number("IOSS", "", "IM3720000224"), Number("AU_ARN", "", "300000000001"))
LILLE = (Number("EU_OSS", "FR", "FR40303265045"), Number("EU_VAT", "FR", "FR40303265045"), Number("IOSS", "", "IM25"))
TOKYO = (Number("JP_INVOICE", "", "T5835678256246"),)
SYDNEY = (Number("AU_ABN", "", "51824753556"),)


@pytest.mark.parametrize(
    ("route", "registered", "buyer", "found", "number", "currency"),
    [
        (Route("GB", "GB", False), LONDON, "", Treatment.DOMESTIC, "GB980780684", "GBP"),
        (Route("GB", "IM", False), LONDON, "", Treatment.DOMESTIC, "GB980780684", "GBP"),
        (Route("FR", "FR", False), LILLE, "", Treatment.DOMESTIC, "FR40303265045", "EUR"),
        (Route("FR", "MC", False), LILLE, "", Treatment.DOMESTIC, "FR40303265045", "EUR"),
        (Route("FR", "SE", False), LILLE, "", Treatment.OSS, "FR40303265045", "EUR"),
        (Route("FR", "SE", False), LILLE[1:], "", Treatment.ORIGIN, "FR40303265045", "EUR"),
        (Route("FR", "DE", False), LILLE, "DE136695976", Treatment.INTRA_COMMUNITY, "FR40303265045", ""),
        (Route("GB", "FR", True, "IOSS"), LONDON, "", Treatment.AT_SALE, None, "EUR"),
        (Route("GB", "FR", True), LONDON, "", Treatment.EXPORT, "GB980780684", ""),
        (Route("FR", "GB", True, "GB_VAT"), LONDON, "", Treatment.AT_SALE, "GB980780684", "GBP"),
        (Route("FR", "GB", True, "GB_VAT"), LONDON, "GB123456789", Treatment.REVERSE_CHARGE, "GB980780684", ""),
        (Route("GB", "FR", True, "IOSS"), LONDON, "FR40303265045", Treatment.AT_SALE, None, "EUR"),
        (Route("GB", "AU", True, "AU_ARN"), LONDON, "", Treatment.AT_SALE, "300000000001", "AUD"),
        (Route("CN", "CN", True), LONDON, "", Treatment.BONDED, None, ""),
        (Route("JP", "JP", False), TOKYO, "", Treatment.DOMESTIC, "T5835678256246", ""),
        (Route("AU", "AU", False), SYDNEY, "", Treatment.DOMESTIC, "51824753556", "AUD"),
        (Route("GB", "ZW", True), LONDON, "", Treatment.EXPORT, "GB980780684", ""),
    ],
)
def test_routes(route, registered, buyer, found, number, currency):
    assert treatment(route, registered=registered, on=ON, buyer_number=buyer) is found
    named = number_for(found, route, registered=registered, on=ON)
    assert (named.number if named else None) == number
    assert (
        tax_currency(found, route, number=named, seller_country="FR" if registered is LILLE else "GB", on=ON)
        == currency
    )


def said(found, route, *, terms="DDP", imports=False, language="en"):
    country = "Sweden" if language == "en" else "瑞典"
    return [
        one["text"]
        for one in sentences(found, route, terms=terms, imports=imports, language=language, country=country, on=ON)
    ]


def test_sentences_are_of_the_place_and_the_terms():
    assert said(Treatment.DOMESTIC, Route("GB", "GB", False)) == []
    assert "section 30(6)" in said(Treatment.EXPORT, Route("GB", "US", True))[0]
    assert "article 262, I" in said(Treatment.EXPORT, Route("FR", "US", True))[0]
    assert "146(1)" in said(Treatment.EXPORT, Route("DE", "US", True))[0]
    assert "no tax of the country of dispatch" in said(Treatment.EXPORT, Route("KR", "US", True))[0]
    assert "Sweden charged under the Union One-Stop Shop" in said(Treatment.OSS, Route("FR", "SE", False))[0]
    assert "369l" in said(Treatment.AT_SALE, Route("GB", "FR", True, "IOSS"))[0]
    assert "Schedule 9ZC" in said(Treatment.AT_SALE, Route("FR", "GB", True, "GB_VAT"))[0]
    prepaid, due = (said(Treatment.EXPORT, Route("GB", "SE", True), terms=t, imports=True)[1] for t in ("DDP", "DAP"))
    assert "paid to its customs for you" in prepaid
    assert "may ask for them on delivery" in due
    assert "瑞典" in said(Treatment.EXPORT, Route("GB", "SE", True), terms="DAP", imports=True, language="zh-hans")[1]
    assert "Reverse charge" in said(Treatment.INTRA_COMMUNITY, Route("FR", "DE", False))[0]
    assert "Autoliquidation" in said(Treatment.INTRA_COMMUNITY, Route("FR", "DE", False), language="fr")[0]


def test_a_rule_holds_from_its_first_day():
    oss = tax_place("FR", ON)
    assert clause("oss", oss, on=date(2021, 6, 30)) is None
    assert clause("oss", oss, on=date(2021, 7, 1))
    assert tax_place("BG", date(2025, 12, 31)).currency == "BGN"
    assert tax_place("BG", date(2026, 1, 1)).currency == "EUR"


def test_every_rule_has_a_source_and_every_word_four_languages():
    for name in ("clauses", "tax_places", "registrations"):
        assert all(row["source"] for row in rows(name))
    for row in (*rows("clauses"), *rows("labels")):
        assert all(row[language] for language in LANGUAGES)
    assert labels("de") == labels("en")


def step(rule="limit", line=None, what="within", number=0):
    return {"step": what, "consignment": number, "line": line, "rule": rule, "base": "1", "rate": None, "amount": "2"}


def quote(*steps, at_sale=True, cautions=()):
    part = {"from_country": "GB", "imported": True, "collected_at_sale": at_sale, "lines": [{}, {}]}
    rules = {"limit": {"effects": "collect_at_sale", "registration": "AU_ARN"}, "other": {"effects": "no_duty"}}
    return {"consignments": [part], "rules": rules, "steps": list(steps), "cautions": list(cautions)}


@pytest.mark.parametrize(
    ("frozen", "kinds"),
    [
        (quote(step()), ["AU_ARN", "AU_ARN"]),
        (quote(step(line=1)), ["", "AU_ARN"]),
        (quote(step(what="beyond")), ["", ""]),
        (quote(step("other")), ["", ""]),
        (quote(step(), at_sale=False), ["", ""]),
        (quote(step(), cautions=[{"code": "not_registered", "rule": "limit", "about": ""}]), ["", ""]),
        ({"rules": [], "consignments": None}, []),
        ({}, []),
    ],
)
def test_the_frozen_quote_tells_whose_tax_was_taken_at_the_sale(frozen, kinds):
    assert [route.at_sale for route in routes_of(frozen, destination="AU")] == kinds
