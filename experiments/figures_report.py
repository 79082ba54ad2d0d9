"""Figures of the page that answers one comparison: each drawn at the width of its place, so that its text is never scaled.

Every figure comes from tables and has a width in pixels of its own; the page shows a wide and a narrow one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.figures import Course, Panel, check_lines, course_of, extent_of, spread, ticks_between, weeks_of
from experiments.network_picture import draw_network
from experiments.page import EDGE, INK, INK_2, PAPER, S1, S2, Look, Page, Points, Side, looks
from experiments.texts import Texts
from experiments.tipping import TippingMap
from experiments.words import (
    Summary,
    capital,
    date_name,
    digits_for,
    number,
    percent_or,
    policy_name,
    shown_per,
    span_of,
)
from model.region import Region

GRID, HAND_OFF = "#DFE4E7", "#F0F3F4"
_UNDECIDED, _BLUES, _GREYS = "#F3F4F2", ("#BBD8EA", "#5BA3D0"), ("#BCC4C9", "#5F6B76")
_LONGEST_NAME = 150
NARROW = 480
"""Width below which a figure is drawn for a phone."""


# --- a hundred marks --------------------------------------------------------------------------------------------------


def share_marks(counts: Sequence[int], marks: int = 100) -> list[int]:
    """Counts as parts of a hundred marks, by largest remainder."""
    total = max(1, sum(counts))
    exact = [count * marks / total for count in counts]
    whole = [int(part) for part in exact]
    order = sorted(range(len(counts)), key=lambda at: whole[at] - exact[at])
    for at in order[: marks - sum(whole) if sum(counts) else 0]:
        whole[at] += 1
    return whole


def draw_marks(found: Mapping[str, Any], summary: Summary) -> Figure:
    """A hundred marks: worlds with more under the first way of leading, with as much, and with more under the other."""
    page, worlds = Page(400, 100), found["worlds"]
    look = looks(summary["policies"])
    more, equal, less = share_marks([worlds["above"], worlds["equal"], worlds["below"]])
    at = 0
    for count, one in ((more, look[found["more"]]), (equal, None), (less, look[found["less"]])):
        places = np.arange(at, at + count)
        x, y = 10.0 + places // 5 * 20, 10.0 + places % 5 * 20
        if one is None:
            page.axes.plot(x, y, linestyle="none", marker="o", markersize=6, markerfacecolor=PAPER, markeredgecolor=INK_2)
        else:
            page.mark(x, y, one, 6)
        at += count
    return page.figure


# --- lines over the weeks ---------------------------------------------------------------------------------------------


def draw_course(lines: Mapping[str, Mapping[str, Points]], outcome: str, summary: Summary, texts: Texts, width: int) -> Figure:
    """One outcome week by week with bands and the three dates.

    Raises:
        ValueError: if an outcome or a way of leading of the summary has no lines, or lines of another length.
    """
    check_lines(lines, summary)
    page = Page(width, 330 if width < NARROW else 470)
    policies, look = summary["policies"], looks(summary["policies"])
    names = {policy: capital(policy_name(policy, texts, "short")) for policy in policies}
    longest = max(page.width_of(name, S2, medium=True) for name in names.values())
    narrow = width < NARROW or longest > _LONGEST_NAME  # names above the lines, not beside their ends
    room = 16 if narrow else 54 + longest
    head = 54 + (28 if narrow else 0) * _rows_of_keys(page, names.values(), width)
    panel = Panel(36, head, width - 36 - room, page.height - head - 30, weeks_of(summary), *extent_of(outcome, lines[outcome]))
    _frame(page, panel, summary, texts, narrow=narrow)
    courses = {policy: course_of(lines[outcome][policy], outcome) for policy in policies}
    for policy, course in courses.items():
        _band_and_line(page, panel, course, look[policy], summary, narrow=narrow)
    if narrow:
        _write_keys(page, names, look, width)
    else:
        _write_ends(page, panel, courses, names, look, texts)
    return page.figure


def _frame(page: Page, panel: Panel, summary: Summary, texts: Texts, *, narrow: bool) -> None:
    """Grid, the tinted time without leading, and the three dates with their names."""
    stop, end = int(summary["lead_weeks"]), panel.weeks
    page.box(panel.x(stop), panel.top - 8, panel.x(end) - panel.x(stop), panel.height + 8, HAND_OFF)
    ticks = ticks_between(panel.low, panel.high, 4)
    digits = digits_for([(0, 2 * (ticks[1] - ticks[0]))])
    for tick in (one for one in ticks if panel.low <= one <= panel.high):
        page.line([panel.left, panel.left + panel.width], [panel.y(tick)] * 2, EDGE if tick == 0 else GRID, 1, zorder=1)
        page.write(panel.left - 7, panel.y(tick) + 5, texts.number(tick, digits), S1, side="right")
    for date, week in zip(summary["dates"], (0, stop, end), strict=True):
        page.line([panel.x(week)] * 2, [panel.top - 10, panel.bottom], INK, 1.4, zorder=3)
        side: Side = "left" if week == 0 else "center" if week < end else "right"
        x = panel.x(week) - (8 if week == 0 else -8 if week == end else 0)
        page.write(x, panel.bottom + 22, texts("dates.week", week=week), S1, side=side)
        if not (narrow and date == "start"):
            page.write(x, panel.top - 18, date_name(date, summary, texts), S1 if narrow else S2, INK, medium=True, side=side)


def _band_and_line(page: Page, panel: Panel, course: Course, look: Look, summary: Summary, *, narrow: bool) -> None:
    weeks = np.arange(panel.weeks + 1)
    edge = np.concatenate([panel.y(course.high), panel.y(course.low)[::-1]])
    page.axes.fill(np.concatenate([panel.x(weeks), panel.x(weeks)[::-1]]), edge, color=look.colour, alpha=0.1, linewidth=0, zorder=2)
    page.line(panel.x(weeks), panel.y(course.mean), look.colour, 2.4 if narrow else 3.0, zorder=4)
    stops = [int(summary["lead_weeks"]), panel.weeks]
    page.mark(panel.x(stops), panel.y(course.mean[stops]), look, 5 if narrow else 6)


def _write_ends(
    page: Page, panel: Panel, courses: Mapping[str, Course], names: Mapping[str, str], look: Mapping[str, Look], texts: Texts
) -> None:
    digits = digits_for((course.low[-1], course.high[-1]) for course in courses.values())
    wanted = [float(panel.y(course.mean[-1])) for course in courses.values()]
    for (policy, course), aim, place in zip(courses.items(), wanted, spread(wanted, 23, panel.top, panel.bottom), strict=True):
        x = panel.left + panel.width
        if abs(place - aim) > 6:
            page.line([x + 8, x + 17], [aim, place], look[policy].colour, 1.0, zorder=3)
        words = f"{names[policy]} {texts.number(float(course.mean[-1]), digits)}"
        page.write(x + 21, place + 6, words, S2, look[policy].text, medium=True)


def _rows_of_keys(page: Page, names: Any, width: int) -> int:
    rows, x = 1, 0.0
    for name in names:
        needed = 44 + page.width_of(name, S1, medium=True)
        rows, x = (rows + 1, needed) if x + needed > width + 16 else (rows, x + needed)
    return rows


def _write_keys(page: Page, names: Mapping[str, str], look: Mapping[str, Look], width: int) -> None:
    """Markers with their names, in as many rows as they need."""
    x, y = 8.0, 12.0
    for policy, name in names.items():
        needed = 44 + page.width_of(name, S1, medium=True)
        if x > 8 and x + needed > width + 24:
            x, y = 8.0, y + 28
        page.mark([x], [y], look[policy], 6)
        page.write(x + 14, y + 5, name, S1, look[policy].text, medium=True)
        x += needed


# --- paired differences -----------------------------------------------------------------------------------------------


def draw_differences(summary: Summary, texts: Texts, width: int) -> Figure:
    """The paired differences of the first outcome at both later dates: at the defaults with 95 % intervals, and the band of worlds."""
    outcome = summary["outcomes"][0]
    told = [one for one in summary["differences"] if one["outcome"] == outcome]
    per, dates = shown_per(outcome), list(dict.fromkeys(one["date"] for one in told))
    page = Page(width, 62 + 60 * len(told) + 36 * len(dates))
    spans = [span_of(one["defaults"], per) for one in told]
    spans += [span_of(one["worlds"], per, "band_low", "band_high") for one in told if one["worlds"]]
    low, high = min(0.0, *(low for low, _ in spans)), max(0.0, *(high for _, high in spans))
    room = 0.04 * (high - low) or 1.0
    scale = _Scale(8, width - 8 - 46, low - room, high + room)
    _difference_axis(page, scale, texts)
    y, look, digits = 46.0, looks(summary["policies"]), digits_for([span_of(one["defaults"], per) for one in told])
    for date in dates:
        page.write(8, y, capital(date_name(date, summary, texts)), S2, INK, medium=True)
        y += 27
        for one in (one for one in told if one["date"] == date):
            names = {side: policy_name(one[side], texts, "short") for side in ("more", "less")}
            page.write(8, y, texts("differences.pair", **names), S2)
            _difference_grid(page, scale, y + 9, y + 42)
            _draw_difference(page, scale, y + 20, one, look[one["more"]], per)
            mean = texts.signed(number(one["defaults"]["mean"]) * per, digits)
            page.write(width - 4, y + 26, mean, S2, INK, medium=True, side="right")
            y += 60
        y += 9
    return page.figure


class _Scale:
    """Pixels of values along a line from `left` to `right`."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self.left, self.right, self.low, self.high = left, right, low, high

    def __call__(self, value: Any) -> Any:
        return self.left + (np.asarray(value) - self.low) / (self.high - self.low) * (self.right - self.left)


