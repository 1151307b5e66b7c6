"""Ornament families as repeating tiles, drawn by geometry. A tile is (width, height, SVG content)."""

import math
import random
from collections.abc import Callable

from shop.demo.artwork.palettes import Palette

Tile = tuple[float, float, str]


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def meander(p: Palette, _seed: int) -> Tile:
    """The Greek key, a double line turning inwards."""
    path = "M0 100H100V20H40V60H60V40H80V80H20V0H120V100H140"
    rule = f'<path d="M0 114H140M0 -12H140M0 128H140" stroke="{p.figures[1]}" stroke-width="3"/>'
    return 120, 140, f'<path d="{path}" fill="none" stroke="{p.figures[0]}" stroke-width="11"/>{rule}'


def seigaiha(p: Palette, _seed: int) -> Tile:
    """Overlapping waves of concentric arcs."""
    rings = "".join(
        f'<circle r="{r}" fill="{fill}" stroke="{p.figures[0]}" stroke-width="2.5"/>'
        for r, fill in ((50, p.ground), (38, p.figures[2]), (26, p.ground), (14, p.figures[1]))
    )
    spots = [(0, 0), (100, 0), (50, 25), (0, 50), (100, 50), (50, 75), (0, 100), (100, 100)]
    fans = "".join(f'<g transform="translate({x} {y})">{rings}</g>' for x, y in sorted(spots, key=lambda s: s[1]))
    return 100, 50, f'<g transform="translate(0 -25)">{fans}</g>'


def girih(p: Palette, _seed: int) -> Tile:
    """Eight-pointed stars and crosses in strapwork."""
    parts = []
    for cx, cy in ((60, 60), (0, 0), (120, 0), (0, 120), (120, 120)):
        outer = [
            (
                cx + math.cos(math.pi * k / 8) * (44 if k % 2 == 0 else 31),
                cy + math.sin(math.pi * k / 8) * (44 if k % 2 == 0 else 31),
            )
            for k in range(16)
        ]
        inner = [(cx + (x - cx) * 0.55, cy + (y - cy) * 0.55) for x, y in outer]
        parts.append(
            f'<polygon points="{_points(outer)}" fill="{p.figures[2]}" stroke="{p.figures[0]}" stroke-width="4"/>'
        )
        parts.append(f'<polygon points="{_points(inner)}" fill="{p.accent}" stroke="{p.ground}" stroke-width="2"/>')
        parts.append(f'<circle cx="{cx}" cy="{cy}" r="5" fill="{p.ground}"/>')
    lines = f'<path d="M60 16V-16M60 104V136M16 60H-16M104 60H136M30 30L14 14M90 30L106 14M30 90L14 106M90 90L106 106" stroke="{p.figures[1]}" stroke-width="4"/>'
    return 120, 120, lines + "".join(parts)


def lotus(p: Palette, _seed: int) -> Tile:
    """An Egyptian frieze of open lotus and bud, joined by arcs."""
    petals = "".join(
        f'<path d="M0 0C{_n(-13)} -26 -9 -52 0 -62C9 -52 13 -26 0 0Z" transform="rotate({a})" fill="{c}" stroke="{p.figures[0]}" stroke-width="2"/>'
        for a, c in ((-56, p.figures[1]), (56, p.figures[1]), (-30, p.figures[2]), (30, p.figures[2]), (0, p.accent))
    )
    bud = f'<path d="M0 0C-15 -18 -10 -44 0 -56C10 -44 15 -18 0 0Z" fill="{p.figures[1]}" stroke="{p.figures[0]}" stroke-width="2"/>'
    arcs = f'<path d="M-70 0A35 35 0 0 0 0 0A35 35 0 0 0 70 0" fill="none" stroke="{p.figures[0]}" stroke-width="3"/>'
    row = f'<g transform="translate(70 82)">{arcs}{petals}</g><g transform="translate(0 82)">{bud}</g><g transform="translate(140 82)">{bud}</g>'
    base = f'<path d="M0 122H140M0 130H140" stroke="{p.figures[1]}" stroke-width="3"/>'
    return 140, 140, row + base


def guilloche(p: Palette, _seed: int) -> Tile:
    """Two interlaced bands round rosettes."""

    def wave(sign: int) -> str:
        return f"M0 40C20 {40 - sign * 40} 40 {40 - sign * 40} 60 40S100 {40 + sign * 40} 120 40"

    bands = "".join(
        f'<path d="{wave(s)}" fill="none" stroke="{p.figures[0]}" stroke-width="17"/><path d="{wave(s)}" fill="none" stroke="{p.figures[i]}" stroke-width="10"/>'
        for s, i in ((1, 2), (-1, 1))
    )
    eyes = "".join(
        f'<circle cx="{x}" cy="40" r="9" fill="{p.accent}"/><circle cx="{x}" cy="40" r="3.5" fill="{p.ground}"/>'
        for x in (30, 90)
    )
    rules = f'<path d="M0 90H120" stroke="{p.figures[1]}" stroke-width="3"/><path d="M0 96H120" stroke="{p.figures[0]}" stroke-width="1.5"/>'
    return 120, 100, bands + eyes + rules


