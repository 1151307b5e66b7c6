"""Pictures of the demo, drawn by geometry: an ornament in a palette, laid onto a product. Same arguments, same bytes."""

from collections.abc import Collection
from xml.sax.saxutils import escape

from shop.demo.artwork.ornaments import ORNAMENTS
from shop.demo.artwork.palettes import PALETTES, Palette
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
    wall = (
        f'<linearGradient id="{uid}-w" x2="0" y2="1"><stop offset="0" stop-color="#f1ede6"/><stop offset=".68" stop-color="#e6e0d6"/>'
        f'<stop offset=".681" stop-color="#ddd6ca"/><stop offset="1" stop-color="#ebe6dd"/></linearGradient>'
        f'<filter id="{uid}-b" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="18"/></filter>'
    )
    background = (
        f'<rect width="1200" height="1200" fill="url(#{uid}-w)"/>'
        if drawing.standing
        else '<rect width="1200" height="1200" fill="#ece7de"/>'
    )
    return _document(uid, title, pattern + wall + drawing.defs, background + drawing.body)


def object_plate(*, ornament: str, palette: str, seed: int, title: str) -> str:
    """Return an SVG plate (1200 × 900) for an object: its ornament as a study on paper, within ruled margins."""
    _named("ornament", ornament, ORNAMENTS)
    _named("palette", palette, PALETTES)
    colours = PALETTES[palette]
    uid = f"plate-{ornament}-{palette}-{seed}"
    field = _pattern(f"{uid}-p", ornament, colours, seed, scale=1.6)
    border = _pattern(f"{uid}-q", ("meander", "guilloche", "knot")[seed % 3], colours, seed, scale=0.46)
    swatches = "".join(
        f'<rect x="{470 + 54 * n}" y="806" width="44" height="24" fill="{colour}" stroke="#3a332a" stroke-width="1"/>'
        for n, colour in enumerate((colours.ground, *colours.figures, colours.accent))
    )
    body = (
        '<rect width="1200" height="900" fill="#f4efe4"/><rect x="36" y="36" width="1128" height="828" fill="none" stroke="#8a7d68" stroke-width="1.5"/>'
        f'<rect x="150" y="90" width="900" height="670" fill="url(#{uid}-q)" stroke="#3a332a" stroke-width="2"/>'
        f'<rect x="206" y="146" width="788" height="558" fill="url(#{uid}-p)" stroke="#3a332a" stroke-width="2"/>{swatches}'
    )
    return _document(uid, title, field + border, body, height=900)


def _document(uid: str, title: str, defs: str, body: str, *, height: int = 1200) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {height}" width="1200" height="{height}" role="img" '
        f'aria-labelledby="{uid}-t"><title id="{uid}-t">{escape(title)}</title><defs>{defs}</defs>{body}</svg>'
    )
