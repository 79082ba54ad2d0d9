"""One network before and after the stop: the same place is the same person in every picture.

Schools lie in a ring around the office of their board. Up to 300 people are drawn one by one; a larger region is drawn by school, a
very large one by board, with bundles of ties between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.page import (
    DISC,
    DPI,
    EDGE,
    HEXAGON,
    INK,
    INK_2,
    MARGIN,
    PAPER,
    S2,
    S3,
    S4,
    SQUARE,
    WASH,
    Page,
    Points,
    draw_heading,
    looks,
)
from experiments.texts import Texts
from experiments.words import SCHOOL_YEAR, Summary, capital, date_name, policy_name
from model.region import Region, Role
from model.ties import STRONG

Ties = Mapping[str, NDArray[Any]]
"""Columns of ties: ego, alter, strength, born, held_until (see `model.ties.tie_table`)."""

MOST_PEOPLE, MOST_UNITS = 300, 120
"""The most people drawn one by one, and the most schools."""
TIE, TIE_ACROSS, NEW = "#74838E", "#5F6D78", "#009E73"
_DIAMOND = type(SQUARE)([(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0), (0, -1.35)], closed=True)
SHAPES = {
    Role.TEACHER: (DISC, 1.0, "#56B4E9"),
    Role.COACH: (_DIAMOND, 1.04, "#E69F00"),
    Role.LEADER: (SQUARE, 1.07, "#F0E442"),
    Role.BOARD: (HEXAGON, 1.5, "#000000"),
    Role.POLICY: (HEXAGON, 1.2, "#FFFFFF"),
}
"""Outline, size against a teacher, and fill of each role; always with a dark outline."""
_TOP, _FOOT = 142, 46
_DARK, _DASHES, _KEY_GAP = "#7F929E", (3.4, 2.6), 24.0
_FULL_SHADE = 4.0
"""Strong ties per person within a school at which it is drawn darkest."""


# --- where everybody is -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Places around (0, 0), in pixels: of units (schools with offices, or boards) and of people, and how large they are.

    Attributes:
        centre: of each unit, (units, 2).
        radius: of each unit, (units,).
        place: of each person, (people, 2).
        dot: radius of a teacher.
    """

    centre: Points
    radius: Points
    place: Points
    dot: float


def lay_out(region: Region, width: float, height: float) -> Layout:
    """Schools in a ring as large as fits, offices inside it, people inside their school: teachers around, by team, others within."""
    sizes = np.diff(region.school_start).astype(np.float64)
    centre, radius = _place_units(sizes, region.school_office, region.school_board, width, height)
    place = np.empty((region.people, 2))
    for school in range(region.schools):
        rows = np.arange(region.school_start[school], region.school_start[school + 1])
        place[rows] = centre[school] + radius[school] * _place_people(region, rows, bool(region.school_office[school]))
    crowd = np.max(sizes[~region.school_office]) if (~region.school_office).any() else sizes.max()
    dot = 0.31 * float(radius.max()) / np.sqrt(max(crowd, 12))
    return Layout(centre, radius, place, float(np.clip(dot, 2.0, 9.0)))


def _place_units(sizes: Points, office: NDArray[np.bool_], board: NDArray[np.int32], width: float, height: float) -> tuple[Points, Points]:
    """Centres and radii of units: those that are no offices in a ring, offices towards the middle."""
    ringed = ~office if (~office).any() else np.ones(len(office), bool)
    relative = np.sqrt(sizes[ringed] / sizes[ringed].max()).clip(0.45)
    ring, largest = _largest_ring(relative, width, height)
    centre, radius = np.zeros((len(sizes), 2)), np.full(len(sizes), 0.3 * largest)
    centre[ringed], radius[ringed] = ring, relative * largest
    inside = np.flatnonzero(~ringed)
    for unit in inside:
        if ringed.sum() == 1:
            centre[unit] = (largest * 1.5, 0)
        elif len(inside) > 1:
            own = centre[ringed & (board == board[unit])]
            centre[unit] = 0.4 * own.mean(axis=0) if len(own) else 0
    return centre, radius


