"""Who agrees to what a move offers, who keeps to it, and whose hours it takes: the kernels of meetings and pairings.

One form for chosen and imposed alike: a commitment that was accepted is held as long as one that was assigned, and an hour is
equally productive whoever scheduled it. The only difference is whether one could say no.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from model.choice import FIRST_STRENGTH, knowledge_gap
from model.growth import engagement, legitimacy_for
from model.parameters import Constants
from model.people import PERIOD, TOPICS, UNITS, clip
from model.randomness import Purpose, kernel, kernel_part, person_key, uniform, week_key
from model.ties import add_tie, as_row, find_tie
from model.world import World, level_between, ties_on_own_time

_REFUSE, _ACCEPT, _COMPLY = int(Purpose.REFUSE), int(Purpose.ACCEPT), int(Purpose.COMPLY)
EVERYBODY_ACCEPTS = 5.0
"""Value of `accept_base` from which nobody refuses (the upper bound of the parameter, for the neutrality test)."""
USUAL_MEETING = 120.0
"""Minutes of a compulsory meeting of usual length, by which `internalisation` is counted."""
USUAL_GAP = 0.15
"""Knowledge gap at which there is about as much to learn from somebody as usual."""
_ALONE = 1_000_000_007
"""Stands for "no particular other" in the key of a meeting; no region has that many people."""


@kernel_part
def _accepts(world, c, week, i, level, to_learn, number):
    """Whether `i` says yes: energy, belonging at the level it is on behalf of, what there is to learn, topic and load."""
    if c.accept_base >= EVERYBODY_ACCEPTS:
        return True
    people = world.people
    belonging = np.float64(people.belonging[i, level]) - 0.5 if level < UNITS else 0.0
    load = ties_on_own_time(world.ties, i, week) / world.notes.capacity[i]
    logit = c.accept_base + 2.0 * (np.float64(people.energy[i]) - 0.5) + belonging + to_learn - max(0.0, load - 1.0)
    return number < 1.0 / (1.0 + math.exp(-logit))


@kernel_part
def topic_fit(people, i, topic, share):
    """How much more than a third of the interest of `i` goes to a topic (-1: none) that a share of the time is set, -1..2."""
    return share * (TOPICS * np.float64(people.interest[i, topic]) - 1.0) if topic >= 0 else 0.0


@kernel_part
def _commitment(world, c, key, week, i, other, other_spell, can_refuse, level, to_learn):
    """Three keyed draws of one person for what `other` (a person, or a meeting) names: (says yes or has to, keeps to it, was compelled)."""
    spell = world.people.spell
    refuse = uniform(person_key(person_key(week_key(key, _REFUSE, week), i, spell[i]), other, other_spell))
    accept = uniform(person_key(person_key(week_key(key, _ACCEPT, week), i, spell[i]), other, other_spell))
    comply = uniform(person_key(person_key(week_key(key, _COMPLY, week), i, spell[i]), other, other_spell))
    compelled = refuse >= can_refuse
    agrees = compelled or _accepts(world, c, week, i, level, to_learn, accept)
    return agrees, agrees and comply < c.compliance, compelled


@kernel
def agree_on_pair(world, c, key, week, ego, alter, can_refuse, topic, share):
    """Whether two people agree to learn together, a `share` of the time on a `topic` that is set (-1: none).

    Returns (both agree, ego keeps, alter keeps, ego compelled, alter compelled).
    """
    level, spell = level_between(world.places, ego, alter), world.people.spell
    gain_ego = knowledge_gap(world.people, ego, alter) / USUAL_GAP - 0.5 + topic_fit(world.people, ego, topic, share)
    gain_alter = knowledge_gap(world.people, alter, ego) / USUAL_GAP - 0.5 + topic_fit(world.people, alter, topic, share)
    yes, keeps, forced = _commitment(world, c, key, week, ego, alter, spell[alter], can_refuse, level, gain_ego)
    also, keeps_too, forced_too = _commitment(world, c, key, week, alter, ego, spell[ego], can_refuse, level, gain_alter)
    return yes and also, keeps, keeps_too, forced, forced_too


@kernel_part
def begin_pair(world, week, ego, alter, origin, until, until_back):
    """Make sure both ties of a pair exist, and hold each for whoever keeps to it (`NEVER`: not held)."""
    ties = world.ties
    for i, j, last in ((ego, alter, until), (alter, ego, until_back)):
        slot = find_tie(ties, i, j)
        if slot < 0:
            slot = add_tie(ties, i, j, FIRST_STRENGTH, week, origin)
        if slot >= 0:
            ties.held_until[i, slot] = max(int(ties.held_until[i, slot]), last)


@kernel_part
def book(world, week, i, minutes, compelled, prescription):
    """Put minutes of a move on the account of person `i`."""
    people = world.people
    people.scheduled[i, week % PERIOD] += minutes
    people.given[i] += minutes
    if compelled:
        people.compulsory[i, week % PERIOD] += minutes
    world.notes.prescribed[i] = np.float64(world.notes.prescribed[i]) + np.float64(minutes) * np.float64(prescription)


def book_pairs(
    world: World, week: int, ego: NDArray[np.int32], alter: NDArray[np.int32], minutes: NDArray[np.int32],
    ego_compelled: NDArray[np.bool_], alter_compelled: NDArray[np.bool_], prescription: NDArray[np.float64],
) -> None:  # fmt: skip
    """Book the hours of the pairings that meet in this week."""
    rows, compelled = np.stack((ego, alter), axis=1).ravel(), np.stack((ego_compelled, alter_compelled), axis=1).ravel()
    each = np.repeat(minutes, 2)
    np.add.at(world.people.scheduled[:, week % PERIOD], rows, each)
    np.add.at(world.people.given, rows, each.astype(np.uint32))
    np.add.at(world.people.compulsory[:, week % PERIOD], rows[compelled], each[compelled])
    np.add.at(world.notes.prescribed, rows, each * np.repeat(prescription, 2))


def agree_to_meet(
    world: World,
    constants: Constants,
    key: np.uint64,
    week: int,
    number: int,
    invited: NDArray[np.int32],
    can_refuse: float,
    level: int,
    topic: int = -1,
    share: float = 0.0,
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Who of the invited comes, and who of those was compelled (rows int32, bool), by their own keyed draws.

    Args:
        number: name of the meeting in the keys of its draws.
        can_refuse: chance that one can say no.
        level: level the meeting is on behalf of.
        topic: topic that is set for a `share` of it; -1: none.
    """
    here, forced = np.empty(len(invited), np.int32), np.empty(len(invited), np.bool_)
    count = _gather_who_agrees(world, constants, key, week, number, invited, can_refuse, level, topic, float(share), here, forced)
    return here[:count], forced[:count]


