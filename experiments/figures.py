"""Figures of a comparison: one function a figure, from tables, and how figures look and are kept.

A figure is a page measured in pixels from its top left, as on a projector of 1600 by 900. Colours, shapes, type and lines are the same
everywhere: light fills with a dark outline for people, dark colours with a marker for ways of leading, green only for what is new.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Shape
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from experiments.texts import Texts
from experiments.words import (
    Summary,
    answer,
    capital,
    date_name,
    digits_for,
    extent,
    outcome_name,
    policy_name,
    question,
    shown_per,
    told_outcomes,
)
from model.measures import MEASURES

Points = NDArray[np.float64]
Side = Literal["left", "center", "right"]

INK, INK_2, INK_3 = "#1B2733", "#485561", "#5F6B76"
PAPER, WASH, RULE, EDGE = "#FBFCFB", "#EDF2F3", "#D8DEE2", "#808E98"
S1, S2, S3, S4, S5, S7 = 14, 17, 20, 24, 29, 42
"""The type scale, in pixels."""
MARGIN = 64
DPI = 100
_FONTS = Path(__file__).parent / "fonts"
_SALT = "learnweave"


# --- ways of leading --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How a way of leading is drawn: always marker and colour, and words beside it.

    Attributes:
        colour: of lines and markers, 3:1 or more on the page.
        text: the same, dark enough for words.
        marker: outline of the marker around (0, 0), about 1 to each side.
    """

    colour: str
    text: str
    marker: Shape


def _polygon(*corners: tuple[float, float]) -> Shape:
    return Shape([*corners, corners[0]], closed=True)


SQUARE = _polygon((-1, -1), (1, -1), (1, 1), (-1, 1))
TRIANGLE = _polygon((0, -1.25), (1.2, 0.9), (-1.2, 0.9))
DISC = Shape.unit_circle()
DIAMOND = _polygon((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0))
HEXAGON = _polygon(*((float(np.cos(a)) * 1.15, float(np.sin(a)) * 1.15) for a in np.arange(6) * np.pi / 3))
_DOWN = _polygon((0, 1.25), (1.2, -0.9), (-1.2, -0.9))

LOOKS: Mapping[str, Look] = {
    "strong_pull": Look("#0072B2", "#005A8E", SQUARE),
    "nurtured": Look("#1B2733", "#1B2733", TRIANGLE),
    "on_its_own": Look("#B0568A", "#8E3F6C", DISC),
    "time_freed": Look("#8A6D00", "#6E5700", DIAMOND),
}
"""The look of the ways of leading that have one of their own."""
_OTHERS = (
    Look("#5B4FA0", "#4A3F8C", HEXAGON),
    Look("#3B8391", "#2A6674", _DOWN),
    Look("#7D5A3C", "#6B4A2E", SQUARE),
    Look("#6B7883", "#53606B", DIAMOND),
    Look("#4A7FC1", "#2F64A6", TRIANGLE),
    Look("#A6559D", "#87407F", HEXAGON),
)


def looks(policies: Sequence[str]) -> dict[str, Look]:
    """The look of each way of leading; those without one of their own get one by their order."""
    others = [policy for policy in policies if policy not in LOOKS]
    return {policy: LOOKS.get(policy) or _OTHERS[others.index(policy) % len(_OTHERS)] for policy in policies}


# --- a page -----------------------------------------------------------------------------------------------------------


@functools.cache
def _font(size: float, medium: bool) -> FontProperties:
    """Roboto where it comes with the program, else the font that comes with matplotlib: never one that only some machines have."""
    own = _FONTS / f"Roboto-{'Medium' if medium else 'Regular'}.ttf"
    points = size * 72 / DPI
    if own.exists():
        return FontProperties(fname=str(own), size=points)
    return FontProperties(family="DejaVu Sans", weight="bold" if medium else "normal", size=points * 0.94)


