"""The occasions that moves make: who agrees, who keeps to it, who is present, and whose hours it takes.

One form for chosen and imposed alike: a commitment that was accepted is held as long as one that was assigned, and an hour is
equally productive whoever scheduled it. The only difference is whether one could say no.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.choice import FIRST_STRENGTH, knowledge_gap
from model.growth import engagement
from model.moves import MOVES, Move, voluntariness
from model.parameters import Constants
from model.people import PERIOD, UNITS, clip
from model.randomness import Purpose, fold, kernel, person_key, uniform, week_key
from model.ties import NEVER, add_tie, find_tie
from model.world import World, level_between, ties_on_own_time

_REFUSE, _ACCEPT, _COMPLY = int(Purpose.REFUSE), int(Purpose.ACCEPT), int(Purpose.COMPLY)
EVERYBODY_ACCEPTS = 5.0
"""Value of `accept_base` from which nobody refuses (the upper bound of the parameter, for the neutrality test)."""
NO_CAP = 80.0
"""Value of `teacher_hours_cap` from which there is none (the upper bound of the parameter)."""
USUAL_GAP = 0.15
"""Knowledge gap at which there is about as much to learn from somebody as usual."""
_ALONE = 1_000_000_007
"""Stands for "no particular other" in the key of a meeting; no region has that many people."""

_HOLD = np.dtype([
    ("ego", np.int32), ("alter", np.int32), ("ego_spell", np.int32), ("alter_spell", np.int32), ("start", np.int32),
    ("until", np.int32), ("interval", np.int32), ("minutes", np.int32), ("ego_compelled", np.bool_), ("alter_compelled", np.bool_),
    ("prescription", np.float64),
])  # fmt: skip


@dataclass
class Gatherings:
    """Who is present at the meetings of one week, and what they spend.

    Attributes:
        start, people: offsets and rows of those present, int32.
        hours: hours each meeting takes, float64 (meetings,).
        pairs: rows of two people whose commitment falls in this week, int32 (p, 2), and its hours, float64 (p,).
    """

    start: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    people: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    hours: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    pairs: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    pair_hours: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


class Agenda:
    """The commitments of a world, and what each week makes of them.

    Attributes:
        holds: standing commitments, records of `_HOLD`.
        teacher_minutes: minutes everybody spent on moves so far; `gone_minutes`: the part of those who have left since.
    """

    def __init__(self) -> None:
        self.holds: NDArray[np.void] = np.zeros(0, _HOLD)
        self.teacher_minutes = 0
        self.gone_minutes = 0

    def gather(self, world: World, constants: Constants, key: np.uint64, week: int, moves: list[Move]) -> Gatherings:
        """Phase 2 of a week: settle who joins the moves made, and collect everything that takes place.

        Pairings begin (ties, holds), meetings get their attendance, standing commitments their contact; all hours are booked. Who
        would come over the cap on hours stays away from a meeting, and a pairing that would take either over it does not begin; the
        leader's hours are spent all the same, as with a refusal.
        """
        self._forget_ended(world, week)
        room = self._room(world, constants, week)
        for move in moves:
            if MOVES[move.kind].form == "pairing":
                self._begin_pairings(world, constants, key, week, move, room)
        meetings = [_attend(world, constants, key, week, m, k, room) for k, m in enumerate(_meetings(moves))]
        gatherings = _as_gatherings(meetings, [MOVES[m.kind].teacher_hours for m in _meetings(moves)])
        self.teacher_minutes += int(round(60 * float(np.diff(gatherings.start) @ gatherings.hours))) if meetings else 0
        self._keep_holds(world, week, gatherings)
        return gatherings

    def _forget_ended(self, world: World, week: int) -> None:
        """Keep the commitments that still run, of people who are both still there."""
        spell, holds = world.people.spell, self.holds
        if len(holds):
            same = (spell[holds["ego"]] == holds["ego_spell"]) & (spell[holds["alter"]] == holds["alter_spell"])
            self.holds = holds[same & (holds["until"] >= week)]

    def _room(self, world: World, constants: Constants, week: int) -> NDArray[np.int64]:
        """Minutes everybody has under the cap in any `PERIOD` weeks in a row, int64 (n,): past weeks and promised ones count."""
        if constants.teacher_hours_cap >= NO_CAP:
            return np.full(len(world.people), 2**40)
        holds = self.holds
        contacts = (holds["until"] - holds["start"]) // holds["interval"] + 1
        to_come = contacts + (holds["start"] - week) // holds["interval"]  # less those before this week, rounded up
        promised = np.zeros(len(world.people), np.int64)
        for who in ("ego", "alter"):
            np.add.at(promised, holds[who], np.maximum(0, to_come) * holds["minutes"])
        spent = world.people.scheduled.sum(axis=1, dtype=np.int64)
        return np.asarray(int(60 * constants.teacher_hours_cap) - spent - promised)

    def _begin_pairings(self, world: World, constants: Constants, key: np.uint64, week: int, move: Move, room: NDArray[np.int64]) -> None:
        kind = MOVES[move.kind]
        contacts = max(1, -(-kind.hold // kind.interval))
        minutes = int(round(60 * kind.teacher_hours / contacts))
        rows = []
        for ego, alter in move.partners:
            if min(room[ego], room[alter]) < minutes * contacts:
                continue
            agreed, keeps_ego, keeps_alter, forced_ego, forced_alter = agree_on_pair(
                world, constants, key, week, ego, alter, voluntariness(move)
            )
            if not agreed:
                continue
            until = week + kind.hold - 1
            begin_pair(world, week, ego, alter, int(kind.origin), until if keeps_ego else NEVER, until if keeps_alter else NEVER)
            if keeps_ego and keeps_alter:
                spell = world.people.spell
                rows.append((ego, alter, spell[ego], spell[alter], week, until, kind.interval, minutes, forced_ego, forced_alter,
                             move.prescription))  # fmt: skip
                room[[ego, alter]] -= minutes * contacts
            _share_goal(world, constants, ego, move, 2)
        if rows:
            self.holds = np.concatenate((self.holds, np.array(rows, _HOLD)))

    def _keep_holds(self, world: World, week: int, gatherings: Gatherings) -> None:
        holds = self.holds
        if not len(holds):
            return
        now = holds[(week - holds["start"]) % holds["interval"] == 0]
        book_pairs(world, week, now["ego"].copy(), now["alter"].copy(), now["minutes"].copy(), now["ego_compelled"].copy(),
                   now["alter_compelled"].copy(), now["prescription"].copy())  # fmt: skip
        gatherings.pairs = np.stack((now["ego"], now["alter"]), axis=1).astype(np.int32)
        gatherings.pair_hours = now["minutes"] / 60.0
        self.teacher_minutes += int(2 * now["minutes"].sum())


def _meetings(moves: list[Move]) -> list[Move]:
    return [move for move in moves if MOVES[move.kind].form == "meeting"]


def _as_gatherings(present: list[NDArray[np.int32]], hours: list[float]) -> Gatherings:
    if not present:
        return Gatherings()
    start = np.concatenate(([0], np.cumsum([len(p) for p in present]))).astype(np.int32)
    return Gatherings(start=start, people=np.concatenate(present).astype(np.int32), hours=np.array(hours, np.float64))


def _attend(
    world: World, constants: Constants, key: np.uint64, week: int, move: Move, number: int, room: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Who comes to one meeting; their hours are booked."""
    invited = np.array(move.partners[0], np.int32)
    minutes = int(round(60 * MOVES[move.kind].teacher_hours))
    invited = invited[room[invited] >= minutes]
    present = attend(world, constants, key, week, number, invited, minutes, voluntariness(move), move.prescription, int(move.on_behalf_of))
    room[present] -= minutes
    if len(present):
        _share_goal(world, constants, int(present[0]), move, len(present))
    return present


