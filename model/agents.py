"""The people as Mesa agents: thin views on a row of the arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from model.choice import reasons, take_chance
from model.names import fictional_name
from model.region import HATS, Role
from model.ties import Origin

if TYPE_CHECKING:
    from model.learning_network import LearningNetwork

_NOBODY = np.zeros(0, np.int32)
_BY_HAND, _NEXT_BY_HAND = 900, 2**40
"""Chance number of the first step taken by hand in a week, and what each further one adds; no other chance has such a number."""


@dataclass(frozen=True)
class TieView:
    """One tie of somebody, as it is now: alter is an agent, weeks are weeks of the world."""

    alter: Educator
    strength: float
    born: int
    held_until: int
    origin: str


class Educator(mesa.Agent):
    """Somebody who works at a school or for its board, and learns with others.

    Everything an educator has is read from the model's arrays; when somebody leaves, the place gets a new agent.
    """

    role: Role

    def __init__(self, model: LearningNetwork, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.spell = int(model.world.people.spell[row])
        self._steps = (-1, 0)

    def step(self) -> None:
        """One extra chance to change one tie, decided exactly as in the weekly kernel; each of a week has draws of its own."""
        model = self.model
        week, taken = self._steps
        taken = taken + 1 if week == model.week else 0
        self._steps = (model.week, taken)
        take_chance(model.world, model.constants, model.key, model.week, self.row, _BY_HAND + taken * _NEXT_BY_HAND, _NOBODY)

    @property
    def ties(self) -> list[TieView]:
        """The ties of this person, strongest first."""
        ties, slots = self.model.world.ties, range(int(self.model.world.ties.degree[self.row]))
        views = [
            TieView(
                alter=self.model.at(int(ties.alter[self.row, slot])), strength=float(ties.strength[self.row, slot]),
                born=int(ties.born[self.row, slot]), held_until=int(ties.held_until[self.row, slot]),
                origin=Origin(int(ties.origin[self.row, slot])).name.lower(),
            )
            for slot in slots
        ]  # fmt: skip
        return sorted(views, key=lambda tie: (-tie.strength, tie.alter.row))

    def why(self, other: Educator) -> dict[str, float]:
        """Why this person would have, or keep, a tie to `other`: the terms of its value in logits, by name."""
        return reasons(self.model.world, self.model.constants, self.row, other.row, self.model.week)

    @property
    def name(self) -> str:
        """A fictional first name; a newcomer has another."""
        return fictional_name(self.row, self.spell)

    @property
    def school(self) -> int:
        """Index of the school (or board office) this person works at."""
        return int(self.model.region.school[self.row])

    @property
    def energy(self) -> float:
        """Own motivation, 0.05..0.95."""
        return float(self.model.world.people.energy[self.row])

    @property
    def knowledge(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Knowledge of each topic, 0..1 (a copy)."""
        return np.asarray(self.model.world.people.knowledge[self.row]).copy()

    @property
    def fte(self) -> float:
        """Part-time factor."""
        return float(self.model.world.people.fte[self.row])

    @property
    def asked_by(self) -> int:
        """How many people turn to this person (in-degree)."""
        return int(self.model.world.ties.indegree[self.row])

    @property
    def hats(self) -> tuple[str, ...]:
        """The hats (petjes) this person wears."""
        bits = int(self.model.region.hats[self.row])
        return tuple(hat for bit, hat in enumerate(HATS) if bits >> bit & 1)


class Teacher(Educator):
    """A teacher (leerkracht)."""

    role = Role.TEACHER


class InternalCoach(Educator):
    """An internal coach (intern begeleider)."""

    role = Role.COACH


class SchoolLeader(Educator):
    """A school leader."""

    role = Role.LEADER


class BoardMember(Educator):
    """A board member (bestuurder)."""

    role = Role.BOARD


class PolicyOfficer(Educator):
    """A policy officer of the board's office."""

    role = Role.POLICY


KINDS: dict[Role, type[Educator]] = {kind.role: kind for kind in (Teacher, InternalCoach, SchoolLeader, BoardMember, PolicyOfficer)}
"""The class of each role."""