class Page:
    """A figure measured in pixels from the top left.

    Attributes:
        figure: what is drawn on.
        axes: one pair of axes over the whole page, a pixel a unit, y downwards.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_autoscale_on(False)

    def stretch(self, extra: int) -> None:
        """Make the page `extra` pixels higher, at its foot."""
        self.height += extra
        self.figure.set_size_inches(self.width / DPI, self.height / DPI)
        self.axes.set_ylim(self.height, 0)

    def write(
        self, x: float, y: float, text: str, size: float = S2, colour: str = INK_2, *, medium: bool = False, side: Side = "left"
    ) -> None:
        """Text with its baseline at `y`; `side` is the side of the text that lies at `x`."""
        self.axes.text(x, y, text, color=colour, fontproperties=_font(size, medium), ha=side, va="baseline", parse_math=False, zorder=9)

    def width_of(self, text: str, size: float = S2, *, medium: bool = False) -> float:
        """Width of a line of text in pixels."""
        return float(self._renderer.get_text_width_height_descent(text, _font(size, medium), ismath=False)[0])

    def wrap(self, text: str, width: float, size: float = S2, *, medium: bool = False) -> list[str]:
        """The text in lines of at most `width` pixels, a longer word apart."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            fits = not lines[-1] or self.width_of(longer, size, medium=medium) <= width
            lines = [*lines[:-1], longer] if fits else [*lines, word]
        return lines

    def balance(self, text: str, width: float, size: float = S2, *, medium: bool = False) -> list[str]:
        """The text in as few lines of at most `width` pixels as it takes, about equally long."""
        lines = self.wrap(text, width, size, medium=medium)
        for share in np.arange(0.95, 0.5, -0.05):
            narrower = self.wrap(text, width * float(share), size, medium=medium)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def write_lines(
        self, x: float, y: float, lines: Sequence[str], size: float = S2, colour: str = INK_2, *, medium: bool = False
    ) -> float:
        """Lines of text below each other, the first at `y`; returns where the next would be."""
        for line in lines:
            self.write(x, y, line, size, colour, medium=medium)
            y += round(size * 1.38)
        return y

    def line(self, x: Any, y: Any, colour: str = RULE, width: float = 1.0, zorder: float = 2, **how: Any) -> None:
        """A line through points, `width` pixels wide."""
        how = {"solid_capstyle": "round", "solid_joinstyle": "round"} | how
        self.axes.plot(x, y, color=colour, linewidth=width * 72 / DPI, zorder=zorder, **how)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle behind everything."""
        self.axes.fill([x, x + width, x + width, x], [y, y, y + height, y + height], color=colour, linewidth=0, zorder=0)

    def mark(self, x: Any, y: Any, look: Look, radius: float) -> None:
        """Markers of a way of leading, with a light edge so that they part from their line."""
        self.shapes(x, y, look.marker, radius, look.colour, edge=PAPER, width=1.5, zorder=6)

    def shapes(self, x: Any, y: Any, shape: Shape, radius: float, fill: str, *, edge: str, width: float, zorder: float) -> None:
        """The same shape at many points."""
        corners = np.asarray(shape.vertices, np.float64)
        upright = Shape(corners * (1, -1), shape.codes)
        largest = float(np.abs(corners).max())
        self.axes.plot(
            x, y, linestyle="none", marker=upright, markersize=2 * radius * largest * 72 / DPI, markerfacecolor=fill,
            markeredgecolor=edge, markeredgewidth=width * 72 / DPI, zorder=zorder,
        )  # fmt: skip


def draw_heading(page: Page, title: str, paragraphs: Sequence[tuple[str, float, str]], texts: Texts) -> float:
    """Title, then paragraphs of (text, size, colour), and at the right that it is a thinking tool; returns where they end."""
    page.write(page.width - MARGIN, 52, texts("general.thinking_tool"), S2, INK, medium=True, side="right")
    note = page.width_of(texts("general.thinking_tool"), S2, medium=True)
    y = page.write_lines(MARGIN, 76, page.wrap(title, page.width - 2 * MARGIN - note - 40, S7, medium=True), S7, INK, medium=True) - 14
    for text, size, colour in paragraphs:
        y = page.write_lines(MARGIN, y, page.balance(text, page.width - 2 * MARGIN, size), size, colour) + 4
    return y


# --- lines over the weeks ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """Where one outcome is drawn, in pixels, and the values at its bottom and top."""

    left: float
    top: float
    width: float
    height: float
    weeks: int
    low: float
    high: float

    def x(self, week: Any) -> Any:
        """Pixel of a week."""
        return self.left + np.asarray(week) / self.weeks * self.width

    def y(self, value: Any) -> Any:
        """Pixel of a value as it is shown."""
        return self.top + (self.high - np.asarray(value)) / (self.high - self.low) * self.height

    @property
    def bottom(self) -> float:
        """Pixel of the lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Course:
    """One way of leading in one outcome, week by week, as it is shown: mean and 80 % band, (weeks + 1,) each."""

    mean: Points
    low: Points
    high: Points