def _largest_ring(relative: Points, width: float, height: float) -> tuple[Points, float]:
    """Centres on an ellipse, (n, 2), with the radius of the largest circle, so that circles as large as can be do not touch."""
    if len(relative) == 1:
        return np.zeros((1, 2)), min(width, height) / 2
    low, high = 0.0, min(width, height) / 2
    best = _on_ellipse(relative, width / 2, height / 2, 0.0)
    for _ in range(24):
        radius = (low + high) / 2
        options = (_on_ellipse(relative, width / 2 - radius, height / 2 - radius, turn) for turn in (0.0, 0.5))
        fitting = [centre for centre in options if _fits(centre, relative * radius, 0.34 * radius)]
        if fitting:
            low, best = radius, fitting[0]
        else:
            high = radius
    return best, low


def _on_ellipse(relative: Points, a: float, b: float, turn: float) -> Points:
    """Points along an ellipse, from the left and clockwise, with room in proportion to their size; `turn` in steps."""
    angle = np.linspace(np.pi, 3 * np.pi, 1441)
    outline = np.column_stack([a * np.cos(angle), b * np.sin(angle)])
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(outline, axis=0).T))])
    middle = (np.cumsum(relative) - relative / 2) / relative.sum()
    at = (middle - middle[0] + turn / len(relative)) % 1 * length[-1]
    return np.column_stack([np.interp(at, length, outline[:, axis]) for axis in (0, 1)])


def _fits(centre: Points, radius: Points, office: float) -> bool:
    apart = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1))
    needed = 1.04 * (radius[:, None] + radius[None])
    np.fill_diagonal(needed, 0)
    return bool((apart >= needed).all() and (np.hypot(*centre.T) >= radius + 1.1 * office).all())


def _place_people(region: Region, rows: NDArray[np.int64], office: bool) -> Points:
    """Places of the people of one school within a circle of radius 1, (people, 2)."""
    place = np.zeros((len(rows), 2))
    around = (region.role[rows] == Role.TEACHER) & (not office)
    within = np.flatnonzero(~around)
    place[within] = _inner_places(len(within), 0.45 if office else 0.24)
    count = int(around.sum())
    if count:
        team = region.team[rows][around]
        new_team = np.concatenate([[0], np.cumsum(np.diff(team) != 0)])
        teams = int(new_team[-1]) + 1
        gap = 0.8 if 1 < teams < count / 1.5 else 0.0
        angle = 2 * np.pi * (np.arange(count) + gap * new_team) / (count + gap * teams) - 2.4
        inner, outer = (0.64, 0.8) if count <= 14 else (0.48, 0.86) if count <= 30 else (0.32, 0.92)
        spread = np.arange(1, count + 1) * 0.6180339887 % 1
        distance = np.sqrt(inner**2 + spread * (outer**2 - inner**2))
        place[around] = np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])
    return place


def _inner_places(count: int, distance: float) -> Points:
    if count <= 1:
        return np.zeros((count, 2))
    angle = 2 * np.pi * np.arange(count) / count + (2.7 if count == 2 else -np.pi / 2)
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


