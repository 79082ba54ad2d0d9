"""Policies that pull."""

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
    compulsion = 1.0
    intensity = 1.0
    prescription = 1.0

    def act(self, leader: Leader) -> Iterator[Move]:
        """Pairs once a period; meetings from what is left."""
        how = {"compulsion": self.compulsion, "prescription": self.prescription}
        if leader.due("pair", every=PERIOD):
            yield Move(kind="pair", partners=leader.pair_up(leader.colleagues), topic="set", **how)  # type: ignore[arg-type]
        elif leader.affords("meet"):
            yield Move(kind="meet", partners=(tuple(leader.colleagues.tolist()),), topic="set", **how)  # type: ignore[arg-type]