def _share_goal(world: World, constants: Constants, row: int, move: Move, people: int) -> None:
    """An activity on behalf of a unit makes its goal more shared, by the share of the unit that takes part."""
    unit = int(world.places.unit[row, int(move.on_behalf_of)])
    share = min(1.0, people / max(1.0, float(world.units.people[unit])))
    world.units.goal[unit] += constants.goal_gain * share * (1.0 - world.units.goal[unit])


@kernel
def _accepts(world, c, week, i, level, to_learn, number):
    """Whether `i` says yes: energy, belonging at the level it is on behalf of, what there is to learn, and load."""
    if c.accept_base >= EVERYBODY_ACCEPTS:
        return True
    people = world.people
    belonging = np.float64(people.belonging[i, level]) - 0.5 if level < UNITS else 0.0
    load = ties_on_own_time(world.ties, i, week) / world.notes.capacity[i]
    logit = c.accept_base + 2.0 * (np.float64(people.energy[i]) - 0.5) + belonging + to_learn - max(0.0, load - 1.0)
    return number < 1.0 / (1.0 + math.exp(-logit))


@kernel
def _commitment(world, c, key, week, i, other, can_refuse, level, to_learn):
    """Three keyed draws of one person: (says yes or has to, keeps to it, was compelled)."""
    spell = world.people.spell
    refuse = uniform(fold(person_key(week_key(key, _REFUSE, week), i, spell[i]), other))
    accept = uniform(fold(person_key(week_key(key, _ACCEPT, week), i, spell[i]), other))
    comply = uniform(fold(person_key(week_key(key, _COMPLY, week), i, spell[i]), other))
    compelled = refuse >= can_refuse
    agrees = compelled or _accepts(world, c, week, i, level, to_learn, accept)
    return agrees, agrees and comply < c.compliance, compelled


