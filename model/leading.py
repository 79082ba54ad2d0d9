"""A leader: the hours they have, what they see, and how they match people.

What a leader sees and how well they match are the same for every policy: a share of the true ties (`leader_knowledge`), and
partners that fit better than chance (`match_quality`) only for a while after hours were spent on looking.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.choice import knowledge_gap
from model.growth import fit_between
from model.moves import Move, leader_hours, price
from model.parameters import Constants
from model.people import PERIOD
from model.randomness import Purpose, draw_each, kernel, person_key, purpose_key, uniform
from model.region import Level, Region
from model.ties import STRONG, find_tie
from model.world import World

_SCHOOL = int(Level.SCHOOL)
MOST_TRIES = 10
"""Partners compared at full match quality."""
_SLACK = 1e-9
"""Hours are sums of fractions; a move is refused only when it is dearer than this."""


@dataclass
class Leader:
    """One leader of one school, for as long as they lead.

    Attributes:
        row: place of the leader.
        school: index of the school.
        hours: hours they may still spend; each week adds an eighth of a period, unspent hours stay.
        spent: hours spent so far.
        weeks_led: weeks led before this one.
        last: week of leading in which each kind of move was last made.
        helped: week of leading in which each person was last part of a pairing or meeting of this leader, by row.
    """

    world: World
    constants: Constants
    key: np.uint64
    region: Region
    row: int
    school: int
    week: int = 0
    hours: float = 0.0
    spent: float = 0.0
    weeks_led: int = 0
    last: dict[str, int] = field(default_factory=dict)
    helped: dict[int, int] = field(default_factory=dict)

    def begin_week(self, week: int) -> None:
        """Receive this week's hours."""
        self.week = week
        self.hours += self.constants.leader_hours / PERIOD

    def pay(self, move: Move) -> bool:
        """Spend the hours of a move; False, and nothing spent, where they do not suffice."""
        cost = leader_hours(move, self.constants)
        if cost > self.hours + _SLACK:
            return False
        self.hours -= cost
        self.spent += cost
        self.last[move.kind] = self.weeks_led
        self.helped.update((row, self.weeks_led) for group in move.partners for row in group)
        return True

    def affords(self, kind: str, count: float = 1) -> bool:
        """Whether the hours left suffice for `count` people, pairs or groups of a kind of move."""
        return price(kind, self.constants, count) <= self.hours + _SLACK

    def due(self, kind: str, every: int) -> bool:
        """Whether `every` weeks have passed since this kind of move was last made."""
        return self.weeks_led - self.last.get(kind, -(10**6)) >= every

    def waited_for(self, row: int) -> int:
        """Weeks of leading since this person last took part in a move of this leader."""
        return self.weeks_led - self.helped.get(row, -(10**6))

    @property
    def colleagues(self) -> NDArray[np.int32]:
        """Everybody in the school but the leader, rows."""
        start, stop = self.region.school_start[self.school], self.region.school_start[self.school + 1]
        rows = np.arange(start, stop, dtype=np.int32)
        return rows[rows != self.row]

    @property
    def neighbours(self) -> NDArray[np.int32]:
        """Everybody in the other schools of the board, rows; offices left out."""
        board = self.region.school_board[self.school]
        start, stop = self.region.board_start[board], self.region.board_start[board + 1]
        rows = np.arange(start, stop, dtype=np.int32)
        school = self.region.school[start:stop]
        return rows[(school != self.school) & ~self.region.school_office[school]]

    @property
    def looked(self) -> bool:
        """Whether hours were spent on looking within the last period."""
        return self.weeks_led - self.last.get("watch", -(10**6)) < PERIOD

    def sees(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Ties the leader sees: strong ones of each colleague, and ties across schools of each, int32 (colleagues,) each."""
        key = purpose_key(self.key, Purpose.SIGHT, 0)
        return see_ties(self.world, key, self.row, self.constants.leader_knowledge, self.colleagues)

    def match(self, one: int, others: NDArray[np.int32]) -> int:
        """A partner for `one` among `others`: at random, or the best of several where the leader has looked."""
        quality = self.constants.match_quality if self.looked else 0.0
        tries = 1 + int(round((MOST_TRIES - 1) * quality))
        return int(find_match(self.world, self.constants, purpose_key(self.key, Purpose.MATCH, self.week), one, others, tries))

    def pair_up(self, people: NDArray[np.int32]) -> tuple[tuple[int, int], ...]:
        """Everybody with somebody: pairs drawn in keyed order, each matched from those left; an odd one stays out."""
        left = in_keyed_order(self.world, purpose_key(self.key, Purpose.MATCH, self.week), people)
        pairs = []
        while len(left) > 1:
            one, left = int(left[0]), left[1:]
            other = self.match(one, left)
            left = left[left != other]
            pairs.append((one, other))
        return tuple(pairs)

    def without_tie(self, one: int, others: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those of `others` to whom `one` has no strong tie yet, as far as the two would say themselves."""
        return others[lacks_strong_tie(self.world, one, others)]


@kernel
def see_ties(world, key, leader, share, rows):
    """Strong ties and ties across schools of each person in `rows` that the leader sees."""
    ties, spell, unit = world.ties, world.people.spell, world.places.unit
    strong, across = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    eyes = person_key(key, leader, spell[leader])
    for k in range(len(rows)):
        i = rows[k]
        own = person_key(eyes, i, spell[i])
        for slot in range(ties.degree[i]):
            j = ties.alter[i, slot]
            if uniform(person_key(own, j, spell[j])) < share:
                if ties.strength[i, slot] >= STRONG:
                    strong[k] += 1
                if unit[i, _SCHOOL] != unit[j, _SCHOOL]:
                    across[k] += 1
    return strong, across


@kernel
def lacks_strong_tie(world, one, others):
    """Marks of the people to whom `one` has no strong tie, bool (others,)."""
    lacks = np.ones(len(others), np.bool_)
    for k in range(len(others)):
        slot = find_tie(world.ties, one, others[k])
        lacks[k] = others[k] != one and (slot < 0 or world.ties.strength[one, slot] < STRONG)
    return lacks


@kernel
def find_match(world, c, key, one, others, tries):
    """The best of `tries` keyed candidates by fit and by what both can learn; -1 where there is nobody."""
    spell = world.people.spell
    own = person_key(key, one, spell[one])
    best, best_value = -1, -math.inf
    taken = np.zeros(len(others), np.bool_)
    for _ in range(min(tries, len(others))):
        first, first_score = -1, math.inf
        for k in range(len(others)):
            score = uniform(person_key(own, others[k], spell[others[k]]))
            if not taken[k] and score < first_score:
                first, first_score = k, score
        taken[first] = True
        j = others[first]
        value = fit_between(world.people, c, one, j) + knowledge_gap(world.people, one, j) + knowledge_gap(world.people, j, one)
        if value > best_value:
            best, best_value = int(j), value
    return best


def in_keyed_order(world: World, key: np.uint64, people: NDArray[np.int32]) -> NDArray[np.int32]:
    """People in an order that depends on who they are and on the key alone."""
    return people[np.argsort(np.asarray(draw_each(key, world.people.spell))[people], kind="stable")]
