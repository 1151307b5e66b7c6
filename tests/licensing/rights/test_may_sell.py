"""Rights: one question, one statement, every reason named."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from licensing.models import Agreement, AgreementVersion, Grant, LicensedSku, Property, ScopeGroup
from licensing.rights.may_sell import Denial, may_sell
from tests import factories as make
from tests.licensing.rights.granting import node, prop, signed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def licensed(sku: str = "MUG-1", category: str = "mugs") -> str:
    LicensedSku.objects.create(sku=sku, prop=Property.objects.get(code="collection"), category=category)
    return sku


def ask(sku: str, *, ship_to: str = "GB", channel: str = "web", on: date = TODAY):
    return may_sell(skus=[sku], ship_to=ship_to, channel=channel, on=on)[sku]


def test_allowed_names_version_and_grant():
    version = make.agreement()
    decision = ask(licensed())
    assert (decision.allowed, decision.version_id, decision.codes) == (True, version.id, frozenset())
    assert decision.grant_id == version.grants.get().id


@pytest.mark.parametrize(
    ("terms", "asked", "code"),
    [
        ({"territories": ("GB", "FR")}, {"ship_to": "CN"}, Denial.OUT_OF_TERRITORY),
        ({"channels": ("web",)}, {"channel": "tmall"}, Denial.OUT_OF_CHANNEL),
        ({"categories": ("prints",)}, {}, Denial.OUT_OF_CATEGORY),
        ({"term": DateRange(date(2025, 1, 1), date(2026, 11, 22))}, {}, Denial.OUT_OF_TERM),
    ],
)
def test_each_limit_denies_with_its_code(terms, asked, code):
    make.agreement(**terms)
    decision = ask(licensed(), **asked)
    assert (decision.allowed, decision.codes) == (False, frozenset({code}))


def test_terms_are_half_open():
    make.agreement(term=DateRange(date(2025, 1, 1), date(2026, 11, 22)))
    assert ask(licensed(), on=date(2026, 11, 21)).allowed


def test_unknown_sku_and_inactive_agreement():
    version = make.agreement()
    assert ask("NOBODY-1").codes == frozenset({Denial.UNLICENSED})
    Agreement.objects.filter(id=version.agreement_id).update(state=Agreement.State.SUSPENDED)
    assert ask(licensed()).codes == frozenset({Denial.AGREEMENT_INACTIVE})


def test_a_grant_covers_what_lies_below_its_property():
    make.agreement()
    collection = Property.objects.get(code="collection")
    motif = Property.objects.create(
        code="motif", name="Motif", kind="object", owner=collection.owner, parent=collection
    )
    LicensedSku.objects.create(sku="MUG-2", prop=motif, category="mugs")
    assert ask("MUG-2").allowed


def test_a_grant_on_a_motif_does_not_reach_up():
    version = make.agreement()
    sibling = Property.objects.create(
        code="other", name="Other", kind="object", owner=Property.objects.get().owner, parent=None
    )
    LicensedSku.objects.create(sku="MUG-3", prop=sibling, category="mugs")
    assert version.grants.count() == 1
    assert ask("MUG-3").codes == frozenset({Denial.UNLICENSED})


def test_one_statement_for_a_whole_basket(django_assert_num_queries):
    make.agreement()
    skus = [licensed(f"MUG-{number}") for number in range(20)]
    with django_assert_num_queries(1):
        decisions = may_sell(skus=skus, ship_to="GB", channel="web", on=TODAY)
    assert all(decision.allowed for decision in decisions.values())


def test_a_signed_version_and_its_grants_are_immutable():
    version = make.agreement()
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic():
        AgreementVersion.objects.filter(id=version.id).update(terms={})
    with pytest.raises(DatabaseError, match="signed agreement version"), transaction.atomic():
        Grant.objects.filter(version=version).update(territories=["CN"])
    with pytest.raises(DatabaseError, match="signed agreement version"), transaction.atomic():
        Grant.objects.filter(version=version).delete()


def test_two_signed_versions_never_overlap():
    version = make.agreement()
    with pytest.raises(IntegrityError, match="agreementversion_signed_apart"), transaction.atomic():
        AgreementVersion.objects.create(
            agreement=version.agreement,
            partner=version.partner,
            number=2,
            effective=make.ALWAYS,
            terms={},
            signed_at=timezone.now(),
        )


def test_a_channel_covers_what_lies_below_it_and_a_group_its_members():
    node("channel", "tmall", "marketplace")
    ScopeGroup.objects.get_or_create(
        dimension="territory", code="benelux", defaults={"name": "Benelux", "members": ["BE", "NL", "LU"]}
    )
    prop("lewis")
    signed("alpha", "sole", "lewis", ["benelux"], ["marketplace"], ["*"], make.ALWAYS)
    LicensedSku.objects.create(sku="ROOK", prop=prop("lewis"), category="replicas")
    assert ask("ROOK", ship_to="NL", channel="tmall").allowed
    assert ask("ROOK", ship_to="FR", channel="tmall").codes == {Denial.OUT_OF_TERRITORY}
    assert ask("ROOK", ship_to="NL", channel="web").codes == {Denial.OUT_OF_CHANNEL}


def test_the_world_without_a_country():
    prop("lewis")
    signed("alpha", "sole", "lewis", ["*"], ["*"], ["*"], make.ALWAYS, without=("JP",))
    LicensedSku.objects.create(sku="ROOK", prop=prop("lewis"), category="replicas")
    assert ask("ROOK", ship_to="JP").codes == {Denial.OUT_OF_TERRITORY}
    assert ask("ROOK", ship_to="FR").allowed


def test_a_sub_licence_ends_with_the_licence_it_stands_under():
    prop("lewis")
    master = signed("master", "exclusive", "lewis", ["CN"], ["*"], ["*"], make.ALWAYS).agreement
    scope = ("merchant", "non_exclusive", "lewis", ["CN"], ["tmall"], ["*"], make.ALWAYS)
    signed(*scope, parent=master)
    Agreement.objects.filter(pk=master.pk).update(state="suspended")
    LicensedSku.objects.create(sku="ROOK", prop=prop("lewis"), category="replicas")
    assert ask("ROOK", ship_to="CN", channel="tmall").allowed, "a suspended licence keeps its place, and those below it"
    Agreement.objects.filter(pk=master.pk).update(state="terminated")
    assert ask("ROOK", ship_to="CN", channel="tmall").codes == {Denial.AGREEMENT_INACTIVE}


def test_what_is_being_sold_off_may_be_sold():
    version = make.agreement()
    Agreement.objects.filter(id=version.agreement_id).update(state=Agreement.State.SELL_OFF)
    assert ask(licensed()).allowed
