"""Files of the ECB: what is read, and what is refused with which words."""

from datetime import date
from decimal import Decimal

import pytest

from shop.crossborder.exchange import ecb
from shop.crossborder.exchange.ecb import UnreadableRates, parse
from tests.shop.crossborder.exchange.files import day, envelope, file

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


def test_a_file_of_one_day():
    (table,) = parse(file("2026-11-20", GBP="0.8812", JPY="165.05"))
    assert table.on == date(2026, 11, 20)
    assert table.per_eur == {"GBP": Decimal("0.8812"), "JPY": Decimal("165.05")}


def test_a_file_of_many_days_comes_oldest_first_with_currencies_that_are_gone():
    tables = parse(envelope(day("2026-11-20", {"USD": "1.1"}), day("1999-01-04", {"CYP": "0.58231", "USD": "1.1789"})))
    assert [table.on.year for table in tables] == [1999, 2026]
    assert tables[0].per_eur["CYP"] == Decimal("0.58231")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not XML"),
        (b"Date, USD\n2026-11-20, 1.1", "not XML"),
        (file("2026-11-20", USD="1.1")[:-10], "not XML"),
        (envelope(day("2026-11-20", {"USD": "1.1"}), before=BOMB), "document type"),
        (b"<html><body>503</body></html>", "gesmes:Envelope was expected, not html"),
        (b"<Envelope><Cube><Cube time='2026-11-20'/></Cube></Envelope>", "gesmes:Envelope"),
        (envelope(), "no dates"),
        (envelope(day("2026-11-20", {})), "2026-11-20 has no rates"),
        (file("20.11.2026", USD="1.1"), "“20.11.2026” is not a date"),
        (file("2026-02-30", USD="1.1"), "not a date"),
        (file("2026-11-20", USD="N/A"), "2026-11-20, USD: “N/A” is not a rate above zero"),
        (file("2026-11-20", USD="0"), "not a rate"),
        (file("2026-11-20", USD="-1.1"), "not a rate"),
        (file("2026-11-20", USD="NaN"), "not a rate"),
        (file("2026-11-20", USD="Infinity"), "not a rate"),
        (file("2026-11-20", USD="1e3"), "not a rate"),
        (file("2026-11-20", USD="1,1"), "not a rate"),
        (file("2026-11-20", USD="1.12345678901"), "not a rate"),
        (file("2026-11-20", USD="1.1").replace(b' rate="1.1"', b""), "not a rate"),
        (file("2026-11-20", usd="1.1"), "“usd” is not a currency"),
        (file("2026-11-20", QQQ="1.1"), "“QQQ” is not a currency"),
        (file("2026-11-20", EUR="1"), "“EUR” is not a currency"),
        (file("2026-11-20", USD="1.1").replace(b"<Cube currency", b'<Cube currency="USD" rate="1.2"/><Cube currency'),
         "USD stands twice"),
        (envelope(day("2026-11-20", {"USD": "1.1"}), day("2026-11-20", {"USD": "1.1"})), "2026-11-20 twice"),
    ],
)  # fmt: skip
def test_what_is_refused(content, words):
    with pytest.raises(UnreadableRates) as told:
        parse(content)
    assert words in str(told.value)


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("0.5")
    before = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]>'
    with pytest.raises(UnreadableRates, match="document type"):
        parse(envelope(day("2026-11-20", {"USD": "1.1"}), before=before))


def test_size_at_and_above_the_limit(monkeypatch):
    content = file("2026-11-20", USD="1.1")
    monkeypatch.setattr(ecb, "LARGEST", len(content))
    assert parse(content)
    with pytest.raises(UnreadableRates, match="larger than"):
        parse(content + b" ")
