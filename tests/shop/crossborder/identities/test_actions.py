"""Recording, revealing, erasing and sealing anew, on the real database."""

import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.checks import check_identity_keys
from shop.crossborder.identities import actions, queries
from shop.crossborder.identities.consent import CONSENTS, current_consent
from shop.crossborder.identities.declared import BUYER_KINDS, DeclaredIdentity, IdentityError, declare
from shop.crossborder.identities.numbers import BadNumber, NumberKind
from shop.crossborder.identities.sealing import CannotOpen
from shop.crossborder.tasks import erase_identities, reseal_identities
from shop.models import BuyerIdentity, IdentityAccess
from tests import factories as make

NUMBER = "360426199101010071"
GOOD = {"kind": "cn_resident_id", "number": NUMBER, "name": "王小明", "consent": True}


@pytest.fixture
def kept(db) -> BuyerIdentity:
    return actions.record(declared=make.identity(), country="CN")


def test_a_record_holds_nothing_in_the_clear(kept):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM shop_buyeridentity i")
        (row,) = cursor.fetchone()
    assert NUMBER not in row
    assert "王小明" not in row
    assert "19910101" not in row
    assert kept.masked == "360•••••••••••••71"
    assert kept.consent_version == current_consent(NumberKind.CN_RESIDENT_ID).version
    assert kept.keep_until - kept.consent_given_at == timedelta(days=1098)


def test_each_kind_is_kept_for_its_own_time(db, settings):
    settings.IDENTITY_RETENTION_DAYS = {"cn_resident_id": 10, "kr_pccc": 20}
    given = timezone.now() - timedelta(days=1)
    code = declare(GOOD | {"kind": "kr_pccc", "number": "P123456789012"})
    assert actions.record(declared=make.identity(), country="CN", given_at=given).keep_until == given + timedelta(
        days=10
    )
    assert actions.record(declared=code, country="KR", given_at=given).keep_until == given + timedelta(days=20)


def test_without_a_consent_we_know_nothing_is_kept(db):
    for version in ("", "cn-resident-id-1999-01", current_consent(NumberKind.KR_PCCC).version):
        declared = DeclaredIdentity(NumberKind.CN_RESIDENT_ID, NUMBER, "王", version)
        with pytest.raises(actions.ConsentMissing):
            actions.record(declared=declared, country="CN")
    wrong = DeclaredIdentity(NumberKind.CN_RESIDENT_ID, NUMBER[:-1] + "2", "王", CONSENTS[0].version)
    with pytest.raises(BadNumber):
        actions.record(declared=wrong, country="CN")
    assert not BuyerIdentity.objects.exists()


def test_revealing_tells_all_and_is_written_down(kept):
    revealed = actions.reveal(identity=kept, actor="mina", reason=" customs asks ")
    assert (revealed.number, revealed.name) == (NUMBER, "王小明")
    assert NUMBER not in repr(revealed)
    access = IdentityAccess.objects.get()
    assert (access.identity, access.actor, access.reason) == (kept, "mina", "customs asks")


def test_nobody_looks_without_a_reason(kept):
    with pytest.raises(actions.ReasonMissing):
        actions.reveal(identity=kept, actor="mina", reason="  ")
    assert not IdentityAccess.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE shop_identityaccess SET reason = 'x'", "DELETE FROM shop_identityaccess", "TRUNCATE shop_identityaccess"],
)
def test_the_access_log_is_append_only(kept, statement):
    actions.reveal(identity=kept, actor="mina", reason="customs asks")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no pending foreign key
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_ciphertext_does_not_open_in_another_row(kept):
    other = actions.record(declared=make.identity(name="李雷"), country="CN")
    BuyerIdentity.objects.filter(pk=other.pk).update(sealed_name=kept.sealed_name)
    with pytest.raises(CannotOpen):
        actions.reveal(identity=other, actor="mina", reason="test")
    assert not IdentityAccess.objects.exists()


def test_erasing_on_both_sides_of_the_day_and_again(kept):
    assert actions.erase_due(now=kept.keep_until - timedelta(microseconds=1)) == 0
    assert actions.erase_due(now=kept.keep_until) == 1
    assert actions.erase_due(now=kept.keep_until) == 0
    kept.refresh_from_db()
    assert (kept.sealed_number, kept.sealed_name, kept.masked, kept.digest, kept.key_id) == ("", "", "", "", "")
    assert kept.erased_at == kept.keep_until
    assert kept.consent_version
    assert not queries.of_same_person(kept).exists()
    with pytest.raises(actions.IdentityErased):
        actions.reveal(identity=kept, actor="mina", reason="too late")