def _ticks_of(scale: _Scale) -> list[float]:
    return [tick for tick in ticks_between(scale.low, scale.high, 5) if scale.low <= tick <= scale.high]


def _difference_axis(page: Page, scale: _Scale, texts: Texts) -> None:
    ticks = _ticks_of(scale)
    digits = digits_for([(0, 2 * (ticks[1] - ticks[0]))]) if len(ticks) > 1 else 0
    for tick in ticks:
        page.write(float(scale(tick)), page.height - 8, texts.signed(tick, digits), S1, side="center")
    page.write(float(scale(0)) - 8, 16, texts("report.less"), S1, side="right")
    page.write(float(scale(0)) + 8, 16, texts("report.more"), S1)
    page.line([scale(0)] * 2, [4.0, 26.0], INK, 1.4, zorder=1)


def _difference_grid(page: Page, scale: _Scale, top: float, bottom: float) -> None:
    """Grid behind one difference only, so that no line runs through its name."""
    for tick in _ticks_of(scale):
        page.line([scale(tick)] * 2, [top, bottom], INK if tick == 0 else GRID, 1.4 if tick == 0 else 1, zorder=1, solid_capstyle="butt")


def _draw_difference(page: Page, scale: _Scale, y: float, one: Mapping[str, Any], look: Look, per: int) -> None:
    """Thick: 95 % interval at the defaults, with the marker. Thin, below it: where 80 of 100 worlds lie, with a tick at their mean."""
    low, high = span_of(one["defaults"], per)
    page.line([scale(low), scale(high)], [y, y], look.colour, 4, zorder=4)
    page.mark([scale(number(one["defaults"]["mean"]) * per)], [y], look, 6.5)
    if one["worlds"] and one["worlds"]["n"] > 1:
        low, high = span_of(one["worlds"], per, "band_low", "band_high")
        page.line([scale(low), scale(high)], [y + 14, y + 14], INK_2, 1.6, zorder=3)
        page.line([scale(number(one["worlds"]["mean"]) * per)] * 2, [y + 10, y + 18], INK_2, 1.6, zorder=3)


