"""The database keeps incompatible rights apart: the vectors of licensing.md 2.4, and two signatures at once."""

from threading import Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from licensing.models import Agreement, Party, PartyGroup, RightHeld, ScopeGroup
from tests.licensing.rights.granting import draft, node, party, prop, sign, signed, years

pytestmark = pytest.mark.django_db
ANY = ["*"]
CHINA = ["CN", "HK", "MO", "TW"]


@pytest.fixture
def base(db):
    """Sole rights in Egypt's collection: China, marketplaces, stationery, 2026 to 2028."""
    prop("egypt")
    prop("rosetta", "egypt")
    prop("lewis")
    ScopeGroup.objects.get_or_create(
        dimension="territory", code="greater_china", defaults={"name": "Greater China", "members": CHINA}
    )
    node("channel", "tmall", "marketplace")
    node("channel", "own_web")
    node("category", "tape", "stationery")
    return signed("alpha", "sole", "egypt", ["CN"], ["marketplace"], ["stationery"], years(2026, 2029))


OURS = ("licensing_rightheld_roots", "licensing_rightheld_siblings", "licensing_rightheld_within_parent")


def refused(version) -> bool:
    """Tell whether the database refuses the signature, and for one of the reasons that it should."""
    try:
        with transaction.atomic():
            sign(version)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name not in OURS:
            raise
        return True
    return False


ROOTS = {
    "1 another party's non-exclusive over it": (
        ("beta", "non_exclusive", "rosetta", ANY, ANY, ["tape"], years(2027, 2028)), {}, True),
    "2 the same without China": (
        ("beta", "non_exclusive", "rosetta", ANY, ANY, ["tape"], years(2027, 2028)), {"without": ("CN",)}, False),
    "3 the licensor's own use within sole rights": (
        ("own", "own_use", "egypt", ["CN"], ["tmall"], ["tape"], years(2027, 2028)), {}, False),
    "4 a second sole in Greater China": (
        ("beta", "sole", "egypt", ["greater_china"], ["marketplace"], ["stationery"], years(2027, 2028)), {}, True),
    "7 a second sole from the day after": (
        ("beta", "sole", "egypt", ["CN"], ["marketplace"], ["stationery"], years(2029, 2031)), {}, False),
    "10 an amendment by the same party": (
        ("alpha", "exclusive", "rosetta", ["CN"], ["tmall"], ["tape"], years(2027, 2028)), {}, False),
}  # fmt: skip


@pytest.mark.parametrize(("scope", "more", "conflicts"), ROOTS.values(), ids=ROOTS)
def test_root_vectors_beside_the_sole(base, scope, more, conflicts):
    version = draft(*scope, **more)
    assert refused(version) is conflicts
    assert RightHeld.objects.filter(agreement=version.agreement).exists() is not conflicts


@pytest.mark.parametrize(("without", "conflicts"), [((), True), (("JP",), False)], ids=["5", "6"])
def test_our_own_shop_beside_an_exclusive(base, without, conflicts):
    signed("beta", "exclusive", "lewis", ["JP"], ANY, ANY, years(2026, 2029))
    own = draft("own", "own_use", "lewis", ANY, ["own_web"], ANY, years(2026, 2029), without=without)
    assert refused(own) is conflicts


def test_non_exclusives_go_together_and_shut_out_an_exclusive(base):
    signed("beta", "non_exclusive", "lewis", ["FR"], ANY, ANY, years(2026, 2029))
    other = draft("gamma", "non_exclusive", "lewis", ANY, ANY, ANY, years(2026, 2029))
    assert not refused(other), "8"
    assert refused(draft("delta", "exclusive", "lewis", ["FR"], ["tmall"], ["tape"], years(2027, 2028))), "9"


def test_affiliates_hold_together(base):
    group = PartyGroup.objects.create(name="Alpha Holding")
    Party.objects.filter(code="alpha").update(group=group)
    party("sister", group="Alpha Holding")
    shared = signed("sister", "sole", "rosetta", ["CN"], ANY, ANY, years(2026, 2029))
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(code="sister").update(group=None)
    assert shared.agreement.rights_held.count() == 1


def test_a_draft_may_conflict_and_what_ends_makes_room(base):
    version = draft("beta", "sole", "egypt", ["CN"], ["tmall"], ["tape"], years(2026, 2029))
    assert refused(version)
    Agreement.objects.filter(pk=base.agreement_id).update(state="terminated")
    assert not RightHeld.objects.filter(agreement=base.agreement_id).exists()
    assert not refused(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=base.agreement_id).update(state="active")


def test_selling_off_is_no_longer_exclusive(base):
    Agreement.objects.filter(pk=base.agreement_id).update(state="sell_off")
    assert not refused(draft("beta", "non_exclusive", "egypt", ["CN"], ANY, ANY, years(2026, 2029)))


