"""Who carries the load: hours of moves, being asked, and time for ties, by role, size of school, part-time factor and newness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.parameters import Constants
from model.randomness import kernel
from model.region import Region, Role
from model.world import World, own_time, ties_on_own_time

if TYPE_CHECKING:
    from model.learning_network import LearningNetwork

QUANTITIES = ("hours", "asked", "contact", "load")
"""hours: of moves since the leading began. asked: people who turn to one (in-degree). contact: hours of this week in which they did
(at most four contacts a tie). load: ties that own time pays for, as a share of those it allows."""
ROLES = {role: role.name.lower() for role in Role}
GROUPS = (*ROLES.values(), "small_school", "large_school", "parttime", "fulltime", "new", "settled")
"""Roles divide everybody, and so do part-time and full-time, new and settled; sizes divide everybody who is at a school."""
FULL_TIME = 0.8
"""Part-time factor from which somebody counts as full-time."""


def load_table(model: LearningNetwork) -> list[dict[str, float | str]]:
    """A row for every group with somebody in it: its name, how many `people`, and the mean of each of `QUANTITIES`."""
    values = _load_of_each(model.world, model.constants, model.week)
    table: list[dict[str, float | str]] = []
    for group, mark in mark_groups(model.world, model.region, model.newcomers).items():
        if mark.any():
            table.append({"group": group, "people": int(mark.sum()), **{name: _mean(each, mark) for name, each in values.items()}})
    return table


def measure_load(model: LearningNetwork) -> dict[str, float]:
    """The load as outcomes, `hours_coach` and the like.

    Groups that the region cannot have (no board member, schools all of one size) are left out, the same for every replicate and
    policy. A group that happens to be empty (nobody new this year) has 0.
    """
    marks = mark_groups(model.world, model.region, model.newcomers)
    values = _load_of_each(model.world, model.constants, model.week)
    measured = {f"{name}_{group}": _mean(each, mark) for name, each in values.items() for group, mark in marks.items()}
    measured["hours_gone"] = model.agenda.gone_minutes / 60.0 / model.region.people
    measured["overloaded"] = float((values["load"] > 1.0).mean())
    return measured


def _mean(values: NDArray[np.float64], mark: NDArray[np.bool_]) -> float:
    return float(values[mark].mean()) if mark.any() else 0.0


def _load_of_each(world: World, constants: Constants, week: int) -> dict[str, NDArray[np.float64]]:
    """Each of `QUANTITIES` for everybody, float64 (n,)."""
    return {
        "hours": world.people.given / 60.0,
        "asked": world.ties.indegree.astype(np.float64),
        "contact": world.notes.asked * constants.hours_per_tie,
        "load": weigh_ties(world, constants, week),
    }


def mark_groups(world: World, region: Region, newcomers: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """Who belongs to each group the region can have, bool (n,)."""
    marks = {name: region.role == role for role, name in ROLES.items() if (region.role == role).any()}
    sizes = np.diff(region.school_start)
    if (small := largest_small(sizes[~region.school_office])) is not None:
        own, at_school = sizes[region.school], ~region.school_office[region.school]
        marks |= {"small_school": at_school & (own <= small), "large_school": at_school & (own > small)}
    full = np.asarray(world.people.fte >= FULL_TIME)
    return marks | {"parttime": ~full, "fulltime": full, "new": newcomers, "settled": ~newcomers}


def largest_small(sizes: NDArray[np.int32]) -> int | None:
    """The size up to which a school is small: the cut between two sizes that comes closest to halving the schools.

    Schools of one size are never divided; None where all are of one size.
    """
    distinct, counts = np.unique(sizes, return_counts=True)
    if len(distinct) < 2:
        return None
    unequal = np.abs(2 * np.cumsum(counts)[:-1] - len(sizes))
    return int(distinct[np.argmin(unequal)])


def weigh_ties(world: World, constants: Constants, week: int) -> NDArray[np.float64]:
    """Load of everybody: ties on own time as a share of those own time allows, float64 (n,)."""
    load = np.empty(len(world.people))
    _weigh(world, constants, week, load)
    return load


@kernel
def _weigh(world, c, week, load):
    for i in range(len(load)):
        load[i] = ties_on_own_time(world.ties, i, week) * c.hours_per_tie / own_time(world, c, i)
