"""Moves of the catalogue played one by one, for whoever has waited longest: by hand in a workshop, or by rote in a study."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.leading import Leader
from model.moves import MOVES, Move
from model.policies import Policy
from model.region import Level, Role


class OneMove(Policy):
    """One move of the catalogue as often as the hours allow, for whoever has waited longest. Not registered: it has no id."""

    source = "exploit check"

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def act(self, leader: Leader) -> Iterator[Move]:
        """The move as long as it can be paid, at most once for each colleague."""
        for _ in range(len(leader.colleagues)):
            before = leader.hours
            move = self.again(self.kind, leader)
            if move is None:
                return
            yield move
            if leader.hours == before:
                return

    def again(self, kind: str, leader: Leader) -> Move | None:
        """One more move of this kind, with the people it is for; None where there is nobody."""
        form, reach = MOVES[kind].form, MOVES[kind].reach
        if kind == "time":
            return self.move(kind, leader.colleagues, hours=leader.hours)
        if form in ("look", "time", "talk"):
            return self.move(kind, range(leader.other_schools)) if form == "talk" else self.move(kind)
        if kind == "pair":
            return self.move(kind, *leader.pair_up(leader.colleagues))
        if form == "pairing":
            return self._two(kind, leader)
        people = {
            "leaders": leader.peers(Role.LEADER, Role.COACH), "team": leader.in_turn(leader.colleagues, 6),
            "club": leader.in_turn(leader.everybody, 6), "expert": leader.in_turn(leader.everybody, 12),
            "invite": leader.in_turn(leader.colleagues, 4), "data": self._team_in_turn(leader),
        }.get(kind, leader.colleagues)  # fmt: skip
        return self.move(kind, people, on_behalf_of=Level.BOARD if reach == "board" else Level.SCHOOL)

    @staticmethod
    def _team_in_turn(leader: Leader) -> NDArray[np.int32]:
        """The team (bouw) of whoever has waited longest."""
        longest = leader.in_turn(leader.colleagues, 1)[0]
        return next(team for team in leader.teams if longest in team)

    def _two(self, kind: str, leader: Leader) -> Move | None:
        """Two people: whoever has waited longest, and somebody they have no strong tie to."""
        one = int(leader.in_turn(leader.colleagues, 1)[0])
        across = MOVES[kind].reach == "board"
        others = leader.without_tie(one, leader.neighbours if across else leader.colleagues)
        level = Level.BOARD if across else Level.SCHOOL
        return self.move(kind, (one, leader.match(one, others)), on_behalf_of=level) if len(others) else None
