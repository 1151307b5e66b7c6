"""Palettes named after pigments and materials: ground, figures, accent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb; ``figures`` from strong to faint."""

    ground: str
    figures: tuple[str, str, str]
    accent: str
    dark: bool


PALETTES: dict[str, Palette] = {
    "lapis": Palette("#1f2f5c", ("#e8dcc0", "#b9913f", "#5c77b0"), "#d8b45a", True),
    "celadon": Palette("#c9d9c8", ("#4d6f63", "#7f9f90", "#e9efe3"), "#a8823f", False),
    "madder": Palette("#8f2f2a", ("#f0dcc2", "#d69a6a", "#b65a4a"), "#e8b86b", True),
    "papyrus": Palette("#ead9b0", ("#5a3d22", "#a8672f", "#c9a468"), "#2f6b6a", False),
    "indigo": Palette("#24344a", ("#dfe6ea", "#8ba7bd", "#4e6d8a"), "#c66b4a", True),
    "cobalt-white": Palette("#f5f4ee", ("#23409a", "#5c77c4", "#a9b8e2"), "#23409a", False),
    "verdigris": Palette("#2f5f58", ("#e6e0c8", "#93bba6", "#5f9184"), "#d0a24a", True),
    "ochre": Palette("#d6a34a", ("#4a2f1b", "#8a4a24", "#f1dca6"), "#7a2f22", False),
    "ink": Palette("#f2ede2", ("#23211f", "#6a645c", "#b7aea0"), "#a5352a", False),
    "rose": Palette("#ecd0c8", ("#7a2f42", "#b66370", "#f7e9e2"), "#5a6b3f", False),
    "saffron": Palette("#f0c24f", ("#7a2a1d", "#c4572a", "#fbe7ae"), "#2d4a5e", False),
    "graphite": Palette("#34363a", ("#e4e0d6", "#9a978f", "#66666a"), "#c9a25c", True),
}
