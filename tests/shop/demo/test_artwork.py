"""The pictures: the same arguments draw the same bytes, every combination is well formed, light and self-contained."""

import re
from xml.etree import ElementTree as ET

import pytest

from shop.demo.artwork import COMPOSITIONS, ORNAMENTS, PALETTES, SHAPES, compose, object_plate
from shop.demo.seed.pictures import form_of

NAMES = [(shape, ornament) for shape in SHAPES for ornament in ORNAMENTS]


@pytest.mark.parametrize(("shape", "ornament"), NAMES)
@pytest.mark.parametrize("view", ["front", "detail"])
def test_every_shape_takes_every_ornament(shape, ornament, view):
    svg = compose(shape=shape, ornament=ornament, palette="lapis", seed=7, view=view, title="A <b> & c")
    assert svg == compose(shape=shape, ornament=ornament, palette="lapis", seed=7, view=view, title="A <b> & c")
    root = ET.fromstring(svg)
    assert root.find("{http://www.w3.org/2000/svg}title").text == "A <b> & c"
    assert len(svg.encode()) <= 40_000
    assert not re.search(r"<script|href=|https?://(?!www\.w3\.org/2000/svg)|<text|<image", svg)
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)
    assert all(one.startswith(f"{shape}-{ornament}-lapis-7-{view}") for one in ids)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("ornament", ORNAMENTS)
@pytest.mark.parametrize("form", COMPOSITIONS)
def test_plates(ornament, palette, form):
    svg = object_plate(ornament=ornament, palette=palette, seed=3, title="Plate", form=form)
    ET.fromstring(svg)
    assert len(svg.encode()) <= 40_000
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)


@pytest.mark.parametrize(
    ("technique", "form"),
    [
        ("Porcelain", "vessel"),
        ("Wool and silk tapestry", "textile"),
        ("Cast brass", "roundel"),
        ("Oil on canvas", "panel"),
    ],
)
def test_an_object_is_drawn_as_what_it_is(technique, form):
    assert form_of(technique) == form


def test_another_seed_scatters_other_flowers():
    first, second = (compose(shape="mug", ornament="millefleurs", palette="ink", seed=n) for n in (1, 2))
    assert first.replace("-1-", "-2-") != second


@pytest.mark.parametrize("wrong", [{"shape": "boat"}, {"ornament": "zigzag"}, {"palette": "beige"}, {"view": "back"}])
def test_unknown_names_are_refused_with_the_known_ones(wrong):
    asked = {"shape": "mug", "ornament": "lotus", "palette": "ink", "seed": 1} | wrong
    with pytest.raises(ValueError, match="known are"):
        compose(**asked)
