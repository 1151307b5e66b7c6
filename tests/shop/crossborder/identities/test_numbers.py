"""Numbers of firms and persons: real forms pass, one digit off or one too many does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.identities.numbers import ALGORITHM_NOT_PUBLIC, EXAMPLES, NAMES, BadNumber, NumberKind, check
from shop.crossborder.identities.requirements import may_ask, required_identity

K = NumberKind


@pytest.mark.parametrize(
    ("kind", "raw", "written"),
    [
        (K.EU_VAT, "fr 61 954 506 077", "FR61954506077"),
        (K.EU_VAT, "DE 136,695 976".replace(",", ""), "DE136695976"),
        (K.EU_VAT, "GR 094259216", "EL094259216"),
        (K.EU_VAT, "EL094259216", "EL094259216"),
        (K.EU_VAT, "BE697449992", "BE0697449992"),
        (K.EU_VAT, "XI980780684", "XI980780684"),
        (K.GB_VAT, "GB 980 7806 84", "GB980780684"),
        (K.GB_VAT, "980780684", "GB980780684"),
        (K.XI_VAT, "xi 980 7806 84", "XI980780684"),
        (K.EORI, "gb 123456789000", "GB123456789000"),
        (K.EORI, "XI123456789000", "XI123456789000"),
        (K.EORI, "FR12345678901234", "FR12345678901234"),
        (K.EORI, "DE1", "DE1"),
        (K.IOSS, "im 276 0000001 ".replace(" ", ""), "IM2760000001"),
        (K.IOSS, "IM 3720 0000 12", "IM3720000012"),
        (K.VOEC, "VOEC 2012345", "2012345"),
        (K.AU_ABN, "51 824 753 556", "51824753556"),
        (K.AU_ABN, "83 914 571 673", "83914571673"),
        (K.AU_ARN, "3000 1234 5678", "300012345678"),
        (K.NZ_GST, "49-098-576", "49098576"),
        (K.NZ_GST, "136410132", "136410132"),
        (K.SG_GST, "M9-0367530-Y", "M90367530Y"),
        (K.SG_GST, "197401143C", "197401143C"),
        (K.CH_UID, "CHE-100.155.212 MWST", "CHE100155212"),
        (K.KR_PCCC, "p 123456789012", "P123456789012"),
        (K.KR_PCCC, "Ｐ１２３４５６７８９０１２", "P123456789012"),
        (K.CN_RESIDENT_ID, "360426 19910101 0071", "360426199101010071"),
        (K.CN_RESIDENT_ID, "11010519491231002x", "11010519491231002X"),
        (K.JP_CORPORATE, "5-8356-7825-6246", "5835678256246"),
    ],
)
def test_a_real_number_passes_and_is_written_shortest(kind, raw, written):
    assert check(kind, raw) == written
    assert check(kind, written) == written


def test_every_kind_has_a_name_and_an_example_that_passes():
    assert set(NAMES) == set(EXAMPLES) == set(NumberKind)
    for kind, example in EXAMPLES.items():
        assert check(kind, example)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (K.EU_VAT, "FR61954506078", "checksum"),
        (K.EU_VAT, "DE136695977", "checksum"),
        (K.EU_VAT, "DE13669597", "length"),
        (K.EU_VAT, "GB980780684", "component"),
        (K.EU_VAT, "US123456789", "component"),
        (K.EU_VAT, "EU372022452", "component"),
        (K.EU_VAT, "IM2760000001", "component"),
        (K.GB_VAT, "GB980780685", "checksum"),
        (K.GB_VAT, "XI980780684", "component"),
        (K.XI_VAT, "GB980780684", "component"),
        (K.GB_VAT, "GB98078068", "length"),
        (K.EORI, "GB12345678900", "length"),
        (K.EORI, "GB1234567890000", "length"),
        (K.EORI, "FR1234567890123456", "length"),
        (K.EORI, "US123456789", "component"),
        (K.EORI, "123456789", "format"),
        (K.IOSS, "IM276000000", "length"),
        (K.IOSS, "IM27600000012", "length"),
        (K.IOSS, "IM8260000001", "component"),
        (K.IOSS, "IN2760000001", "intermediary"),
        (K.IOSS, "DE136695976", "format"),
        (K.VOEC, "201234", "length"),
        (K.VOEC, "20123456", "length"),
        (K.VOEC, "201234A", "format"),
        (K.AU_ABN, "51824753557", "checksum"),
        (K.AU_ABN, "5182475355", "length"),
        (K.AU_ARN, "30001234567", "length"),
        (K.AU_ARN, "3000123456789", "length"),
        (K.NZ_GST, "136410133", "checksum"),
        (K.NZ_GST, "9125568", "length"),
        (K.SG_GST, "M9036753Y", "length"),
        (K.SG_GST, "197401143D", "checksum"),
        (K.CH_UID, "CHE-100.155.213", "checksum"),
        (K.CH_UID, "CHE-100.155.21", "length"),
        (K.KR_PCCC, "P12345678901", "length"),
        (K.KR_PCCC, "P1234567890123", "length"),
        (K.KR_PCCC, "123456789012", "format"),
        (K.CN_RESIDENT_ID, "360426199101010072", "checksum"),
        (K.CN_RESIDENT_ID, "36042619910101007", "length"),
        (K.CN_RESIDENT_ID, "3604261991010100711", "length"),
        (K.CN_RESIDENT_ID, "36042619911301007X", "checksum"),
        (K.CN_RESIDENT_ID, "36042619910101OO71", "format"),
        (K.CN_RESIDENT_ID, "139999199101010072", "component"),  # a county that its province never had
        (K.JP_CORPORATE, "2835678256246", "checksum"),
        (K.JP_CORPORATE, "583567825624", "length"),
    ],
)
def test_a_wrong_number_says_how(kind, raw, code):
    with pytest.raises(BadNumber) as refused:
        check(kind, raw)
    assert (refused.value.kind, refused.value.code) == (kind, code)


@pytest.mark.parametrize("kind", list(NumberKind))
@pytest.mark.parametrize("raw", ["", "   ", "-", "1" * 41, "<b>", "\x00", "٣" * 18, "P" * 13])
def test_nonsense_is_refused(kind, raw):
    with pytest.raises(BadNumber):
        check(kind, raw)


def test_an_intermediarys_number_has_its_own_sentence():
    with pytest.raises(BadNumber, match="intermediary") as refused:
        check(K.IOSS, "in 2760000001")
    assert "IM" in refused.value.message


# The checks of GB VAT (three remainders are good) and of IRD numbers (two weightings) let a few wrong digits through.
LENIENT = {K.GB_VAT, K.XI_VAT, K.NZ_GST}


@pytest.mark.parametrize("kind", sorted(set(NumberKind) - ALGORITHM_NOT_PUBLIC - LENIENT))
@given(position=st.integers(0, 30), step=st.integers(1, 9))
def test_one_digit_off_is_caught_where_the_algorithm_is_public(kind, position, step):
    number = check(kind, EXAMPLES[kind])
    places = [index for index, one in enumerate(number) if one.isdigit()]
    place = places[position % len(places)]
    wrong = f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"
    with pytest.raises(BadNumber):
        check(kind, wrong)


def test_refusals_do_not_repeat_the_number():
    with pytest.raises(BadNumber) as refused:
        check(K.CN_RESIDENT_ID, "360426199101010072")
    assert "3604261991" not in str(refused.value)
    assert "010072" not in refused.value.message


@pytest.mark.parametrize(
    ("country", "route", "kind"),
    [
        ("CN", "cbec", K.CN_RESIDENT_ID),
        ("CN", "postal", K.CN_RESIDENT_ID),
        ("CN", "", K.CN_RESIDENT_ID),
        ("CN", "domestic", None),
        ("KR", "", K.KR_PCCC),
        ("KR", "courier", K.KR_PCCC),
        ("GB", "", None),
        ("HK", "postal", None),
    ],
)
def test_what_customs_asks(country, route, kind):
    assert required_identity(country, route) == kind
    assert may_ask(country) == (country in {"CN", "KR"})


def test_what_customs_asks_begins_on_a_day():
    from datetime import date

    assert required_identity("CN", "cbec", date(2018, 12, 31)) is None
    assert required_identity("CN", "cbec", date(2019, 1, 1)) == K.CN_RESIDENT_ID
