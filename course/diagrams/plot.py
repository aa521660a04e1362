"""Curves over one time axis, panel under panel: what was sent, what ran, what was missed.

Matplotlib draws them (ticks, scales and dates are its trade); colours and the card
are those of every picture here, so that one SVG serves light and dark. Curves differ by
their dashes too, and the text twin has the numbers.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from course.diagrams import svg
from course.diagrams.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCH = 72
"""Pixels (Matplotlib's points) in an inch of a figure."""

WIDE, NARROW, PANEL, EDGE = 740, 370, 104, 54
"""Pixels: the picture's width, in a narrow window too; a panel's height; what stands above and below."""

PEN = {"first": "on-you", "second": "on-running", "third": "on-stopping", "failed": "on-failed"}
"""The tones a curve may have, and the colour of ``picture.css`` each is drawn in."""

DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
"""How the first curve of a panel is dashed, and the next ones."""

COLOURS = {
    "#010101": "var(--text)",
    "#020202": "var(--soft)",
    "#030303": "var(--line)",
    **{f"#0404{place:02x}": f"var(--{name})" for place, name in enumerate(PEN.values())},
}
"""What Matplotlib is told, and what it becomes: it knows no variables of CSS."""

TEXT, SOFT, LINE, *_ = COLOURS
TONE = dict(zip(PEN, list(COLOURS)[3:], strict=True))

ROWS = 24
"""How many moments the text twin has, at most."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A number as time goes by; *steps*: each value holds until the next one, as a count does."""

    name: str
    points: tuple[tuple[datetime, float], ...]
    tone: str = "first"
    steps: bool = False

    def at(self, when: datetime) -> float | None:
        """The last value known at a moment; None before the first."""
        place = bisect_right([moment for moment, _ in self.points], when)
        return self.points[place - 1][1] if place else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that was so from one moment to another, such as an alarm in ALARM."""

    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves of one unit, which the *title* says; a *level* is a line across, such as a target."""

    title: str
    curves: tuple[Curve, ...]
    stretches: tuple[Stretch, ...] = ()
    level: tuple[str, float] | None = None


def plot(title: str, panels: Sequence[Panel], start: datetime, end: datetime) -> Picture:
    """Panels under one another, from *start* to *end*, as a picture with its text twin.

    Raises ValueError where there is no panel, no time between start and end, or a tone that is
    not one of PEN.
    """
    if not panels or end <= start:
        raise ValueError(f"nothing to plot: {len(panels)} panels from {start} to {end}")
    unknown = {curve.tone for panel in panels for curve in panel.curves} - set(PEN)
    if unknown:
        raise ValueError(f"unknown tone {', '.join(sorted(unknown))}; there are {', '.join(PEN)}")

    def drawn(width: int) -> Any:
        return lambda alt: _drawn(panels, start, end, width, alt)

    twin = _twin(title, panels, start, end)
    return Picture(twin, _sentence(title, panels, start, end), drawn(WIDE), drawn(NARROW))


def _sentence(title: str, panels: Sequence[Panel], start: datetime, end: datetime) -> str:
    """The alt text: what each curve did, in one breath."""
    said = []
    for panel in panels:
        for curve in panel.curves:
            values = [value for moment, value in curve.points if start <= moment <= end]
            if values:
                least, most = _number(min(values)), _number(max(values))
                went = f"always {most}" if least == most else f"from {least} to {most}"
                said.append(f"{curve.name} ({panel.title}) {went}")
            else:
                said.append(f"{curve.name} ({panel.title}) without data")
        said += [f"{one.name} {_clock(one.start)} to {_clock(one.end)}" for one in panel.stretches]
    return f"{title}, {_clock(start)} to {_clock(end)}: {'; '.join(said)}."


def _twin(title: str, panels: Sequence[Panel], start: datetime, end: datetime) -> str:
    """The numbers, at moments that are the same for all curves."""
    curves = [curve for panel in panels for curve in panel.curves]
    step = (end - start) / ROWS
    moments = [start + step * place for place in range(ROWS + 1)]
    widths = [max(len(curve.name), 8) for curve in curves]
    names = "  ".join(curve.name.rjust(wide) for curve, wide in zip(curves, widths, strict=True))
    lines = [title, f"{'time':<5}  {names}"]
    for moment in moments:
        values = [curve.at(moment) for curve in curves]
        cells = "  ".join(
            ("-" if value is None else _number(value)).rjust(wide)
            for value, wide in zip(values, widths, strict=True)
        )
        lines.append(f"{_clock(moment)}  {cells}")
    for panel in panels:
        if panel.level:
            lines.append(f"{panel.level[0]}: {_number(panel.level[1])} ({panel.title})")
        lines += [
            f"{one.name}: {_clock(one.start)} to {_clock(one.end)}" for one in panel.stretches
        ]
    return "\n".join(lines)


def _number(value: float) -> str:
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2g}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _drawn(
    panels: Sequence[Panel], start: datetime, end: datetime, width: int, alt: str
) -> str | None:
    """The SVG; None where Matplotlib is not installed, and then the text stands alone."""
    try:
        figure = _figure(panels, start, end, width)
    except ImportError:
        return None
    return _ours(_written(figure), width, PANEL * len(panels) + EDGE, alt)


