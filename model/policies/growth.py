"""Policies that let grow: on its own, with time freed, with space, and nurtured, with the nurtured one's twins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy
from model.region import Level


class OnItsOwn(Policy):
    """Nobody leads: no moves, no hours."""

    id = "on_its_own"
    source = "laissez-faire: Zhang et al. (2023), excerpt"

    def act(self, leader: Leader) -> Iterator[Move]:  # noqa: ARG002 - the form all policies share
        """Nothing."""
        yield from ()


class TimeFreed(Policy):
    """Nobody is steered, but the leader's hours make time for colleagues: the twin of growth on its own at equal leader hours."""

    id = "time_freed"
    source = "collective agreement PO, own development time (AVS, read)"

    def act(self, leader: Leader) -> Iterator[Move]:
        """All hours of the week become colleagues' time."""
        yield self.move("time", leader.colleagues, hours=leader.hours)


class GivingSpace(Policy):
    """Give room: scrap something, say why, share what came of it, and make time; nobody is matched and no topic is set."""

    id = "giving_space"
    source = "leader autonomy support: Slemp et al. (2018), abstract"
    leader_hours = 9
    compulsion = 0.0

    def act(self, leader: Leader) -> Iterator[Move]:
        """Once a period scrap and share, every second period why, an open invitation by lot; the rest becomes time."""
        if leader.due("scrap", every=PERIOD):
            yield self.move("scrap")
        if leader.due("why", every=2 * PERIOD):
            yield self.move("why", leader.colleagues)
        elif leader.due("share", every=PERIOD):
            yield self.move("share", leader.colleagues)
        elif leader.due("invite", every=PERIOD // 2):
            yield self.move("invite", leader.by_lot(leader.colleagues, 4))
        elif leader.affords("time", 2) and not leader.due("why", every=2 * PERIOD):
            yield self.move("time", leader.colleagues, hours=leader.hours)


class Nurtured(Policy):
    """Wait and act: look once a period, and act only for who is missed and only after waiting; else let be.

    Triggers: a school with few ties to other schools (a bridge), people whom the leader sees with no strong tie at all (an
    invitation together), and people seen with few (an introduction). Hours that nobody needed yet make the next trigger easier:
    with every two hours left, one more strong tie still counts as few.
    """

    id = "nurtured"
    source = "inspired by a Dutch school adviser's post on leading without pulling; network weaving: Krebs & Holley, excerpt"
    leader_hours = 11
    compulsion = 0.0
    few_strong = 2
    few_across = 0.25
    patience = 4
    dose = 4

    def act(self, leader: Leader) -> Iterator[Move]:
        """One look a period; then each trigger whose patience is over, as far as the hours go."""
        if leader.due("watch", every=PERIOD):
            yield self.move("watch")
        strong, across = leader.sees()
        order = np.argsort(strong, kind="stable")
        few = self.few_strong + int(leader.hours // 2)
        missed = [int(one) for one in leader.colleagues[order][: int((strong < few).sum())]]
        waiting = [one for one in missed if leader.waited_for(one) >= self.patience]
        if waiting and across.mean() < self.few_across and leader.due("bridge", every=self.patience) and len(leader.neighbours):
            one = waiting.pop(0)
            yield self.move("bridge", (one, leader.match(one, leader.neighbours, self.leader_centrality)), on_behalf_of=Level.BOARD)
        alone = [one for one in waiting if strong[leader.colleagues == one][0] == 0]
        if len(alone) >= self.dose and leader.due("invite", every=PERIOD):
            yield self.move("invite", alone[: int(self.dose)])
        for one in waiting:
            others = leader.without_tie(one, leader.colleagues)
            if len(others) and leader.waited_for(one) >= self.patience and leader.affords("introduce"):
                yield self.move("introduce", (one, leader.match(one, others, self.leader_centrality)))


class ScheduledTwin(Policy):
    """The moves of the nurtured one at the same hours, but by the calendar: everybody in turn, whoever needs it or not."""

    id = "scheduled_twin"
    leader_hours = Nurtured.leader_hours
    source = "control for waiting and acting (claim C12)"
    compulsion = 0.0

    def act(self, leader: Leader) -> Iterator[Move]:
        """A look a period, a bridge every four weeks, introductions by rota from what is left."""
        if leader.due("watch", every=PERIOD):
            yield self.move("watch")
        yield from self._act_for(leader, leader.in_turn(leader.colleagues, 4), bridge=leader.due("bridge", every=4))

    def _act_for(self, leader: Leader, people: np.ndarray, bridge: bool) -> Iterator[Move]:
        for one in people.tolist():
            others = leader.without_tie(one, leader.colleagues)
            if bridge and leader.affords("bridge") and len(leader.neighbours):
                bridge = False
                yield self.move("bridge", (one, leader.match(one, leader.neighbours, self.leader_centrality)), on_behalf_of=Level.BOARD)
            elif not bridge and len(others) and leader.affords("introduce"):
                yield self.move("introduce", (one, leader.match(one, others, self.leader_centrality)))


class RandomTwin(ScheduledTwin):
    """The moves of the nurtured one at the same hours, but at random: who and when is left to chance."""

    id = "random_twin"
    source = "control for waiting and acting (claim C12)"

    def act(self, leader: Leader) -> Iterator[Move]:
        """A look a period; in about half of the weeks, introductions or a bridge for people drawn by lot."""
        if leader.due("watch", every=PERIOD):
            yield self.move("watch")
        if leader.chance() < 0.5 or leader.hours > 6:
            yield from self._act_for(leader, leader.by_lot(leader.colleagues, 6), bridge=leader.chance(1) < 0.5)
