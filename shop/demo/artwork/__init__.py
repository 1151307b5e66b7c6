"""Pictures of the demo, drawn by geometry: an ornament in a palette, laid onto a product. Same arguments, same bytes."""

from collections.abc import Collection
from xml.sax.saxutils import escape

from shop.demo.artwork.backdrops import backdrop
from shop.demo.artwork.ornaments import ORNAMENTS
from shop.demo.artwork.palettes import PALETTES, Palette
from shop.demo.artwork.plates import COMPOSITIONS, paper
from shop.demo.artwork.shapes import SHAPES

__all__ = ["ORNAMENTS", "PALETTES", "SHAPES", "compose", "object_plate"]


def _named(kind: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ValueError(f"Unknown {kind} {name!r}; known are {', '.join(sorted(known))}.")


def _pattern(uid: str, ornament: str, palette: Palette, seed: int, *, scale: float, turn: float = 0) -> str:
    width, height, content = ORNAMENTS[ornament](palette, seed)
    return (
        f'<pattern id="{uid}" width="{width:g}" height="{height:g}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn:g}) scale({scale:g})"><rect width="{width:g}" height="{height:g}" fill="{palette.ground}"/>{content}</pattern>'
    )


def compose(*, shape: str, ornament: str, palette: str, seed: int, view: str = "front", title: str = "") -> str:
    """Return an SVG document of a product: ``view`` is ``front`` (the thing) or ``detail`` (the ornament up close).

    :raises ValueError: an unknown name, with those that are known.
    """
    _named("shape", shape, SHAPES)
    _named("ornament", ornament, ORNAMENTS)
    _named("palette", palette, PALETTES)
    _named("view", view, ("front", "detail"))
    colours = PALETTES[palette]
    uid = f"{shape}-{ornament}-{palette}-{seed}-{view}"
    if view == "detail":
        pattern = _pattern(f"{uid}-p", ornament, colours, seed, scale=3.1, turn=-8)
        body = f'<rect width="1200" height="1200" fill="url(#{uid}-p)"/><rect width="1200" height="1200" fill="url(#{uid}-v)"/>'
        shade = f'<radialGradient id="{uid}-v" cx=".35" cy=".3" r="1"><stop offset=".4" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#1a120a" stop-opacity=".3"/></radialGradient>'
        return _document(uid, title, pattern + shade, body)
    drawing = SHAPES[shape](colours, uid, seed)
    pattern = _pattern(f"{uid}-p", ornament, colours, seed, scale=drawing.scale)
    blur = f'<filter id="{uid}-b" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="18"/></filter>'
    behind = backdrop(uid, seed, standing=drawing.standing)
    # A little nearer than it was drawn, so that the thing fills its picture.
    nearer = "translate(600 620) scale(1.14) translate(-600 -640)" if drawing.standing else ""
    body = f'<g transform="{nearer}">{drawing.body}</g>' if nearer else drawing.body
    return _document(uid, title, pattern + behind.defs + blur + drawing.defs, behind.body + body)


def object_plate(*, ornament: str, palette: str, seed: int, title: str) -> str:
    """Return an SVG plate (1200 × 900) for an object: its ornament on a panel, a vessel, a cloth or a dish, on paper."""
    _named("ornament", ornament, ORNAMENTS)
    _named("palette", palette, PALETTES)
    colours = PALETTES[palette]
    uid = f"plate-{ornament}-{palette}-{seed}"
    field = _pattern(f"{uid}-p", ornament, colours, seed, scale=1.25)
    border = _pattern(f"{uid}-q", ("meander", "guilloche", "knot")[seed % 3], colours, seed, scale=0.5)
    light = (
        f'<linearGradient id="{uid}-s" x2="1" y2=".35"><stop offset="0" stop-color="#140d06" stop-opacity=".26"/>'
        '<stop offset=".3" stop-color="#fff" stop-opacity=".16"/><stop offset=".55" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#140d06" stop-opacity=".34"/></linearGradient>'
    )
    defs, sheet = paper(uid)
    drawn = COMPOSITIONS[seed // 3 % len(COMPOSITIONS)](colours, uid)
    return _document(uid, title, field + border + light + defs, sheet + drawn, height=900)


def _document(uid: str, title: str, defs: str, body: str, *, height: int = 1200) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {height}" width="1200" height="{height}" role="img" '
        f'aria-labelledby="{uid}-t"><title id="{uid}-t">{escape(title)}</title><defs>{defs}</defs>{body}</svg>'
    )
