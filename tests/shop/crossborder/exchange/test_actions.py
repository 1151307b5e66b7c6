"""Rates in the database: imported, held, decided, set by hand, read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.crossborder.exchange import actions, queries
from shop.crossborder.exchange.actions import Imported, RateRefused
from shop.models import ExchangeRate
from tests.shop.crossborder.exchange.files import day, envelope, file

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 19)


def keep(on: date = ON, **rates: str) -> Imported:
    return actions.import_ecb(content=file(on.isoformat(), **rates), actor="test")


def by_hand(per_eur: str = "1.25", on: date = ON, currency: str = "USD", reason: str = "Bank letter") -> ExchangeRate:
    return actions.set_rate(currency=currency, per_eur=Decimal(per_eur), on=on, reason=reason, actor="mina")


def usd(on: date = ON) -> Decimal:
    return queries.rates(kind="reference", on=on).rate("EUR", "USD")


def held(**more) -> list[ExchangeRate]:
    return list(ExchangeRate.objects.filter(state="held", **more).order_by("on"))


def test_importing_twice_changes_nothing():
    assert keep(USD="1.10", GBP="0.88") == Imported(new=2)
    before = list(ExchangeRate.objects.order_by("id").values())
    assert keep(USD="1.10", GBP="0.88") == Imported(same=2)
    assert list(ExchangeRate.objects.order_by("id").values()) == before


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.dictionaries(st.sampled_from(["USD", "GBP", "JPY"]), st.decimals("0.5", "2", places=4).map(str), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_importing_any_file_again_in_any_part_is_idempotent(tables):
    with transaction.atomic():
        days = [day(on.isoformat(), rates) for on, rates in tables.items()]
        count = sum(map(len, tables.values()))
        assert actions.import_ecb(content=envelope(*days), actor="a").new == count
        before = list(ExchangeRate.objects.order_by("id").values())
        for one in (envelope(*days), envelope(*days[::-1]), envelope(days[0])):
            again = actions.import_ecb(content=one, actor="b")
            assert (again.new, again.corrected, again.held) == (0, 0, 0)
        assert list(ExchangeRate.objects.order_by("id").values()) == before
        transaction.set_rollback(True)


def test_the_newest_day_on_or_before_counts_in_one_statement(django_assert_num_queries):
    keep(USD="1.10", GBP="0.88")
    keep(ON + timedelta(1), USD="1.12")
    with django_assert_num_queries(1):
        table = queries.rates(kind="reference", on=ON + timedelta(3))
    assert (table.on, table.per_eur) == (ON + timedelta(1), {"USD": Decimal("1.12"), "GBP": Decimal("0.88")})
    assert table.day_of("USD", "GBP") == ON
    assert usd(ON) == Decimal("1.10")
    assert queries.rates(kind="reference", on=ON - timedelta(1)).per_eur == {}
    assert queries.rates(kind="customs", on=ON).per_eur == {}


def test_a_currency_that_is_no_longer_published_has_no_rate():
    keep(USD="1.10")
    assert usd(ON + timedelta(45)) == Decimal("1.10")
    with pytest.raises(LookupError):
        usd(ON + timedelta(46))


def test_a_jump_is_held_and_the_rate_before_goes_on():
    keep(USD="1.00", GBP="0.88")
    assert keep(ON + timedelta(1), USD="1.1001", GBP="0.89") == Imported(new=2, held=1)
    assert usd(ON + timedelta(1)) == 1
    (row,) = held()
    assert "+10.0 %" in row.reason
    assert queries.rates(kind="reference", on=ON + timedelta(1)).rate("EUR", "GBP") == Decimal("0.89")


def test_exactly_ten_per_cent_is_accepted():
    keep(USD="1.00")
    assert keep(ON + timedelta(1), USD="1.1").held == 0


def test_a_level_that_stays_stays_held_until_confirmed_then_all_of_it_is_accepted():
    days = [day((ON + timedelta(n)).isoformat(), {"USD": rate}) for n, rate in enumerate(["1", "1.3", "1.31", "1.8"])]
    assert actions.import_ecb(content=envelope(*days), actor="test") == Imported(new=4, held=3)
    assert actions.confirm_rates(ids=[held()[0].id], by="mina") == 2
    assert usd(ON + timedelta(3)) == Decimal("1.31")
    assert [row.per_eur for row in held()] == [Decimal("1.8")]
    assert keep(ON + timedelta(4), USD="1.32").held == 0


def test_rejected_stays_rejected():
    keep(USD="1")
    keep(ON + timedelta(1), USD="2")
    row = held()[0]
    assert actions.reject_rates(ids=[row.id], by="mina") == 1
    assert keep(ON + timedelta(1), USD="2") == Imported(same=1)
    row.refresh_from_db()
    assert (row.state, row.confirmed_by, row.confirmed_on) == ("rejected", "mina", timezone.localdate())
    assert usd(ON + timedelta(1)) == 1


def test_decisions_are_refused_as_a_whole():
    keep(USD="1")
    keep(ON + timedelta(1), USD="2")
    every = list(ExchangeRate.objects.values_list("id", flat=True))
    with pytest.raises(RateRefused, match="Accepted already"):
        actions.confirm_rates(ids=every, by="mina")
    with pytest.raises(RateRefused, match="do not exist"):
        actions.confirm_rates(ids=[held()[0].id, 0], by="mina")
    with pytest.raises(RateRefused, match="name is needed"):
        actions.reject_rates(ids=every, by=" ")
    assert len(held()) == 1


def test_a_correction_of_the_publisher_is_kept_and_named():
    keep(USD="1.10")
    assert keep(USD="1.11") == Imported(corrected=1)
    assert usd() == Decimal("1.11")
    assert "before: 1.1." in ExchangeRate.objects.get().reason
    keep(ON + timedelta(1), USD="1.12")
    assert keep(ON + timedelta(1), USD="11.2") == Imported(corrected=1, held=1)
    assert usd(ON + timedelta(1)) == Decimal("1.11")


def test_a_rate_set_by_hand_counts_and_neither_is_lost():
    by_hand("1.25")
    assert keep(USD="1.10") == Imported(new=1)
    assert usd() == Decimal("1.25")
    assert ExchangeRate.objects.count() == 2
    keep(ON + timedelta(1), USD="1.24")
    assert usd(ON + timedelta(1)) == Decimal("1.24")  # a newer day counts before


def test_the_next_import_is_compared_with_what_was_set_by_hand():
    keep(USD="1.00")
    by_hand("1.25", on=ON + timedelta(1))
    assert keep(ON + timedelta(2), USD="1.26").held == 0
    tables = envelope(*(day((ON + timedelta(n)).isoformat(), {"GBP": "1", "USD": "1.27"}) for n in (3, 5)))
    by_hand("2", on=ON + timedelta(4))
    assert actions.import_ecb(content=tables, actor="test").held == 1
    assert held()[0].on == ON + timedelta(5)


def test_setting_again_keeps_the_former_in_the_reason():
    by_hand("1.25")
    row = by_hand("1.26", reason="Typing error")
    assert ExchangeRate.objects.count() == 1
    assert row.reason == "Typing error (Instead of 1.25 by mina.)"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"currency": "EUR"}, "EUR"), ({"currency": "usd"}, "“usd”"), ({"currency": "QQQ"}, "“QQQ”"),
        ({"per_eur": Decimal(0)}, "above zero"), ({"per_eur": Decimal(-1)}, "above zero"),
        ({"per_eur": Decimal("NaN")}, "above zero"), ({"per_eur": Decimal("1e10")}, "ten digits"),
        ({"per_eur": Decimal("1.00000000001")}, "ten digits"), ({"reason": " "}, "reason"), ({"actor": ""}, "author"),
        ({"kind": "x"}, "no kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_set(fields, words):
    told = {"currency": "USD", "per_eur": Decimal("1.1"), "on": ON, "reason": "r", "actor": "a"} | fields
    with pytest.raises(RateRefused, match=words):
        actions.set_rate(**told)


def test_a_table_of_the_day_after_tomorrow_is_refused_whole():
    today = timezone.localdate()
    assert keep(today + timedelta(1), USD="1.1").new == 1
    days = [day((today + timedelta(n)).isoformat(), {"USD": "1.1"}) for n in (0, 2)]
    with pytest.raises(RateRefused, match="no rates of"):
        actions.import_ecb(content=envelope(*days), actor="a")
    assert ExchangeRate.objects.count() == 1


def test_an_import_takes_a_fixed_number_of_statements(django_assert_num_queries):
    def content(days: int) -> bytes:
        return envelope(*(day((ON - timedelta(n)).isoformat(), {"USD": "1.1", "GBP": "0.9"}) for n in range(days)))

    for days in (1, 40):
        with django_assert_num_queries(4 + 2):  # lock, two reads, one write; a savepoint around all
            actions.import_ecb(content=content(days), actor="a")


def test_age_on_both_sides_of_four_days(django_assert_num_queries):
    assert queries.staleness(ON) == queries.Staleness(None, None, True)
    keep(USD="1.1")
    with django_assert_num_queries(1):
        assert queries.staleness(ON + timedelta(4)) == queries.Staleness(ON, 4, False)
    assert queries.staleness(ON + timedelta(5)) == queries.Staleness(ON, 5, True)
    keep(ON + timedelta(5), USD="9")  # held: it makes nothing younger
    assert queries.staleness(ON + timedelta(5)).on == ON


@pytest.mark.parametrize(
    "fields",
    [{"per_eur": 0}, {"currency": "EUR"}, {"currency": "us"}, {"state": "rejected"}, {"origin": "manual"},
     {"confirmed_by": "mina"}],
)  # fmt: skip
def test_the_table_itself_refuses(fields):
    row = {"currency": "USD", "per_eur": 1, "on": ON, "source": "s", "origin": "imported"} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(**row)