def crackle(p: Palette, seed: int) -> Tile:
    """The ice-crack network of a celadon glaze: one irregular grid, wrapped so that the tile repeats."""
    rng = random.Random(seed)
    cells, size = 5, 240.0
    step = size / cells
    node = {
        (i, j): (i * step + rng.uniform(-0.38, 0.38) * step, j * step + rng.uniform(-0.38, 0.38) * step)
        for i in range(cells)
        for j in range(cells)
    }

    def at(i: int, j: int) -> tuple[float, float]:
        x, y = node[i % cells, j % cells]
        return x + (i // cells) * size, y + (j // cells) * size

    lines = []
    for i in range(-1, cells + 1):
        for j in range(-1, cells + 1):
            (x, y), right, down = at(i, j), at(i + 1, j), at(i, j + 1)
            width = 1.4 + ((i * 7 + j * 13) % 5) * 0.5
            lines.append(f'<path d="M{_n(x)} {_n(y)}L{_n(right[0])} {_n(right[1])}" stroke-width="{_n(width)}"/>')
            if (i * 5 + j * 3) % 4:
                thin = _n(3.4 - width)
                lines.append(f'<path d="M{_n(x)} {_n(y)}L{_n(down[0])} {_n(down[1])}" stroke-width="{thin}"/>')
    return size, size, f'<g stroke="{p.figures[0]}" stroke-opacity=".75" fill="none">{"".join(lines)}</g>'


def hieroglyph(p: Palette, seed: int) -> Tile:
    """Bands of invented pictograms: water, reed, eye, sun, bird, knot."""
    a, b, c = p.figures
    signs = [
        f'<path d="M4 20l6 -8 6 8 6 -8 6 8 6 -8 6 8M4 32l6 -8 6 8 6 -8 6 8 6 -8 6 8" fill="none" stroke="{a}" stroke-width="3.4"/>',
        f'<path d="M22 48V8C30 14 32 24 26 34" fill="none" stroke="{a}" stroke-width="3.6"/>',
        f'<path d="M4 24Q22 6 40 24Q22 38 4 24ZM22 34V44M28 32Q32 44 40 42" fill="none" stroke="{a}" stroke-width="3.2"/><circle cx="22" cy="23" r="5" fill="{p.accent}"/>',
        f'<circle cx="22" cy="26" r="15" fill="{p.accent}" stroke="{a}" stroke-width="3"/>',
        f'<path d="M6 40L16 40L18 28C10 26 10 12 20 12C26 12 28 16 34 17L28 20C30 30 40 32 42 40H28L26 48" fill="{b}" stroke="{a}" stroke-width="2.6" stroke-linejoin="round"/>',
        f'<path d="M22 50V24M10 32H34M22 24C8 18 14 4 22 4S36 18 22 24Z" fill="none" stroke="{a}" stroke-width="4"/>',
    ]
    order = list(range(6))
    random.Random(seed).shuffle(order)
    cells = []
    for row in range(2):
        for column in range(4):
            cells.append(
                f'<g transform="translate({column * 52 + 4} {row * 70 + 10})">{signs[order[(column + row * 3) % 6]]}</g>'
            )
        cells.append(f'<path d="M0 {row * 70 + 68}H208M0 {row * 70 + 4}H208" stroke="{c}" stroke-width="2.5"/>')
    return 208, 140, "".join(cells)


def millefleurs(p: Palette, seed: int) -> Tile:
    """A meadow of small flowers, scattered and wrapped."""
    rng = random.Random(seed)
    size, parts = 260.0, []
    spots: list[tuple[float, float]] = []
    while len(spots) < 15:
        x, y = rng.uniform(0, size), rng.uniform(0, size)
        if all(
            min(abs(x - u), size - abs(x - u)) ** 2 + min(abs(y - v), size - abs(y - v)) ** 2 > 48**2 for u, v in spots
        ):
            spots.append((x, y))
    for number, (x, y) in enumerate(spots):
        colour = (p.figures[0], p.accent, p.figures[1])[number % 3]
        count, turn = (5, 6, 8)[number % 3], rng.uniform(0, 360)
        flower = (
            f'<path d="M0 0C6 12 4 24 -4 34M2 16C10 14 14 18 16 24C8 26 4 22 2 16M0 24C-8 22 -12 26 -14 32C-6 34 -2 30 0 24" fill="none" stroke="{p.figures[2]}" stroke-width="2.6"/>'
            + "".join(
                f'<ellipse cx="0" cy="-9" rx="5" ry="8" fill="{colour}" transform="rotate({_n(turn + 360 / count * k)})"/>'
                for k in range(count)
            )
            + f'<circle r="4" fill="{p.ground}"/><circle r="2.2" fill="{p.accent}"/>'
        )
        for dx in (-size, 0, size):
            for dy in (-size, 0, size):
                if -45 < x + dx < size + 45 and -45 < y + dy < size + 45:
                    parts.append(f'<g transform="translate({_n(x + dx)} {_n(y + dy)})">{flower}</g>')
    return size, size, "".join(parts)


def asanoha(p: Palette, _seed: int) -> Tile:
    """The hemp-leaf star of six."""
    w, h = 100.0, 173.2
    lines = []
    for cx, cy in ((0, 0), (w, 0), (w / 2, h / 2), (0, h), (w, h)):
        for k in range(6):
            a = math.pi / 3 * k + math.pi / 6
            x, y = cx + 57.735 * math.cos(a), cy + 57.735 * math.sin(a)
            lines.append(f"M{_n(cx)} {_n(cy)}L{_n(x)} {_n(y)}")
            b = a + math.pi / 3
            u, v = cx + 57.735 * math.cos(b), cy + 57.735 * math.sin(b)
            m, n = (cx + x + u) / 3, (cy + y + v) / 3
            lines.append(
                f"M{_n(cx)} {_n(cy)}L{_n(m)} {_n(n)}L{_n(x)} {_n(y)}M{_n(m)} {_n(n)}L{_n(u)} {_n(v)}M{_n(x)} {_n(y)}L{_n(u)} {_n(v)}"
            )
    dots = "".join(
        f'<circle cx="{x}" cy="{_n(y)}" r="5" fill="{p.accent}"/>'
        for x, y in ((0, 0), (w, 0), (w / 2, h / 2), (0, h), (w, h))
    )
    return w, h, f'<path d="{"".join(lines)}" fill="none" stroke="{p.figures[0]}" stroke-width="3"/>{dots}'


def clouds(p: Palette, _seed: int) -> Tile:
    """Auspicious clouds with trailing ends."""

    def cloud(x: float, y: float, flip: int, colour: str) -> str:
        return (
            f'<g transform="translate({x} {y}) scale({flip} 1)"><path d="M-62 12C-40 12 -42 -8 -26 -8C-24 -30 10 -34 14 -12C30 -22 46 -4 32 8C44 10 54 12 64 4C56 26 20 24 0 20C-20 26 -44 24 -62 12Z" fill="{colour}" stroke="{p.figures[0]}" stroke-width="3"/>'
            f'<path d="M-16 8C-26 0 -12 -14 -4 -4C2 4 -8 10 -12 4M14 4C8 -6 22 -12 26 -2" fill="none" stroke="{p.figures[0]}" stroke-width="2.6"/></g>'
        )

    return (
        200,
        140,
        cloud(60, 40, 1, p.figures[2])
        + cloud(160, 110, -1, p.accent)
        + cloud(-40, 110, -1, p.accent)
        + cloud(60, 180, 1, p.figures[2]),
    )


def knot(p: Palette, _seed: int) -> Tile:
    """Plaited bands, over and under."""

    def band(d: str, colour: str) -> str:
        return f'<path d="{d}" fill="none" stroke="{p.figures[0]}" stroke-width="20"/><path d="{d}" fill="none" stroke="{colour}" stroke-width="13"/><path d="{d}" fill="none" stroke="{p.ground}" stroke-width="2"/>'

    a = band("M-10 -10L110 110M-10 90L10 110M90 -10L110 10", p.figures[1])
    b = band("M110 -10L-10 110M-10 10L10 -10M90 110L110 90", p.figures[2])
    over = band("M38 38L62 62", p.figures[1]) + band("M-12 -12L12 12M88 88L112 112", p.figures[1])
    return 100, 100, a + b + over


def anthemion(p: Palette, _seed: int) -> Tile:
    """Palmettes on spirals."""
    leaves = "".join(
        f'<path d="M0 0C-7 -20 -6 -44 0 -54C6 -44 7 -20 0 0Z" transform="rotate({a}) scale(1 {s})" fill="{p.figures[0]}"/>'
        for a, s in ((-72, 0.72), (-48, 0.86), (-24, 0.95), (0, 1.05), (24, 0.95), (48, 0.86), (72, 0.72))
    )
    scroll = f'<path d="M-60 40C-60 10 -20 10 -20 34C-20 50 -42 50 -42 36M60 40C60 10 20 10 20 34C20 50 42 50 42 36M-20 30C-10 18 10 18 20 30" fill="none" stroke="{p.figures[1]}" stroke-width="6" stroke-linecap="round"/>'
    one = f'{scroll}<g transform="translate(0 12)">{leaves}</g><circle cy="14" r="9" fill="{p.accent}"/>'
    return (
        120,
        150,
        f'<g transform="translate(60 78)">{one}</g><path d="M0 142H120" stroke="{p.figures[2]}" stroke-width="4"/>',
    )


ORNAMENTS: dict[str, Callable[[Palette, int], Tile]] = {
    "meander": meander,
    "seigaiha": seigaiha,
    "girih": girih,
    "lotus": lotus,
    "guilloche": guilloche,
    "crackle": crackle,
    "hieroglyph": hieroglyph,
    "millefleurs": millefleurs,
    "asanoha": asanoha,
    "clouds": clouds,
    "knot": knot,
    "anthemion": anthemion,
}
