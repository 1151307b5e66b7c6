"""Drawing the demo's pictures into MEDIA_ROOT; a picture that is there already is not drawn again."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings

from shop.demo.artwork import compose, object_plate

SHAPES = {
    "prints": "print",
    "mugs": "mug",
    "scarves": "scarf",
    "totes": "tote",
    "notebooks": "notebook",
    "jewellery": "jewellery",
    "replicas": "statuette",
    "books": "book",
    "puzzles": "puzzle",
    "umbrellas": "umbrella",
}

FORMS = {
    "textile": ("wool", "cotton", "fibre", "tapestry", "embroider"),
    "roundel": ("fritware", "brass", "basalt", "tile"),
    "vessel": ("porcelain", "stoneware", "earthenware", "pottery", "faience", "jade", "cameo glass", "applied glass"),
}


def seed_of(slug: str) -> int:
    """Return a number that is the same for a slug on every machine."""
    return int.from_bytes(sha256(slug.encode()).digest()[:4], "big")


def _write(folder: str, slug: str, svg: str) -> str:
    """Write a picture under a name that carries its digest; return the name relative to MEDIA_ROOT."""
    data = svg.encode()
    name = f"{folder}/{slug}-{sha256(data).hexdigest()[:12]}.svg"
    path = Path(settings.MEDIA_ROOT) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(path)
    return name


def product_picture(*, slug: str, category: str, ornament: str, palette: str, view: str, title: str) -> str:
    """Draw a product (``view`` front or detail) and return the picture's name."""
    svg = compose(
        shape=SHAPES[category], ornament=ornament, palette=palette, seed=seed_of(slug), view=view, title=title
    )
    return _write("products", f"{slug}-{view}", svg)


def form_of(technique: str) -> str:
    """Return on what an object's ornament is drawn: a vessel, a cloth, a round, or the panel of all other things."""
    words = technique.casefold()
    return next((form for form, signs in FORMS.items() if any(sign in words for sign in signs)), "panel")


def plate(*, slug: str, ornament: str, palette: str, title: str, technique: str = "") -> str:
    """Draw an object's plate and return the picture's name."""
    form = form_of(technique)
    svg = object_plate(ornament=ornament, palette=palette, seed=seed_of(slug), title=title, form=form)
    return _write("objects", slug, svg)
