"""What really happened in a period: who was brought together and met, who came to what, and what the network was like before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.workshop.leading import Made
from model.learning_network import LearningNetwork
from model.load import weigh_ties
from model.moves import MOVES
from model.ties import STRONG, Origin

LOW_ENERGY = 0.4
"""Energy below which somebody is told to have little."""
_NUMBERS, _STANDING = 64, 2**32
"""How `model.meetings` names a meeting: organiser, place among the organiser's meetings of the week, and the week of a standing group."""

Two = tuple[int, int]


class Tie(NamedTuple):
    """One tie as it was in a week: its strength 0..1, the week it began, whether a commitment holds it, and how it came about."""

    strength: float
    born: int
    held: bool
    origin: Origin


@dataclass(frozen=True)
class Snapshot:
    """A network in one week.

    Attributes:
        ties: (who turns, to whom) → tie.
        spell: how many people held each place before, (n,): with the row it says who somebody is.
        asked: people who turn to each, (n,); load: ties that each has on own time against those it allows, (n,).
        energy: of each, 0..1, (n,).
    """

    week: int
    ties: Mapping[Two, Tie]
    spell: NDArray[np.int32]
    asked: NDArray[np.int32]
    load: NDArray[np.float64]
    energy: NDArray[np.float64]

    def strong(self) -> set[Two]:
        """Pairs (the lower row first) of whom one has a strong tie to the other."""
        return {_two(*pair) for pair, tie in self.ties.items() if tie.strength >= STRONG}

    def tied(self, one: int, other: int) -> bool:
        """Whether one of the two turns to the other."""
        return (one, other) in self.ties or (other, one) in self.ties

    def alone(self) -> NDArray[np.intp]:
        """Rows of people who turn to nobody."""
        turning = np.zeros(len(self.spell), np.bool_)
        turning[[ego for ego, _ in self.ties]] = True
        return np.flatnonzero(~turning)


def take_snapshot(world: LearningNetwork) -> Snapshot:
    """The network of this week."""
    table, people = world.ties(), world.world.people
    columns = (np.asarray(table[name]).tolist() for name in ("ego", "alter", "strength", "born", "held_until", "origin"))
    ties = {
        (ego, alter): Tie(strength, born, until >= world.week, Origin(origin))
        for ego, alter, strength, born, until, origin in zip(*columns, strict=True)
    }
    load = np.asarray(weigh_ties(world.world, world.constants, world.week))
    energy = np.asarray(people.energy, np.float64)
    return Snapshot(world.week, ties, np.array(people.spell), world.world.ties.indegree.copy(), load, energy)


@dataclass
class Pairing:
    """Two people who agreed to learn together for some weeks.

    Attributes:
        card: that brought them together; spells: who they were.
        begun, until: first and last week; met: times they have met so far.
    """

    card: str
    one: int
    other: int
    spells: Two
    begun: int
    until: int
    met: int = 0


@dataclass(frozen=True)
class Meeting:
    """A meeting, or the first of a standing group: who was asked, who came, and who of those had little energy."""

    card: str
    week: int
    school: int
    invited: tuple[int, ...]
    present: tuple[int, ...]
    tired: tuple[int, ...]


@dataclass
class Happenings:
    """What the table's moves led to, from the first week on.

    Attributes:
        pairings: that came about; proposed: (week, card, two people) of all that were asked.
        meetings: in order of week.
    """

    pairings: list[Pairing] = field(default_factory=list)
    proposed: list[tuple[int, str, Two]] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)

    def note_week(self, world: LearningNetwork, made: list[Made]) -> None:
        """Write down the week that has just gone by.

        Args:
            made: moves tried in it.
        """
        paid = [one for one in made if one.paid]
        self._note_pairs(world, paid)
        self._note_meetings(world, paid)

    def _note_pairs(self, world: LearningNetwork, paid: list[Made]) -> None:
        cards = {pair: one.move.kind for one in paid if MOVES[one.move.kind].form == "pairing" for pair in one.move.partners}
        self.proposed += [(world.week, card, (pair[0], pair[1])) for pair, card in cards.items()]
        holds = world.agenda.holds
        for hold in holds[holds["start"] == world.week]:
            one, other = int(hold["ego"]), int(hold["alter"])
            spells = (int(hold["ego_spell"]), int(hold["alter_spell"]))
            self.pairings.append(Pairing(cards[one, other], one, other, spells, world.week, int(hold["until"])))
        due = holds[(world.week - holds["start"]) % holds["interval"] == 0]
        meeting = {(int(hold["ego"]), int(hold["alter"]), int(hold["start"])) for hold in due}
        for pairing in self.pairings:
            pairing.met += (pairing.one, pairing.other, pairing.begun) in meeting

    def _note_meetings(self, world: LearningNetwork, paid: list[Made]) -> None:
        called = {leader.row: [one for one in paid if one.school == leader.school and _meets(one)] for leader in world.leaders}
        energy = world.world.people.energy
        for group in world.agenda.groups:
            if group.start != world.week:
                continue
            organiser, at = divmod(group.number % _STANDING, _NUMBERS)
            one, present = called[organiser][at], tuple(int(row) for row in group.rows)
            tired = tuple(row for row in present if energy[row] < LOW_ENERGY)
            self.meetings.append(Meeting(one.move.kind, world.week, one.school, one.move.partners[0], present, tired))


def _meets(made: Made) -> bool:
    return MOVES[made.move.kind].form in ("meeting", "group")


def _two(one: int, other: int) -> Two:
    return (one, other) if one < other else (other, one)
