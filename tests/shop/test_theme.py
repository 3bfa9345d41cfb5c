"""Text on its ground keeps the contrast that WCAG 2.1 AA asks for."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/shop/theme.css").read_text()
COLOURS = dict(re.findall(r"--shop-([a-z-]+): (#[0-9a-f]{6});", CSS)) | {"white": "#ffffff"}
GROUNDS = ("paper", "card", "mist")
TEXT = [
    *[(text, ground) for text in ("ink", "quiet", "royal", "purple", "night") for ground in GROUNDS],
    *[(tone, ground) for tone in ("green", "amber", "red", "gold-ink") for ground in ("paper", "card")],
    ("green", "green-soft"), ("amber", "amber-soft"), ("red", "red-soft"),
    ("gold-ink", "gold-soft"), ("ink", "gold-soft"), ("ink", "green-soft"), ("ink", "red-soft"),
    ("white", "royal"), ("white", "night"), ("white", "purple"), ("white", "quiet"),
    ("night", "gold"),
]  # fmt: skip
EDGES = [("edge", ground) for ground in GROUNDS] + [("gold", "night"), ("purple", "paper")]
HEX = re.compile(r"#[0-9a-f]{6}\b")


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_fields_and_the_focus_can_be_seen(edge, ground):
    assert contrast(COLOURS[edge], COLOURS[ground]) >= 3


@pytest.mark.parametrize("shade", ["#d8b657", "#b8922e"])
def test_the_gold_of_a_button_under_the_mouse_can_be_read(shade):
    assert shade in CSS
    assert contrast(COLOURS["night"], shade) >= 4.5


def test_p15_the_theme_loads_nothing_from_elsewhere():
    assert "@import" not in CSS
    assert re.findall(r"url\((?!\"fonts/)", CSS) == []
