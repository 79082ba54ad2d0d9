"""Policies that let grow: on its own, with time freed, and nurtured."""

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
    intensity = 0.0

    def act(self, leader: Leader) -> Iterator[Move]:
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
    """Wait and act: look once a period, and act only where somebody is missed; invite, introduce, build a bridge, else wait."""

    id = "nurtured"
    source = "inspired by a Dutch school adviser's post on leading without pulling; network weaving: Krebs & Holley, excerpt"
    compulsion = 0.0
    few_strong = 2
    few_across = 0.25
    patience = 2

    def act(self, leader: Leader) -> Iterator[Move]:
        """One look a period; then the trigger that has waited longest, once its patience is over."""
        if leader.due("watch", every=PERIOD):
            yield Move(kind="watch")
        strong, across = leader.sees()
        missed = leader.colleagues[np.argsort(strong, kind="stable")]
        if strong.min(initial=self.few_strong) >= self.few_strong:
            return
        if across.mean() < self.few_across and leader.due("bridge", every=2 * self.patience) and len(leader.neighbours):
            partner = leader.match(int(missed[0]), leader.neighbours)
            yield Move(kind="bridge", partners=((int(missed[0]), partner),), on_behalf_of=Level.BOARD, compulsion=self.compulsion)
        if leader.due("invite", every=2 * self.patience):
            yield Move(kind="invite", partners=(tuple(missed[:4].tolist()),), compulsion=self.compulsion)
        for one in missed[: int(leader.hours)]:
            others = leader.without_tie(int(one), leader.colleagues)
            if len(others) and leader.due("introduce", every=self.patience):
                yield Move(kind="introduce", partners=((int(one), leader.match(int(one), others)),), compulsion=self.compulsion)
