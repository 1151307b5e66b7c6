"""Files as strangers send them."""

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825


def photograph(
    size: tuple[int, int] = (1200, 800), *, form: str = "JPEG", orientation: int = 1, mode: str = "RGB"
) -> bytes:
    """A gradient whose left edge is red, with a camera's metadata and the place where it was taken."""
    picture = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (picture, picture, picture))
    picture.paste((255, 0, 0), (0, 0, max(1, size[0] // 10), size[1]))
    picture = picture.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Somebody"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 31.0, 9.0)
    out = io.BytesIO()
    picture.save(out, form, exif=exif.tobytes())
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says that it is that large: a decompression bomb."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )
