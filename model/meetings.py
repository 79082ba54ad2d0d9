"""The occasions that moves make: pairings, meetings and standing groups, and what each week makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.attendance import agree_on_pair, agree_to_meet, begin_pair, book, book_pairs, hold_meeting
from model.moves import MOVES, Move, contacts, rhythm, size, teacher_hours, voluntariness
from model.parameters import Constants
from model.ties import NEVER, Origin
from model.world import World

_HOLD = np.dtype([
    ("ego", np.int32), ("alter", np.int32), ("ego_spell", np.int32), ("alter_spell", np.int32), ("start", np.int32),
    ("until", np.int32), ("interval", np.int32), ("minutes", np.int32), ("ego_compelled", np.bool_), ("alter_compelled", np.bool_),
    ("prescription", np.float64),
])  # fmt: skip
NO_CAP = 80.0
"""Value of `teacher_hours_cap` from which there is none (the upper bound of the parameter)."""
_NUMBERS = 64
"""Meetings one organiser may have in a week; their numbers name them in the keys of draws, whatever others do."""
_STANDING = 2**32
"""A standing group is named by the week it began in as well, since several may meet in one week."""


@dataclass
class Gatherings:
    """Who is present at the meetings of one week, and what they spend.

    Attributes:
        start, people: offsets and rows of those present, int32.
        number: name of each meeting in the keys of draws, int64 (meetings,).
        hours: hours each meeting takes, float64 (meetings,).
        pairs: rows of two people whose commitment falls in this week, int32 (p, 2), and its hours, float64 (p,).
    """

    start: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    people: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    number: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    hours: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    pairs: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    pair_hours: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Group:
    """A meeting: of one week, or of a standing group that meets every `interval` weeks until `until`.

    Attributes:
        rows, spells, forced: who takes part, int32, and who of them could not refuse, bool.
        minutes: of one meeting, per person.
    """

    number: int
    rows: NDArray[np.int32]
    spells: NDArray[np.int32]
    forced: NDArray[np.bool_]
    start: int
    until: int
    interval: int
    minutes: int
    prescription: float

    def still(self, world: World) -> NDArray[np.bool_]:
        """Who of the group is still the same person, bool."""
        return np.asarray(world.people.spell[self.rows] == self.spells)


class Agenda:
    """The commitments of a world, and what each week makes of them.

    Attributes:
        holds: pairings that are held, records of `_HOLD`.
        groups: standing groups.
        teacher_minutes: minutes people have spent on moves; `gone_minutes`: the part of those who have left since.
    """

    def __init__(self) -> None:
        self.holds: NDArray[np.void] = np.zeros(0, _HOLD)
        self.groups: list[Group] = []
        self.begin_account()

    def begin_account(self) -> None:
        """Count hours from here; what people are committed to stays."""
        self.teacher_minutes = 0
        self.gone_minutes = 0

    def gather(self, world: World, constants: Constants, key: np.uint64, week: int, moves: list[Move]) -> Gatherings:
        """Phase 2 of a week: settle who joins the moves made, and collect everything that takes place.

        Pairings begin (ties, holds), groups form, meetings get their attendance, commitments their contact; hours are booked.
        Whom a meeting, group or move of their own would take over the cap on hours stays out of it, and a pairing that would take
        either over it does not begin; the leader's hours are spent all the same, as with a refusal.
        """
        self._forget_ended(world, week)
        room = self._room(world, constants, week)
        taken: dict[int, int] = {}
        for move in moves:
            if move.by >= 0 and not self._book_weaver(world, constants, week, move, room):
                continue
            form = MOVES[move.kind].form
            if form == "pairing":
                self._begin_pairings(world, constants, key, week, move, room)
            elif form in ("meeting", "group"):
                at = taken[move.organiser] = taken.get(move.organiser, -1) + 1
                number = move.organiser * _NUMBERS + at % _NUMBERS + (week * _STANDING if form == "group" else 0)
                self.groups.append(_form_group(world, constants, key, week, move, number, room))
        gatherings = self._meet(world, constants, week)
        self._keep_holds(world, week, gatherings)
        return gatherings

    def _forget_ended(self, world: World, week: int) -> None:
        """Keep the pairings that still run, of people who are both still there, and the groups that do."""
        spell, holds = world.people.spell, self.holds
        if len(holds):
            same = (spell[holds["ego"]] == holds["ego_spell"]) & (spell[holds["alter"]] == holds["alter_spell"])
            self.holds = holds[same & (holds["until"] >= week)]
        self.groups = [group for group in self.groups if group.until >= week and len(group.rows)]

    def _room(self, world: World, constants: Constants, week: int) -> NDArray[np.int64]:
        """Minutes everybody has under the cap in any `PERIOD` weeks in a row, int64 (n,): past weeks and promised ones count."""
        if constants.teacher_hours_cap >= NO_CAP:
            return np.full(len(world.people), 2**40)
        room = int(60 * constants.teacher_hours_cap) - world.people.scheduled.sum(axis=1, dtype=np.int64)
        holds = self.holds
        promised = holds["minutes"] * _still_to_come(holds["start"], holds["until"], holds["interval"], week)
        for who in ("ego", "alter"):
            np.subtract.at(room, holds[who], promised)
        for group in self.groups:
            room[group.rows[group.still(world)]] -= group.minutes * int(_still_to_come(group.start, group.until, group.interval, week))
        return np.asarray(room)

    def _meet(self, world: World, constants: Constants, week: int) -> Gatherings:
        """Everything that meets this week, with hours booked."""
        today = [group for group in self.groups if len(group.rows) and (week - group.start) % group.interval == 0]
        present = []
        for group in today:
            here = group.still(world)
            rows = group.rows[here]
            hold_meeting(world, constants, week, rows, group.forced[here], group.minutes, group.prescription)
            self.teacher_minutes += group.minutes * len(rows)
            present.append(rows)
        if not present:
            return Gatherings()
        return Gatherings(
            start=np.concatenate(([0], np.cumsum([len(rows) for rows in present]))).astype(np.int32),
            people=np.concatenate(present).astype(np.int32),
            number=np.array([group.number for group in today], np.int64),
            hours=np.array([group.minutes / 60.0 for group in today], np.float64),
        )

    def _book_weaver(self, world: World, constants: Constants, week: int, move: Move, room: NDArray[np.int64]) -> bool:
        """A colleague who makes a move pays its hours from their own; False where the cap leaves them too few."""
        minutes = int(round(60 * MOVES[move.kind].leader_hours * float(getattr(constants, MOVES[move.kind].price))))
        if room[move.by] < minutes:
            return False
        room[move.by] -= minutes
        book(world, week, move.by, minutes, False, 0.0)
        self.teacher_minutes += minutes
        return True

    def _begin_pairings(self, world: World, constants: Constants, key: np.uint64, week: int, move: Move, room: NDArray[np.int64]) -> None:
        kind, interval = MOVES[move.kind], rhythm(move)
        minutes = int(round(60 * kind.teacher_hours / contacts(move)))
        rows = []
        for ego, alter in move.partners:
            if min(room[ego], room[alter]) < minutes * contacts(move):
                continue
            agreed, keeps_ego, keeps_alter, forced_ego, forced_alter = agree_on_pair(
                world, constants, key, week, ego, alter, voluntariness(move), _topic(move), float(move.prescription)
            )
            if not agreed:
                continue
            until = week + kind.hold - 1
            # a tie is assigned where somebody could not refuse, whichever move it came from
            origin = Origin.ASSIGNED if forced_ego or forced_alter else Origin.INTRODUCED
            begin_pair(world, week, ego, alter, int(origin), until if keeps_ego else NEVER, until if keeps_alter else NEVER)
            if keeps_ego and keeps_alter:
                spell = world.people.spell
                rows.append((ego, alter, spell[ego], spell[alter], week, until, interval, minutes, forced_ego, forced_alter,
                             move.prescription))  # fmt: skip
                room[[ego, alter]] -= minutes * contacts(move)
            _share_goal(world, constants, ego, move, 2)
        if rows:
            self.holds = np.concatenate((self.holds, np.array(rows, _HOLD)))

    def _keep_holds(self, world: World, week: int, gatherings: Gatherings) -> None:
        holds = self.holds
        if not len(holds):
            return
        now = holds[(week - holds["start"]) % holds["interval"] == 0]
        book_pairs(world, week, now["ego"], now["alter"], now["minutes"], now["ego_compelled"], now["alter_compelled"], now["prescription"])
        gatherings.pairs = np.stack((now["ego"], now["alter"]), axis=1).astype(np.int32)
        gatherings.pair_hours = now["minutes"] / 60.0
        self.teacher_minutes += int(2 * now["minutes"].sum())


def _topic(move: Move) -> int:
    return -1 if move.topic is None else move.topic


def _still_to_come(start: Any, until: Any, interval: Any, week: int) -> Any:
    """Contacts of a commitment that fall in this week or later; all of them less those before this week."""
    return (until - start) // interval + 1 + (start - week) // interval


def _form_group(world: World, constants: Constants, key: np.uint64, week: int, move: Move, number: int, room: NDArray[np.int64]) -> Group:
    """Who joins a meeting or a standing group; for a group, who joins keeps to it until it ends."""
    kind = MOVES[move.kind]
    standing = kind.form == "group"
    minutes = int(round(60 * teacher_hours(move) / (contacts(move) if standing else 1)))
    in_all = minutes * (contacts(move) if standing else 1)
    invited = np.array(move.partners[0], np.int32)
    invited = invited[room[invited] >= in_all]
    level, can_refuse = int(move.on_behalf_of), voluntariness(move)
    rows, forced = agree_to_meet(world, constants, key, week, number, invited, can_refuse, level, _topic(move), move.prescription)
    room[rows] -= in_all
    if len(rows):
        _share_goal(world, constants, int(rows[0]), move, len(rows))
    until = week + kind.hold - 1 if standing else week
    spells = np.array(world.people.spell[rows], np.int32)
    return Group(number, rows, spells, forced, week, until, rhythm(move), minutes, move.prescription)


def _share_goal(world: World, constants: Constants, row: int, move: Move, people: int) -> None:
    """An activity on behalf of a unit makes its goal more shared, by the share of the unit that takes part."""
    unit = int(world.places.unit[row, int(move.on_behalf_of)])
    share = min(1.0, people / max(1.0, float(world.units.people[unit])))
    gain = min(1.0, constants.goal_gain * MOVES[move.kind].goal * size(move) * share)
    world.units.goal[unit] += gain * (1.0 - world.units.goal[unit])
