"""What a product stands before: seamless studio paper in a quiet tint, lit from the upper left."""

from dataclasses import dataclass

# Wall and floor, chosen by seed: bone, sage, clay, mist, oat, dove, celadon, blush.
TINTS = (
    ("#f3f0ea", "#dcd5c9"),
    ("#e3e8e0", "#c4cdc0"),
    ("#eedfd4", "#d6bdaa"),
    ("#e2e8ea", "#c0cbd0"),
    ("#efe6d3", "#d6c7a6"),
    ("#e8e7e5", "#c9c6c2"),
    ("#dce8e4", "#b8ccc4"),
    ("#f1e3e0", "#d9c0ba"),
)


@dataclass(frozen=True)
class Backdrop:
    """Definitions and body of what lies behind."""

    defs: str
    body: str


def backdrop(uid: str, seed: int, *, standing: bool, height: int = 1200) -> Backdrop:
    """Return the paper: with the curve where wall becomes floor for standing things, flat for things that lie."""
    wall, floor = TINTS[seed % len(TINTS)]
    stops = (
        f'<stop offset="0" stop-color="{wall}"/><stop offset=".6" stop-color="{wall}"/>'
        f'<stop offset=".74" stop-color="{floor}"/><stop offset="1" stop-color="{wall}"/>'
        if standing
        else f'<stop offset="0" stop-color="{wall}"/><stop offset="1" stop-color="{floor}"/>'
    )
    slant = 'x2="0" y2="1"' if standing else 'x2=".8" y2="1"'
    defs = (
        f'<linearGradient id="{uid}-w" {slant}>{stops}</linearGradient>'
        f'<radialGradient id="{uid}-l" cx=".26" cy=".16" r="1"><stop offset="0" stop-color="#fff" stop-opacity=".6"/>'
        f'<stop offset=".5" stop-color="#fff" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="#1c150c" stop-opacity=".14"/></radialGradient>'
    )
    body = "".join(f'<rect width="1200" height="{height}" fill="url(#{uid}-{one})"/>' for one in "wl")
    return Backdrop(defs, body)