@kernel
def agree_on_pair(world, c, key, week, ego, alter, can_refuse):
    """Whether two people agree to learn together: (both agree, ego keeps, alter keeps, ego compelled, alter compelled)."""
    level = level_between(world.places, ego, alter)
    gain_ego = knowledge_gap(world.people, ego, alter) / USUAL_GAP - 0.5
    gain_alter = knowledge_gap(world.people, alter, ego) / USUAL_GAP - 0.5
    yes, keeps, forced = _commitment(world, c, key, week, ego, alter, can_refuse, level, gain_ego)
    also, keeps_too, forced_too = _commitment(world, c, key, week, alter, ego, can_refuse, level, gain_alter)
    return yes and also, keeps, keeps_too, forced, forced_too


@kernel
def begin_pair(world, week, ego, alter, origin, until, until_back):
    """Make sure both ties of a pair exist, and hold each for whoever keeps to it (`NEVER`: not held)."""
    ties = world.ties
    for i, j, last in ((ego, alter, until), (alter, ego, until_back)):
        slot = find_tie(ties, i, j)
        if slot < 0:
            slot = add_tie(ties, i, j, FIRST_STRENGTH, week, origin)
        if slot >= 0:
            ties.held_until[i, slot] = max(int(ties.held_until[i, slot]), last)


@kernel
def _book(world, week, i, minutes, compelled, prescription):
    people = world.people
    people.scheduled[i, week % PERIOD] += minutes
    people.given[i] += minutes
    if compelled:
        people.compulsory[i, week % PERIOD] += minutes
    world.notes.prescribed[i] = np.float64(world.notes.prescribed[i]) + np.float64(minutes) * np.float64(prescription)


@kernel
def book_pairs(world, week, ego, alter, minutes, ego_compelled, alter_compelled, prescription):
    """Book the hours of commitments that fall in this week."""
    for k in range(len(ego)):
        _book(world, week, ego[k], minutes[k], ego_compelled[k], prescription[k])
        _book(world, week, alter[k], minutes[k], alter_compelled[k], prescription[k])


@kernel
def attend(world, c, key, week, number, invited, minutes, can_refuse, prescription, level):
    """Who of the invited comes (rows, int32), with hours booked.

    A compulsory meeting is good, and may be internalised, as far as it is seen as justified and those present are engaged.
    """
    here = np.empty(len(invited), np.int32)
    forced = np.zeros(len(invited), np.bool_)
    count, engaged = 0, 0.0
    for i in invited:
        _, comes, compelled = _commitment(world, c, key, week, i, _ALONE + number, can_refuse, level, 0.0)
        if comes:
            here[count], forced[count] = i, compelled
            engaged += engagement(world.people, c, i)
            count += 1
    for k in range(count):
        i = here[k]
        _book(world, week, i, minutes, forced[k], prescription)
        if forced[k] and c.internalisation > 0.0:
            energy, good = np.float64(world.people.energy[i]), c.legitimacy * engaged / count
            world.people.energy[i] = clip(energy + c.internalisation * good * (1.0 - energy), 0.05, 0.95)
    return here[:count]


@kernel
def spend_together(world, c, start, people, hours, pairs, pair_hours):
    """Put the hours people spend together on the ties they have: all hours of a pair, a share of those of a group."""
    ties, notes = world.ties, world.notes
    for k in range(len(pairs)):
        for i, j in ((pairs[k, 0], pairs[k, 1]), (pairs[k, 1], pairs[k, 0])):
            slot = find_tie(ties, i, j)
            if slot >= 0:
                world.contact[i, slot] = np.float64(world.contact[i, slot]) + pair_hours[k]
    for meeting in range(len(hours)):
        present = people[start[meeting] : start[meeting + 1]]
        if len(present) < 2:
            continue
        each = hours[meeting] / math.pow(len(present) - 1.0, c.meeting_split)
        for i in present:
            notes.here[i] = 1
        for i in present:
            for slot in range(ties.degree[i]):
                if notes.here[ties.alter[i, slot]] == 1:
                    world.contact[i, slot] = np.float64(world.contact[i, slot]) + each
        for i in present:
            notes.here[i] = 0