# --- which ties -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lines:
    """Strong ties, one line a pair of people; and how many ties (both directions counted) there are, in all and across units.

    Attributes:
        one, other: rows of the two, one below other, (pairs,).
        held: whether a commitment still holds one of the ties, (pairs,).
        fresh: whether all ties of the pair began after the stop, (pairs,).
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    held: NDArray[np.bool_]
    fresh: NDArray[np.bool_]
    count: int
    across: int


def strong_lines(ties: Ties, unit: NDArray[np.int32], stop: int, week: int) -> Lines:
    """The strong ties of one network.

    Args:
        ties: columns of ties.
        unit: school (or board) of each person, (people,).
        stop: last week of leading, in weeks of the world.
        week: week of the network.
    """
    strong = np.asarray(ties["strength"]) >= STRONG
    ego, alter = (np.asarray(ties[side])[strong].astype(np.int64) for side in ("ego", "alter"))
    held, fresh = np.asarray(ties["held_until"])[strong] >= week, np.asarray(ties["born"])[strong] > stop
    people = len(unit)
    pair, member = np.unique(np.minimum(ego, alter) * people + np.maximum(ego, alter), return_inverse=True)
    any_held, all_fresh = np.zeros(len(pair), bool), np.ones(len(pair), bool)
    np.logical_or.at(any_held, member, held)
    np.logical_and.at(all_fresh, member, fresh)
    return Lines(pair // people, pair % people, any_held, all_fresh, len(ego), int((unit[ego] != unit[alter]).sum()))


def _unit_of(region: Region) -> NDArray[np.int32]:
    """What people are counted by: their school, or in a very large region their board."""
    by_board = region.people > MOST_PEOPLE and region.schools > MOST_UNITS
    return region.school_board[region.school] if by_board else region.school


def lines_at_dates(ties: Mapping[str, Ties], region: Region, summary: Summary) -> dict[str, Lines]:
    """The strong ties of one world when the leading stops and a year later: "stop" and "after"."""
    stop = int(summary["grow_weeks"]) + int(summary["lead_weeks"])
    weeks = {"stop": stop, "after": stop + int(summary["after_weeks"])}
    return {date: strong_lines(ties[date], _unit_of(region), stop, week) for date, week in weeks.items()}


# --- the picture ------------------------------------------------------------------------------------------------------


def draw_before_after(worlds: Mapping[str, Mapping[str, Ties]], region: Region, summary: Summary, texts: Texts) -> Figure:
    """One world under each way of leading, when the leading stops and one year later, at the same layout.

    Args:
        worlds: way of leading → "stop" and "after" → columns of ties.
        region: who works where.
        summary: what the comparison found; its weeks are used.
        texts: the language of the figure.

    Raises:
        ValueError: if there is no world, or one lacks a date.
    """
    problems = [f"{policy}: no ties at {date!r}" for policy, ties in worlds.items() for date in ("stop", "after") if date not in ties]
    if problems or not worlds:
        raise ValueError("; ".join(problems) or "worlds: give at least one way of leading")
    rows = len(worlds)
    row_height = {1: 712, 2: 356}.get(rows, 345)
    page = Page(1600, _TOP + rows * row_height + _FOOT)
    shown = texts(f"figures.network.subtitle{_scale_of(region)}")
    draw_heading(page, texts("figures.network.title"), [(shown, S2, INK_2)], texts)
    width = (page.width - 2 * MARGIN - 48) / 2
    for row, (policy, ties) in enumerate(worlds.items()):
        lines = lines_at_dates(ties, region, summary)
        top = _TOP + row * row_height
        _draw_row_head(page, top, policy, list(worlds), texts)
        for at, date in enumerate(("stop", "after")):
            left = MARGIN + at * (width + 48)
            draw_network(page, (left, top + 42, width, row_height - 102), region, lines[date])
            _write_caption(page, left, top + row_height - 30, width, date, lines[date], region, summary, texts)
    _draw_keys(page, _keys(page, region, summary, texts))
    return page.figure


def _scale_of(region: Region) -> str:
    """What one shape stands for, as the ending of text ids: "" for people, else "_schools" or "_boards"."""
    if region.people <= MOST_PEOPLE:
        return ""
    return "_boards" if region.schools > MOST_UNITS else "_schools"


def _draw_row_head(page: Page, top: float, policy: str, policies: Sequence[str], texts: Texts) -> None:
    look = looks(policies)[policy]
    page.line([MARGIN, page.width - MARGIN], [top, top], look.colour, 3.0, zorder=1, solid_capstyle="butt")
    page.mark([MARGIN + 9], [top + 26], look, 7)
    page.write(MARGIN + 28, top + 34, capital(policy_name(policy, texts)), S4, look.text, medium=True)


def _write_caption(
    page: Page, left: float, y: float, width: float, date: str, lines: Lines, region: Region, summary: Summary, texts: Texts
) -> None:
    """Date and counts under a picture."""
    page.line([left, left + width], [y - 22, y - 22], EDGE, 1.0)
    week = int(summary["lead_weeks"]) + (int(summary["after_weeks"]) if date == "after" else 0)
    if date == "after" and summary["after_weeks"] != SCHOOL_YEAR:
        head = texts("figures.network.after_weeks", weeks=summary["after_weeks"], week=week)
    else:
        head = texts(f"figures.network.{date}", week=week)
    page.write(left, y + 2, head, S3, INK, medium=True)
    form = "_boards" if _scale_of(region) == "_boards" else "_school" if _has_one_unit(region) else ""
    values = {"ties": texts.number(lines.count)} | ({} if form == "_school" else {"across": texts.number(lines.across)})
    page.write(left + page.width_of(head, S3, medium=True) + 14, y + 2, texts(f"figures.network.counts{form}", **values), S2, INK_2)


def _has_one_unit(region: Region) -> bool:
    return region.schools == 1


def draw_network(page: Page, box: tuple[float, float, float, float], region: Region, lines: Lines) -> None:
    """One network in its box (left, top, width, height): people, or bundles between schools or boards of a large region."""
    left, top, width, height = box
    middle = np.array([left + width / 2, top + height / 2])
    if region.people <= MOST_PEOPLE:
        _draw_people(page, lay_out(region, width, height), middle, region, lines)
    else:
        _draw_bundles(page, middle, width, height, region, lines)


def _draw_people(page: Page, layout: Layout, middle: Points, region: Region, lines: Lines) -> None:
    for unit, (centre, radius) in enumerate(zip(layout.centre + middle, layout.radius, strict=True)):
        page.axes.fill(*_blob(centre, radius * 1.02, unit).T, color=WASH, linewidth=0, zorder=1)
    place, scale = layout.place + middle, float(np.clip(layout.dot / 7, 0.55, 1.1))
    curves = _curves(place[lines.one], place[lines.other], middle, region.school[lines.one] != region.school[lines.other])
    across = region.school[lines.one] != region.school[lines.other]
    held, fresh = lines.held & ~lines.fresh, lines.fresh
    plain = ~held & ~fresh
    _draw_curves(page, curves[plain & ~across], TIE, 1.1 * scale, 2, alpha=0.75)
    _draw_curves(page, curves[plain & across], TIE_ACROSS, 1.3 * scale, 2.1, alpha=0.9)
    _draw_curves(page, curves[held], INK, 1.7 * scale, 3, linestyles=[(0, _DASHES)], alpha=0.85, capstyle="butt")
    _draw_curves(page, curves[fresh], NEW, 2.4 * scale, 4)
    if fresh.any():
        beads = curves[fresh][:, curves.shape[1] // 2]
        page.shapes(beads[:, 0], beads[:, 1], DISC, 3.8 * scale, NEW, edge=PAPER, width=1.2 * scale, zorder=4.5)
    for role, (shape, size, fill) in SHAPES.items():
        own = place[region.role == role]
        page.shapes(own[:, 0], own[:, 1], shape, layout.dot * size, fill, edge=INK, width=1.2 * scale, zorder=6)


def _draw_curves(page: Page, curves: Points, colour: str, width: float, zorder: float, **how: Any) -> None:
    if len(curves):
        how = {"capstyle": "round"} | how
        page.axes.add_collection(
            LineCollection(list(curves), colors=colour, linewidths=width * 72 / DPI, zorder=zorder, **how), autolim=False
        )


def _curves(start: Points, end: Points, middle: Points, bent: NDArray[np.bool_], bend: float = 0.24) -> Points:
    """Lines as 17 points each, (lines, 17, 2); those marked in `bent` lean towards the middle."""
    halfway = (start + end) / 2
    control = halfway + np.where(bent, bend, 0.0)[:, None] * (middle - halfway)
    t = np.linspace(0, 1, 17)[None, :, None]
    curves: Points = (1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * end[:, None]
    return curves


def _blob(centre: Points, radius: float, number: int) -> Points:
    """A circle that is a little uneven, each unit in its own way, (73, 2)."""
    angle, phase = np.linspace(0, 2 * np.pi, 73), 1.7 * number + 1
    uneven = radius * (1 + 0.025 * np.sin(3 * angle + phase) + 0.015 * np.sin(5 * angle + 2 * phase))
    return centre + np.column_stack([uneven * np.cos(angle), uneven * np.sin(angle)])


# --- a large region: bundles between schools or boards ----------------------------------------------------------------


def _draw_bundles(page: Page, middle: Points, width: float, height: float, region: Region, lines: Lines) -> None:
    """Schools (or boards) as discs, darker with more strong ties inside; bundles between them, green where they are new."""
    unit = _unit_of(region)
    sizes = np.bincount(unit).astype(np.float64)
    by_board = _scale_of(region) == "_boards"
    office = np.zeros(len(sizes), bool) if by_board else region.school_office
    board = np.arange(len(sizes), dtype=np.int32) if by_board else region.school_board
    centre, radius = _place_units(sizes, office, board, width, height)
    centre = centre + middle
    one, other = unit[lines.one], unit[lines.other]
    for kind, colour, bend, zorder in ((~lines.fresh, TIE_ACROSS, 0.24, 2), (lines.fresh, NEW, 0.36, 3)):
        _draw_bundle(page, centre, middle, one[kind], other[kind], colour, bend, zorder)
    inside = np.bincount(one[one == other], minlength=len(sizes)) / sizes
    for at, point in enumerate(centre):
        shade = _mix(WASH, _DARK, min(1.0, float(inside[at]) / _FULL_SHADE))
        page.axes.fill(*_circle(point, radius[at]).T, facecolor=shade, edgecolor=INK, linewidth=0.8, zorder=5)


def _draw_bundle(
    page: Page, centre: Points, middle: Points, one: NDArray[np.int32], other: NDArray[np.int32], colour: str, bend: float, zorder: float
) -> None:
    apart = one != other
    low, high = np.minimum(one, other)[apart].astype(np.int64), np.maximum(one, other)[apart].astype(np.int64)
    pairs, count = np.unique(low * len(centre) + high, return_counts=True)
    if not len(pairs):
        return
    start, end = centre[pairs // len(centre)], centre[pairs % len(centre)]
    curves = _curves(start, end, middle, np.ones(len(pairs), bool), bend)
    widths = 0.9 * np.sqrt(count)
    page.axes.add_collection(
        LineCollection(list(curves), colors=colour, linewidths=widths, alpha=0.85, zorder=zorder, capstyle="round"), autolim=False
    )
    if colour == NEW:
        beads = curves[:, curves.shape[1] // 2]
        page.shapes(beads[:, 0], beads[:, 1], DISC, 3.2, NEW, edge=PAPER, width=1.0, zorder=zorder + 0.5)


def _circle(centre: Points, radius: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 49)
    return centre + radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _mix(light: str, dark: str, share: float) -> tuple[float, float, float]:
    a, b = np.array(to_rgb(light)), np.array(to_rgb(dark))
    red, green, blue = a + share * (b - a)
    return float(red), float(green), float(blue)


# --- what the shapes and lines mean -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A shape or line with its words: what draws it at (x, y), and how wide that is."""

    words: str
    draw: Callable[[float, float], None]
    room: float = 26.0


