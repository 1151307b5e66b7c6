"""Partners read their own and nobody else's, behind two walls that hold apart."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from licensing.models import Agreement, ApiKey, RoyaltyEntry
from licensing.partner_api import keys, tenancy
from licensing.royalties import actions
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_partners(client):
    """Two licensees with an agreement and a royalty entry each; the client asks as the first."""
    own, other = make.agreement("LIC-1", licensee="atelier"), make.agreement("LIC-2", licensee="rival")
    for number, version in enumerate((own, other), start=1):
        actions.accrue(
            actions.Sale(
                source=f"order:VT-2026-00000{number}/1",
                sku="MUG-1",
                quantity=2,
                territory="GB",
                channel="web",
                sold_on=date(2026, 11, 22),
                currency="GBP",
                gross=Decimal("36.00"),
                tax=Decimal("6.00"),
                frozen=actions.freeze(version, channel="web"),
            )
        )
    _key, secret = keys.issue(partner=own.partner, name="test")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return own, other


def get(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def test_own_agreements_and_entries_only(two_partners, client):
    agreements = get(client, "partner_agreements")
    assert [row["number"] for row in agreements.json()["results"]] == ["LIC-1"]
    entries = get(client, "partner_royalty_entries").json()["results"]
    assert [(row["agreement"], row["amount"], row["rate"], row["base"]) for row in entries] == [
        ("LIC-1", "2.4000", "0.080000", "30.0000")
    ]
    assert [step["step"] for step in entries[0]["trace"]] == ["terms", "base", "rate", "round"]
    assert get(client, "partner_royalty_summary").json()["results"] == [
        {"currency": "GBP", "channel": "web", "entries": 1, "units": 2, "base": "30.0000", "amount": "2.4000"}
    ]
    assert get(client, "partner_me").json()["code"] == "atelier"


def test_versions_show_terms_and_grants(two_partners, client):
    version = get(client, "partner_agreement_versions", "LIC-1").json()["results"][0]
    assert version["terms"]["rates"] == {"*": "0.0800", "tmall": "0.1200"}
    assert version["grants"][0]["territories"] == ["*"]
    assert version["effective"] == {"from": "2020-01-01", "to": None}


@pytest.mark.parametrize("name", ["partner_agreement", "partner_agreement_versions"])
def test_anothers_number_answers_as_an_unknown_one(two_partners, client, name):
    foreign, unknown = get(client, name, "LIC-2"), get(client, name, "LIC-9")
    assert foreign.status_code == unknown.status_code == 404
    without_id = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in (foreign, unknown)]
    assert without_id[0] == without_id[1]


@pytest.mark.parametrize(
    "query", [{"agreement": "LIC-2"}, {"from": "2027-01-01"}, {"to": "2020-01-01"}, {"channel": "tmall"}]
)
def test_filters_never_reach_beyond(two_partners, client, query):
    assert get(client, "partner_royalty_entries", **query).json()["results"] == []


def test_a_bad_filter_is_named(two_partners, client):
    answer = get(client, "partner_royalty_entries", **{"from": "yesterday"})
    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/from"


ROUTES = [
    ("partner_me", ()),
    ("partner_agreements", ()),
    ("partner_agreement", ("LIC-1",)),
    ("partner_agreement_versions", ("LIC-1",)),
    ("partner_royalty_entries", ()),
    ("partner_royalty_summary", ()),
]


@pytest.mark.parametrize(("name", "args"), ROUTES)
@pytest.mark.parametrize(
    "header", [None, "Bearer nonsense", "Bearer vk_live_000000000000_" + "x" * 43, "Basic eDp5", "Bearer " + "x" * 9000]
)
def test_without_a_good_key_nothing_is_told(two_partners, client, name, args, header):
    client.defaults.pop("HTTP_AUTHORIZATION")
    answer = client.get(reverse(name, args=args), headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="partner"'
    assert answer.json()["code"] in {"not-authenticated", "authentication-failed"}


@pytest.mark.parametrize(("name", "args"), ROUTES)
@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(two_partners, client, name, args, verb):
    assert getattr(client, verb)(reverse(name, args=args)).status_code == 405


def test_a_revoked_key_is_refused(two_partners, client):
    keys.revoke(ApiKey.objects.get())
    assert get(client, "partner_me").status_code == 401


def test_the_key_itself_is_not_kept(two_partners):
    key, secret = keys.issue(partner=two_partners[0].partner, name="second")
    key.refresh_from_db()
    assert secret not in {key.digest, key.prefix}
    assert keys.find(secret) == key
    assert keys.find(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None


def test_the_second_wall_holds_without_the_first(two_partners):
    """Negative control: no filter at all, as if somebody had forgotten it."""
    own, _other = two_partners
    assert Agreement.objects.count() == RoyaltyEntry.objects.count() == 2
    with tenancy.partner_context(own.partner):
        assert [one.number for one in Agreement.objects.all()] == ["LIC-1"]
        assert RoyaltyEntry.objects.count() == 1
    assert Agreement.objects.count() == 2


def test_the_role_sees_nothing_without_a_partner(two_partners):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vitrine_partner")
        cursor.execute("SELECT count(*) FROM licensing_agreement")
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_agreement SET currency = 'USD'",
        "DELETE FROM licensing_agreement",
        "INSERT INTO licensing_party (code, name, role, country) VALUES ('x', 'x', 'agent', 'GB')",
        "SELECT * FROM shop_order",
        "SELECT * FROM licensing_apikey",
    ],
)
def test_the_role_can_only_read_what_partners_may(two_partners, statement):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        tenancy.partner_context(two_partners[0].partner),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_every_table_the_role_may_read_has_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, count(p.*) FROM pg_class c LEFT JOIN pg_policies p ON p.tablename = c.relname "
            "WHERE c.relkind = 'r' AND has_table_privilege('vitrine_partner', c.oid, 'SELECT') "
            "AND c.relnamespace = 'public'::regnamespace GROUP BY 1, 2"
        )
        tables = cursor.fetchall()
    assert len(tables) == 6
    assert all(secured and policies for _name, secured, policies in tables)


def test_statements_do_not_grow_with_rows(two_partners, client, django_assert_num_queries):
    own = two_partners[0]
    for number in range(30):
        actions.accrue(
            actions.Sale(
                source=f"order:X{number}/1",
                sku="MUG-1",
                quantity=1,
                territory="GB",
                channel="web",
                sold_on=date(2026, 11, 22),
                currency="GBP",
                gross=Decimal(18),
                tax=Decimal(3),
                frozen=actions.freeze(own, channel="web"),
            )
        )
    with django_assert_num_queries(9):  # key, its day of use, the walls and the savepoint around them, one page
        assert len(get(client, "partner_royalty_entries").json()["results"]) == 31