# --- where it tips ----------------------------------------------------------------------------------------------------


def draw_tipping(grid: TippingMap, texts: Texts, width: int) -> Figure:
    """Cells of worlds: blue where the second way leaves more, dark where the first does, near white where it is undecided."""
    narrow = width < NARROW
    labels = _edge_labels(grid, texts)
    page = Page(width, 380)
    left = 14 + max(page.width_of(words, S1) for words in labels["up"])
    top, bottom, right = 40.0, page.height - 74.0, width - 6.0
    rows, columns = grid.worlds.shape
    wide, high = (right - left) / columns, (bottom - top) / rows
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * wide, bottom - (row + 1) * high
            fill = _cell_colour(float(grid.share[row, column]), bool(grid.decided[row, column]))
            page.box(x, y, wide - 1.5, high - 1.5, fill)
            dark = fill == _GREYS[1]
            _write_cell(page, grid, row, column, (x + wide / 2, y + high / 2), texts, "#FFFFFF" if dark else INK)
    _write_axes(page, grid, labels, (left, top, right, bottom), texts, narrow=narrow)
    return page.figure


def _cell_colour(share: float, decided: bool) -> str:
    if np.isnan(share) or not decided:
        return _UNDECIDED
    pale, deep = _GREYS if share > 0.5 else _BLUES
    return deep if abs(share - 0.5) > 0.35 else pale


def _write_cell(page: Page, grid: TippingMap, row: int, column: int, middle: tuple[float, float], texts: Texts, ink: str) -> None:
    """How many of the worlds in a cell have more, as "5/8"."""
    worlds = int(grid.worlds[row, column])
    if worlds:
        told = f"{texts.number(np.floor(grid.above[row, column]))}/{worlds}"
        page.write(middle[0], middle[1] + 5, told, S1, ink, side="center")


def _edge_labels(grid: TippingMap, texts: Texts) -> dict[str, list[str]]:
    """The lowest and highest value of both parameters, in words with unit where that is short."""
    labels = {}
    for side, name, edges in (("across", grid.across, grid.edges_across), ("up", grid.up, grid.edges_up)):
        labels[side] = [percent_or(float(edges[at]), name, texts, rounded=True) for at in (0, -1)]
    return labels


