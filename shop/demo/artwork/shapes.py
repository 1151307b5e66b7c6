"""Product shapes: where the ornament lies, how light falls on it. Drawn on 1200 × 1200."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from shop.demo.artwork.palettes import Palette


@dataclass(frozen=True)
class Drawing:
    """Definitions and body of a shape; ``scale`` is the ornament's; ``standing`` things stand on a floor."""

    body: str
    defs: str = ""
    scale: float = 1.0
    standing: bool = True


def _shadow(uid: str, cx: float, cy: float, rx: float, ry: float, opacity: float = 0.35) -> str:
    return (
        f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="#2a2118" opacity="{opacity}" filter="url(#{uid}-b)"/>'
    )


def _round(uid: str, name: str = "s") -> str:
    """The light on an upright cylinder."""
    return (
        f'<linearGradient id="{uid}-{name}"><stop offset="0" stop-color="#140d06" stop-opacity=".5"/><stop offset=".22" stop-color="#fff" stop-opacity=".16"/>'
        '<stop offset=".42" stop-color="#fff" stop-opacity=".02"/><stop offset="1" stop-color="#140d06" stop-opacity=".55"/></linearGradient>'
    )


def _fold(uid: str) -> str:
    stops = "".join(
        f'<stop offset="{k / 8:g}" stop-color="{"#fff" if k % 2 else "#140d06"}" stop-opacity="{0.16 if k % 2 else 0.2}"/>'
        for k in range(9)
    )
    return f'<linearGradient id="{uid}-s" x2="1" y2=".25">{stops}</linearGradient>'


def mug(p: Palette, uid: str, _seed: int) -> Drawing:
    cup = "M330 380V840Q330 930 420 930H700Q790 930 790 840V380Z"
    body = (
        _shadow(uid, 590, 935, 330, 34)
        + f'<path d="M780 500C960 470 980 790 770 800" fill="none" stroke="{p.figures[0] if not p.dark else p.ground}" stroke-width="54"/>'
        + '<path d="M780 500C960 470 980 790 770 800" fill="none" stroke="#fff" stroke-opacity=".28" stroke-width="16"/>'
        + f'<path d="{cup}" fill="url(#{uid}-p)"/><path d="M330 840Q330 930 420 930H700Q790 930 790 840V850Q560 905 330 850Z" fill="{p.figures[0]}" opacity=".85"/>'
        + f'<path d="{cup}" fill="url(#{uid}-s)"/><ellipse cx="560" cy="380" rx="230" ry="46" fill="#f7f3ea"/><ellipse cx="560" cy="386" rx="208" ry="36" fill="#3a2a1c" opacity=".5"/>'
        + '<ellipse cx="560" cy="380" rx="230" ry="46" fill="none" stroke="#fff" stroke-opacity=".8" stroke-width="5"/>'
    )
    return Drawing(body, _round(uid), scale=1.15)


def tote(p: Palette, uid: str, _seed: int) -> Drawing:
    bag = "M310 440L300 1010Q300 1030 322 1030H878Q900 1030 900 1010L890 440Z"
    handles = "".join(
        f'<path d="M{x1} 450C{x1 - 6} 120 {x2 + 6} 120 {x2} 450" fill="none" stroke="{c}" stroke-width="{w}"/>'
        for x1, x2, c, w in ((430, 770, "#cdbfa4", 30), (440, 760, "#e5d9c2", 26))
    )
    body = (
        _shadow(uid, 600, 1034, 320, 26)
        + handles
        + f'<path d="{bag}" fill="#e9dfcb"/><rect x="372" y="520" width="456" height="430" fill="url(#{uid}-p)"/>'
        + f'<path d="{bag}" fill="url(#{uid}-s)" opacity=".55"/><path d="M309 470H891" stroke="#b7a888" stroke-width="3" stroke-dasharray="9 6"/>'
    )
    return Drawing(body, _fold(uid), scale=1.0)


