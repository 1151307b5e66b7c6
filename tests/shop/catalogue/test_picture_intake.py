"""What comes in at the door of pictures, and what is kept of it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shop.catalogue.picture_intake import MAX_BYTES, MAX_SIDE, PictureRefused, accept
from shop.catalogue.renditions import WIDTHS, render, widths
from tests.shop.catalogue.picture_files import claiming, photograph


def taken(data: bytes):
    return accept(io.BytesIO(data), size=len(data))


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_but_pixels_is_kept(form):
    sent = photograph(form=form)
    assert b"Camera of Somebody" in sent
    kept = taken(sent)
    assert b"Camera of Somebody" not in kept.data
    assert not opened(kept.data).getexif()
    assert (kept.width, kept.height) == (1200, 800)
    assert kept.extension == "jpg"


def test_what_is_transparent_stays_so():
    kept = taken(_png(Image.new("RGBA", (40, 30), (10, 20, 30, 128))))
    assert kept.extension == "png"
    assert opened(kept.data).getpixel((5, 5)) == (10, 20, 30, 128)


def test_an_alpha_channel_that_hides_nothing_is_left_out():
    assert taken(_png(Image.new("RGBA", (40, 30), (10, 20, 30, 255)))).extension == "jpg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_mode_becomes_a_plain_picture(mode):
    picture = Image.new(mode, (60, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(taken(out.getvalue()).data).mode in {"RGB", "RGBA"}


def test_sixteen_bits_keep_their_light():
    grey = Image.new("I;16", (8, 8), 0x8000)
    assert opened(taken(_png(grey)).data).getpixel((4, 4))[0] in range(125, 131)


@pytest.mark.parametrize(("orientation", "red"), [(1, (5, 300)), (3, (595, 100)), (6, (200, 5)), (8, (200, 595))])
def test_it_is_turned_as_the_camera_was_held(orientation, red):
    kept = taken(photograph((600, 400), orientation=orientation))
    assert (kept.width, kept.height) == ((400, 600) if orientation in {6, 8} else (600, 400))
    value = opened(kept.data).getpixel(red)
    assert value[0] > 200
    assert value[1] < 60


def test_a_large_picture_is_scaled_down():
    kept = taken(photograph((6000, 2000)))
    assert (kept.width, kept.height) == (MAX_SIDE, round(2000 * MAX_SIDE / 6000))


@pytest.mark.parametrize(("size", "let_in"), [((6000, 10_000), True), ((6000, 10_001), False)])
def test_sixty_million_pixels_are_the_limit(size, let_in):
    # The short file ends before its pixels do: who decodes it says “broken”, who looks at its header says “too many”.
    with pytest.raises(PictureRefused, match="broken" if let_in else "60 million"):
        taken(claiming(*size))


@pytest.mark.parametrize("size", [(100_000, 100_000), (2_000_000_000, 2), (30_000, 30_000)])
def test_a_bomb_is_never_decoded(size):
    with pytest.raises(PictureRefused):
        taken(claiming(*size))


def test_twenty_megabytes_are_the_limit():
    data = photograph((20, 20))
    assert accept(io.BytesIO(data), size=MAX_BYTES).width == 20
    with pytest.raises(PictureRefused, match="larger than 20 MB"):
        accept(io.BytesIO(data), size=MAX_BYTES + 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 40,
        b"BM" + b"\0" * 60,
        b"<?php system('id'); ?>",
    ],
)
def test_other_files_are_refused_whatever_they_are_called(data):
    with pytest.raises(PictureRefused, match="no picture"):
        taken(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_torn_file_is_refused(form):
    whole = photograph(form=form)
    with pytest.raises(PictureRefused):
        taken(whole[: len(whole) // 2])


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP", "AVIF"]), st.integers(0, 600))
@settings(max_examples=80, deadline=None)
def test_whatever_is_sent_there_is_an_answer(noise, form, at):
    whole = bytearray(photograph((30, 20), form=form))
    whole[at : at + len(noise)] = noise
    try:
        kept = taken(bytes(whole))
    except PictureRefused:
        return
    assert opened(kept.data).size == (kept.width, kept.height)


def test_renditions_are_never_wider_than_the_picture():
    assert widths(319) == [319]
    assert widths(320) == [320]
    assert widths(1000) == [320, 480, 640, 960]
    assert widths(9000) == list(WIDTHS)
    made = list(render(taken(photograph((700, 350))).data))
    assert {(one.format, one.width, one.height) for one in made} == {
        (form, width, width // 2) for form in ("avif", "webp") for width in (320, 480, 640)
    }
    for one in made:
        assert opened(one.data).size == (one.width, one.height)
        assert opened(one.data).format == one.format.upper()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