def draw_lines(lines: Mapping[str, Mapping[str, Points]], summary: Summary, texts: Texts) -> Figure:
    """Outcomes week by week: the first large, four others small below, with the three dates marked.

    Args:
        lines: outcome → way of leading → value of every replicate in every week from the start, (replicates, weeks + 1).
        summary: what the comparison found.
        texts: the language of the figure.

    Raises:
        ValueError: if an outcome or a way of leading of the summary has no lines, or lines of another length.
    """
    _check_lines(lines, summary)
    page = Page(1600, 900)
    first, *others = (outcome for outcome in told_outcomes(summary) if outcome in lines)
    replicates = len(next(iter(lines[first].values())))
    form = "subtitle_one" if replicates == 1 else "subtitle"
    values = {} if replicates == 1 else {"n": texts.number(replicates)}
    shown = texts(f"figures.lines.{form}", outcome=outcome_name(first, texts), **values)
    top = draw_heading(page, question(summary, texts), [(answer(summary, texts), S4, INK), (shown, S2, INK_2)], texts)
    small = 4 if others else 0
    bottom = 600.0 if small else 820.0
    main = Panel(MARGIN + 40, top + 48, 1180, bottom - top - 48, _weeks(summary), *_extent_of(first, lines[first]))
    _draw_outcome(page, main, first, lines[first], summary, texts, large=True)
    width = (1600 - 2 * MARGIN - 3 * 40) / 4
    for at, outcome in enumerate(others[:4]):
        panel = Panel(MARGIN + 40 + at * (width + 40), 704, width - 100, 112, main.weeks, *_extent_of(outcome, lines[outcome]))
        _draw_outcome(page, panel, outcome, lines[outcome], summary, texts, large=False)
    page.write(MARGIN, 876, f"{extent(summary, texts, 'figures.lines.extent')}  {texts('figures.lines.turnover')}", S1, INK_3)
    return page.figure


def _weeks(summary: Summary) -> int:
    return int(summary["lead_weeks"]) + int(summary["after_weeks"])


def _check_lines(lines: Mapping[str, Mapping[str, Points]], summary: Summary) -> None:
    problems, first = [], summary["outcomes"][0]
    if first not in lines:
        problems.append(f"no lines of outcome {first!r}")
    for outcome in (one for one in summary["outcomes"] if one in lines):
        for policy in summary["policies"]:
            values = lines[outcome].get(policy)
            if values is None:
                problems.append(f"{outcome}: no lines of {policy!r}")
            elif values.ndim != 2 or values.shape[1] != _weeks(summary) + 1 or not len(values):
                problems.append(f"{outcome}, {policy}: shape {values.shape}; must be (replicates, {_weeks(summary) + 1})")
    if problems:
        raise ValueError("; ".join(problems))


def _course(values: Points, outcome: str) -> Course:
    shown = values * shown_per(outcome)
    low, high = np.quantile(shown, (0.1, 0.9), axis=0)
    return Course(shown.mean(axis=0), low, high)