def scarf(p: Palette, uid: str, _seed: int) -> Drawing:
    edge = p.figures[0] if not p.dark else p.accent
    square = '<path d="M{0} {0}Q600 {1} {2} {0}Q{3} 600 {2} {2}Q600 {3} {0} {2}Q{1} 600 {0} {0}Z" {4}/>'
    body = (
        '<g transform="rotate(-6 600 600)">'
        f'<rect x="190" y="205" width="830" height="830" rx="14" fill="#2a2118" opacity=".3" filter="url(#{uid}-b)"/>'
        + square.format(190, 182, 1010, 1018, f'fill="{edge}"')
        + square.format(232, 226, 968, 974, f'fill="{p.ground}"')
        + square.format(262, 256, 938, 944, f'fill="none" stroke="{p.figures[1]}" stroke-width="6"')
        + square.format(290, 285, 910, 915, f'fill="url(#{uid}-p)"')
        + square.format(410, 407, 790, 793, f'fill="{p.ground}" stroke="{edge}" stroke-width="10"')
        + f'<circle cx="600" cy="600" r="150" fill="url(#{uid}-p)" stroke="{edge}" stroke-width="8"/>'
        + square.format(190, 182, 1010, 1018, f'fill="url(#{uid}-s)" opacity=".5"')
        + "</g>"
    )
    return Drawing(body, _fold(uid), scale=0.8, standing=False)


FRAMES = (("#4b3523", "#6a4d35"), ("#1d1b19", "#3a3733"), ("#c9a572", "#dfc293"), ("#efece6", "#ffffff"))


def _picture(p: Palette, uid: str, seed: int) -> str:
    """What is printed on a sheet of 520 × 680 at (340, 250): the whole field, a round, bands, or an arch."""
    field = f'<rect x="340" y="250" width="520" height="680" fill="{p.ground}"/>'
    match seed // 4 % 4:
        case 0:
            return f'<rect x="340" y="250" width="520" height="680" fill="url(#{uid}-p)"/>'
        case 1:
            return (
                f'{field}<circle cx="600" cy="560" r="200" fill="url(#{uid}-p)" stroke="{p.accent}" stroke-width="8"/>'
                f'<path d="M380 830H820M380 850H820" stroke="{p.figures[1]}" stroke-width="4"/>'
            )
        case 2:
            bands = "".join(
                f'<rect x="380" y="{290 + 205 * k}" width="440" height="185" fill="url(#{uid}-p)"/>' for k in range(3)
            )
            return f"{field}{bands}"
        case _:
            arch = "M400 890V520A200 200 0 0 1 800 520V890Z"
            return f'{field}<path d="{arch}" fill="url(#{uid}-p)" stroke="{p.accent}" stroke-width="8"/>'


def print_(p: Palette, uid: str, seed: int) -> Drawing:
    frame, light = FRAMES[seed % len(FRAMES)]
    body = (
        f'<rect x="250" y="150" width="740" height="960" fill="#2a2118" opacity=".38" filter="url(#{uid}-b)"/>'
        f'<rect x="230" y="110" width="740" height="960" fill="{frame}"/><path d="M230 110H970L946 134H254V1046L230 1070Z" fill="{light}"/>'
        '<rect x="254" y="134" width="692" height="912" fill="#fbf9f4"/><path d="M254 134H946V148H268V1046H254Z" fill="#2a2118" opacity=".2"/>'
        f'{_picture(p, uid, seed)}<rect x="340" y="250" width="520" height="680" fill="none" stroke="#d9d1c0" stroke-width="2"/>'
        '<path d="M254 134L640 134L380 1046H254Z" fill="#fff" opacity=".1"/>'
    )
    return Drawing(body, scale=1.05, standing=False)


def notebook(p: Palette, uid: str, _seed: int) -> Drawing:
    body = (
        f'<g transform="rotate(7 600 600)"><rect x="330" y="240" width="590" height="780" rx="16" fill="#2a2118" opacity=".38" filter="url(#{uid}-b)"/>'
        '<rect x="334" y="222" width="572" height="770" rx="14" fill="#efe7d6"/><path d="M900 236V984M894 236V984" stroke="#c9bda5" stroke-width="2"/>'
        f'<rect x="320" y="208" width="572" height="770" rx="16" fill="url(#{uid}-p)"/><rect x="320" y="208" width="74" height="770" rx="14" fill="{p.figures[0]}"/>'
        f'<rect x="500" y="330" width="250" height="120" rx="4" fill="#f7f2e6" stroke="{p.figures[0]}" stroke-width="3"/><path d="M540 382H710M560 410H690" stroke="#8d836f" stroke-width="4"/>'
        f'<rect x="812" y="208" width="20" height="770" fill="{p.accent}"/><rect x="320" y="208" width="572" height="770" rx="16" fill="url(#{uid}-s)" opacity=".4"/><path d="M430 978V1060L446 1040L462 1060V978" fill="{p.accent}"/></g>'
    )
    return Drawing(body, _round(uid), scale=1.05, standing=False)


