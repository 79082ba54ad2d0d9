"""Groups: role clubs, generic networks, and the three starts (learning teams, data talks, leaders' and coaches' meetings)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy
from model.region import HATS, Level, Role


class RoleClubs(Policy):
    """Whoever wears a hat has a club: one representative of each school, across the board, who take results back."""

    id = "role_clubs"
    source = "role clubs (petjes): boards' networks of maths coordinators, excerpt"
    leader_hours = 11

    def act(self, leader: Leader) -> Iterator[Move]:
        """The next hat's club, each leader starting with another hat; results shared at school; the rest stays unspent."""
        hat = (leader.school + leader.weeks_led // 2) % len(HATS)
        members = leader.wearers(hat)
        if leader.affords("club") and len(members) > 1 and leader.due("club", every=2):
            yield self.move("club", members, on_behalf_of=Level.BOARD)
        elif leader.affords("share"):
            yield self.move("share", leader.colleagues)


class GenericNetwork(Policy):
    """Mixed groups across the board around one shared question for our children, roles of all kinds together."""

    id = "generic_network"
    source = "networks with a generic purpose: inspired by a Dutch school adviser's post"
    leader_hours = 11

    def act(self, leader: Leader) -> Iterator[Move]:
        """A new mixed group as soon as it can be paid; results shared at school from what is left."""
        if leader.affords("club") and leader.due("club", every=2) and len(leader.neighbours):
            own = leader.in_turn(leader.colleagues, 2)
            yield self.move("club", (*own, *leader.by_lot(leader.neighbours, 4)), on_behalf_of=Level.BOARD)
        elif leader.affords("share"):
            yield self.move("share", leader.colleagues)


class LearningTeams(Policy):
    """Start with learning teams: mixed teams of six within the school, each for a period."""

    id = "learning_teams"
    source = "Dutch networked learning communities: Prenger et al. (2019), abstract"
    leader_hours = 13

    def act(self, leader: Leader) -> Iterator[Move]:
        """A new team of six whenever four hours are there, from whoever has waited longest."""
        if leader.affords("team"):
            yield self.move("team", leader.in_turn(leader.colleagues, 6))


class DataTalks(Policy):
    """Start with data talks in the team meeting (bouw), team after team."""

    id = "data_talks"
    source = "collaboration around data: Datnow (2011), abstract"
    leader_hours = 11

    def act(self, leader: Leader) -> Iterator[Move]:
        """The next team's talk as soon as it can be paid."""
        teams = [team for team in leader.teams if len(team) > 1]
        while teams and leader.affords("data", intensity=self.intensity):
            longest = max(teams, key=lambda team: min(leader.waited_for(int(row)) for row in team))
            yield self.move("data", longest, on_behalf_of=Level.TEAM)


class LeadersMeetings(Policy):
    """Start with school leaders and internal coaches: they meet across the board, and coaches take it home to their school."""

    id = "leaders_meetings"
    source = "leaders and ib'ers meet: inspired by a Dutch school adviser's post; Hubers et al. (2018), abstract"

    def act(self, leader: Leader) -> Iterator[Move]:
        """A meeting of leaders and coaches when it can be paid; results shared at school in between."""
        peers = leader.peers(Role.LEADER, Role.COACH)
        if leader.due("share", every=PERIOD // 2) and leader.affords("share"):
            yield self.move("share", leader.colleagues)
        elif leader.affords("leaders", intensity=self.intensity):
            yield self.move("leaders", np.asarray(peers), on_behalf_of=Level.BOARD)
