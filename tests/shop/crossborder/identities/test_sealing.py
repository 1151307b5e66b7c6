"""Sealing: only the right key and the right place open it, and a mask never shows more than it may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.identities.sealing import CannotOpen, Keyring, mask

OLD, NEW = "old " * 10, "new " * 10
PLACE = "cn_resident_id:1:number"


@given(st.text(max_size=200))
def test_a_text_comes_back_from_its_place_alone(text):
    ring = Keyring([NEW])
    sealed = ring.seal(text, place=PLACE)
    assert ring.open(sealed, place=PLACE) == text
    with pytest.raises(CannotOpen):
        ring.open(sealed, place="cn_resident_id:2:number")


def test_the_same_text_is_sealed_differently_each_time():
    ring = Keyring([NEW])
    assert ring.seal("x", place=PLACE) != ring.seal("x", place=PLACE)
    assert "360426" not in ring.seal("360426199101010071", place=PLACE)


def test_rotation_opens_the_old_and_seals_with_the_new():
    sealed = Keyring([OLD]).seal("x", place=PLACE)
    both = Keyring([NEW, OLD])
    assert both.open(sealed, place=PLACE) == "x"
    assert both.seal("x", place=PLACE).split(".")[1] == both.newest_id == Keyring([NEW]).newest_id
    with pytest.raises(CannotOpen, match="not configured"):
        Keyring([NEW]).open(sealed, place=PLACE)


@pytest.mark.parametrize("position", [0, 2, 20, -9])
def test_a_changed_character_does_not_open(position):
    ring = Keyring([NEW])
    sealed = ring.seal("x" * 30, place=PLACE)
    other = "A" if sealed[position] != "A" else "B"
    index = position % len(sealed)
    with pytest.raises(CannotOpen):
        ring.open(sealed[:index] + other + sealed[index + 1 :], place=PLACE)


@pytest.mark.parametrize("sealed", ["", "1", "1..", "2.x.y", "1.x.", "nonsense"])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(CannotOpen):
        Keyring([NEW]).open(sealed, place=PLACE)


def test_digests_are_equal_for_equal_texts_under_one_key_only():
    both = Keyring([NEW, OLD])
    assert both.digest("a") == Keyring([NEW]).digest("a") != Keyring([OLD]).digest("a")
    assert both.digests("a") == [Keyring([NEW]).digest("a"), Keyring([OLD]).digest("a")]
    assert both.digest("a") != both.digest("b")


@pytest.mark.parametrize("secrets", [[], [""], [NEW, ""]])
def test_a_ring_needs_keys(secrets):
    with pytest.raises(ValueError, match="secrets"):
        Keyring(secrets)


def test_a_key_does_not_show_itself():
    ring = Keyring([NEW])
    assert "sealing" not in repr(ring._keys[0])


def test_the_masks_of_both_kinds():
    assert mask("360426199101010071") == "360•••••••••••••71"
    assert mask("P123456789012") == "P12••••••••12"


@given(st.text(alphabet="0123456789X", max_size=30))
def test_a_mask_never_shows_more(number):
    masked = mask(number)
    shown = [(index, one) for index, one in enumerate(masked) if one != "•"]
    assert len(masked) == len(number)
    assert len(shown) in {0, 5}
    assert all(number[index] == one and (index < 3 or index >= len(number) - 2) for index, one in shown)
    assert len(shown) <= len(number) / 2
