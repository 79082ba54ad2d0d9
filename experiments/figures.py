"""Figures of a comparison: one function a figure, from tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.network_picture import describe_before_after, draw_before_after
from experiments.page import EDGE, INK, INK_2, INK_3, MARGIN, S1, S2, S4, Page, Points, Side, draw_heading, looks, save
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
    second_answer,
    shown_per,
    told_outcomes,
)
from model.measures import MEASURES

__all__ = ["describe_before_after", "describe_lines", "draw_before_after", "draw_lines", "save"]


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
    check_lines(lines, summary)
    page = Page(1600, 900)
    first, *others = (outcome for outcome in told_outcomes(summary) if outcome in lines)
    replicates = len(next(iter(lines[first].values())))
    form = "subtitle_one" if replicates == 1 else "subtitle"
    values = {} if replicates == 1 else {"n": texts.number(replicates)}
    shown = texts(f"figures.lines.{form}", outcome=outcome_name(first, texts), **values)
    second = f"{second_answer(summary, texts)} {texts('answer.brackets')}".strip() if summary["differences"] else ""
    told = [(answer(summary, texts), S4, INK), *([(second, S2, INK)] if second else []), (shown, S2, INK_2)]
    top = draw_heading(page, question(summary, texts), told, texts)
    small = 4 if others else 0
    bottom = 600.0 if small else 820.0
    main = Panel(MARGIN + 40, top + 48, 1180, bottom - top - 48, weeks_of(summary), *extent_of(first, lines[first]))
    _draw_outcome(page, main, first, lines[first], summary, texts, large=True)
    width = (1600 - 2 * MARGIN - 3 * 40) / 4
    for at, outcome in enumerate(others[:4]):
        panel = Panel(MARGIN + 40 + at * (width + 40), 704, width - 100, 112, main.weeks, *extent_of(outcome, lines[outcome]))
        _draw_outcome(page, panel, outcome, lines[outcome], summary, texts, large=False)
    page.write(MARGIN, 876, f"{extent(summary, texts, 'figures.lines.extent')}  {texts('figures.lines.turnover')}", S1, INK_3)
    return page.figure


def weeks_of(summary: Summary) -> int:
    """Weeks from the first to the last date."""
    return int(summary["lead_weeks"]) + int(summary["after_weeks"])


def check_lines(lines: Mapping[str, Mapping[str, Points]], summary: Summary) -> None:
    """What is wrong with lines, told all at once.

    Raises:
        ValueError: if an outcome or a way of leading of the summary has no lines, or lines of another length.
    """
    problems, first = [], summary["outcomes"][0]
    if first not in lines:
        problems.append(f"no lines of outcome {first!r}")
    for outcome in (one for one in summary["outcomes"] if one in lines):
        for policy in summary["policies"]:
            values = lines[outcome].get(policy)
            if values is None:
                problems.append(f"{outcome}: no lines of {policy!r}")
            elif values.ndim != 2 or values.shape[1] != weeks_of(summary) + 1 or not len(values):
                problems.append(f"{outcome}, {policy}: shape {values.shape}; must be (replicates, {weeks_of(summary) + 1})")
    if problems:
        raise ValueError("; ".join(problems))


def course_of(values: Points, outcome: str) -> Course:
    """Mean and band of one way of leading from the values of every replicate, (replicates, weeks + 1)."""
    shown = values * shown_per(outcome)
    low, high = np.quantile(shown, (0.1, 0.9), axis=0)
    return Course(shown.mean(axis=0), low, high)


def extent_of(outcome: str, lines: Mapping[str, Points]) -> tuple[float, float]:
    """Bottom and top of the axis: from zero for counts and shares, and at least 20 points of a scale from 0 to 100."""
    courses = [course_of(values, outcome) for values in lines.values()]
    low, high = min(float(course.low.min()) for course in courses), max(float(course.high.max()) for course in courses)
    if ".." not in MEASURES[outcome].unit:
        low = min(0.0, low)
    elif high - low < 20:
        low, high = (low + high) / 2 - 10, (low + high) / 2 + 10
    room = 0.04 * (high - low) or 1.0
    return (low if low == 0 else low - room), high + room


def ticks_between(low: float, high: float, count: int = 4) -> list[float]:
    """Round values that span low to high."""
    return [float(tick) for tick in MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(low, high)]


def _draw_outcome(
    page: Page, panel: Panel, outcome: str, lines: Mapping[str, Points], summary: Summary, texts: Texts, *, large: bool
) -> None:
    """One outcome in its panel: frame, dates, bands, means, and a value at each end."""
    if not large:
        _draw_small_title(page, panel, outcome, texts)
    _draw_frame(page, panel, summary, texts, large=large)
    by_policy = {policy: course_of(lines[policy], outcome) for policy in summary["policies"]}
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
    ticks = ticks_between(panel.low, panel.high, 6 if large else 3)
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
    places = spread(wanted, size * 1.4, panel.top, panel.bottom)
    for (policy, end), aim, place in zip(ends.items(), wanted, places, strict=True):
        x = panel.left + panel.width
        if abs(place - aim) > size * 0.4:
            page.line([x + 9, x + 24], [aim, place], look[policy].colour, 1.0, zorder=3)
        name = f"{capital(policy_name(policy, texts, 'short'))} " if large else ""
        page.write(x + 30, place + size * 0.36, name + texts.number(end, digits), size, look[policy].text, medium=True)


def spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
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
    return texts("figures.lines.alt", weeks=weeks_of(summary), outcome=outcome_name(first, texts), policies=told, others=below)


def _describe_policy(policy: str, outcome: str, summary: Summary, texts: Texts) -> str:
    levels, per = summary["levels"][policy][outcome], shown_per(outcome)
    digits = digits_for((level["low"] * per, level["high"] * per) for level in levels.values())
    values = {date: texts.number(level["mean"] * per, digits) for date, level in levels.items()}
    return texts("figures.lines.alt_policy", policy=policy_name(policy, texts), date=date_name("after", summary, texts), **values)
