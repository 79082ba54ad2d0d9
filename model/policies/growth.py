"""Policies that let grow: on its own, with time freed, and nurtured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy
from model.region import Level


class OnItsOwn(Policy):
    """Nobody leads: no moves, no hours."""

    id = "on_its_own"
    source = "laissez-faire: Zhang et al. (2023), excerpt"
    intensity = 0.0

    def act(self, leader: Leader) -> Iterator[Move]:  # noqa: ARG002 - the form all policies share
        """Nothing."""
        yield from ()


class TimeFreed(Policy):
    """Nobody is steered, but the leader's hours make time for colleagues: the twin of growth on its own at equal leader hours."""

    id = "time_freed"
    source = "collective agreement PO, own development time (AVS, read)"

    def act(self, leader: Leader) -> Iterator[Move]:
        """All hours of the week become colleagues' time."""
        yield Move(kind="time", partners=(tuple(leader.colleagues.tolist()),), hours=leader.hours)


class Nurtured(Policy):
    """Wait and act: look once a period, and act only for who is missed and only after waiting; else let be.

    Triggers: a school with few ties to other schools (a bridge), people whom the leader sees with no strong tie at all (an
    invitation together), and people seen with few (an introduction). Hours that nobody needed yet make the next trigger easier:
    with every two hours left, one more strong tie still counts as few.
    """

    id = "nurtured"
    source = "inspired by a Dutch school adviser's post on leading without pulling; network weaving: Krebs & Holley, excerpt"
    compulsion = 0.0
    few_strong = 2
    few_across = 0.25
    patience = 4

    def act(self, leader: Leader) -> Iterator[Move]:
        """One look a period; then each trigger whose patience is over, as far as the hours go."""
        if leader.due("watch", every=PERIOD):
            yield Move(kind="watch")
        strong, across = leader.sees()
        order = np.argsort(strong, kind="stable")
        few = self.few_strong + int(leader.hours // 2)
        missed = [int(one) for one in leader.colleagues[order][: int((strong < few).sum())]]
        waiting = [one for one in missed if leader.waited_for(one) >= self.patience]
        if waiting and across.mean() < self.few_across and leader.due("bridge", every=self.patience) and len(leader.neighbours):
            yield self._bring(leader, "bridge", waiting.pop(0), leader.neighbours, Level.BOARD)
        alone = [one for one in waiting if strong[leader.colleagues == one][0] == 0]
        if len(alone) > 3 and leader.due("invite", every=PERIOD):
            yield Move(kind="invite", partners=(tuple(alone[:4]),), compulsion=self.compulsion)
        for one in waiting:
            others = leader.without_tie(one, leader.colleagues)
            if len(others) and leader.waited_for(one) >= self.patience and leader.affords("introduce"):
                yield self._bring(leader, "introduce", one, others, Level.SCHOOL)

    def _bring(self, leader: Leader, kind: str, one: int, others: NDArray[np.int32], level: Level) -> Move:
        return Move(kind=kind, partners=((one, leader.match(one, others)),), on_behalf_of=level, compulsion=self.compulsion)
