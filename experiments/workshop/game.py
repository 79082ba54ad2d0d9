"""A table's game: rounds of a period, each with cards and a prediction, then a year in which nobody leads.

All tables have the same people and the same chance, so that differences come from what was chosen. The same choices give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from experiments.app.twins import Seen, look
from experiments.playing import OneMove
from experiments.workshop.cards import CARDS, HOURS, check_cards
from model.leading import Leader
from model.learning_network import LearningNetwork
from model.load import weigh_ties
from model.moves import Move
from model.people import PERIOD

ROUNDS = (3, 5)
HANDS_OFF = 40
"""Weeks in which nobody leads, after the last round."""
SEED, GROW_WEEKS = 1, 400
DIALS = ("lasting", "lasting_across", "nobody", "energy", "practice")
"""What tables are laid side by side on; nothing adds them up."""
LIVE = ("energy", "strong", "busy")
"""What the three dials show during play."""
SAME = {"energy": 1.0, "strong": 1.0, "busy": 1.0}
"""Points on a dial within which it counts as the same; a guess at what a table sees."""
Guess = Literal["more", "same", "less"]
GUESSES: tuple[Guess, ...] = ("more", "same", "less")


@dataclass(frozen=True)
class Round:
    """What a table chose in one period.

    Attributes:
        cards: (kind, how often), each kind once.
        guess: what they expect of their strong ties; why: their sentence in the log.
    """

    cards: tuple[tuple[str, int], ...] = ()
    guess: Guess = "same"
    why: str = ""

    def __post_init__(self) -> None:
        problems = check_cards(self.cards)
        if self.guess not in GUESSES:
            problems.append(f"guess {self.guess!r}: must be one of {', '.join(GUESSES)}")
        if problems:
            raise ValueError("; ".join(problems))


class Table(OneMove):
    """A table leads: the cards of the round, one after another as the hours of the weeks pay for them; what is left is gone.

    Not registered: it has no id.
    """

    source = "workshop"

    def __init__(self) -> None:
        super().__init__("watch")
        self.plan: tuple[tuple[str, int], ...] = ()
        self._next: dict[int, int] = {}

    def act(self, leader: Leader) -> Iterator[Move]:
        """The next cards of this round; hours are counted anew in each round."""
        week = leader.weeks_led % PERIOD
        if week == 0:
            leader.hours = leader.weekly_hours
            self._next[leader.row] = 0
        wanted = [kind for kind, count in self.plan for _ in range(count)]
        for at in range(self._next.get(leader.row, 0), len(wanted)):
            if CARDS[wanted[at]].leader > leader.hours + 1e-9:
                return
            self._next[leader.row] = at + 1
            move = self._play(wanted[at], leader)
            if move is not None:
                yield move

    def _play(self, kind: str, leader: Leader) -> Move | None:
        """A portion of one card, with the people it is for."""
        if kind == "time":
            return self.move(kind, leader.colleagues, hours=CARDS[kind].leader)
        if kind == "visit":
            return self._two(kind, leader)
        return self.again(kind, leader)


@dataclass(frozen=True)
class Moment:
    """How a game stands at the end of a round: ties, dials and what was left."""

    seen: Seen
    dials: dict[str, float]
    asked: tuple[int, ...]
    names: tuple[str, ...]
    spells: tuple[int, ...]


@dataclass
class Game:
    """One table's game.

    Attributes:
        rounds: how many are played; replicate: which chance; 0 for every table.
        world: the network as it is; played: rounds so far; moments: the start, the end of each round, and of the hands-off year.
        ends: the five dials when the leading stopped and a year later, once played.
    """

    rounds: int = ROUNDS[-1]
    replicate: int = 0
    world: LearningNetwork = field(init=False, repr=False)
    played: list[Round] = field(default_factory=list)
    moments: list[Moment] = field(init=False, repr=False)
    ends: dict[str, dict[str, float]] = field(default_factory=dict)
    policy: Table = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rest = LearningNetwork(rng=SEED, replicate=self.replicate, collect=False, leader_hours=HOURS)
        rest.grow(GROW_WEEKS)
        self.policy = Table()
        self.world = rest.branch(self.policy, self.rounds * PERIOD)
        self.world.measure()
        self.moments = [take_moment(self.world)]

    @property
    def over(self) -> bool:
        """Whether all rounds have been played."""
        return len(self.played) >= self.rounds

    def play(self, choice: Round, each_week: Callable[[], None] = lambda: None) -> Moment:
        """Play one round; `each_week` is called after every week.

        Raises:
            ValueError: where all rounds have been played.
        """
        if self.over:
            raise ValueError(f"all {self.rounds} rounds have been played")
        self.policy.plan = choice.cards
        self._weeks(PERIOD, each_week)
        self.played.append(choice)
        self.moments.append(take_moment(self.world))
        if self.over:
            self.ends["stop"] = self._dials()
        return self.moments[-1]

    def hands_off(self, each_week: Callable[[], None] = lambda: None) -> Moment:
        """The year in which nobody leads.

        Raises:
            ValueError: before all rounds have been played, or twice.
        """
        if not self.over or "after" in self.ends:
            raise ValueError("the year without a leader comes once, after the last round")
        self._weeks(HANDS_OFF, each_week)
        self.ends["after"] = self._dials()
        self.moments.append(take_moment(self.world))
        return self.moments[-1]

    def _weeks(self, weeks: int, each_week: Callable[[], None]) -> None:
        self.world.measured_at = range(self.world.week + 1, self.world.week + weeks + 1)
        for _ in range(weeks):
            self.world.step()
            each_week()

    def _dials(self) -> dict[str, float]:
        """The five dials as they stood inside the last week, before anybody left at the end of a year."""
        return {name: float(self.world.measures[name]) for name in DIALS}


def take_moment(world: LearningNetwork) -> Moment:
    """How a world stands now."""
    people = range(world.region.people)
    return Moment(
        look(world), live_dials(world), tuple(world.world.ties.indegree.tolist()), tuple(world.at(row).name for row in people),
        tuple(world.world.people.spell.tolist()),
    )  # fmt: skip


def live_dials(world: LearningNetwork) -> dict[str, float]:
    """The three dials of play, 0..100: mean energy, strong ties (ten a person is 100), and how full the week is."""
    busy = weigh_ties(world.world, world.constants, world.week)
    return {
        "energy": 100 * float(world.measures["energy"]), "strong": min(100.0, 10 * float(world.measures["strong"])),
        "busy": float(np.clip(100 * busy, 0, 100).mean()),
    }  # fmt: skip


def came_true(before: Moment, after: Moment, dial: str = "strong") -> Guess:
    """What became of a dial in a round."""
    change = after.dials[dial] - before.dials[dial]
    return "more" if change > SAME[dial] else "less" if change < -SAME[dial] else "same"


def replay(rounds: Sequence[Round], replicate: int = 0) -> Game:
    """A whole game from its choices, the hands-off year included."""
    game = Game(len(rounds), replicate)
    for choice in rounds:
        game.play(choice)
    game.hands_off()
    return game


REFERENCES = ("on_its_own", "strong_pull")
"""What tables are laid beside: nobody leads, and strong pull with the same hours."""


def refer(policy: str, rounds: int, replicate: int = 0) -> dict[str, dict[str, float]]:
    """The five dials of a policy that leads for as many rounds with the same hours, in the same world."""
    rest = LearningNetwork(rng=SEED, replicate=replicate, collect=False, leader_hours=HOURS)
    rest.grow(GROW_WEEKS)
    world, ends = rest.branch(policy, rounds * PERIOD), {}
    for name, weeks in (("stop", rounds * PERIOD), ("after", HANDS_OFF)):
        world.measured_at = (world.week + weeks,)
        for _ in range(weeks):
            world.step()
        ends[name] = {dial: float(world.measures[dial]) for dial in DIALS}
    return ends


def spread(games: Sequence[dict[str, dict[str, float]]], date: str, dial: str) -> tuple[float, float]:
    """Between which values eight in ten of some games lie."""
    low, high = np.quantile([game[date][dial] for game in games], (0.1, 0.9))
    return float(low), float(high)
