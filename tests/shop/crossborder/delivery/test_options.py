"""The methods of a market for an address and its goods: prices, dates, every refusal, in two statements."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shop.crossborder.delivery.goods import Goods, Origin
from shop.crossborder.delivery.queries import options
from shop.models import FuelSurcharge, ShippingOption, Tariff, Zone
from tests import factories as make

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LONDON = Origin(1, "GB")
BOX = Goods("BOX", 1, 900, (300, 200, 100))


def judge(market, *lines, country="GB", goods="20", language="en", now=NOW, **facts):
    found = options(
        market=market,
        country=country,
        lines=lines or [BOX],
        warehouses_by_line=facts.pop("leaving", {one.sku: LONDON for one in lines or [BOX]}),
        goods_amount=Decimal(goods),
        now=now,
        language=language,
        **facts,
    )
    return {one.code: one for one in found}


def codes(option) -> list[str]:
    assert option.refused
    return [one.code for one in option.reasons]


def test_price_weight_parcels_and_dates(gb):
    found = judge(gb)
    standard, express = found["standard"], found["express"]
    assert list(found) == ["standard", "express"]
    assert (standard.amount, standard.free_above, standard.parcels, standard.chargeable_g) == (
        Decimal("4.95"), Decimal(60), 1, 900,
    )  # fmt: skip
    # 6000 cm³ at 5000 cm³ a kilogram.
    assert (express.amount, express.free_above, express.chargeable_g) == (Decimal("12.00"), None, 1200)
    assert (standard.earliest, standard.latest) == (date(2026, 12, 3), date(2026, 12, 7))
    assert (express.earliest, express.latest, express.certain) == (date(2026, 12, 2), date(2026, 12, 3), True)


def test_free_above_is_asked_of_the_goods(gb):
    assert judge(gb, goods="59.99")["standard"].amount == Decimal("4.95")
    assert judge(gb, goods="60")["standard"].amount == 0
    assert judge(gb, Goods("BOX", 1, 1001), goods="60")["standard"].amount == Decimal("6.95")


def test_what_one_parcel_cannot_hold_goes_in_several_and_each_is_paid(gb):
    found = judge(gb, Goods("BOX", 7, 900))["standard"]
    assert (found.parcels, found.chargeable_g, found.amount) == (2, 6300, Decimal("13.90"))


def test_goods_of_two_warehouses_are_two_parcels_and_come_with_the_slower(gb):
    other = Goods("OTHER", 1, 100)
    found = judge(
        gb, BOX, other, leaving={"BOX": LONDON, "OTHER": Origin(2, "FR")}, now=NOW.replace(hour=11, minute=30)
    )
    # It is half past twelve in France, where the parcel leaves a day later.
    assert (found["standard"].parcels, found["standard"].amount) == (2, Decimal("9.90"))
    assert found["standard"].earliest == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("line", "standard", "express"),
    [
        (Goods("A", 1, 5000), None, None),
        (Goods("A", 1, 5001), ["too_heavy"], ["too_heavy"]),
        (Goods("A", 1, 100, (600, 10, 10)), None, None),
        (Goods("A", 1, 100, (601, 10, 10)), None, ["too_large"]),
        (Goods("A", 1, 100, flags=frozenset({"battery"})), None, ["not_carried_battery"]),
        (
            Goods("A", 1, 5001, (601, 10, 10), frozenset({"battery", "liquid", "food"})),
            ["too_heavy"],
            ["not_carried_battery", "not_carried_liquid", "too_heavy", "too_large"],
        ),
        # 4 kg by weight, 6 kg by volume: in one parcel, and beyond the last band.
        (Goods("A", 1, 4000, (600, 500, 100)), None, ["no_tariff"]),
    ],
)
def test_goods_are_refused_with_every_reason(gb, line, standard, express):
    found = judge(gb, line)
    for code, expected in (("standard", standard), ("express", express)):
        assert (codes(found[code]) if found[code].refused else None) == expected


def test_where_a_method_does_not_go(gb):
    islands = judge(gb, postcode="ZE1 0AA")
    assert (islands["standard"].amount, islands["standard"].days_to) == (Decimal("9.95"), 6)
    assert codes(islands["express"]) == ["postcode_excluded"]
    nobody = judge(gb, postcode="IM1 1AA")
    assert [codes(one) for one in nobody.values()] == [["postcode_excluded"]] * 2
    abroad = judge(gb, country="FR")
    assert [codes(one) for one in abroad.values()] == [["destination_not_served"]] * 2


def test_a_country_of_the_market_that_no_zone_names_is_not_served(gb):
    gb.countries = ["GB", "IE"]
    gb.save()
    assert codes(judge(gb, country="IE")["standard"]) == ["destination_not_served"]


def test_a_rule_of_the_destination_keeps_goods_out(gb):
    blade = Goods("KNIFE", 1, 100, flags=frozenset({"blade"}))
    blocked = {"blade": ["GB"], "battery": ["GB"]}
    refused = judge(gb, BOX, blade, blocked=blocked)["standard"]
    assert codes(refused) == ["blocked_there_blade"]
    assert refused.reasons[0].skus == ("KNIFE",)
    assert not judge(gb, blade, blocked={"blade": ["FR"]})["standard"].refused
    assert not judge(gb, BOX, blocked=blocked)["standard"].refused


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Not carried by this method: Batteries."),
        ("fr", "Non transporté par ce mode de livraison : piles et batteries."),
        ("zh-hans", "此配送方式不承运：电池。"),
        ("ja", "この配送方法では取り扱えません：電池。"),
    ],
)
def test_reasons_are_worded_in_the_language(gb, language, words):
    found = judge(gb, Goods("A", 1, 1, flags=frozenset({"battery"})), language=language)["express"]
    assert found.texts == (words,)
    assert found.name == ("Exprès" if language == "fr" else "Express")
    assert found.as_json()["reasons"] == [{"code": "not_carried_battery", "text": words, "skus": ["A"]}]


def test_rows_hold_on_their_days_alone(gb):
    tariff = Tariff.objects.get(method__code="express")
    tariff.valid = DateRange(date(2026, 1, 1), NOW.date())
    tariff.save()
    assert codes(judge(gb)["express"]) == ["no_tariff"]
    assert not judge(gb, now=NOW - timedelta(days=1))["express"].refused
    Zone.objects.filter(name="Home").update(valid=DateRange(date(2027, 1, 1), None))
    assert codes(judge(gb)["standard"]) == ["destination_not_served"]


def test_the_days_surcharge_is_added(gb):
    method = ShippingOption.objects.get(code="express")
    FuelSurcharge.objects.create(
        method=method, rate=Decimal("0.125"), valid=DateRange(date(2026, 11, 1), date(2026, 12, 2)), source="test"
    )
    assert judge(gb)["express"].amount == Decimal("13.50")
    assert judge(gb, now=NOW + timedelta(days=1))["express"].amount == Decimal("12.00")


def test_a_row_for_the_warehouses_country_goes_first(gb):
    tariff = Tariff.objects.get(method__code="express")
    Tariff.objects.create(
        method=tariff.method, zone=tariff.zone, origin="GB", up_to_grams=5000, amount=8, valid=make.ALWAYS
    )
    assert judge(gb)["express"].amount == 8
    assert judge(gb, leaving={})["express"].amount == 12


def test_an_inactive_method_is_not_there_and_a_flat_one_goes_everywhere(gb):
    ShippingOption.objects.filter(code="express").update(active=False)
    ShippingOption.objects.create(
        market=gb, code="flat", names={"en": "Flat"}, amount=3, free_above=50, days_from=1, days_to=1, position=2
    )
    found = judge(gb, Goods("BOX", 50, 5000), postcode="IM1 1AA", goods="49")
    assert (list(found), found["flat"].amount, found["flat"].parcels) == (["standard", "flat"], 3, 1)
    assert judge(gb, goods="50")["flat"].amount == 0


def test_two_statements_whatever_the_rows(gb, django_assert_num_queries):
    with django_assert_num_queries(2):
        judge(gb)
    zone, method = Zone.objects.get(name="Home"), ShippingOption.objects.get(code="express")
    for number in range(30):
        Zone.objects.create(market=gb, name=f"Z{number}", countries=["GB"], postcodes=["AB"], valid=make.ALWAYS)
        Tariff.objects.create(
            method=method, zone=zone, up_to_grams=6000 + number, amount=20 + number, valid=make.ALWAYS
        )
        ShippingOption.objects.create(market=gb, code=f"m{number}", names={}, amount=1, days_from=1, days_to=1)
    with django_assert_num_queries(2):
        assert len(judge(gb, *(Goods(f"S{number}", 9, 100) for number in range(30)))) == 32


def test_nothing_to_deliver_is_an_error(gb):
    with pytest.raises(ValueError, match="nothing to deliver"):
        options(
            market=gb, country="GB", lines=[], warehouses_by_line={}, goods_amount=Decimal(0), now=NOW, language="en"
        )
