"""Numbers of sellers' registrations: what is one of its kind, in which form it is kept, and what is said otherwise."""

import pytest

from shop.crossborder.models import RegistrationKind as Kind
from shop.crossborder.sellers.numbers import OWN, SHARED, BadRegistration, check_registration


def test_every_kind_has_a_check():
    assert set(SHARED) | set(OWN) == set(Kind)
    assert not set(SHARED) & set(OWN)


@pytest.mark.parametrize(
    ("kind", "raw", "state", "kept"),
    [
        (Kind.GB_VAT, "GB 980 7806 84", "", "GB980780684"),
        (Kind.XI_VAT, "980780684", "", "XI980780684"),
        (Kind.IOSS, "im 2760000001", "", "IM2760000001"),
        (Kind.EU_OSS, "DE 136 695 976", "", "DE136695976"),
        (Kind.EU_OSS, "FR40303265045", "FR", "FR40303265045"),
        (Kind.EU_VAT, "fr 40 303 265 045", "FR", "FR40303265045"),
        (Kind.EU_VAT, "GR 094259216", "GR", "EL094259216"),
        (Kind.VOEC, "VOEC 2012345", "", "2012345"),
        (Kind.AU_ABN, "51 824 753 556", "", "51824753556"),
        (Kind.AU_ARN, "3000 1234 5678", "", "300012345678"),
        (Kind.CH_VAT, "CHE-100.155.212 MWST", "", "CHE100155212"),
        (Kind.KR_BRN, "116-82-00276", "", "1168200276"),
        (Kind.CN_CBEC, "3301960m01", "", "3301960M01"),
        (Kind.CN_PLATFORM, "3301 9600 01", "", "3301960001"),
    ],
)
def test_right_numbers_are_kept_in_their_shortest_form(kind, raw, state, kept):
    assert check_registration(kind=kind, raw=raw, jurisdiction=state) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "state", "field", "said"),
    [
        (Kind.GB_VAT, "GB980780685", "", "number", "check digit"),
        (Kind.IOSS, "IN2760000001", "", "number", "intermediary"),
        (Kind.EU_OSS, "EU372000041", "", "number", "does not occur"),
        (Kind.EU_OSS, "FR40303265045", "BE", "number", "not a VAT number of BE"),
        (Kind.EU_VAT, "FR40303265045", "", "jurisdiction", "Name the member state"),
        (Kind.EU_VAT, "FR40303265045", "DE", "number", "not a VAT number of DE"),
        (Kind.GB_VAT, "GB980780684", "GB", "jurisdiction", "Only VAT numbers"),
        (Kind.KR_BRN, "116-82-0027", "", "number", "Korean business registration"),
        (Kind.CN_CBEC, "3301960M0", "", "number", "ten characters"),
        (Kind.CN_CBEC, "ABCD960M01", "", "number", "ten characters"),
        (Kind.CN_CBEC, "", "", "number", "ten characters"),
        (Kind.VOEC, "", "", "number", "missing"),
    ],
)
def test_wrong_numbers_are_told_apart(kind, raw, state, field, said):
    with pytest.raises(BadRegistration, match=said) as refused:
        check_registration(kind=kind, raw=raw, jurisdiction=state)
    assert refused.value.field == field