def jewellery(p: Palette, uid: str, _seed: int) -> Drawing:
    metal = f'<linearGradient id="{uid}-s" x2="1" y2="1"><stop offset="0" stop-color="#fdfdfb"/><stop offset=".35" stop-color="#aaa9a6"/><stop offset=".55" stop-color="#f4f3ef"/><stop offset="1" stop-color="#7d7b77"/></linearGradient>'
    # The chain falls from the sides of the neck and meets at the pendant's eye.
    beads = "".join(
        f'<circle cx="{600 + 138 * t:.1f}" cy="{548 - 232 * t * t:.1f}" r="6" fill="url(#{uid}-s)"/>'
        for t in (k / 26 for k in range(-26, 27))
    )
    granules = "".join(
        f'<circle cx="{600 + 176 * math.cos(a):.1f}" cy="{760 + 176 * math.sin(a):.1f}" r="9" fill="url(#{uid}-s)"/>'
        for a in (math.tau * k / 44 for k in range(44))
    )
    body = (
        '<path d="M300 1200C300 700 420 200 600 160C780 200 900 700 900 1200Z" fill="#f4f0e8"/>'
        + beads
        + '<g transform="translate(600 760) scale(1.3) translate(-600 -742)">'
        + _shadow(uid, 612, 790, 180, 170, 0.4)
        + f'<path d="M580 560Q600 540 620 560V590H580Z" fill="url(#{uid}-s)"/><circle cx="600" cy="760" r="190" fill="url(#{uid}-s)"/>'
        + f'<circle cx="600" cy="760" r="160" fill="url(#{uid}-p)" stroke="#6d6a64" stroke-width="4"/><circle cx="600" cy="760" r="160" fill="url(#{uid}-g)"/>{granules}'
        + "</g>"
    )
    glow = f'<radialGradient id="{uid}-g" cx=".35" cy=".28" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".5"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#140d06" stop-opacity=".4"/></radialGradient>'
    return Drawing(body, metal + glow, scale=0.62)


VESSELS = (
    "M520 250C500 250 500 290 520 300C530 360 400 420 390 560C380 720 480 860 520 900H680C720 860 820 720 810 560C800 420 670 360 680 300C700 290 700 250 680 250Z",
    "M540 230C520 230 515 270 535 280C545 350 470 370 430 440C390 520 400 640 450 760C480 830 510 870 515 900H685C690 870 720 830 750 760C800 640 810 520 770 440C730 370 655 350 665 280C685 270 680 230 660 230Z",
    "M470 320L440 330C430 480 350 500 350 620C350 760 470 860 540 880L520 900H680L660 880C730 860 850 760 850 620C850 500 770 480 760 330L730 320Z",
)


def statuette(p: Palette, uid: str, seed: int) -> Drawing:
    form = VESSELS[seed % len(VESSELS)]
    body = (
        _shadow(uid, 600, 1020, 300, 30)
        + f'<path d="M390 900H810L840 1010H360Z" fill="#3b342d"/><path d="M390 900H810L816 924H384Z" fill="#fff" opacity=".14"/><rect x="352" y="1004" width="496" height="20" fill="#2a241f"/>'
        f'<clipPath id="{uid}-c"><path d="{form}"/></clipPath><path d="{form}" fill="{p.figures[1]}"/><g clip-path="url(#{uid}-c)"><rect x="300" y="470" width="600" height="240" fill="url(#{uid}-p)"/>'
        f'<path d="M300 462H900M300 718H900" stroke="{p.figures[0]}" stroke-width="10"/><path d="M300 330H900M300 812H900M300 842H900" stroke="{p.accent}" stroke-width="8"/></g><path d="{form}" fill="url(#{uid}-s)"/>'
    )
    return Drawing(body, _round(uid), scale=0.95)


