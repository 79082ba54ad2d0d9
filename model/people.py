"""The arrays that hold people and the units they belong to, and how a person is drawn.

A row is a place; the person in it is named by row and spell (how many people have held the place). A newcomer is another
person: all traits are drawn again, keyed on row and spell, so two worlds that share a newcomer share what that person is like.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.parameters import Parameters
from model.randomness import Purpose, fold, kernel, normal, person_key, week_key
from model.region import Level, Region, Role

TOPICS = 3
"""Topics one can know about; three are enough for interests to differ and few enough for a workshop."""
PERIOD = 8
"""Weeks in a period: hours are counted over it."""
LEVELS = len(Level)
UNITS = 5
"""Levels with units one can belong to: team, school, board, town, samenwerkingsverband."""
_PERSON = int(Purpose.PERSON)


class People(NamedTuple):
    """Arrays of people: n rows, `TOPICS` topics, `UNITS` levels, `PERIOD` weeks.

    Attributes:
        spell: people who have held the place before, int32 (n,).
        fte: part-time factor, float32 (n,).
        activity, popularity: lasting differences, logits, float32 (n,).
        base_energy, energy: own motivation, 0.05..0.95, float32 (n,).
        competence: running share of a full week of learning and being asked, 0..1, float32 (n,).
        prescribed: running share of learning time whose topic others set, 0..1, float32 (n,).
        base_belonging, belonging: 0..1, float32 (n,) and (n, UNITS).
        interest: shares that sum to 1, float32 (n, TOPICS).
        knowledge, practice: 0..1, float32 (n, TOPICS).
        reinforced: reinforcing contacts since practice last changed, uint8 (n, TOPICS).
        scheduled, compulsory: minutes of moves in each of the last weeks, a ring by week, int16 (n, PERIOD).
    """

    spell: NDArray[np.int32]
    fte: NDArray[np.float32]
    activity: NDArray[np.float32]
    popularity: NDArray[np.float32]
    base_energy: NDArray[np.float32]
    energy: NDArray[np.float32]
    competence: NDArray[np.float32]
    prescribed: NDArray[np.float32]
    base_belonging: NDArray[np.float32]
    belonging: NDArray[np.float32]
    interest: NDArray[np.float32]
    knowledge: NDArray[np.float32]
    practice: NDArray[np.float32]
    reinforced: NDArray[np.uint8]
    scheduled: NDArray[np.int16]
    compulsory: NDArray[np.int16]


class Frame(NamedTuple):
    """The places of a `Region` as plain arrays for the kernels; towns and swvs list their people explicitly."""

    team: NDArray[np.int32]
    school: NDArray[np.int32]
    role: NDArray[np.int8]
    hats: NDArray[np.uint8]
    team_start: NDArray[np.int32]
    school_start: NDArray[np.int32]
    board_start: NDArray[np.int32]
    school_board: NDArray[np.int32]
    school_town: NDArray[np.int32]
    school_swv: NDArray[np.int32]
    town_start: NDArray[np.int32]
    town_people: NDArray[np.int32]
    swv_start: NDArray[np.int32]
    swv_people: NDArray[np.int32]
    place_fte: NDArray[np.float32]


class Units(NamedTuple):
    """Arrays over all units of all levels, in one row; `offset[level] + unit` finds one.

    Attributes:
        offset: first index of each level, int32 (LEVELS + 1,).
        size: people in each unit, float64 (u,).
        lively: participation 0..1, measured from strength, float64 (u,).
        goal: how far the unit's goal is shared, 0..1, float64 (u,).
        freed: hours of own time freed per person this week, float64 (u,); only schools use it.
        waiting: 1 where the leader of the school visibly waits this week, float64 (u,).
    """

    offset: NDArray[np.int32]
    size: NDArray[np.float64]
    lively: NDArray[np.float64]
    goal: NDArray[np.float64]
    freed: NDArray[np.float64]
    waiting: NDArray[np.float64]


def _members(unit_of_person: NDArray[np.int32], units: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Start offsets and member rows of units that are not contiguous."""
    order = np.argsort(unit_of_person, kind="stable").astype(np.int32)
    counts = np.bincount(unit_of_person, minlength=units)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32), order


def make_frame(region: Region) -> Frame:
    """The kernels' form of a region."""
    town_start, town_people = _members(region.school_town[region.school], len(region.town_names))
    swv_start, swv_people = _members(region.school_swv[region.school], len(region.swv_names))
    return Frame(
        team=region.team, school=region.school, role=region.role, hats=region.hats,
        team_start=region.team_start, school_start=region.school_start, board_start=region.board_start,
        school_board=region.school_board, school_town=region.school_town, school_swv=region.school_swv,
        town_start=town_start, town_people=town_people, swv_start=swv_start, swv_people=swv_people,
        place_fte=region.fte,
    )


def make_units(frame: Frame) -> Units:
    """Units of every level with nobody taking part yet."""
    starts = (frame.team_start, frame.school_start, frame.board_start, frame.town_start, frame.swv_start)
    sizes = [np.diff(start) for start in starts] + [np.array([len(frame.team)])]
    offset = np.concatenate(([0], np.cumsum([len(size) for size in sizes]))).astype(np.int32)
    size = np.concatenate(sizes).astype(np.float64)
    zeros = [np.zeros(len(size)) for _ in range(4)]
    return Units(offset, size, *zeros)


def make_people(frame: Frame, parameters: Parameters, world: np.uint64) -> People:
    """Everybody's first spell, drawn.

    Args:
        frame: n places.
        parameters: how people differ.
        world: key of the world.
    """
    n = len(frame.team)

    def row(*shape: int) -> NDArray[np.float32]:
        return np.zeros((n, *shape), np.float32)

    people = People(
        np.zeros(n, np.int32), row(), row(), row(), row(), row(), row(), row(), row(), row(UNITS),
        row(TOPICS), row(TOPICS), row(TOPICS), np.zeros((n, TOPICS), np.uint8),
        np.zeros((n, PERIOD), np.int16), np.zeros((n, PERIOD), np.int16),
    )
    draw_people(people, frame, parameters.constants(), world, np.ones(n, np.bool_))
    return people


@kernel
def clip(value, low, high):
    """`value` kept between `low` and `high`."""
    return min(max(value, low), high)


@kernel
def draw_people(people, frame, c, world, who):
    """Draw the traits of everybody marked in `who` (bool, (n,)) from row and spell alone."""
    base = week_key(world, _PERSON, 0)
    for i in range(len(who)):
        if who[i]:
            _draw_person(people, frame, c, person_key(base, i, people.spell[i]), i)


@kernel
def _draw_person(people, frame, c, key, i):
    fte = float(frame.place_fte[i])
    if math.isnan(fte):
        fte = clip(c.fte_mean + c.fte_sd * normal(fold(key, 0)), 0.2, 1.0)
    people.fte[i] = fte
    people.activity[i] = c.sd_activity * normal(fold(key, 1))
    people.popularity[i] = c.sd_popularity * normal(fold(key, 2))
    people.base_energy[i] = clip(c.energy_mean + c.energy_sd * normal(fold(key, 3)), 0.05, 0.95)
    people.energy[i] = people.base_energy[i]
    people.competence[i] = 0.5
    people.prescribed[i] = 0.0
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
