"""How pictures look, as far as it can be computed: contrast, glyphs, tones, words that fit."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from course.diagrams import glyph, svg
from course.diagrams.task_life import CHAIN
from course.diagrams.tones import TONES, tone

CSS = (files("course.diagrams") / "picture.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r"\.course-picture \{([^}]*--ground[^}]*)\}", CSS)
)
THEMES = {"light": LIGHT, "dark": DARK}
TEXT = [("text", ground) for ground in ("ground", "inner", "card")]
TEXT += [("soft", ground) for ground in ("ground", "inner", "card")]
TEXT += [(name, name.removeprefix("on-")) for name in LIGHT if name.startswith("on-")]
KINDS = {
    *("cluster", "service", "task", "container", "network-interface", "subnet", "security-group"),
    *("image", "role", "internet-gateway", "task-definition", "log-stream", "vpc", "deployment"),
    *("container-instance", "visitors", "load-balancer", "api", "vpc-link", "function", "table"),
    *("topic", "queue", "stream", "metrics", "scaling", "pipeline"),
    *("container-instance", "user", "trust", "allowed", "denied"),
    "target-group",
}


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


every_theme = pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)


def test_both_themes_have_every_colour_and_none_is_shared() -> None:
    assert len(LIGHT) >= 18
    assert LIGHT.keys() == DARK.keys()
    assert all(LIGHT[name] != DARK[name] for name in LIGHT)


def test_colours_come_from_the_palette_alone() -> None:
    rules = re.sub(r"\{[^}]*--ground:[^}]*\}", "", CSS)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl", rules)
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) == set(LIGHT)


@every_theme
@pytest.mark.parametrize(("front", "ground"), TEXT)
def test_text_can_be_read(front: str, ground: str, colours: dict[str, str]) -> None:
    assert contrast(colours[front], colours[ground]) >= 4.5


@every_theme
@pytest.mark.parametrize("ground", ["ground", "inner", "card"])
def test_arrows_can_be_seen(ground: str, colours: dict[str, str]) -> None:
    assert contrast(colours["edge"], colours[ground]) >= 3


def test_the_formula_gives_what_wcag_gives() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_tone_has_its_colours() -> None:
    assert {*TONES.values(), tone("STOPPED"), "you"} == {
        name.removeprefix("on-") for name in LIGHT if name.startswith("on-")
    }


def test_every_status_has_a_tone_of_its_own_choosing() -> None:
    assert {tone(status) for status in CHAIN} == {"starting", "running", "stopping", "stopped"}
    assert tone("a word AWS adds next year") == "stopped"


def test_every_glyph_is_listed() -> None:
    assert set(glyph.kinds()) == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_glyph_is_a_whole_svg_in_the_colour_of_its_place(kind: str) -> None:
    whole = (files("course.diagrams") / "glyphs" / f"{kind}.svg").read_text("utf-8")
    root = ElementTree.fromstring(whole)
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert len(root) >= 1
    assert "#" not in whole
    numbers = [float(n) for one in root.iter() for key in ("x", "y", "cx", "cy", "r", "width")
               if (n := one.get(key))]  # fmt: skip
    assert all(0 <= number <= 24 for number in numbers)
    ElementTree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{svg.glyph(0, 0, kind)}</svg>')


def test_an_unknown_kind_says_which_there_are() -> None:
    with pytest.raises(
        KeyError, match=r"no glyph for 'lambda'; there are allowed, .*cluster, container"
    ):
        glyph.strokes("lambda")


def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    cut = svg.fitted("a-service-with-a-very-long-name", 100)
    assert cut.endswith("…")
    assert svg.width(cut) <= 100
    assert svg.fitted("short", 100) == "short"
    assert svg.fitted("anything", 0) == "…"


@pytest.mark.parametrize("status", [*CHAIN, "IN_PROGRESS", "COMPLETED", "FAILED"])
def test_a_pill_is_wider_than_its_word_in_a_wide_font(status: str) -> None:
    """In DejaVu Sans Bold, the widest fallback, capitals are about 0.77 em on average."""
    assert svg.pill_width(status) >= 0.77 * 11 * len(status) + 4


def test_numbers_are_short() -> None:
    assert [svg.n(x) for x in (1, 1.0, 1.25, 10.04, 0)] == ["1", "1", "1.2", "10", "0"]
