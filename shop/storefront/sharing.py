"""The picture that is shown where somebody passes a product on: 1200 × 630 pixels, PNG, made at the first asking.

Programs that show links read neither SVG nor AVIF, so that the product's first picture is drawn anew: raster pictures
by Pillow, drawings by typst. Made pictures are kept in the media storage under the name of what they were made from.
"""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from shop.catalogue.models import ProductImage

SIZE = (1200, 630)  # pixels, as the Open Graph protocol's users recommend
GROUND = (246, 242, 234)
MOST_PIXELS = 60_000_000
DRAWN = """#set page(width: 1200pt, height: 630pt, margin: 30pt, fill: rgb("f6f2ea"))
#align(center + horizon, image("{name}", width: 100%, height: 100%, fit: "contain"))
"""


class NoPicture(LookupError):
    """The product has no picture that can be drawn."""


def share_picture(slug: str) -> bytes:
    """Return a published product's picture as PNG, kept after the first time.

    :raises NoPicture: there is no such product, or no picture of it that can be read.
    """
    first = ProductImage.objects.filter(product__slug=slug, product__published=True).order_by("position").first()
    if first is None:
        raise NoPicture(slug)
    source = Path(first.file.name or "")
    name = f"share/{source.stem}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            return bytes(kept.read())
    try:
        with first.file.open("rb") as file:
            content = file.read()
        made = drawn(content) if source.suffix.lower() == ".svg" else fitted(content)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, typst.TypstError) as error:
        raise NoPicture(slug) from error
    default_storage.save(name, ContentFile(made))
    return made


def fitted(content: bytes) -> bytes:
    """Return a raster picture, whole, on a ground of 1200 × 630.

    :raises OSError: it cannot be read, or has more than 60 million pixels.
    """
    with Image.open(BytesIO(content)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise OSError("The picture is too large.")
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    inner = ImageOps.contain(upright, (SIZE[0] - 60, SIZE[1] - 60))
    sheet = Image.new("RGB", SIZE, GROUND)
    sheet.paste(inner, ((SIZE[0] - inner.width) // 2, (SIZE[1] - inner.height) // 2), inner)
    return _png(sheet)


def drawn(content: bytes) -> bytes:
    """Return a drawing (SVG) on a ground of 1200 × 630; nothing in it runs or loads anything."""
    with TemporaryDirectory(prefix="vitrine-share-") as folder:
        (Path(folder) / "picture.svg").write_bytes(content)
        (Path(folder) / "sheet.typ").write_text(DRAWN.format(name="picture.svg"), encoding="utf-8")
        made = typst.compile(Path(folder) / "sheet.typ", root=Path(folder), format="png", ppi=72.0)
    with Image.open(BytesIO(made)) as sheet:
        return _png(sheet.convert("RGB").resize(SIZE))


def _png(sheet: Image.Image) -> bytes:
    stream = BytesIO()
    sheet.quantize(colors=255).save(stream, "PNG", optimize=True)
    return stream.getvalue()
