"""All arrays of one world together, in the form the kernels take, and what holds for a week of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.parameters import Parameters
from model.people import LEVELS, PERIOD, TOPICS, Frame, People, Units, make_frame, make_people, make_units
from model.randomness import kernel
from model.region import Level, Region
from model.ties import WIDTH, Ties, no_ties

MOST_CANDIDATES = 17
_TEAM, _SCHOOL, _BOARD, _TOWN, _SWV, _ELSEWHERE = (int(level) for level in Level)
FULL_PART = (2.5, 2.0, 0.75, 0.5, 0.5, 0.5)
"""Own strength at each level that counts as taking full part (`model_feasibility`: s_l)."""
RESTING_PART = (0.75, 0.45, 0.10, 0.05, 0.05, 0.05)
"""Participation at rest, about which the network effect is centred (P*)."""


class Scratch(NamedTuple):
    """Working space, empty between weeks: nothing in it is state.

    Attributes:
        part: own strength at each level, float64 (n, LEVELS).
        capacity: ties one's own time allows, float64 (n,).
        time: share of the contact one's time allows, 0..1, float64 (n,).
        paths: two-paths from the chooser, int32 (n,).
        reached: people at distance two, int32 (n,).
        candidates, scores: the best of the candidates met, int32 and float64.
        contact: move hours, then contact units, of each tie this week, float32 (n, w).
        prescribed: minutes whose topic others set this week, float32 (n,).
        learnt: knowledge gained this week, float64 (n, TOPICS), outside: the part from other schools.
        asked: contact units in which others turned to me, float64 (n,).
        here: marks of those present at a meeting, int32 (n,).
    """

    part: NDArray[np.float64]
    capacity: NDArray[np.float64]
    time: NDArray[np.float64]
    paths: NDArray[np.int32]
    reached: NDArray[np.int32]
    candidates: NDArray[np.int32]
    scores: NDArray[np.float64]
    contact: NDArray[np.float32]
    prescribed: NDArray[np.float32]
    learnt: NDArray[np.float64]
    outside: NDArray[np.float64]
    asked: NDArray[np.float64]
    here: NDArray[np.int32]


class World(NamedTuple):
    """One world: places, people, units, ties, and working space."""

    frame: Frame
    people: People
    units: Units
    ties: Ties
    scratch: Scratch


def make_world(region: Region, parameters: Parameters, key: np.uint64) -> World:
    """People drawn into a region, with no ties yet."""
    frame = make_frame(region)
    width = _width(region, parameters)
    return World(
        frame, make_people(frame, parameters, key), make_units(frame), no_ties(region.people, width),
        _make_scratch(region.people, width),
    )


def _width(region: Region, parameters: Parameters) -> int:
    """Slots a row needs: more than `WIDTH` only for an observed network or where everybody is an alternative."""
    observed = 0 if region.first_ties is None else int(np.bincount(region.first_ties.ego, minlength=1).max())
    most = max(WIDTH, -(-(observed + 4) // 8) * 8) if observed > WIDTH - 4 else WIDTH
    return max(most, min(region.people, 64)) if parameters.choice.universal else most


def _make_scratch(n: int, width: int) -> Scratch:
    return Scratch(
        part=np.zeros((n, LEVELS)), capacity=np.zeros(n), time=np.zeros(n),
        paths=np.zeros(n, np.int32), reached=np.zeros(n, np.int32),
        candidates=np.zeros(max(n, MOST_CANDIDATES), np.int32), scores=np.zeros(MOST_CANDIDATES + 1),
        contact=np.zeros((n, width), np.float32), prescribed=np.zeros(n, np.float32),
        learnt=np.zeros((n, TOPICS)), outside=np.zeros((n, TOPICS)), asked=np.zeros(n), here=np.zeros(n, np.int32),
    )


def state_bytes(world: World) -> int:
    """Bytes of state: what must be kept to go on, without working space or the fixed frame."""
    return sum(array.nbytes for part in (world.people, world.units, world.ties) for array in part)


@kernel
def level_between(frame, i, j):
    """The closest `Level` two people share."""
    one, other = frame.school[i], frame.school[j]
    if one == other:
        return _TEAM if frame.team[i] == frame.team[j] else _SCHOOL
    if frame.school_board[one] == frame.school_board[other]:
        return _BOARD
    if frame.school_town[one] == frame.school_town[other]:
        return _TOWN
    return _SWV if frame.school_swv[one] == frame.school_swv[other] else _ELSEWHERE


@kernel
def unit_at(world, i, level):
    """Index into the arrays of `Units` of the unit person `i` has at `level`."""
    frame, offset = world.frame, world.units.offset
    school = frame.school[i]
    if level == _TEAM:
        return offset[_TEAM] + frame.team[i]
    if level == _SCHOOL:
        return offset[_SCHOOL] + school
    if level == _BOARD:
        return offset[_BOARD] + frame.school_board[school]
    if level == _TOWN:
        return offset[_TOWN] + frame.school_town[school]
    if level == _SWV:
        return offset[_SWV] + frame.school_swv[school]
    return offset[_ELSEWHERE]


@kernel
def hours_a_week(ring, i):
    """Mean hours a week of person `i` over the last period, from a ring of minutes."""
    minutes = 0
    for week in range(PERIOD):
        minutes += int(ring[i, week])
    return minutes / (60.0 * PERIOD)


@kernel
def own_time(world, c, i):
    """Hours a week person `i` has for ties of their own, after team time and scheduled hours."""
    people = world.people
    pot = c.team_hours / PERIOD
    scheduled = hours_a_week(people.scheduled, i)
    own = c.own_hours * float(people.fte[i]) * (1.0 + 2.0 * c.energy_hours * (float(people.energy[i]) - 0.5))
    own += world.units.freed[world.units.offset[_SCHOOL] + world.frame.school[i]]
    return max(0.2, own + c.spill * max(0.0, pot - scheduled) - max(0.0, scheduled - pot))


@kernel
def ties_on_own_time(ties, i, week):
    """Ties of `i` that are not held: the ones own time pays for."""
    unpaid = 0
    for slot in range(ties.degree[i]):
        if ties.held_until[i, slot] < week:
            unpaid += 1
    return unpaid


@kernel
def take_stock(world, c, week):
    """Who takes part in what, and what time people have; read by everything else in the week."""
    scratch, ties, units = world.scratch, world.ties, world.units
    units.lively[:] = 0.0
    for i in range(len(ties.degree)):
        for level in range(LEVELS):
            scratch.part[i, level] = 0.0
        for slot in range(ties.degree[i]):
            level = level_between(world.frame, i, ties.alter[i, slot])
            scratch.part[i, level] += float(ties.strength[i, slot])
        for level in range(LEVELS):
            units.lively[unit_at(world, i, level)] += min(1.0, scratch.part[i, level] / FULL_PART[level])
        scratch.capacity[i] = own_time(world, c, i) / c.hours_per_tie
        scratch.time[i] = min(1.0, scratch.capacity[i] / max(1, ties_on_own_time(ties, i, week)))
    for unit in range(len(units.size)):
        units.lively[unit] /= max(1.0, units.size[unit])