def book(p: Palette, uid: str, _seed: int) -> Drawing:
    body = (
        _shadow(uid, 620, 1012, 330, 26)
        + '<path d="M372 1000L360 236L404 208L412 984Z" fill="#2f2822"/><path d="M404 208L880 246L876 1010L412 984Z" fill="#fbf8f0"/>'
        f'<path d="M396 200L868 236V1000L404 976Z" fill="url(#{uid}-p)"/><path d="M470 330L796 352V560L470 548Z" fill="#f8f4ea"/><path d="M520 400L746 414M520 440L746 453M560 484L706 492" stroke="#39322a" stroke-width="9"/>'
        f'<path d="M396 200L868 236V1000L404 976Z" fill="url(#{uid}-s)" opacity=".35"/><path d="M396 200L404 976L372 1000L360 236Z" fill="{p.figures[0]}"/>'
    )
    return Drawing(body, _round(uid), scale=1.05)


def puzzle(p: Palette, uid: str, seed: int) -> Drawing:
    cell = 130
    lines = []
    for i in range(1, 6):
        for j in range(6):
            s = 1 if (i * 3 + j * 5 + seed) % 2 else -1
            x, y = 210 + i * cell, 210 + j * cell
            lines.append(f"M{x} {y}v45c{-34 * s} -18 {-34 * s} 58 0 40v45")
            lines.append(f"M{y} {x}h45c-18 {-34 * s} 58 {-34 * s} 40 0h45")
    body = (
        f'<rect x="216" y="226" width="780" height="780" fill="#2a2118" opacity=".35" filter="url(#{uid}-b)"/><rect x="210" y="210" width="780" height="780" rx="6" fill="url(#{uid}-p)"/>'
        f'<path d="{"".join(lines)}" fill="none" stroke="#1a120a" stroke-opacity=".55" stroke-width="3"/><path d="{"".join(lines)}" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="1.5" transform="translate(2 2)"/>'
        '<path d="M860 210h130v130h-45c-18 -34 -58 -34 -40 0h-45z" fill="#e4ddd0"/>'
        f'<g transform="translate(70 -70) rotate(14 930 270)"><path d="M860 210h130v130h-45c-18 -34 -58 -34 -40 0h-45z" fill="url(#{uid}-p)" stroke="#1a120a" stroke-opacity=".4" stroke-width="2"/></g>'
    )
    return Drawing(body, scale=1.2, standing=False)


def umbrella(p: Palette, uid: str, _seed: int) -> Drawing:
    gores = []
    for k in range(8):
        a, b = math.tau * k / 8 - math.pi / 8, math.tau * (k + 1) / 8 - math.pi / 8
        x1, y1, x2, y2 = (
            600 + 440 * math.cos(a),
            600 + 440 * math.sin(a),
            600 + 440 * math.cos(b),
            600 + 440 * math.sin(b),
        )
        mx, my = 600 + 372 * math.cos((a + b) / 2), 600 + 372 * math.sin((a + b) / 2)
        d = f"M600 600L{x1:.1f} {y1:.1f}Q{mx:.1f} {my:.1f} {x2:.1f} {y2:.1f}Z"
        light = 0.22 * math.cos((a + b) / 2 + 2.2)
        gores.append(
            f'<path d="{d}" fill="url(#{uid}-p)"/><path d="{d}" fill="{"#fff" if light > 0 else "#140d06"}" opacity="{abs(light) * 1.4:.2f}"/><path d="{d}" fill="none" stroke="{p.figures[0]}" stroke-width="5"/><circle cx="{x1:.1f}" cy="{y1:.1f}" r="8" fill="#3b342d"/>'
        )
    body = (
        f'<circle cx="624" cy="640" r="410" fill="#2a2118" opacity=".34" filter="url(#{uid}-b)"/>'
        + "".join(gores)
        + f'<circle cx="600" cy="600" r="30" fill="{p.figures[0]}"/><circle cx="594" cy="594" r="12" fill="#fff" opacity=".5"/>'
    )
    return Drawing(body, scale=0.9, standing=False)


SHAPES: dict[str, Callable[[Palette, str, int], Drawing]] = {
    "mug": mug,
    "tote": tote,
    "scarf": scarf,
    "print": print_,
    "notebook": notebook,
    "jewellery": jewellery,
    "statuette": statuette,
    "book": book,
    "puzzle": puzzle,
    "umbrella": umbrella,
}
