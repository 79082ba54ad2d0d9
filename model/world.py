"""All arrays of one world together, in the form the kernels take, and what holds for a week of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.columns import Columns, empty_columns
from model.parameters import Parameters
from model.people import LEVELS, PERIOD, TOPICS, People, Places, Units, make_people, make_places
from model.randomness import kernel, kernel_part
from model.region import Level, Region
from model.ties import WIDTH, Ties, as_row, no_ties

MOST_CANDIDATES = 17
_SCHOOL = int(Level.SCHOOL)
FULL_PART = (2.5, 2.0, 0.75, 0.5, 0.5, 0.5)
"""Own strength at each level that counts as taking full part (`model_feasibility`: s_l)."""
RESTING_PART = (0.75, 0.45, 0.10, 0.05, 0.05, 0.05)
"""Participation at rest, about which the network effect is centred (P*)."""


NOTES = np.dtype(
    [
        ("part", np.float64, (LEVELS,)), ("capacity", np.float64), ("time", np.float64), ("asked", np.float64),
        ("prescribed", np.float64), ("learnt", np.float64, (TOPICS,)), ("outside", np.float64, (TOPICS,)),
        ("reached", np.int64), ("here", np.int64), ("own_share", np.float64), ("absent", np.uint8),
    ],
    align=True,
)  # fmt: skip
"""Working space of one person for one week; nothing in it is state.

part: own strength at each level. capacity: ties one's own time allows. time: share of the contact one's time allows, 0..1.
asked: contact units in which others turned to me. prescribed: minutes whose topic others set. learnt, outside: knowledge gained,
and the part of it from other schools. reached: the k-th person at distance two of whoever chooses now (a list kept in this
column). here: mark of those present at a meeting. own_share: share of usual own time that work leaves, 1 unless an event says
otherwise. absent: 1 while somebody is ill.
"""


NEAR = np.dtype([("paths", np.int32), ("alter", np.int32)], align=True)
"""What whoever chooses now sees of one person: the two-paths to them, and 1 where they are an alter.

Small, because it is read at random.
"""


class World(NamedTuple):
    """One world in the form the kernels take.

    Attributes:
        places: where people work, records of `PLACE` (n,); never changes.
        units: teams, schools, boards, towns, swvs and the region, records of `UNIT`.
        members: rows of the people of towns and swvs, int32.
        people: who holds each place, records of `PERSON` (n,).
        ties: the tie store.
        notes: working space, records of `NOTES` (n,).
        near: working space, records of `NEAR` (n,), all 0 between choices.
        contact: working space: move hours, then contact units, of each tie this week, float32 (n, w).
        met, scores: working space: people met at one chance, int64, and the best scores, float64.
    """

    places: Places
    units: Units
    members: NDArray[np.int32]
    people: People
    ties: Ties
    notes: Columns
    near: Columns
    contact: NDArray[np.float32]
    met: NDArray[np.int64]
    scores: NDArray[np.float64]


def make_world(region: Region, parameters: Parameters, key: np.uint64) -> World:
    """People drawn into a region, with no ties yet."""
    n, width = region.people, _width(region, parameters)
    places, units, members = make_places(region)
    notes = empty_columns(n, NOTES)
    notes.own_share = 1.0
    return World(
        places=places, units=units, members=members, people=make_people(places, parameters.constants(), key),
        ties=no_ties(n, width), notes=notes, near=empty_columns(n, NEAR), contact=np.zeros((n, width), np.float32),
        met=np.zeros(max(n, MOST_CANDIDATES), np.int64), scores=np.zeros(MOST_CANDIDATES + 1),
    )  # fmt: skip


def _width(region: Region, parameters: Parameters) -> int:
    """Slots a row needs: more than `WIDTH` only for an observed network or where everybody is an alternative."""
    observed = 0 if region.first_ties is None else int(np.bincount(region.first_ties.ego, minlength=1).max())
    most = max(WIDTH, -(-(observed + 4) // 8) * 8) if observed > WIDTH - 4 else WIDTH
    return max(most, min(region.people, 64)) if parameters.choice.universal else most


def state_bytes(world: World) -> int:
    """Bytes of state: what must be kept to go on, without working space and without the places, which never change."""
    return int(world.people.nbytes + world.units.nbytes + sum(array.nbytes for array in world.ties))


@kernel_part
def level_between(places, i, j):
    """The closest `Level` two people share."""
    closest = LEVELS - 1
    for level in range(LEVELS - 2, -1, -1):  # without branches, which nobody could predict
        closest = level if places.unit[i, level] == places.unit[j, level] else closest
    return closest


@kernel_part
def hours_a_week(ring, i):
    """Mean hours a week of person `i` over the last period, from a ring of minutes."""
    minutes = 0
    for week in range(PERIOD):
        minutes += int(ring[i, week])
    return minutes / (60.0 * PERIOD)


@kernel_part
def own_time(world, c, i):
    """Hours a week person `i` has for ties of their own, after team time and scheduled hours."""
    people = world.people
    pot = c.team_hours / PERIOD
    scheduled = hours_a_week(people.scheduled, i)
    own = (
        c.own_hours
        * world.notes.own_share[i]
        * np.float64(people.fte[i])
        * (1.0 + 2.0 * c.energy_hours * (np.float64(people.energy[i]) - 0.5))
    )
    own += world.units.freed[world.places.unit[i, _SCHOOL]]
    return max(0.2, own + c.spill * max(0.0, pot - scheduled) - max(0.0, scheduled - pot))


@kernel_part
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
    notes, ties, units = world.notes, world.ties, world.units
    for unit in range(len(units)):
        units.lively[unit] = 0.0
    for i in range(len(ties.degree)):
        for level in range(LEVELS):
            notes.part[i, level] = 0.0
        for slot in range(ties.degree[i]):
            level = level_between(world.places, i, as_row(ties.alter[i, slot]))
            notes.part[i, level] += np.float64(ties.strength[i, slot])
        for level in range(LEVELS):
            units.lively[world.places.unit[i, level]] += min(1.0, notes.part[i, level] / FULL_PART[level])
        notes.capacity[i] = own_time(world, c, i) / c.hours_per_tie
        notes.time[i] = 0.0 if world.notes.absent[i] else min(1.0, notes.capacity[i] / max(1, ties_on_own_time(ties, i, week)))
    for unit in range(len(units)):
        units.lively[unit] /= max(1.0, units.people[unit])
