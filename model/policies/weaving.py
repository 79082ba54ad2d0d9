"""Network weaving: know the net, knit the net, and hand it over."""

from __future__ import annotations

from collections.abc import Iterator

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy
from model.region import Level


class NetworkWeaving(Policy):
    """Discuss the map, close triangles, build bridges, and coach a colleague who goes on weaving in their own hours."""

    id = "network_weaving"
    source = "know the net, knit the net: Krebs & Holley, excerpt; brokering: Obstfeld (2005)"
    leader_hours = 13
    compulsion = 0.0
    patience = 4
    dose = 2

    def act(self, leader: Leader) -> Iterator[Move]:
        """The map every second period, a weaver each year, then triangles, bridges and introductions by turns."""
        weavers = leader.coaches[:1]
        if leader.due("map", every=2 * PERIOD):
            yield self.move("map", leader.colleagues)
        elif len(weavers) and leader.due("weaver", every=40):
            yield self.move("weaver", (leader.row, int(weavers[0])))
        for one, other in leader.triads()[: int(self.dose)]:
            if min(leader.waited_for(one), leader.waited_for(other)) >= self.patience:
                yield self.move("triangle", (one, other))
        handed_over = len(weavers) and not leader.due("weaver", every=10**5) and leader.due("weaver", every=PERIOD)
        missed = leader.missed(4, self.patience)
        if len(missed) and leader.due("bridge", every=self.patience) and len(leader.neighbours):
            yield self.move("bridge", (missed[0], leader.match(missed[0], leader.neighbours)), on_behalf_of=Level.BOARD)
        for one in missed[1:]:
            others = leader.without_tie(one, leader.colleagues)
            if len(others):
                by = int(weavers[0]) if handed_over and one == missed[-1] and leader.week % 2 == 0 else -1
                yield self.move("introduce", (one, leader.match(one, others, self.leader_centrality)), by=by)
