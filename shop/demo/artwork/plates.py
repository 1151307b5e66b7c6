"""Plates of objects on laid paper: a bordered panel, a vessel, a textile with its fringe, a round of tile."""

from collections.abc import Callable

from shop.demo.artwork.palettes import Palette

SHEET = "#f5f1e7"
RULE = "#3a332a"
VASE = (
    "M540 120C520 120 514 152 534 164C544 220 440 262 420 380C400 500 480 640 540 690L528 716H672L660 690"
    "C720 640 800 500 780 380C760 262 656 220 666 164C686 152 680 120 660 120Z"
)
BOWL = "M290 300H910C900 480 790 590 690 620L704 668H496L510 620C410 590 300 480 290 300Z"


def paper(uid: str) -> tuple[str, str]:
    """Return definitions and body of the sheet: laid lines, a soft edge, the mark that the plate has pressed."""
    lines = f'<pattern id="{uid}-a" width="6" height="120" patternUnits="userSpaceOnUse"><path d="M0 0V120" stroke="#8a7d68" stroke-opacity=".13" stroke-width="1"/><path d="M0 0H6" stroke="#8a7d68" stroke-opacity=".16" stroke-width="1"/></pattern>'
    age = f'<radialGradient id="{uid}-e" cx=".5" cy=".46" r=".75"><stop offset=".55" stop-color="#fff" stop-opacity=".25"/><stop offset="1" stop-color="#7a6034" stop-opacity=".2"/></radialGradient>'
    blur = f'<filter id="{uid}-b" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="12"/></filter>'
    body = (
        f'<rect width="1200" height="900" fill="{SHEET}"/><rect width="1200" height="900" fill="url(#{uid}-a)"/>'
        f'<rect width="1200" height="900" fill="url(#{uid}-e)"/>'
        '<path d="M60 840V60H1140" fill="none" stroke="#6d6049" stroke-opacity=".35" stroke-width="2"/>'
        '<path d="M60 840H1140V60" fill="none" stroke="#fff" stroke-opacity=".8" stroke-width="2"/>'
    )
    return lines + age + blur, body


def panel(p: Palette, uid: str) -> str:
    """A bordered panel, as of a manuscript or a wall."""
    return (
        f'<rect x="166" y="116" width="880" height="684" fill="#2a2118" opacity=".22" filter="url(#{uid}-b)"/>'
        f'<rect x="160" y="108" width="880" height="684" fill="url(#{uid}-q)"/>'
        f'<rect x="226" y="174" width="748" height="552" fill="{p.figures[0]}"/>'
        f'<rect x="234" y="182" width="732" height="536" fill="url(#{uid}-p)"/>'
        f'<rect x="160" y="108" width="880" height="684" fill="url(#{uid}-s)"/>'
    )


def _turned(form: str, p: Palette, uid: str, *, band: tuple[int, int], foot: int) -> str:
    top, bottom = band
    return (
        f'<ellipse cx="606" cy="{foot}" rx="210" ry="20" fill="#2a2118" opacity=".34" filter="url(#{uid}-b)"/>'
        f'<clipPath id="{uid}-c"><path d="{form}"/></clipPath><path d="{form}" fill="{p.ground}"/>'
        f'<g clip-path="url(#{uid}-c)"><rect x="200" y="{top}" width="800" height="{bottom - top}" fill="url(#{uid}-p)"/>'
        f'<rect x="200" y="{top - 46}" width="800" height="40" fill="url(#{uid}-q)"/>'
        f'<path d="M200 {top - 3}H1000M200 {bottom + 3}H1000M200 {top - 49}H1000" stroke="{p.figures[0]}" stroke-width="6"/>'
        f'<path d="M200 {bottom + 26}H1000M200 {bottom + 40}H1000" stroke="{p.accent}" stroke-width="5"/></g>'
        f'<path d="{form}" fill="url(#{uid}-s)"/><path d="{form}" fill="none" stroke="{RULE}" stroke-opacity=".5" stroke-width="2"/>'
    )


def vase(p: Palette, uid: str) -> str:
    """A vase in elevation."""
    return f'<g transform="translate(0 40)">{_turned(VASE, p, uid, band=(330, 520), foot=718)}</g>'


def bowl(p: Palette, uid: str) -> str:
    """A bowl in elevation."""
    return f'<g transform="translate(0 -10)">{_turned(BOWL, p, uid, band=(378, 520), foot=670)}</g>'


def textile(p: Palette, uid: str) -> str:
    """A fragment of cloth with its fringe and a worn corner."""
    fringe = "".join(
        f"M{180 + 14 * k} 752l{(k * 7) % 9 - 4} {34 + (k * 11) % 16}M{180 + 14 * k} 148l{(k * 5) % 9 - 4} -{30 + (k * 13) % 16}"
        for k in range(61)
    )
    cloth = "M176 146L1024 150L1020 640C990 652 1000 690 962 696C940 716 950 746 900 752L180 750Z"
    return (
        f'<path d="{fringe}" stroke="{p.figures[1]}" stroke-width="4" fill="none"/>'
        f'<path d="{cloth}" transform="translate(8 12)" fill="#2a2118" opacity=".26" filter="url(#{uid}-b)"/>'
        f'<clipPath id="{uid}-c"><path d="{cloth}"/></clipPath><g clip-path="url(#{uid}-c)">'
        f'<rect x="170" y="140" width="860" height="620" fill="url(#{uid}-p)"/><rect x="170" y="140" width="860" height="74" fill="url(#{uid}-q)"/>'
        f'<rect x="170" y="688" width="860" height="74" fill="url(#{uid}-q)"/><path d="M170 214H1030M170 688H1030" stroke="{p.figures[0]}" stroke-width="8"/>'
        f'<rect x="170" y="140" width="860" height="620" fill="url(#{uid}-s)"/></g>'
    )


def roundel(p: Palette, uid: str) -> str:
    """A dish or a round of tile, seen from above."""
    return (
        f'<circle cx="610" cy="466" r="350" fill="#2a2118" opacity=".28" filter="url(#{uid}-b)"/>'
        f'<circle cx="600" cy="450" r="350" fill="url(#{uid}-q)" stroke="{p.figures[0]}" stroke-width="8"/>'
        f'<circle cx="600" cy="450" r="276" fill="{p.ground}" stroke="{p.figures[0]}" stroke-width="6"/>'
        f'<circle cx="600" cy="450" r="252" fill="url(#{uid}-p)" stroke="{p.figures[1]}" stroke-width="5"/>'
        f'<circle cx="600" cy="450" r="350" fill="url(#{uid}-s)"/>'
    )


COMPOSITIONS: tuple[Callable[[Palette, str], str], ...] = (panel, roundel, textile, vase, panel, bowl, textile)
