"""The arrays that hold people and the units they belong to, and how a person is drawn.

A row is a place; the person in it is named by row and spell (how many people have held the place). A newcomer is another
person: all traits are drawn again, keyed on row and spell, so two worlds that share a newcomer share what that person is like.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.columns import empty_columns
from model.parameters import Constants
from model.randomness import Purpose, fold, kernel, kernel_part, normal, person_key, week_key
from model.region import Level, Region, Role

TOPICS = 3
"""Topics one can know about; three are enough for interests to differ and few enough for a workshop."""
PERIOD = 8
"""Weeks in a period: hours are counted over it."""
LEVELS = len(Level)
UNITS = 5
"""Levels with units one can belong to: team, school, board, town, samenwerkingsverband."""
_PERSON = int(Purpose.PERSON)


PLACE = np.dtype([("unit", np.int32, (LEVELS,)), ("role", np.int8), ("hats", np.uint8), ("fte", np.float32)], align=True)
"""A place in the region: the index of its unit at every level (see `UNIT`), `Role`, bits of `HATS`, part-time factor or nan."""

UNIT = np.dtype(
    [
        ("start", np.int32), ("stop", np.int32), ("people", np.int32), ("lively", np.float64), ("goal", np.float64),
        ("freed", np.float64), ("waiting", np.float64),
    ],
    align=True,
)  # fmt: skip
"""A unit of any level; all units stand in one array, teams first, the whole region last.

`start` and `stop` are rows of people for teams, schools and boards, and places in the list of members for towns and
samenwerkingsverbanden. `lively` is participation 0..1, measured from strength; `goal` how far its goal is shared, 0..1; `freed`
hours of own time freed per person this week and `waiting` 1 where the leader visibly waits (schools only).
"""

PERSON = np.dtype(
    [
        ("fte", np.float32), ("activity", np.float32), ("popularity", np.float32), ("base_energy", np.float32),
        ("energy", np.float32), ("competence", np.float32), ("prescribed", np.float32), ("base_belonging", np.float32),
        ("belonging", np.float32, (UNITS,)), ("interest", np.float32, (TOPICS,)), ("knowledge", np.float32, (TOPICS,)),
        ("practice", np.float32, (TOPICS,)), ("scheduled", np.int16, (PERIOD,)), ("compulsory", np.int16, (PERIOD,)),
        ("spell", np.int32), ("given", np.uint32), ("reinforced", np.uint8, (TOPICS,)),
    ],
    align=True,
)  # fmt: skip
"""The person who holds a place.

fte: part-time factor. activity, popularity: lasting differences, logits. base_energy, energy: own motivation, 0.05..0.95.
competence: running share of a full week of learning and being asked, 0..1. prescribed: running share of learning time whose
topic others set, 0..1. base_belonging, belonging: 0..1, per level. interest: shares of the topics, sum 1. knowledge, practice:
0..1 per topic. reinforced: reinforcing contacts since practice last changed. scheduled, compulsory: minutes of moves in each of
the last `PERIOD` weeks, a ring by week. spell: how many people held the place before. given: minutes of moves since the leading
began.
"""

Places: TypeAlias = Any
People: TypeAlias = Any
Units: TypeAlias = Any
"""Record arrays of the three kinds above: one record a row, each column readable as `people.energy` (which type checkers do not see)."""


def _members(unit_of_person: NDArray[np.int32], units: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Start offsets and member rows of units that are not contiguous."""
    order = np.argsort(unit_of_person, kind="stable").astype(np.int32)
    counts = np.bincount(unit_of_person, minlength=units)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32), order


def make_places(region: Region) -> tuple[Places, Units, NDArray[np.int32]]:
    """The kernels' form of a region: places, units, and the members of towns and samenwerkingsverbanden (rows, int32)."""
    n, school = region.people, region.school
    towns, town_people = _members(region.school_town[school], len(region.town_names))
    swvs, swv_people = _members(region.school_swv[school], len(region.swv_names))
    starts = (region.team_start, region.school_start, region.board_start, towns, swvs + n, np.array([0, n], np.int32))
    first = np.concatenate(([0], np.cumsum([len(start) - 1 for start in starts]))).astype(np.int32)
    of_person = (region.team, school, region.school_board[school], region.school_town[school], region.school_swv[school], 0)
    places = empty_columns(n, PLACE)
    for level, unit in enumerate(of_person):
        places.unit[:, level] = first[level] + unit
    places.role, places.hats, places.fte = region.role, region.hats, region.fte
    units = empty_columns(int(first[-1]), UNIT)
    units.start, units.stop = np.concatenate([s[:-1] for s in starts]), np.concatenate([s[1:] for s in starts])
    units.people = units.stop - units.start
    return places, units, np.concatenate((town_people, swv_people))


def make_people(places: Places, constants: Constants, world: np.uint64) -> People:
    """Everybody's first spell, drawn.

    Args:
        places: n places.
        constants: how people differ.
        world: key of the world.
    """
    people = empty_columns(len(places), PERSON)
    draw_people(people, places, constants, world, np.ones(len(places), np.bool_))
    return people


@kernel_part
def clip(value, low, high):
    """`value` kept between `low` and `high`."""
    return min(max(value, low), high)


@kernel
def draw_people(people, places, c, world, who):
    """Draw the traits of everybody marked in `who` (bool, (n,)) from row and spell alone."""
    base = week_key(world, _PERSON, 0)
    for i in range(len(who)):
        if who[i]:
            _draw_person(people, places, c, person_key(base, i, people.spell[i]), i)


@kernel_part
def _draw_person(people, places, c, key, i):
    fte = np.float64(places.fte[i])
    if math.isnan(fte):
        fte = clip(c.fte_mean + c.fte_sd * normal(fold(key, 0)), 0.2, 1.0)
    people.fte[i] = fte
    people.activity[i] = c.sd_activity * normal(fold(key, 1))
    people.popularity[i] = c.sd_popularity * normal(fold(key, 2))
    people.base_energy[i] = clip(c.energy_mean + c.energy_sd * normal(fold(key, 3)), 0.05, 0.95)
    people.energy[i] = people.base_energy[i]
    people.competence[i] = 0.5
    people.prescribed[i] = 0.0
    people.given[i] = 0
    people.base_belonging[i] = clip(c.belonging_base + c.belonging_sd * normal(fold(key, 4)), 0.0, 1.0)
    for level in range(UNITS):
        people.belonging[i, level] = people.base_belonging[i]
    total = 0.0
    for topic in range(TOPICS):
        total += math.exp(0.8 * normal(fold(key, 10 + topic)))
    for topic in range(TOPICS):
        people.interest[i, topic] = math.exp(0.8 * normal(fold(key, 10 + topic))) / total
        knowledge = clip(c.knowledge_mean + c.knowledge_sd * normal(fold(key, 20 + topic)), 0.0, 1.0)
        people.knowledge[i, topic] = knowledge
        people.practice[i, topic] = 0.7 * knowledge
        people.reinforced[i, topic] = 0
    for week in range(PERIOD):
        people.scheduled[i, week] = 0
        people.compulsory[i, week] = 0


def is_leader(role: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Who leads a school or a board, bool (n,)."""
    return (role == Role.LEADER) | (role == Role.BOARD)