@kernel
def _gather_who_agrees(world, c, key, week, number, invited, can_refuse, level, topic, share, here, forced):
    count = 0
    for k in range(len(invited)):
        i = as_row(invited[k])
        _, comes, compelled = _commitment(
            world, c, key, week, i, _ALONE + number, 0, can_refuse, level, topic_fit(world.people, i, topic, share)
        )
        if comes:
            here[count], forced[count] = i, compelled
            count += 1
    return count


@kernel
def hold_meeting(world, c, week, people, forced, minutes, prescription):
    """Book the hours of a meeting for those present.

    A compulsory meeting is good, and may be internalised, as far as it is seen as justified and those present are engaged; what is
    internalised goes with its length, so that the same hours in short meetings give no more.
    """
    engaged, length = 0.0, minutes / USUAL_MEETING
    for k in range(len(people)):
        engaged += engagement(world.people, c, as_row(people[k]))
    for k in range(len(people)):
        i = as_row(people[k])
        book(world, week, i, minutes, forced[k], prescription)
        if forced[k] and c.internalisation != 0.0:
            energy, good = np.float64(world.people.energy[i]), legitimacy_for(world, c, i) * engaged / len(people)
            room = 1.0 - energy if c.internalisation > 0.0 else energy
            world.people.energy[i] = clip(energy + c.internalisation * length * good * room, 0.05, 0.95)


@kernel
def spend_together(world, c, start, people, hours, pairs, pair_hours):
    """Put the hours people spend together on the ties they have: all hours of a pair, a share of those of a group."""
    ties, notes = world.ties, world.notes
    for k in range(len(pairs)):
        for way in range(2):
            i, j = as_row(pairs[k, way]), as_row(pairs[k, 1 - way])
            slot = find_tie(ties, i, j)
            if slot >= 0:
                world.contact[i, slot] = np.float64(world.contact[i, slot]) + pair_hours[k]
    for meeting in range(len(hours)):
        first, last = start[meeting], start[meeting + 1]
        if last - first < 2:
            continue
        each = hours[meeting] / math.pow(last - first - 1.0, c.meeting_split)
        for k in range(first, last):
            notes.here[people[k]] = 1
        for k in range(first, last):
            i = people[k]
            for slot in range(ties.degree[i]):
                if notes.here[as_row(ties.alter[i, slot])] == 1:
                    world.contact[i, slot] = np.float64(world.contact[i, slot]) + each
        for k in range(first, last):
            notes.here[people[k]] = 0