def _extent_of(outcome: str, lines: Mapping[str, Points]) -> tuple[float, float]:
    """Bottom and top of the axis: from zero for counts and shares, and at least 20 points of a scale from 0 to 100."""
    courses = [_course(values, outcome) for values in lines.values()]
    low, high = min(float(course.low.min()) for course in courses), max(float(course.high.max()) for course in courses)
    if ".." not in MEASURES[outcome].unit:
        low = min(0.0, low)
    elif high - low < 20:
        low, high = (low + high) / 2 - 10, (low + high) / 2 + 10
    room = 0.04 * (high - low) or 1.0
    return (low if low == 0 else low - room), high + room


def _ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round values that span low to high."""
    return [float(tick) for tick in MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high)]


def _draw_outcome(
    page: Page, panel: Panel, outcome: str, lines: Mapping[str, Points], summary: Summary, texts: Texts, *, large: bool
) -> None:
    """One outcome in its panel: frame, dates, bands, means, and a value at each end."""
    if not large:
        _draw_small_title(page, panel, outcome, texts)
    _draw_frame(page, panel, summary, texts, large=large)
    by_policy = {policy: _course(lines[policy], outcome) for policy in summary["policies"]}
    look = looks(summary["policies"])
    weeks, radius = np.arange(panel.weeks + 1), 6.0 if large else 4.0
    for policy, course in by_policy.items():
        edge = np.concatenate([panel.y(course.high), panel.y(course.low)[::-1]])
        across = np.concatenate([panel.x(weeks), panel.x(weeks)[::-1]])
        page.axes.fill(across, edge, color=look[policy].colour, alpha=0.09, linewidth=0, zorder=2)
        for side in (course.low, course.high):
            page.line(panel.x(weeks), panel.y(side), look[policy].colour, 0.8, zorder=2.5, alpha=0.35)
    for policy, course in by_policy.items():
        page.line(panel.x(weeks), panel.y(course.mean), look[policy].colour, 3.0 if large else 2.0, zorder=4)
        stops = [int(summary["lead_weeks"]), panel.weeks]
        page.mark(panel.x(stops), panel.y(course.mean[stops]), look[policy], radius)
    _write_ends(page, panel, by_policy, texts, large=large)


def _draw_small_title(page: Page, panel: Panel, outcome: str, texts: Texts) -> None:
    left, room = panel.left - 40, panel.width + 130
    lines = page.wrap(capital(texts(f"outcomes.{outcome}.name")), room, S2, medium=True)
    y = panel.top - 18 - 20 - 23 * (len(lines) - 1)
    y = page.write_lines(left, y, lines, S2, INK, medium=True)
    page.write(left, panel.top - 18, texts(f"outcomes.{outcome}.unit"), S1, INK_2)


def _draw_frame(page: Page, panel: Panel, summary: Summary, texts: Texts, *, large: bool) -> None:
    """Grid, ticks, the hands-off time tinted, and the three dates."""
    stop, end = int(summary["lead_weeks"]), panel.weeks
    rise = 10 if large else 4
    page.box(panel.x(stop), panel.top - rise, panel.x(end) - panel.x(stop), panel.height + rise, "#F0F3F4")
    ticks = _ticks(panel.low, panel.high, 6 if large else 3)
    digits = digits_for([(0, 2 * (ticks[1] - ticks[0]))])
    for tick in (one for one in ticks if panel.low <= one <= panel.high):
        base = tick == 0
        page.line([panel.left, panel.left + panel.width], [panel.y(tick)] * 2, EDGE if base else "#DFE4E7", 1.0, zorder=1)
        page.write(panel.left - 9, panel.y(tick) + 5, texts.number(tick, digits), S1, INK_2, side="right")
    for week in (0, stop, end):
        page.line([panel.x(week)] * 2, [panel.top - rise, panel.bottom], INK, 1.4 if large else 1.1, zorder=3)
    if large:
        _name_dates(page, panel, summary, texts)
    else:
        for week in (0, stop, end):
            page.write(panel.x(week), panel.bottom + 19, str(week), S1, INK_2, side="center")


def _name_dates(page: Page, panel: Panel, summary: Summary, texts: Texts) -> None:
    stop, end = int(summary["lead_weeks"]), panel.weeks
    for date, week in zip(summary["dates"], (0, stop, end), strict=True):
        side: Side = "center" if week else "left"
        page.write(panel.x(week), panel.top - 34, date_name(date, summary, texts), S2, INK, medium=True, side=side)
        page.write(panel.x(week), panel.top - 16, texts("dates.week", week=week), S1, INK_2, side=side)
    for middle, words in ((stop / 2, "led"), ((stop + end) / 2, "left_alone")):
        page.write(panel.x(middle), panel.bottom + 21, texts(f"figures.lines.{words}"), S1, INK_2, side="center")


def _write_ends(page: Page, panel: Panel, courses: Mapping[str, Course], texts: Texts, *, large: bool) -> None:
    """The value of each way of leading beside its end, apart enough to be read."""
    look, size = looks(list(courses)), S2 if large else S1
    ends = {policy: float(course.mean[-1]) for policy, course in courses.items()}
    digits = digits_for((course.low[-1], course.high[-1]) for course in courses.values())
    wanted = [float(panel.y(end)) for end in ends.values()]
    places = _spread(wanted, size * 1.4, panel.top, panel.bottom)
    for (policy, end), aim, place in zip(ends.items(), wanted, places, strict=True):
        x = panel.left + panel.width
        if abs(place - aim) > size * 0.4:
            page.line([x + 9, x + 24], [aim, place], look[policy].colour, 1.0, zorder=3)
        name = f"{capital(policy_name(policy, texts, 'short'))} " if large else ""
        page.write(x + 30, place + size * 0.36, name + texts.number(end, digits), size, look[policy].text, medium=True)


def _spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Places as near to those wanted as a gap between them allows, in the same order, and within top and bottom where they fit."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    groups: list[list[float]] = []  # sum of what each member wants of the first one's place, and members
    for rank, at in enumerate(order):
        groups.append([wanted[at] - rank * gap, 1])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, count = groups.pop()
            groups[-1] = [groups[-1][0] + total, groups[-1][1] + count]
    firsts = [total / count for total, count in groups for _ in range(int(count))]
    highest = bottom - gap * (len(wanted) - 1)
    places = [0.0] * len(wanted)
    for rank, at in enumerate(order):
        places[at] = max(min(firsts[rank], max(highest, top)), top) + rank * gap
    return places


def describe_lines(summary: Summary, texts: Texts) -> str:
    """What `draw_lines` shows, in a sentence or two for who cannot see it."""
    first, *others = told_outcomes(summary)
    told = "; ".join(_describe_policy(policy, first, summary, texts) for policy in summary["policies"])
    below = ", ".join(texts(f"outcomes.{outcome}.name") for outcome in others) or "–"
    return texts("figures.lines.alt", weeks=_weeks(summary), outcome=outcome_name(first, texts), policies=told, others=below)


def _describe_policy(policy: str, outcome: str, summary: Summary, texts: Texts) -> str:
    levels, per = summary["levels"][policy][outcome], shown_per(outcome)
    digits = digits_for((level["low"] * per, level["high"] * per) for level in levels.values())
    values = {date: texts.number(level["mean"] * per, digits) for date, level in levels.items()}
    return texts("figures.lines.alt_policy", policy=policy_name(policy, texts), date=date_name("after", summary, texts), **values)


# --- keeping ----------------------------------------------------------------------------------------------------------


def save(figure: Figure, path: Path | str) -> None:
    """Write a figure as SVG or PNG, by the ending of `path`; the same figure gives the same bytes.

    Raises:
        ValueError: for another ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("svg", "png"):
        raise ValueError(f"{path.name}: must end in .svg or .png")
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "path", "path.simplify": False}):
        figure.savefig(content, format=kind, dpi=DPI, facecolor=PAPER, metadata=metadata)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(content.getvalue())
    unfinished.replace(path)