def _write_axes(
    page: Page, grid: TippingMap, labels: Mapping[str, Sequence[str]], box: tuple[float, float, float, float], texts: Texts, *, narrow: bool
) -> None:
    left, top, right, bottom = box
    size = S1 if narrow else S2
    page.write(left, 24, capital(texts(f"parameters.{grid.up}.name")), size, INK)
    page.write(right, bottom + 46, capital(texts(f"parameters.{grid.across}.name")), size, INK, side="right")
    for y, words in zip((bottom - 4, top + 14), labels["up"], strict=True):
        page.write(left - 8, y, words, S1, side="right")
    page.write(left, bottom + 22, labels["across"][0], S1)
    page.write(right, bottom + 22, labels["across"][1], S1, side="right")
    x, y = (_along(grid.place[at], edges) for at, edges in ((0, grid.edges_across), (1, grid.edges_up)))
    if 0 <= x <= 1 and 0 <= y <= 1:
        at = (left + x * (right - left), bottom - y * (bottom - top))
        page.axes.plot(
            [at[0]], [at[1]], marker="o", markersize=11, markerfacecolor="#FFFFFF", markeredgecolor=INK, markeredgewidth=2.2, zorder=8
        )


def _along(value: float, edges: Points) -> float:
    """Place of a value between the first and last edge, 0..1, on the scale of the edges."""
    steps = np.arange(len(edges)) / (len(edges) - 1)
    return float(np.interp(value, edges, steps, left=-1, right=2))


# --- who carries it ---------------------------------------------------------------------------------------------------

PARTS_OF_GROUPS = (
    ("teacher", "coach", "leader", "board", "policy"),
    ("small_school", "large_school"),
    ("parttime", "fulltime"),
    ("new", "settled"),
)
"""Groups that belong together, in the order drawn; between parts there is room."""


def draw_load(
    load: Mapping[str, Mapping[str, float]], policies: Sequence[str], texts: Texts, width: int, mark: tuple[float, str] | None = None
) -> Figure:
    """Mean of each group under each way of leading, a row a group.

    Args:
        load: group → way of leading → value as shown.
        mark: a value with its words, drawn as a line.
    """
    parts = [[group for group in part if group in load] for part in PARTS_OF_GROUPS]
    parts = [part for part in parts if part]
    page = Page(width, 78 + 30 * sum(map(len, parts)) + 14 * len(parts))
    left = 22 + max(page.width_of(texts(f"report.groups.{group}"), S2) for part in parts for group in part)
    most = max([*(value for values in load.values() for value in values.values()), *([mark[0]] if mark else []), 1e-9])
    scale = _Scale(left + 6, width - 14, 0, most * 1.04)
    _load_grid(page, scale, texts, mark)
    y, look = 58.0, looks(policies)
    for part in parts:
        for group in part:
            page.write(left - 14, y + 6, texts(f"report.groups.{group}"), S2, INK, side="right")
            _load_row(page, scale, y, {policy: load[group][policy] for policy in policies}, look)
            y += 30
        y += 14
    return page.figure


def _load_grid(page: Page, scale: _Scale, texts: Texts, mark: tuple[float, str] | None) -> None:
    bottom = page.height - 30.0
    ticks = [tick for tick in ticks_between(0, scale.high, 5) if tick <= scale.high]
    digits = digits_for([(0, 2 * (ticks[1] - ticks[0]))]) if len(ticks) > 1 else 1
    for tick in ticks:
        page.line([scale(tick)] * 2, [34.0, bottom], GRID, 1, zorder=1)
        page.write(float(scale(tick)), bottom + 20, texts.number(tick, digits), S1, side="center")
    if mark:
        page.line([scale(mark[0])] * 2, [30.0, bottom], INK, 1.4, zorder=2)
        half = page.width_of(mark[1], S1) / 2
        page.write(min(max(float(scale(mark[0])), half + 2), page.width - half - 2), 20, mark[1], S1, INK, side="center")


def _load_row(page: Page, scale: _Scale, y: float, values: Mapping[str, float], look: Mapping[str, Look]) -> None:
    ends = [float(scale(value)) for value in (min(values.values()), max(values.values()))]
    page.line(ends, [y, y], "#C3CCD2", 3, zorder=2)
    order = list(values)
    places = {policy: round(float(scale(value)) / 10) for policy, value in values.items()}
    for policy in order:
        same = [other for other in order if places[other] == places[policy]]
        at_zero = float(scale(values[policy])) < float(scale(0)) + 5
        aside = (same.index(policy) - (0 if at_zero else (len(same) - 1) / 2)) * 11
        page.mark([float(scale(values[policy])) + aside], [y], look[policy], 6.5)


# --- one network ------------------------------------------------------------------------------------------------------


def draw_network_alone(lines: Any, region: Region, width: int = 560, height: int = 400) -> Figure:
    """One network without words: its caption and keys stand on the page."""
    page = Page(width, height)
    draw_network(page, (6.0, 6.0, width - 12.0, height - 12.0), region, lines)
    return page.figure
