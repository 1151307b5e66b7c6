"""A signature is refused with the reason, and a draft can be asked beforehand."""

import pytest

from licensing.models import RightHeld
from licensing.rights.signing import SigningRefused, conflicts, sign
from tests.licensing.rights.granting import draft, prop, signed, years

pytestmark = pytest.mark.django_db
ANY = ["*"]


@pytest.fixture
def held(db):
    prop("lewis")
    return signed("alpha", "exclusive", "lewis", ["JP"], ANY, ANY, years(2026, 2029))


def test_a_draft_names_what_stands_in_its_way_and_stays_a_draft(held):
    version = draft("own", "own_use", "lewis", ANY, ["web"], ANY, years(2025, 2028))
    (one,) = conflicts(version)
    assert (one.agreement, one.holder, one.exclusivity) == (held.agreement.number, "Alpha", "exclusive")
    assert (one.days.lower, one.days.upper) == (years(2026, 2028).lower, years(2026, 2028).upper)
    version.refresh_from_db()
    assert version.signed_at is None
    assert RightHeld.objects.count() == 1


def test_signing_is_refused_with_the_blocking_rights(held):
    version = draft("own", "own_use", "lewis", ANY, ["web"], ANY, years(2025, 2028))
    with pytest.raises(SigningRefused, match=r"L-1 \(Alpha, exclusive\) from 2026-01-01 until 2028-01-01") as refusal:
        sign(version=version)
    assert [one.holder for one in refusal.value.conflicts] == ["Alpha"]
    version.refresh_from_db()
    assert version.signed_at is None


def test_what_is_in_nobodys_way_is_signed_once(held):
    version = draft("own", "own_use", "lewis", ANY, ["web"], ANY, years(2026, 2028), without=("JP",))
    assert conflicts(version) == []
    sign(version=version)
    assert version.agreement.rights_held.count() == 1
    with pytest.raises(SigningRefused, match="signed already"):
        sign(version=version)


def test_a_place_that_is_none_is_named(held):
    version = draft("beta", "sole", "lewis", ["Atlantis"], ANY, ANY, years(2026, 2028))
    with pytest.raises(SigningRefused, match="There is no territory Atlantis"):
        conflicts(version)
    with pytest.raises(SigningRefused, match="There is no territory Atlantis"):
        sign(version=version)


def test_more_than_the_licence_above_is_refused(held):
    version = draft("beta", "sole", "lewis", ["KR"], ANY, ANY, years(2026, 2028), parent=held.agreement)
    with pytest.raises(SigningRefused, match="grants more than the licence it stands under"):
        sign(version=version)