def test_a_group_means_what_it_meant_at_the_signature(base):
    held = signed("beta", "sole", "lewis", ["greater_china"], ANY, ANY, years(2026, 2029))
    ScopeGroup.objects.filter(code="greater_china").update(members=[*CHINA, "SG"])
    prop("new", "lewis")  # labels are given meanwhile
    assert not refused(draft("gamma", "sole", "lewis", ["SG"], ANY, ANY, years(2026, 2029)))
    assert sorted(held.agreement.rights_held.get().territory_codes) == CHINA


def test_a_place_that_is_none_is_refused(base):
    with pytest.raises(DatabaseError, match="there is no territory XX"), transaction.atomic():
        sign(draft("beta", "sole", "lewis", ["XX"], ANY, ANY, years(2026, 2029)))


@pytest.fixture
def master(base):
    """Exclusive in China, to be licensed on."""
    version = signed("master", "exclusive", "lewis", ["CN"], ANY, ANY, years(2026, 2029))
    first = signed(
        "merchant", "exclusive", "lewis", ["CN"], ["tmall"], ["tape"], years(2026, 2028), parent=version.agreement
    )
    assert first.agreement.rights_held.exists(), "a sub-licence beside its own exclusive master"
    return version.agreement


SUBS = {
    "a second merchant in the same cell": (
        ("second", "exclusive", "lewis", ["CN"], ["tmall"], ["tape"], years(2027, 2028)), True),
    "another category": (("second", "exclusive", "lewis", ["CN"], ["tmall"], ["mugs"], years(2027, 2028)), False),
    "beyond the territory": (
        ("second", "non_exclusive", "lewis", ["CN", "HK"], ANY, ["mugs"], years(2027, 2028)), True),
    "beyond the term": (("second", "non_exclusive", "lewis", ["CN"], ANY, ["mugs"], years(2027, 2030)), True),
}  # fmt: skip


@pytest.mark.parametrize(("scope", "conflicts"), SUBS.values(), ids=SUBS)
def test_sub_licence_vectors(master, scope, conflicts):
    assert refused(draft(*scope, parent=master)) is conflicts


def test_another_root_in_the_masters_area(master):
    assert refused(draft("beta", "non_exclusive", "lewis", ["CN"], ANY, ["mugs"], years(2027, 2028)))


def test_a_sub_licence_ends_with_its_licence_and_forbids_to_narrow_it(master):
    elsewhere = draft("master", "exclusive", "lewis", ["JP"], ANY, ANY, years(2026, 2029)).agreement
    with pytest.raises(DatabaseError, match="grants more"), transaction.atomic():
        Agreement.objects.filter(licensee__code="merchant").update(parent=elsewhere)
    Agreement.objects.filter(pk=master.pk).update(state="terminated")
    assert not RightHeld.objects.filter(parent=master).exists()


def test_labels_nest_after_any_number_of_children(base):
    for number in range(400):
        prop(f"object-{number}", "egypt")
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*), bool_and(c.low > p.low AND c.high <= p.high AND NOT EXISTS (
                SELECT 1 FROM licensing_scopenode s WHERE s.dimension = c.dimension AND s.id <> c.id
                    AND s.parent_id = c.parent_id AND s.low < c.high AND s.high > c.low))
            FROM licensing_scopenode c JOIN licensing_scopenode p ON p.id = c.parent_id""")
        count, nested = cursor.fetchone()
    assert (count, nested) == (403, True)
    # Whatever was labelled anew on the way, the right still covers all of it.
    assert refused(draft("beta", "sole", "object-399", ["CN"], ["tmall"], ["tape"], years(2026, 2029)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["constraint", "without it"])
def test_of_two_signatures_at_once_one_is_refused(guarded):
    """Both look first and find nothing in the way; without the constraint both would be in force."""
    versions = [
        draft(holder, "exclusive", "lewis", ["CN"], ANY, ANY, years(2026, 2029)) for holder in ("alpha", "beta")
    ]
    ddl = "ALTER TABLE licensing_rightheld DROP CONSTRAINT licensing_rightheld_roots"
    again = """ALTER TABLE licensing_rightheld ADD CONSTRAINT licensing_rightheld_roots EXCLUDE USING gist (
        property_spans WITH &&, territory_spans WITH &&, channel_spans WITH &&, category_spans WITH &&,
        language_spans WITH &&, term WITH &&, holder WITH <>, lock WITH &&)
        WHERE (parent_id IS NULL) DEFERRABLE INITIALLY IMMEDIATE"""
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute(ddl)
    outcomes: list[bool] = []

    def signing(version):
        try:
            outcomes.append(refused(version))
        finally:
            connection.close()

    try:
        threads = [Thread(target=signing, args=[version]) for version in versions]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(outcomes) == ([False, True] if guarded else [False, False])
        assert RightHeld.objects.count() == (1 if guarded else 2)
    finally:
        if not guarded:
            RightHeld.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(again)
