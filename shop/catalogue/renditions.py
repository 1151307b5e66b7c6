"""Making renditions: one picture in several widths, as WebP and as AVIF. No Django, no clock, no network."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

READ = ("JPEG", "PNG", "WEBP", "AVIF")
WIDTHS = (320, 480, 640, 960, 1280, 1920)  # pixels
FORMATS = {"avif": {"quality": 62, "speed": 8}, "webp": {"quality": 80, "method": 4}}


@dataclass(frozen=True)
class Rendered:
    """A rendition; width and height in pixels."""

    format: str
    width: int
    height: int
    data: bytes


def widths(width: int) -> list[int]:
    """Return the widths to make of a picture: none is wider than it, and the smallest picture has its own."""
    return [one for one in WIDTHS if one <= width] or [width]


def render(data: bytes) -> Iterator[Rendered]:
    """Yield each rendition of a picture that :func:`shop.catalogue.picture_intake.accept` has let in.

    :raises OSError: the picture cannot be read.
    """
    with Image.open(io.BytesIO(data), formats=READ) as picture:
        picture.load()
        whole = picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")
        for width in reversed(widths(whole.width)):
            height = max(1, round(whole.height * width / whole.width))
            whole = whole if whole.width == width else whole.resize((width, height), Image.Resampling.LANCZOS)
            for name, options in FORMATS.items():
                out = io.BytesIO()
                whole.save(out, name.upper(), **options)
                yield Rendered(name, width, height, out.getvalue())
