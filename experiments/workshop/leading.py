"""The policy that plays a table's cards: every school leader makes the moves of the period, week by week, from its own hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from experiments.workshop.cards import CARDS, HOURS, Hand, Play, weeks_of
from model.leading import Leader
from model.moves import MOVES, Move
from model.people import PERIOD
from model.policies import Policy
from model.region import HATS, Role

Rows = NDArray[np.int32]
INVITED, IN_TEAM, WITH_EXPERT = 4, 6, 12
"""People of one invitation, of a learning team, and around an expert."""


@dataclass(frozen=True)
class Made:
    """A move that a leader tried to make.

    Attributes:
        week: of the world; school: of the leader; paid: whether it came about (somebody was there, and the hours sufficed).
    """

    week: int
    school: int
    move: Move
    paid: bool


@dataclass
class _Memory:
    """What the policy keeps: hands by period, and what was tried."""

    hands: list[Hand] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)


class TableLeads(Policy):
    """The cards of one table, period after period. Not registered: it has no id.

    The hours of a period are there from its first week, and what is left is gone at its end.

    Args:
        hands: what is played in each period; may grow while the world goes on.
    """

    source = "choices of people at a table"

    def __init__(self, hands: Sequence[Hand] = ()) -> None:
        super().__init__()
        self.memory = _Memory(list(hands))

    @property
    def made(self) -> list[Made]:
        """Every move tried so far, in order."""
        return self.memory.made

    def act(self, leader: Leader) -> Iterator[Move]:
        """This week's part of the hand."""
        period, week = divmod(leader.weeks_led, PERIOD)
        if week == 0:
            leader.hours = float(HOURS)
        else:
            leader.hours -= leader.weekly_hours  # already had from the first week on
        if period >= len(self.memory.hands):
            return
        for play in weeks_of(self.memory.hands[period])[week]:
            yield from self._play(play, leader)

    def _play(self, play: Play, leader: Leader) -> Iterator[Move]:
        move = self.as_move(play, leader)
        if move is None:
            return
        before = leader.hours
        yield move
        self.memory.made.append(Made(leader.week, leader.school, move, leader.hours < before))

    def as_move(self, play: Play, leader: Leader) -> Move | None:
        """The card as a move of one leader, with the people it is for; None where there is nobody."""
        form = MOVES[play.card].form
        if play.card == "time":
            return Move(kind="time", partners=(_rows(leader.colleagues),), hours=CARDS["time"].people)
        if form in ("look", "time"):
            return Move(kind=play.card)
        groups = self._pairs(play, leader) if form == "pairing" else (_rows(self._people(play, leader)),)
        if not groups or not all(groups):
            return None
        return Move(kind=play.card, partners=groups, on_behalf_of=play.level, prescription=1.0 if play.what == "set" else 0.0)

    def _people(self, play: Play, leader: Leader) -> Rows:
        """Who is asked to a meeting or a group."""
        if play.card == "leaders":
            return leader.peers(Role.LEADER, Role.COACH)
        if play.card == "club":
            return leader.wearers((leader.school + leader.weeks_led // PERIOD) % len(HATS))
        if play.card == "data":
            longest = int(leader.in_turn(leader.colleagues, 1)[0])
            return next(team for team in leader.teams if longest in team)
        if play.card == "expert":
            return leader.in_turn(leader.everybody, WITH_EXPERT)
        number = {"invite": INVITED, "team": IN_TEAM}.get(play.card)
        return leader.colleagues if number is None else self._chosen(play, leader, leader.colleagues, number)

    def _pairs(self, play: Play, leader: Leader) -> tuple[tuple[int, ...], ...]:
        """Who is connected to whom."""
        if play.card == "pair":
            return leader.pair_up(leader.colleagues)
        if play.card == "weaver":
            return tuple((leader.row, int(coach)) for coach in leader.coaches[:1])
        if play.card == "triangle":
            fresh = sorted(leader.triads(), key=lambda two: -min(leader.waited_for(two[0]), leader.waited_for(two[1])))
            return tuple(fresh[:1])
        one = int(self._chosen(play, leader, leader.colleagues, 1)[0])
        others = leader.without_tie(one, leader.neighbours if play.card == "bridge" else leader.colleagues)
        other = leader.match(one, others) if len(others) else -1
        return ((one, other),) if other >= 0 else ()

    def _chosen(self, play: Play, leader: Leader, people: Rows, number: int) -> Rows:
        """With whom: the `number` of `people` that the table asked for."""
        if play.whom == "lot":
            return leader.by_lot(people, number)
        in_turn = leader.in_turn(people, len(people))
        if play.whom == "waiting":
            return in_turn[:number]
        strong, _ = leader.sees()
        few = dict(zip(leader.colleagues.tolist(), strong.tolist(), strict=True))
        helped = np.array([leader.waited_for(int(row)) < PERIOD for row in in_turn])
        seen = np.array([few.get(int(row), 0) for row in in_turn])
        return in_turn[np.lexsort((seen, helped))][:number]


def _rows(rows: Rows) -> tuple[int, ...]:
    return tuple(int(row) for row in rows)
