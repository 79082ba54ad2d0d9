"""Policies that pull: bluntly and smartly."""

from __future__ import annotations

from collections.abc import Iterator

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy


class StrongPull(Policy):
    """Everybody to compulsory meetings on a topic that is set, and into pairs by rota, as often as the hours allow."""

    id = "strong_pull"
    source = "contrived collegiality: Hargreaves (2019), excerpt"
    leader_hours = 20
    compulsion = 1.0
    leader_centrality = 0.0
    prescription = 1.0

    def act(self, leader: Leader) -> Iterator[Move]:
        """Pairs once a period; meetings from what is left, several in a week where they are cheap."""
        if leader.due("pair", every=PERIOD):
            yield self.move("pair", *leader.pair_up(leader.colleagues, self.leader_centrality))
        while not leader.due("pair", every=PERIOD) and leader.affords("meet", intensity=self.intensity):
            yield self.move("meet", leader.colleagues)


class SmartPull(Policy):
    """A tight rhythm for everybody, on a goal of the team's own: well-matched pairs, short meetings, and the why explained."""

    id = "smart_pull"
    source = "structured routine: leerKRACHT (own evaluation, read as a summary); Datnow (2018), abstract"
    leader_hours = 20
    compulsion = 1.0
    intensity = 0.75
    prescription = 0.25

    def act(self, leader: Leader) -> Iterator[Move]:
        """Look, explain why, match pairs; then short meetings from what is left."""
        if leader.due("watch", every=PERIOD):
            yield self.move("watch")
        if leader.due("pair", every=PERIOD) and leader.affords("pair"):
            yield self.move("pair", *leader.pair_up(leader.colleagues, self.leader_centrality))
        if leader.due("why", every=2 * PERIOD) and leader.affords("why"):
            yield self.move("why", leader.colleagues)
        while not leader.due("pair", every=PERIOD) and leader.affords("meet", intensity=self.intensity):
            yield self.move("meet", leader.colleagues)
