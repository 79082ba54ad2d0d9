"""Outcomes: what is measured, with unit and source; each week, or only when the leading starts, when it stops and a year later.

Ties are counted by own kernels on the tie store; networkx is for export and small graphs. "Strong" and "lasting" are the words
of `ties.py`: at least `STRONG`, and so for at least `LASTING_WEEKS` weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.dependence import TAKEN, largest_left
from model.load import GROUPS
from model.randomness import kernel, kernel_part
from model.region import Level, Role
from model.ties import LASTING_WEEKS, NEVER, STRONG, Origin, Ties, as_row
from model.world import World, level_between

_TEACHER = int(Role.TEACHER)
_TEAM, _SCHOOL = int(Level.TEAM), int(Level.SCHOOL)
_MOST_LEVELS, _MOST_ORIGINS = len(Level), len(Origin)


@dataclass(frozen=True)
class Measure:
    """What one outcome is.

    Attributes:
        meaning: what is counted, over whom.
        better: +1 where more is usually welcome, -1 where less is, 0 where it depends; never used to rank.
        weekly: taken every week; else only at the dates (`LearningNetwork.measure_fully`).
    """

    id: str
    unit: str
    meaning: str
    source: str
    better: int = 0
    weekly: bool = True


_ORIGINS = {
    Origin.CHOSEN: "own choice",
    Origin.INTRODUCED: "introduced by a leader",
    Origin.INVITED: "own choice among those present at a meeting that a leader called",
    Origin.ASSIGNED: "assigned by a leader",
    Origin.FIRST: "there before the first week",
}
_LEVELS = {
    Level.TEAM: "inside the team",
    Level.SCHOOL: "to another team of the school",
    Level.BOARD: "to another school of the board",
    Level.TOWN: "to another board in the town",
    Level.SWV: "to another board in the samenwerkingsverband, outside the town",
    Level.ELSEWHERE: "to a board in another samenwerkingsverband",
}
_TAKEN = {"leader": "all school leaders", "board": "all board members", "coach": "the busiest coach of each board"}
_LOAD = {
    "hours": ("hours per person", "hours of moves since the leading began"),
    "asked": ("people", "people who turn to one (in-degree)"),
    "contact": ("hours per week", "hours of this week in which others turned to one"),
    "load": ("share of own time", "ties that own time pays for, against those it allows"),
}
_GROUPS = {
    "teacher": "teachers",
    "coach": "internal coaches",
    "leader": "school leaders",
    "board": "board members",
    "policy": "policy officers",
    "small_school": "people of small schools (the smaller half; left out where all schools are of one size)",
    "large_school": "people of large schools (the larger half; left out where all schools are of one size)",
    "parttime": "people of less than 0.8 fte",
    "fulltime": "people of at least 0.8 fte",
    "new": "people who came at the last turn of a school year",
    "settled": "people who came before the last turn of a school year",
}
_EVERY_WEEK = (
    Measure("lasting", "ties per teacher", "ties of teachers strong for at least 8 weeks: the headline", "model.md 1", 1),
    Measure("lasting_across", "ties per teacher", "lasting ties of teachers to another school", "model.md 5", 1),
    Measure(
        "survivors",
        "ties per teacher",
        "lasting ties of teachers that have been strong since before the leading stopped",
        "model.md 1",
        1,
    ),
    Measure("born_after", "ties per teacher", "lasting ties of teachers that began after the leading stopped", "model.md 1", 1),
    Measure("from_start", "ties per teacher", "lasting ties of teachers that were there when the leading began", "model.md 1", 1),
    Measure("ties", "ties per person", "people somebody turns to (out-degree)", "Snijders (2001)"),
    Measure("strong", "ties per person", "strong ties", "model.md 5", 1),
    Measure("nobody", "share of people", "people who turn to nobody", "model.md 5", -1),
    Measure("isolated", "share of people", "people who turn to nobody and to whom nobody turns", "model.md 5", -1),
    Measure("across", "share of ties", "ties to another school", "model.md 5"),
    Measure("across_teams", "share of ties", "ties to another team, same school or not", "model.md 5"),
    Measure("across_boards", "share of ties", "ties to another board", "model.md 5"),
    Measure("ei_index", "–1..1", "(ties outside − inside) / all ties, by school (E-I index)", "Krackhardt & Stern (1988)"),
    Measure("ei_team", "–1..1", "(ties outside − inside) / all ties, by team (E-I index)", "Krackhardt & Stern (1988)"),
    Measure("reciprocity", "share of ties", "ties that are returned", "Wasserman & Faust (1994)"),
    Measure("closure", "share of two-paths", "two-paths i→h→j with i→j (transitivity)", "Wasserman & Faust (1994)"),
    Measure("centralisation", "0..1", "in-degree centralisation", "Freeman (1979)"),
    Measure("gini", "0..1", "Gini coefficient of the in-degree", "Gini (1912)"),
    Measure("largest", "share of people", "largest group connected by ties either way", "Wasserman & Faust (1994)", 1),
    Measure("two_steps", "people", "people within two steps along ties, mean", "model.md 5", 1),
    Measure("two_steps_share", "share of people", "others within two steps along ties, mean share", "model.md 5", 1),
    Measure("energy", "0..1", "energy (own motivation), mean", "model.md 5", 1),
    Measure("energy_low", "0..1", "energy, upper bound of the lowest quarter", "model.md 5", 1),
    Measure("knowledge", "0..1", "knowledge, mean over topics", "model.md 5", 1),
    Measure("knowledge_low", "0..1", "knowledge, upper bound of the lowest quarter", "model.md 5", 1),
    Measure("knowledge_spread", "0..1", "knowledge, standard deviation between people", "model.md 5"),
    Measure("practice", "0..1", "practice of teachers: knowledge that reaches classes", "model.md 5", 1),
    Measure("practice_low", "0..1", "practice of teachers, upper bound of the lowest quarter", "model.md 5", 1),
    Measure("leader_hours", "hours per school", "leader hours spent since the leading began", "model.md 2", -1),
    Measure("teacher_hours", "hours per person", "hours people spent on moves since the leading began", "model.md 2", -1),
    Measure("overfull", "chances", "ties that could not be made because a row was full", "book-keeping", -1),
    *(
        Measure(f"lasting_{origin.name.lower()}", "ties per teacher", f"lasting ties of teachers that began as: {what}", "model.md 5")
        for origin, what in _ORIGINS.items()
    ),
    *(
        Measure(f"lasting_{level.name.lower()}", "ties per teacher", f"lasting ties of teachers {where}", "model.md 5")
        for level, where in _LEVELS.items()
    ),
)


def _dependence(who: str) -> tuple[Measure, ...]:
    """Three outcomes of taking somebody away; all are shares of, and among, the people left."""
    without, source = f"without {_TAKEN[who]}", "model.md 5"
    return (
        Measure(f"dependence_{who}", "share of people", f"largest connected group, part that falls off {without}", source, -1, False),
        Measure(f"dependence_{who}_reach", "share of reach", f"reach in two steps, part lost {without}", source, -1, False),
        Measure(f"dependence_{who}_nobody", "share of people", f"people who newly turn to nobody {without}", source, -1, False),
    )


_AT_DATES = (
    *(measure for who in TAKEN for measure in _dependence(who)),
    Measure(
        "leader_hours_per_tie", "hours per tie", "leader hours per lasting tie (fewer than one counts as one)", "model.md 5", -1, False
    ),
    Measure("teacher_hours_per_tie", "hours per tie", "hours of everybody on moves per lasting tie, likewise", "model.md 5", -1, False),
    Measure("hours_gone", "hours per person", "part of teacher_hours given by people who have left since", "book-keeping", 0, False),
    Measure("overloaded", "share of people", "people with more ties on own time than it allows", "model.md 5", -1, False),
    *(
        Measure(f"{name}_{group}", unit, f"{what}: mean of {_GROUPS[group]}", "domain.md 4", 0, False)
        for name, (unit, what) in _LOAD.items()
        for group in GROUPS
    ),
)
"""Outcomes about who carries the load, and what depends on whom. One about people whom the region does not have is left out."""

MEASURES: Mapping[str, Measure] = {m.id: m for m in (*_EVERY_WEEK, *_AT_DATES)}
"""Every outcome by id."""
WEEKLY = tuple(measure.id for measure in _EVERY_WEEK)
"""Ids of the outcomes that are taken every week."""

_STRONG, _MUTUAL, _PATHS, _CLOSED, _TWO_STEPS, _SURVIVORS, _BORN_AFTER, _FROM_START = range(8)


class TieCounts(NamedTuple):
    """What there is to count of ties; the lasting ones only of the people asked for.

    Attributes:
        sums: strong ties, returned ones, two-paths, closed ones, people within two steps, and lasting ties that were strong by the
            stop, began after it, and were there from the start, float64 (8,).
        levels, lasting: ties and lasting ties by `Level`, float64 (6,).
        origins: lasting ties by `Origin`, float64 (5,).
    """

    sums: NDArray[np.float64]
    levels: NDArray[np.float64]
    lasting: NDArray[np.float64]
    origins: NDArray[np.float64]


def count_ties(world: World, week: int, lead_from: int, stop: int, counted: NDArray[np.bool_]) -> TieCounts:
    """Count ties and two-paths.

    Args:
        lead_from: week before which a tie was there from the start.
        stop: last week of leading.
        counted: people whose lasting ties count, bool (n,).
    """
    counts = TieCounts(np.zeros(8), np.zeros(_MOST_LEVELS), np.zeros(_MOST_LEVELS), np.zeros(_MOST_ORIGINS))
    _add_ties(world, week, lead_from, stop, counted, counts, np.full(len(counted), -1))
    return counts


@kernel
def _add_ties(world, week, lead_from, stop, counted, counts, seen):
    ties, strong = world.ties, 0
    for i in range(len(ties.degree)):
        for slot in range(ties.degree[i]):
            level = level_between(world.places, i, as_row(ties.alter[i, slot]))
            counts.levels[level] += 1.0
            strong += int(ties.strength[i, slot] >= STRONG)
            if counted[i] and is_lasting(ties, i, slot, week):
                _add_lasting(counts, ties, i, slot, level, lead_from, stop)
        _add_paths(counts.sums, ties, i, seen)
    counts.sums[_STRONG] = strong


@kernel_part
def is_lasting(ties, i, slot, week):
    """Whether a tie has been strong for at least `LASTING_WEEKS` weeks."""
    since = ties.strong_since[i, slot]
    return since != NEVER and week - since >= LASTING_WEEKS


@kernel_part
def _add_lasting(counts, ties, i, slot, level, lead_from, stop):
    since, born = ties.strong_since[i, slot], ties.born[i, slot]
    counts.lasting[level] += 1.0
    counts.origins[ties.origin[i, slot]] += 1.0
    counts.sums[_SURVIVORS] += 1.0 if since <= stop else 0.0
    counts.sums[_BORN_AFTER] += 1.0 if born > stop else 0.0
    counts.sums[_FROM_START] += 1.0 if born < lead_from else 0.0


@kernel_part
def _add_paths(sums, ties, i, seen):
    """Reciprocity, two-paths, closed ones, and people within two steps of `i`; `seen` marks alters 2i, others reached 2i + 1."""
    near, far = 2 * i, 2 * i + 1
    for slot in range(ties.degree[i]):
        seen[as_row(ties.alter[i, slot])] = near
    seen[i] = far
    mutual, paths, closed, steps = 0, 0, 0, np.int64(ties.degree[i])
    for slot in range(ties.degree[i]):
        h = as_row(ties.alter[i, slot])
        paths += ties.degree[h]
        for onward in range(ties.degree[h]):
            j = as_row(ties.alter[h, onward])
            mark = seen[j]
            new = int(mark < near)
            closed += int(mark == near)
            mutual += int(j == i)
            steps += new
            seen[j] = far if new == 1 else mark
    sums[_MUTUAL] += mutual
    sums[_PATHS] += paths - mutual
    sums[_CLOSED] += closed
    sums[_TWO_STEPS] += steps


def largest_component(ties: Ties) -> int:
    """People in the largest group connected by ties either way."""
    return int(largest_left(ties, np.zeros(len(ties.degree), np.bool_), False))


def centralisation(indegree: NDArray[np.int32]) -> float:
    """In-degree centralisation, 0..1 (Freeman 1979): 1 where everybody turns to one person."""
    n = len(indegree)
    return float((int(indegree.max()) - indegree).sum()) / ((n - 1) ** 2) if n > 1 else 0.0


def gini(values: NDArray[np.int32]) -> float:
    """Gini coefficient, 0 where all are equal."""
    ordered = np.sort(values).astype(np.float64)
    total, n = float(ordered.sum()), len(values)
    if total == 0.0:
        return 0.0
    return float(2.0 * (np.arange(1, n + 1) @ ordered) / (n * total) - (n + 1) / n)


def _quarter(values: NDArray[np.floating]) -> float:
    """The value below which the lowest quarter lies; sorted, so that it does not depend on order of summation."""
    place = max(0, -(-len(values) // 4) - 1)
    return float(np.partition(values, place)[place])


def measure_network(world: World, week: int, lead_from: int, stop: int, counted: NDArray[np.bool_]) -> dict[str, float]:
    """The outcomes that need the tie store.

    Args:
        counted: teachers whose ties are known, bool (n,).
    """
    ties = world.ties
    n, total = len(ties.degree), float(ties.degree.sum())
    counts = count_ties(world, week, lead_from, stop, counted)
    sums, outside = counts.sums, float(counts.levels[Level.BOARD :].sum()) / max(1.0, total)
    across_teams = float(counts.levels[Level.SCHOOL :].sum()) / max(1.0, total)
    return _measure_lasting(counts, int(counted.sum())) | {
        "ties": total / n,
        "strong": float(sums[_STRONG]) / n,
        "nobody": float((ties.degree == 0).sum()) / n,
        "isolated": float(((ties.degree == 0) & (ties.indegree == 0)).sum()) / n,
        "across": outside,
        "across_teams": across_teams,
        "across_boards": float(counts.levels[Level.TOWN :].sum()) / max(1.0, total),
        "ei_index": 2.0 * outside - 1.0 if total else 0.0,
        "ei_team": 2.0 * across_teams - 1.0 if total else 0.0,
        "reciprocity": float(sums[_MUTUAL]) / max(1.0, total),
        "closure": float(sums[_CLOSED]) / max(1.0, float(sums[_PATHS])),
        "centralisation": centralisation(ties.indegree),
        "gini": gini(ties.indegree),
        "largest": float(largest_component(ties)) / n,
        "two_steps": float(sums[_TWO_STEPS]) / n,
        "two_steps_share": float(sums[_TWO_STEPS]) / n / max(1, n - 1),
        "overfull": float(ties.full[0]),
    }


def _measure_lasting(counts: TieCounts, people: int) -> dict[str, float]:
    """Lasting ties per person: all, by level and by origin (each adding up to all of them), and by when they began."""
    per = max(1, people)
    sums, levels, origins = ((part / per).tolist() for part in (counts.sums, counts.lasting, counts.origins))
    measured = {"survivors": sums[_SURVIVORS], "born_after": sums[_BORN_AFTER], "from_start": sums[_FROM_START]}
    measured |= {f"lasting_{level.name.lower()}": levels[level] for level in Level}
    measured |= {f"lasting_{origin.name.lower()}": origins[origin] for origin in Origin}
    across = float(counts.lasting[Level.BOARD :].sum()) / per
    return measured | {"lasting": float(counts.lasting.sum()) / per, "lasting_across": across}


def measure_people(world: World) -> dict[str, float]:
    """The outcomes that need people only."""
    people, teachers = world.people, world.places.role == _TEACHER
    knowledge = _mean_of_topics(people.knowledge)
    energy = people.energy.astype(np.float64)
    practice = people.practice[teachers] if teachers.any() else people.practice
    return {
        "energy": float(energy.mean()),
        "energy_low": _quarter(energy),
        "knowledge": float(knowledge.mean()),
        "knowledge_low": _quarter(knowledge),
        "knowledge_spread": float(knowledge.std()),
        "practice": float(practice.mean(dtype=np.float64)),
        "practice_low": _quarter(_mean_of_topics(practice)),
    }


def _mean_of_topics(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean of each row, column by column: numpy's own is slow on short rows."""
    total = values[:, 0].astype(np.float64)
    for topic in range(1, values.shape[1]):
        total += values[:, topic]
    return total / values.shape[1]
