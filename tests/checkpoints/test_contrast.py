"""Contrast of every colour the component uses, computed from its style sheet and JupyterLab's themes.

WCAG 2.2 asks for 4.5:1 between text and what it stands on (1.4.3), and 3:1 for
the edges and stripes that say something (1.4.11). Outside JupyterLab the
style sheet's own palette is used, light or dark.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

CSS = re.sub(r"/\*.*?\*/", "", (files("course.checkpoints") / "checkpoint.css").read_text("utf-8"))
LAB = Path(sys.prefix) / "share" / "jupyter" / "lab"
COLOURED = ("color", "background", "border", "border-left", "border-top", "border-color")
COLOURED += ("border-left-color", "outline", "accent-color")

# Edges and stripes say something, and are seen against the ground.
EDGES = {"edge", "right", "partly", "wrong", "strong"}
DECORATION = {"line"}  # what it divides is divided by space too

Colour = tuple[float, float, float, float]
Palette = dict[str, str]


def rules(css: str) -> Iterator[tuple[str, Palette]]:
    """Selector and declarations of each innermost block."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        yield selector.strip(), {name.strip(): value.strip() for name, value in pairs}


def variables(css: str) -> Palette:
    return dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", css))


def theme(name: str) -> Palette:
    """A JupyterLab theme's variables, over the component's own."""
    style = LAB / "themes" / "@jupyterlab" / f"theme-{name}-extension" / "index.css"
    return {**variables(_light()), **material(), **variables(style.read_text("utf-8"))}


@cache
def material() -> Palette:
    """The Material colours that themes point at; JupyterLab's core script carries them."""
    core = next((LAB / "static").glob("jlab_core.*.js")).read_text("utf-8")
    return dict(re.findall(r"(--md-[a-z]+-\w+):\s*(#[0-9a-fA-F]+)", core))


def _light() -> str:
    return CSS[: CSS.index("@media")]


def bare(name: str) -> Palette:
    """The component's own palette, where there is no JupyterLab."""
    dark = CSS[CSS.index("@media") : CSS.index(".course-checkpoint *")]
    return variables(_light()) | (variables(dark) if name == "dark" else {})


def test_the_dark_palette_has_every_colour_of_the_light_one() -> None:
    plain = {name for name in bare("light") if name.startswith("--plain-")}
    assert plain
    assert all(bare("dark")[name] != bare("light")[name] for name in plain)


PALETTES = {
    "jupyterlab light": theme("light"),
    "jupyterlab dark": theme("dark"),
    "jupyterlab dark high contrast": theme("dark-high-contrast"),
    "light": bare("light"),
    "dark": bare("dark"),
}


def value(expression: str, palette: Palette) -> str:
    """Follow ``var(--name, fallback)`` to a colour; empty when it leads nowhere.

    As in a browser, a name that leads nowhere takes the fallback.
    """
    match = re.fullmatch(r"var\((--[\w-]+)(?:,\s*(.+))?\)", expression.strip())
    if not match:
        return expression.strip()
    name, fallback = match.groups()
    return value(palette.get(name, ""), palette) or value(fallback or "", palette)


def colour(text: str) -> Colour:
    """Red, green, blue from 0 to 255, and opacity from 0 to 1."""
    text = {"white": "#ffffff", "black": "#000000"}.get(text, text)
    if match := re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * one for one in match[1])
        return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), 1.0)
    match = re.fullmatch(r"rgba?\(([^)]+)\)", text)
    assert match, f"{text!r} is no colour this test can read"
    red, green, blue, *opacity = (float(part) for part in match[1].split(","))
    return (red, green, blue, opacity[0] if opacity else 1.0)


def luminance(one: Colour) -> float:
    """Relative luminance of an opaque colour, as WCAG defines it."""
    parts = [part / 255 for part in one[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str, palette: Palette) -> float:
    """The ratio between two of the component's colours; the front may be see-through."""
    above, below = (colour(value(f"var(--{name})", palette)) for name in (front, back))
    assert below[3] == 1, f"--{back} is see-through"
    mixed = [a * above[3] + b * (1 - above[3]) for a, b in zip(above[:3], below[:3], strict=True)]
    bright, dim = sorted((luminance((*mixed, 1.0)), luminance(below)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def used(declarations: Palette, name: str) -> str:
    """The component's colour in one declaration, or an empty string."""
    found = re.search(r"var\(--([\w-]+)\)", declarations.get(name, ""))
    return found[1] if found else ""


TEXT_PAIRS = sorted(
    {
        (used(declared, "color"), used(declared, "background"))
        for _, declared in rules(CSS)
        if used(declared, "color") or used(declared, "background")
    }
)

every_palette = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)


def test_colours_come_from_the_palette_alone() -> None:
    for selector, declared in rules(CSS):
        for name in COLOURED:
            left = re.sub(r"var\(--[\w-]+\)", "", declared.get(name, ""))
            words = set(re.findall(r"[#a-z(]+", left)) - {"px", "solid", "dashed", "transparent"}
            assert not words, f"{selector} {{ {name}: {declared[name]} }}"


def test_text_and_ground_are_always_named_together() -> None:
    """So that the pairs below are all there are: nothing inherits half of a pair."""
    assert len(TEXT_PAIRS) >= 3
    assert all(text and ground for text, ground in TEXT_PAIRS)


def test_every_colour_has_its_part() -> None:
    lines = {
        used(declared, name)
        for _, declared in rules(CSS)
        for name in COLOURED[2:]
        if name in declared
    }
    assert lines - {""} <= EDGES | DECORATION


@every_palette
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str, palette: Palette) -> None:
    assert contrast(text, ground, palette) >= 4.5


@every_palette
@pytest.mark.parametrize("edge", sorted(EDGES))
def test_edges_can_be_seen(edge: str, palette: Palette) -> None:
    assert contrast(edge, "ground", palette) >= 3


def test_the_formula_gives_what_wcag_gives() -> None:
    palette = {"--a": "#000", "--b": "white", "--c": "rgba(0, 0, 0, 0.5)", "--d": "#777777"}
    assert contrast("a", "b", palette) == pytest.approx(21)
    assert contrast("b", "b", palette) == pytest.approx(1)
    assert contrast("d", "b", palette) == pytest.approx(4.48, abs=0.01)
    assert contrast("c", "b", palette) == pytest.approx(3.98, abs=0.03)
