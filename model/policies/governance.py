"""Who decides and pays in a network of schools: those taking part, a lead school, or a network office.

The three differ in whose hours are spent on agreeing and in who acts; what is done with the rest is the same mixed work across
schools, so that a crossing point by size can only come from the price of coordination.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.leading import Leader
from model.moves import Move
from model.policies.policy import Policy
from model.region import Level


class Participants(Policy):
    """Samen sturen: every leader agrees with every other before acting, and each acts at home and across."""

    id = "participants"
    source = "network governance: Provan & Kenis (2008), excerpt"

    def act(self, leader: Leader) -> Iterator[Move]:
        """Consult all other schools every four weeks; then a mixed group, or introductions across, from what is left."""
        if leader.other_schools and leader.due("consult", every=4):
            yield self.move("consult", range(leader.other_schools))
        yield from self.weave(leader, 1)

    def weave(self, leader: Leader, schools: int) -> Iterator[Move]:
        """Mixed groups and bridges across the board, for as many schools as this leader acts for."""
        for _ in range(schools):
            if leader.affords("club") and len(leader.neighbours):
                own = leader.in_turn(leader.colleagues if schools == 1 else leader.everybody, 3)
                yield self.move("club", (*own, *leader.by_lot(leader.neighbours, 3)), on_behalf_of=Level.BOARD)
            elif len(leader.neighbours) and leader.affords("introduce"):
                people = leader.in_turn(leader.everybody, 1).tolist()
                yield self.move("introduce", (people[0], leader.match(people[0], leader.everybody[leader.everybody != people[0]])))


class LeadSchool(Participants):
    """Trekkersschool: all hours go to the leader of one school, who consults the others now and then and acts for all."""

    id = "lead_school"

    def act(self, leader: Leader) -> Iterator[Move]:
        """The lead school consults once a period and acts for all; the others give their hours."""
        if not leader.first_of_board:
            leader.give_to_first()
            return
        if leader.other_schools and leader.due("consult", every=8):
            yield self.move("consult", range(leader.other_schools))
        yield from self.weave(leader, 1 + leader.other_schools)


class NetworkOffice(Participants):
    """Netwerkbureau: all hours go to an office that takes a fixed share for itself, consults nobody, and acts for all."""

    id = "network_office"
    overhead = 4

    def act(self, leader: Leader) -> Iterator[Move]:
        """The office keeps itself going (as dear as consulting four schools a month), then acts for all."""
        if not leader.first_of_board:
            leader.give_to_first()
            return
        if leader.other_schools and leader.due("consult", every=4):
            yield self.move("consult", range(self.overhead))
        yield from self.weave(leader, 1 + leader.other_schools)