def _keys(page: Page, region: Region, summary: Summary, texts: Texts) -> list[Key]:
    fresh = Key(texts("figures.network.fresh", week=summary["lead_weeks"]), partial(_key_line, page, NEW, 2.6, bead=True), 50)
    scale = _scale_of(region)
    if not scale:
        roles = [role for role in Role if (region.role == role).any()]
        return [
            *(Key(texts(f"roles.{role.name.lower()}"), partial(_key_role, page, role)) for role in roles),
            Key(texts("figures.network.tie"), partial(_key_line, page, TIE_ACROSS, 1.3), 50),
            Key(texts("figures.network.held"), partial(_key_line, page, INK, 1.8, dashes=_DASHES), 50),
            fresh,
        ]
    unit, shade = ("board_unit", "shade_boards") if scale == "_boards" else ("school", "shade")
    return [
        Key(texts(f"figures.network.{unit}"), partial(_key_discs, page, (WASH, 5), (WASH, 9)), 44),
        Key(texts(f"figures.network.{shade}"), partial(_key_discs, page, (WASH, 8), (_DARK, 8)), 46),
        Key(texts("figures.network.bundle"), partial(_key_line, page, TIE_ACROSS, 3.0), 50),
        fresh,
    ]


def _draw_keys(page: Page, keys: Sequence[Key]) -> None:
    """Keys in as many rows at the foot as they need; the page grows for rows after the first."""
    rows: list[list[Key]] = [[]]
    for key in keys:
        width = sum(_width_of(page, one) for one in (*rows[-1], key)) - _KEY_GAP
        rows = [*rows[:-1], [*rows[-1], key]] if width <= page.width - 2 * MARGIN else [*rows, [key]]
    y = page.height - 22.0
    page.stretch(30 * (len(rows) - 1))
    for row in rows:
        x = float(MARGIN)
        for key in row:
            key.draw(x, y - 6)
            page.write(x + key.room, y, key.words, S2, INK_2)
            x += _width_of(page, key)
        y += 30


