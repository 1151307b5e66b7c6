"""Pictures at the door: known by their content, bounded before they are decoded, and written anew without metadata.

What is kept is never what was sent: the picture is decoded, turned the way its camera held it, brought to sRGB, scaled
down to what the shop can use, and encoded again. Nothing of the file but its pixels comes through. No Django here.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_SIDE = 4096  # pixels kept along the longer side
QUALITY = 92
NOT_A_PICTURE = "This is no picture that can be read. Use JPEG, PNG, WebP or AVIF."
BROKEN = "The picture is broken: it cannot be read to its end."


class PictureRefused(ValueError):
    """The file is not taken; the text says why."""


@dataclass(frozen=True)
class Accepted:
    """A picture as it is kept; width and height in pixels."""

    data: bytes
    extension: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """What its name carries, so that a name always means the same picture."""
        return sha256(self.data).hexdigest()[:12]


def accept(file: BinaryIO, *, size: int) -> Accepted:
    """Read an upload of ``size`` bytes and return what is kept of it.

    :raises PictureRefused: too large in bytes or pixels, no picture of a known kind, or broken.
    """
    if size > MAX_BYTES:
        raise PictureRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    with _opened(file) as picture:
        try:
            return _kept(picture)
        except PictureRefused:
            raise
        except Exception as error:
            # Decoders of strangers' files fail in many ways (OSError, SyntaxError, ValueError, EOFError, struct.error).
            raise PictureRefused(BROKEN) from error


def _opened(file: BinaryIO) -> Image.Image:
    """Open without decoding: only the header is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureRefused(_too_many()) from None
    except UnidentifiedImageError:
        raise PictureRefused(NOT_A_PICTURE) from None
    except Exception as error:
        raise PictureRefused(BROKEN) from error
    if picture.width * picture.height > MAX_PIXELS:
        picture.close()
        raise PictureRefused(_too_many())
    return picture


def _too_many() -> str:
    return f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels."


def _kept(picture: Image.Image) -> Accepted:
    if picture.format == "JPEG":
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # decoded at a half, a quarter … where that is enough
    profile = picture.info.get("icc_profile")
    picture.load()
    orientation = picture.getexif().get(0x0112, 1)
    plain = _plain(picture)
    plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    plain = _srgb(plain, profile)
    plain.info = {}
    if orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        plain.info["exif"] = exif.tobytes()
        plain = ImageOps.exif_transpose(plain)
        plain.info = {}
    out = io.BytesIO()
    if plain.mode == "RGBA":
        plain.save(out, "PNG", optimize=False)
        extension = "png"
    else:
        plain.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True, progressive=True)
        extension = "jpg"
    return Accepted(out.getvalue(), extension, plain.width, plain.height)


def _plain(picture: Image.Image) -> Image.Image:
    """Return the first frame in RGB, or in RGBA where something of it shows through."""
    if picture.mode in {"I;16", "I;16B", "I;16L", "I"}:
        return picture.convert("I").point(lambda value: value / 257).convert("L").convert("RGB")
    if picture.has_transparency_data:
        whole = picture.convert("RGBA")
        lowest, _highest = whole.getchannel("A").getextrema()
        return whole if lowest < 255 else whole.convert("RGB")  # type: ignore[operator] # one band: a number
    return picture if picture.mode == "CMYK" else picture.convert("RGB")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a profile that does not fit its picture is left aside
        if converted is not None:
            return converted
    return picture if picture.mode == mode else picture.convert(mode)