def test_the_daily_task_erases_what_is_due_alone(db):
    old = actions.record(declared=make.identity(), country="CN", given_at=timezone.now() - timedelta(days=1098))
    young = actions.record(declared=make.identity(), country="CN", given_at=timezone.now() - timedelta(days=1097))
    erase_identities()
    erase_identities()
    assert set(BuyerIdentity.objects.filter(erased_at=None)) == {young}
    assert set(BuyerIdentity.objects.exclude(erased_at=None)) == {old}


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_reads_is_left_for_the_next_run():
    from concurrent.futures import ThreadPoolExecutor

    def sweep() -> int:
        try:
            return actions.erase_due(now=timezone.now() + timedelta(days=9999))
        finally:
            connection.close()

    row = actions.record(declared=make.identity(), country="CN")
    actions.record(declared=make.identity(), country="CN")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        BuyerIdentity.objects.select_for_update().get(pk=row.pk)
        assert pool.submit(sweep).result() == 1
    assert actions.erase_due(now=timezone.now() + timedelta(days=9999)) == 1


def test_a_half_erased_row_cannot_be_written(kept):
    with pytest.raises(DatabaseError, match="whole_or_erased"), transaction.atomic():
        BuyerIdentity.objects.update(sealed_number="")
    with pytest.raises(DatabaseError, match="whole_or_erased"), transaction.atomic():
        BuyerIdentity.objects.update(erased_at=timezone.now())


def test_one_person_is_found_without_opening_anything(kept, django_assert_num_queries):
    again = actions.record(declared=make.identity("360426 19910101 0071", name="Wang"), country="CN")
    actions.record(declared=make.identity("11010519491231002X"), country="CN")
    with django_assert_num_queries(2):
        assert set(queries.of_same_person(kept)) == {kept, again}
        assert set(queries.with_number(NumberKind.CN_RESIDENT_ID, NUMBER)) == {kept, again}


def test_rotation_keeps_people_findable_and_old_keys_can_go(kept, settings):
    settings.IDENTITY_KEYS = ["a" * 32]
    later = actions.record(declared=make.identity(), country="CN")
    assert later.digest != kept.digest
    assert set(queries.with_number(NumberKind.CN_RESIDENT_ID, NUMBER)) == {kept, later}
    assert actions.reveal(identity=kept, actor="mina", reason="test").number == NUMBER
    reseal_identities()
    assert actions.reseal() == 0
    kept.refresh_from_db()
    assert (kept.key_id, kept.digest) == (later.key_id, later.digest)
    settings.SECRET_KEY = "another" * 10
    assert actions.reveal(identity=kept, actor="mina", reason="test").name == "王小明"
    settings.IDENTITY_KEYS = []
    with pytest.raises(CannotOpen):
        actions.reveal(identity=kept, actor="mina", reason="test")


def test_short_keys_are_a_system_check(settings):
    settings.IDENTITY_KEYS = ["a" * 32]
    assert check_identity_keys(app_configs=None) == []
    settings.IDENTITY_KEYS = ["a" * 31]
    assert [one.id for one in check_identity_keys(app_configs=None)] == ["vitrine.E004"]


def test_nothing_of_it_is_logged(db, caplog):
    caplog.set_level(logging.DEBUG)
    row = actions.record(declared=make.identity(), country="CN")
    actions.reveal(identity=row, actor="mina", reason="test")
    assert NUMBER not in caplog.text
    assert "王小明" not in caplog.text
    assert "identity recorded" in caplog.text


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"number": NUMBER[:-1] + "2"}, "number", "checksum"),
        ({"number": ""}, "number", "required"),
        ({"number": None}, "number", "required"),
        ({"number": 360426199101010071}, "number", "required"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 121}, "name", "invalid"),
        ({"name": "a\x00"}, "name", "invalid"),
        ({"kind": "ioss"}, "kind", "invalid"),
        ({"kind": None}, "kind", "invalid"),
        ({"consent": False}, "consent", "required"),
        ({"consent": "true"}, "consent", "required"),
        ({"consent": 1}, "consent", "required"),
        ({"consent_version": "cn-resident-id-1999-01"}, "consent", "outdated"),
        ({"passport": "x"}, "passport", "unknown"),
    ],
)
def test_a_declaration_is_checked_field_by_field(changes, field, code):
    with pytest.raises(IdentityError) as refused:
        declare(GOOD | changes)
    assert {one: told for one, (told, _text) in refused.value.problems.items()} == {field: code}
    assert NUMBER[6:14] not in str(refused.value)


def test_a_whole_declaration_passes_and_hides_itself():
    declared = declare(
        GOOD | {"name": " 王小明 ", "consent_version": current_consent(NumberKind.CN_RESIDENT_ID).version}
    )
    assert (declared.number, declared.name) == (NUMBER, "王小明")
    assert NUMBER not in repr(declared)


def test_each_consent_is_worded_in_every_language_and_versions_are_unique():
    assert {one.kind for one in CONSENTS} == set(BUYER_KINDS)
    assert len({one.version for one in CONSENTS}) == len(CONSENTS)
    for one in CONSENTS:
        assert set(one.texts) == {"en", "fr", "zh-hans", "ja"}
        assert one.in_language("de") == one.texts["en"]
    with pytest.raises(LookupError):
        current_consent(NumberKind.IOSS)
