"""A leader: the hours they have, what they see, and how they match people.

What a leader sees and how well they match are the same for every policy: a share of the true ties (`leader_knowledge`), and
partners that fit better than chance (`match_quality`) only for a while after hours were spent on looking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.choice import knowledge_gap
from model.growth import fit_between
from model.moves import FREEING, MOVES, Move, leader_hours, price
from model.parameters import Constants
from model.people import PERIOD
from model.randomness import Purpose, draw_each, fold, kernel, person_key, purpose_key, uniform
from model.region import Level, Region, Role
from model.ties import STRONG, as_row, find_tie
from model.world import World

_SCHOOL = int(Level.SCHOOL)
MOST_TRIES = 10
"""Partners compared at full match quality."""
_TOGETHER = ("pairing", "meeting", "group")
_SLACK = 1e-9
"""Hours are sums of fractions; a move is refused only when it is dearer than this."""


@dataclass
class Leader:
    """One leader of one school, for as long as they lead.

    Attributes:
        row: place of the leader.
        school: index of the school.
        hours: hours they may still spend; each week adds an eighth of a period, unspent hours stay until the end of the school year.
        spent: hours spent so far.
        weeks_led: weeks led before this one.
        last: week of leading in which each kind of move was last made.
        helped: week of leading in which each person was last part of a pairing or meeting of this leader, by row.
        fellows: all leaders, this one included.
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
    fellows: list[Leader] = field(default_factory=list, repr=False)

    @cached_property
    def weekly_hours(self) -> float:
        """Hours each week brings."""
        return float(self.constants.leader_hours) / PERIOD

    @cached_property
    def unit(self) -> int:
        """Index of the school among the units of the world."""
        return int(self.world.places.unit[self.row, Level.SCHOOL])

    def begin_week(self, week: int) -> None:
        """Receive this week's hours."""
        self.week = week
        self.hours += self.weekly_hours

    def forget(self) -> None:
        """Somebody new leads: nothing saved, seen or arranged yet."""
        self.hours, self.last, self.helped = 0.0, {}, {}

    def pay(self, move: Move) -> Move | None:
        """Spend the hours of a move and sign it; None, and nothing spent, where they do not suffice or nobody is left to take part.

        Raises:
            ValueError: where its partners are not people of this region, or a pair is not two.
        """
        if MOVES[move.kind].form in _TOGETHER:
            move = replace(move, partners=self._somebody(move))
            if not move.partners:
                return None
        cost = leader_hours(move, self.constants)
        if cost > self.hours + _SLACK or (MOVES[move.kind].frees and not self.due(move.kind, PERIOD)):
            return None
        self.hours -= cost
        self.spent += cost
        self.last[move.kind] = self.weeks_led
        self.helped.update((row, self.weeks_led) for group in move.partners for row in group)
        topic = self.topic if move.topic is None and move.prescription > 0 else move.topic
        return replace(move, organiser=self.row, topic=topic)

    @property
    def topic(self) -> int:
        """The topic this leader sets where they set one: what interests them most."""
        return int(np.argmax(self.world.people.interest[self.row]))

    def _somebody(self, move: Move) -> tuple[tuple[int, ...], ...]:
        """The partners of a move without nobody (row -1, what `match` answers where there is nobody), and without empty groups."""
        pairing, people = MOVES[move.kind].form == "pairing", self.region.people
        wrong = [row for group in move.partners for row in group if not -1 <= row < people]
        problems = [f"row {row}: must be a person, 0 to {people - 1}, or -1 for nobody" for row in wrong]
        problems += [f"pair {group}: must be two different people" for group in move.partners if pairing and len({*group}) != 2]
        if problems:
            raise ValueError(f"move {move.kind!r}: " + "; ".join(problems))
        if pairing:
            return tuple(group for group in move.partners if -1 not in group)
        return tuple(kept for group in move.partners if (kept := tuple(row for row in group if row >= 0)))

    def affords(self, kind: str, count: float = 1, intensity: float = 0.5) -> bool:
        """Whether the hours left suffice for `count` people, pairs or groups of a kind of move."""
        return price(kind, self.constants, count, intensity) <= self.hours + _SLACK

    def frees(self, made: Sequence[Move]) -> float:
        """Hours of own time this week's moves give each colleague; what was scrapped counts for a whole period."""
        freed = 0.0
        if hours := sum(move.hours for move in made if MOVES[move.kind].form == "time"):
            freed = hours * float(self.constants.freed_per_leader_hour) / max(1, len(self.colleagues))
        for kind in FREEING:
            if not self.due(kind.id, PERIOD):
                freed += kind.frees / PERIOD
        return freed

    def give_to_first(self) -> None:
        """Put all hours left at the disposal of the leader of the first school of the board, who spends them for both."""
        for other in self.fellows:
            if other.first_of_board and other.region.school_board[other.school] == self.region.school_board[self.school]:
                other.hours += self.hours
                self.hours = 0.0

    def missed(self, number: int, patience: int = 4) -> list[int]:
        """The `number` colleagues seen with the fewest strong ties, of those who have waited `patience` weeks."""
        strong, _ = self.sees()
        order = self.colleagues[np.argsort(strong, kind="stable")].tolist()
        return [one for one in order if self.waited_for(one) >= patience][:number]

    def due(self, kind: str, every: int) -> bool:
        """Whether `every` weeks have passed since this kind of move was last made."""
        return self.weeks_led - self.last.get(kind, -(10**6)) >= every

    def waited_for(self, row: int) -> int:
        """Weeks of leading since this person last took part in a move of this leader."""
        return self.weeks_led - self.helped.get(row, -(10**6))

    @cached_property
    def colleagues(self) -> NDArray[np.int32]:
        """Everybody in the school but the leader, rows."""
        start, stop = self.region.school_start[self.school], self.region.school_start[self.school + 1]
        rows = np.arange(start, stop, dtype=np.int32)
        return rows[rows != self.row]

    @cached_property
    def neighbours(self) -> NDArray[np.int32]:
        """Everybody in the other schools of the board, rows; offices left out."""
        board = self.region.school_board[self.school]
        start, stop = self.region.board_start[board], self.region.board_start[board + 1]
        rows = np.arange(start, stop, dtype=np.int32)
        school = self.region.school[start:stop]
        return rows[(school != self.school) & ~self.region.school_office[school]]

    @property
    def everybody(self) -> NDArray[np.int32]:
        """Everybody in the schools of the board but the leader, rows; offices left out."""
        return np.sort(np.concatenate((self.colleagues, self.neighbours)))

    @property
    def teams(self) -> list[NDArray[np.int32]]:
        """The teams (bouwen) of the school, as rows, without the leader."""
        of = self.region.team[self.colleagues]
        return [self.colleagues[of == team] for team in np.unique(of)]

    @property
    def coaches(self) -> NDArray[np.int32]:
        """Internal coaches of the school, rows."""
        return self.colleagues[self.region.role[self.colleagues] == Role.COACH]

    def peers(self, *roles: Role) -> NDArray[np.int32]:
        """People of these roles in the schools of the board, the leader included, rows."""
        board = self.region.school_board[self.school]
        rows = np.arange(self.region.board_start[board], self.region.board_start[board + 1], dtype=np.int32)
        return rows[np.isin(self.region.role[rows], roles) & ~self.region.school_office[self.region.school[rows]]]

    def wearers(self, hat: int) -> NDArray[np.int32]:
        """Who wears a hat (bit number) in the schools of the board, one per school, rows."""
        rows = self.everybody
        rows = rows[(self.region.hats[rows] >> hat) & 1 == 1]
        return rows[np.unique(self.region.school[rows], return_index=True)[1]]

    @property
    def first_of_board(self) -> bool:
        """Whether this is the leader of the first school of the board (the lead school)."""
        return self.school == int(np.flatnonzero(self.region.school_board == self.region.school_board[self.school])[0])

    @property
    def other_schools(self) -> int:
        """Other schools of the board, offices left out."""
        same = (self.region.school_board == self.region.school_board[self.school]) & ~self.region.school_office
        return int(same.sum()) - 1

    def in_turn(self, people: NDArray[np.int32], number: int) -> NDArray[np.int32]:
        """The next `number` of `people` by rota: whoever has waited longest, in keyed order among equals."""
        shuffled = in_keyed_order(self.world, purpose_key(self.key, Purpose.ORDER, 0), people)
        waited = np.array([self.waited_for(int(row)) for row in shuffled])
        return shuffled[np.argsort(-waited, kind="stable")][:number]

    def by_lot(self, people: NDArray[np.int32], number: int) -> NDArray[np.int32]:
        """`number` of `people` drawn by lot this week."""
        return in_keyed_order(self.world, purpose_key(self.key, Purpose.ORDER, self.week), people)[:number]

    def chance(self, number: int = 0) -> float:
        """A number between 0 and 1 of this leader and week, for a policy that leaves something to chance."""
        key = purpose_key(self.key, Purpose.ORDER, 1_000_000 + self.week)
        return float(uniform(fold(person_key(key, self.row, self.world.people.spell[self.row]), number)))

    @property
    def looked(self) -> bool:
        """Whether hours were spent on looking (watching, or the map) within the last period."""
        last = max(self.last.get("watch", -(10**6)), self.last.get("map", -(10**6)))
        return self.weeks_led - last < PERIOD

    @property
    def sight(self) -> float:
        """Share of true ties seen: `leader_knowledge`, and half of what is missing after discussing the map."""
        share = float(self.constants.leader_knowledge)
        mapped = self.weeks_led - self.last.get("map", -(10**6)) < PERIOD
        return share + 0.5 * (1.0 - share) if mapped else share

    def sees(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Ties the leader sees: strong ones of each colleague, and ties across schools of each, int32 (colleagues,) each."""
        key = purpose_key(self.key, Purpose.SIGHT, 0)
        return see_ties(self.world, key, self.row, self.sight, self.colleagues)

    def match(self, one: int, others: NDArray[np.int32], centrality: float = 0.0) -> int:
        """A partner for `one` among `others`: at random, or the best of several where the leader has looked.

        With chance `centrality` the leader is the partner: the tie then runs via them.
        """
        if centrality > 0.0 and one != self.row and self.chance(int(one)) < centrality:
            return self.row
        quality = self.constants.match_quality if self.looked else 0.0
        tries = 1 + int(round((MOST_TRIES - 1) * quality))
        return int(find_match(self.world, self.constants, purpose_key(self.key, Purpose.MATCH, self.week), one, others, tries))

    def pair_up(self, people: NDArray[np.int32], centrality: float = 0.0) -> tuple[tuple[int, int], ...]:
        """Everybody with somebody: pairs drawn in keyed order, each matched from those left; an odd one stays out."""
        left = in_keyed_order(self.world, purpose_key(self.key, Purpose.MATCH, self.week), people)
        pairs = []
        while len(left) > 1:
            one, left = int(left[0]), left[1:]
            other = self.match(one, left, centrality)
            left = left[left != other]
            pairs.append((one, other))
        return tuple(pairs)

    def triads(self) -> list[tuple[int, int]]:
        """Open triads the leader sees in the school: pairs of colleagues tied by strong ties to a third, but not to each other."""
        key = purpose_key(self.key, Purpose.SIGHT, 0)
        one, other = see_open_triads(self.world, key, self.row, self.sight, self.colleagues)
        return list(zip(one.tolist(), other.tolist(), strict=True))

    def without_tie(self, one: int, others: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those of `others` to whom `one` has no strong tie yet, as far as the two would say themselves."""
        return others[lacks_strong_tie(self.world, one, others)]


def see_ties(
    world: World, key: np.uint64, leader: int, share: float, rows: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Strong ties and ties across schools of each person in `rows` that the leader sees."""
    strong, across = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    _count_seen(world, key, leader, share, rows, strong, across)
    return strong, across


@kernel
def _count_seen(world, key, leader, share, rows, strong, across):
    ties, spell, unit = world.ties, world.people.spell, world.places.unit
    eyes = person_key(key, leader, spell[leader])
    for k in range(len(rows)):
        i = as_row(rows[k])
        own = person_key(eyes, i, spell[i])
        for slot in range(ties.degree[i]):
            j = as_row(ties.alter[i, slot])
            if uniform(person_key(own, j, spell[j])) < share:
                if ties.strength[i, slot] >= STRONG:
                    strong[k] += 1
                if unit[i, _SCHOOL] != unit[j, _SCHOOL]:
                    across[k] += 1


def see_open_triads(
    world: World, key: np.uint64, leader: int, share: float, rows: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of strong alters of one person without a tie between them, as a leader sees them; one triad a person."""
    one, other = np.empty(len(rows), np.int32), np.empty(len(rows), np.int32)
    found = _find_open_triads(world, key, leader, share, rows, one, other)
    return one[:found], other[:found]


@kernel
def _find_open_triads(world, key, leader, share, rows, one, other):
    ties, spell = world.ties, world.people.spell
    eyes = person_key(key, leader, spell[leader])
    found = 0
    for k in range(len(rows)):
        h, first = as_row(rows[k]), np.int64(-1)
        own = person_key(eyes, h, spell[h])
        for slot in range(ties.degree[h]):
            j = as_row(ties.alter[h, slot])
            if ties.strength[h, slot] < STRONG or uniform(person_key(own, j, spell[j])) >= share or j == leader:
                continue
            if first >= 0 and find_tie(ties, first, j) < 0 and find_tie(ties, j, first) < 0:
                one[found], other[found] = first, j
                found += 1
                break
            first = j
    return found


def lacks_strong_tie(world: World, one: int, others: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Marks of the people to whom `one` has no strong tie, bool (others,)."""
    ties, degree = world.ties, int(world.ties.degree[one])
    strong = ties.alter[one, :degree][ties.strength[one, :degree] >= STRONG]
    return (others != one) & (others[:, None] != strong).all(axis=1)


def find_match(world: World, constants: Constants, key: np.uint64, one: int, others: NDArray[np.int32], tries: int) -> int:
    """The best of `tries` keyed candidates by fit and by what both can learn; -1 where there is nobody."""
    return int(_find_match(world, constants, key, one, others, tries, np.zeros(len(others), np.bool_)))


@kernel
def _find_match(world, c, key, one, others, tries, taken):
    spell = world.people.spell
    own = person_key(key, one, spell[one])
    best, best_value = np.int64(-1), -math.inf
    for _ in range(min(tries, len(others))):
        first, first_score = -1, math.inf
        for k in range(len(others)):
            j = as_row(others[k])
            score = uniform(person_key(own, j, spell[j]))
            if not taken[k] and score < first_score:
                first, first_score = k, score
        taken[first] = True
        j = as_row(others[first])
        value = fit_between(world.people, c, one, j) + knowledge_gap(world.people, one, j) + knowledge_gap(world.people, j, one)
        if value > best_value:
            best, best_value = j, value
    return best


def in_keyed_order(world: World, key: np.uint64, people: NDArray[np.int32]) -> NDArray[np.int32]:
    """People in an order that depends on who they are and on the key alone."""
    return people[np.argsort(np.asarray(draw_each(key, world.people.spell))[people], kind="stable")]