def _figure(panels: Sequence[Panel], start: datetime, end: datetime, width: int) -> "Figure":
    """A figure of its own: nothing of pyplot, whose figures live as long as the kernel."""
    from matplotlib.dates import AutoDateLocator, DateFormatter
    from matplotlib.figure import Figure

    height = PANEL * len(panels) + EDGE
    figure = Figure(figsize=(width / INCH, height / INCH), dpi=INCH, facecolor="none")
    rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=52 / width, right=1 - 16 / width, top=1 - 26 / height, bottom=28 / height, hspace=0.42
    )
    for axes, panel in zip(rows, panels, strict=True):
        _panel(axes, panel, start, end)
    last = rows[-1]
    last.set_xlim(start, end)
    ticks = AutoDateLocator(minticks=3, maxticks=5 if width < WIDE else 9)  # type: ignore[no-untyped-call]
    last.xaxis.set_major_locator(ticks)
    days = "%d %b %H:%M" if end - start > timedelta(days=2) else "%H:%M"
    last.xaxis.set_major_formatter(DateFormatter(days))  # type: ignore[no-untyped-call]
    return figure


def _panel(axes: "Axes", panel: Panel, start: datetime, end: datetime) -> None:
    for place, curve in enumerate(panel.curves):
        moments = [moment for moment, _ in curve.points]
        values = [value for _, value in curve.points]
        if curve.steps and moments:  # the last one holds to the end
            moments, values = [*moments, max(end, moments[-1])], [*values, values[-1]]
        axes.plot(
            moments,  # type: ignore[arg-type]
            values,
            label=curve.name,
            color=TONE[curve.tone],
            linestyle=DASHES[place % len(DASHES)],
            linewidth=1.6,
            drawstyle="steps-post" if curve.steps else "default",
        )
    for place, one in enumerate(panel.stretches):
        named = (
            one.name if one.name not in {other.name for other in panel.stretches[:place]} else None
        )
        axes.axvspan(
            one.start,  # type: ignore[arg-type]
            one.end,  # type: ignore[arg-type]
            color=TONE["failed"],
            alpha=0.18,
            linewidth=0,
            label=named,
        )
    if panel.level:
        axes.axhline(panel.level[1], color=SOFT, linewidth=1, linestyle=":", label=panel.level[0])
    _dress(axes, panel)


def _dress(axes: "Axes", panel: Panel) -> None:
    """Title, legend, ticks and frame, in the colours of the card."""
    axes.set_title(panel.title, loc="left", fontsize=11, color=TEXT, pad=6)
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 0.98),
        ncols=8,
        frameon=False,
        fontsize=10,
        labelcolor=TEXT,
        handlelength=2,
        borderaxespad=0.2,
        columnspacing=1.2,
    )
    axes.set_ylim(bottom=0)
    axes.margins(y=0.12)
    axes.set_facecolor("none")
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    whole = all(curve.steps for curve in panel.curves)
    axes.locator_params(axis="y", nbins=4, integer=whole)
    axes.tick_params(colors=SOFT, labelsize=10, labelcolor=SOFT, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(SOFT)


def _written(figure: "Figure") -> str:
    """What Matplotlib writes: texts as texts, ids by a fixed salt, no date."""
    from matplotlib import rc_context

    page = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "course"}):
        figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None})
    return page.getvalue()


def _ours(written: str, width: int, height: int, alt: str) -> str:
    """Matplotlib's drawing on the card of every picture: its body, its colours, none of its rules."""
    body = written[written.index("<svg") :]
    body = body[body.index(">") + 1 : body.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(
        r"<style[^>]*>.*?</style>", "", body, flags=re.DOTALL
    )  # it would hold for the page
    body = body.replace("xlink:href", "href")
    for told, meant in COLOURS.items():
        body = body.replace(told, meant)
    body = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font: \1 Helvetica, Arial, sans-serif", body)
    return svg.picture(width, height, [body], alt, least=min(width, 340))