def _width_of(page: Page, key: Key) -> float:
    return key.room + page.width_of(key.words, S2) + _KEY_GAP


def _key_role(page: Page, role: Role, x: float, y: float) -> None:
    shape, size, fill = SHAPES[role]
    page.shapes([x + 9], [y], shape, 7.4 * min(size, 1.3), fill, edge=INK, width=1.2, zorder=6)


def _key_discs(page: Page, first: tuple[str, float], second: tuple[str, float], x: float, y: float) -> None:
    at = x
    for fill, radius in (first, second):
        page.axes.fill(*_circle(np.array([at + radius, y]), radius).T, facecolor=fill, edgecolor=INK, linewidth=0.8, zorder=5)
        at += 2 * radius + 5


def _key_line(
    page: Page, colour: str, width: float, x: float, y: float, *, bead: bool = False, dashes: tuple[float, float] | None = None
) -> None:
    style: dict[str, Any] = {"dashes": dashes, "dash_capstyle": "butt"} if dashes else {}
    page.line([x, x + 40], [y, y], colour, width, zorder=4, **style)
    if bead:
        page.shapes([x + 20], [y], DISC, 4.6, NEW, edge=PAPER, width=1.4, zorder=5)


def describe_before_after(worlds: Mapping[str, Mapping[str, Ties]], region: Region, summary: Summary, texts: Texts) -> str:
    """What `draw_before_after` shows, in a sentence for who cannot see it."""
    told = []
    for policy, ties in worlds.items():
        lines = lines_at_dates(ties, region, summary)
        values = {date: texts.number(lines[date].count) for date in lines}
        values |= {f"{date}_across": texts.number(lines[date].across) for date in lines}
        told.append(texts("figures.network.alt_policy", policy=policy_name(policy, texts), **values))
    return texts("figures.network.alt", date=date_name("after", summary, texts), policies="; ".join(told))
