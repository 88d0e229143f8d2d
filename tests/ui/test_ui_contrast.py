"""Contrast of the colour pairs in maple.css by the WCAG 2.2 formula (1.4.3, 1.4.11)."""

import re
from pathlib import Path

import pytest

from maplebridge.ui import importmap

CSS = (Path(importmap.__file__).parent / "static/ui/maple.css").read_text()
NORMAL = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", CSS[: CSS.index(".elder {")]))
ELDER = NORMAL | dict(
    re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", re.search(r"\.elder \{.*?\}", CSS)[0])
)
TONES = re.findall(r"\.tone-(\w+) \{ --t: var\(--([\w-]+)\); --tp: var\(--([\w-]+)\); \}", CSS)
GROUNDS = ("paper", "sheet", "sand")
TEXT = (
    [(ink, ground) for ink in ("ink", "ink-soft", "maple-deep") for ground in GROUNDS]
    + [("maple-deep", "maple-pale"), ("ink", "maple-pale"), ("ink-soft", "maple-pale")]
    + [("on-maple", "maple"), ("on-maple", "maple-deep"), ("bad", "bad-pale"), ("bad", "paper")]
    + [(ink, pale) for _, ink, pale in TONES]
    + [(ink, ground) for _, ink, _ in TONES for ground in ("sheet", "paper", "maple-pale")]
    + [("ink", pale) for _, _, pale in TONES]
)
SHAPES = [("edge", ground) for ground in GROUNDS] + [("focus", ground) for ground in GROUNDS]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2 glossary)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), sorted(set(TEXT)))
def test_text(ink, ground):
    assert len(TONES) == 12
    for tokens in (NORMAL, ELDER):
        assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_and_focus(shape, ground):
    assert contrast(NORMAL[shape], NORMAL[ground]) >= 3
