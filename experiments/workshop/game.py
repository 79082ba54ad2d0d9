"""The game of one table: five periods of eight weeks with twenty hours each, then a year in which nobody leads.

The same start and the same choices give the same world, byte for byte: differences between tables come from what they chose.
"""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from experiments.compare import OUTCOMES
from experiments.looking import look_before_anybody_leaves
from experiments.runs import Job, Source, grow_to_rest
from experiments.words import shown_per
from experiments.workshop.cards import HOURS, Hand, check_hand
from experiments.workshop.happenings import Happenings, Snapshot, take_snapshot
from experiments.workshop.leading import TableLeads
from model.learning_network import YEAR, LearningNetwork
from model.people import PERIOD
from model.policies import Policy
from model.randomness import world_key

ROUNDS = (3, 5)
"""Periods of a short and of a whole workshop."""
STARTS = 100
"""Worlds that a workshop can begin in; all tables take the same."""
SEED = 1
OTHER_CHANCE = 10_000
"""Number of the first of the worlds whose chance stands in for another; no start has it."""
DIALS = ("energy", "ties", "busy")
DIRECTIONS = ("up", "same", "down")
SAME = 1
"""Difference on a dial up to which it is said to be the same."""
DATES = ("stop", "after")
"""When tables are compared: the last week of leading, and a year later."""

_GROWING = threading.Lock()

Values = dict[str, dict[str, float]]
"""date → outcome → value as it is shown."""


@dataclass(frozen=True)
class Start:
    """Where a table begins: the number of the world, and how many periods are played.

    Raises:
        ValueError: naming what breaks a rule.
    """

    number: int = 0
    rounds: int = 5
    grow_weeks: int = 400
    after_weeks: int = YEAR

    def __post_init__(self) -> None:
        problems = []
        if type(self.number) is not int or not 0 <= self.number < STARTS:
            problems.append(f"number = {self.number!r}: must be 0 to {STARTS - 1}")
        if self.rounds not in ROUNDS:
            problems.append(f"rounds = {self.rounds!r}: must be one of {', '.join(str(one) for one in ROUNDS)}")
        if problems:
            raise ValueError("start: " + "; ".join(problems))

    @property
    def lead_weeks(self) -> int:
        """Weeks in which is led."""
        return self.rounds * PERIOD


@dataclass(frozen=True)
class Prediction:
    """What a table expects of one dial in the coming period."""

    dial: str = "ties"
    direction: str = "up"

    def __post_init__(self) -> None:
        if self.dial not in DIALS or self.direction not in DIRECTIONS:
            raise ValueError(f"prediction {self.dial!r} {self.direction!r}: must be one of {DIALS} and one of {DIRECTIONS}")


@dataclass(frozen=True)
class Round:
    """One period that was played.

    Attributes:
        number: the first is 1.
        before, after: the network at its ends; dials_before, dials_after: what the dials stood at.
    """

    number: int
    hand: Hand
    prediction: Prediction | None
    before: Snapshot
    after: Snapshot
    dials_before: dict[str, int]
    dials_after: dict[str, int]

    @property
    def came_true(self) -> bool | None:
        """Whether what was predicted happened; None where nothing was."""
        return None if self.prediction is None else self.moved(self.prediction.dial) == self.prediction.direction

    def moved(self, dial: str) -> Literal["up", "same", "down"]:
        """What a dial did."""
        difference = self.dials_after[dial] - self.dials_before[dial]
        return "same" if abs(difference) <= SAME else "up" if difference > 0 else "down"


def resting_world(start: Start) -> LearningNetwork:
    """The world that all tables begin in; it is only ever copied, and grown once however many ask for it at once."""
    with _GROWING:
        return _grown(start)


@functools.lru_cache(maxsize=4)
def _grown(start: Start) -> LearningNetwork:
    job = Job(
        Source(), ("on_its_own",), start.number, seed=SEED, values=(("leader_hours", float(HOURS)),),
        grow_weeks=start.grow_weeks, lead_weeks=start.lead_weeks, after_weeks=start.after_weeks,
    )  # fmt: skip
    return grow_to_rest(job)


def begin(start: Start, policy: str | Policy, chance: int | None = None) -> LearningNetwork:
    """A copy of the resting world, about to be led.

    Args:
        chance: which other chance decides from here on, for the same people and ties; None for the one all tables share.
    """
    world = copy.deepcopy(resting_world(start))
    if chance is not None:
        world.key = world_key(SEED, OTHER_CHANCE + chance)
    world.follow(policy, start.lead_weeks)
    ends = [world.week + PERIOD * period for period in range(1, start.rounds + 1)]
    last = world.week + start.lead_weeks + start.after_weeks
    world.fully_at = (*ends, last)
    world.measured_at = range(world.week + 1, last + 1)
    world.measure_fully()
    return world


def values_of(world: LearningNetwork) -> dict[str, float]:
    """The five outcomes as they are shown."""
    return {outcome: shown_per(outcome) * float(world.measures[outcome]) for outcome in OUTCOMES}


def dials_of(world: LearningNetwork) -> dict[str, int]:
    """The three dials: energy 0 to 100, strong ties per ten people, and people with too full a week of every hundred."""
    measures = world.measures
    shown = {"energy": 100 * measures["energy"], "ties": 10 * measures["strong"], "busy": 100 * measures["overloaded"]}
    return {name: round(value) for name, value in shown.items()}


@dataclass
class Game:
    """One table, from the first look to the end of the year without a leader.

    Attributes:
        rounds: periods played; logs: why each was played so, in the table's own words.
        hand, prediction: of the period that comes.
        values: the five outcomes when the leading stops, and a year later, as far as that has come.
        snapshot: the network of this week; before: the one at the start of the period (or of the year without a leader).
    """

    start: Start = Start()
    hand: Hand = ()
    prediction: Prediction | None = None
    rounds: list[Round] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    values: Values = field(default_factory=dict)
    happenings: Happenings = field(default_factory=Happenings)

    def __post_init__(self) -> None:
        self.policy = TableLeads()
        self.world = begin(self.start, self.policy)
        self._looks = look_before_anybody_leaves(self.world, take_snapshot)
        self.begun = self.world.week
        self.snapshot = self.before = take_snapshot(self.world)
        self.dials = dials_of(self.world)
        self.hours: dict[str, float] = {}

    @property
    def constants(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a named tuple made from parameters
        """The numbers of the world."""
        return self.world.constants

    @property
    def week(self) -> int:
        """Weeks since the first period began."""
        return self.world.week - self.begun

    @property
    def led(self) -> bool:
        """Whether all periods have been played."""
        return len(self.rounds) == self.start.rounds

    @property
    def over(self) -> bool:
        """Whether the year without a leader has gone by too."""
        return "after" in self.values

    def choose(self, hand: Hand) -> None:
        """Take a hand for the coming period.

        Raises:
            ValueError: naming every rule that it breaks; the hand then stays as it was.
        """
        if problems := check_hand(hand, self.constants):
            raise ValueError("; ".join(problems))
        self.hand = tuple(play.plain() for play in hand)

    def play(self) -> Iterator[int]:
        """Play the coming period; yields after each week how many have gone by.

        Raises:
            ValueError: where all periods have been played.
        """
        if self.led:
            raise ValueError(f"all {self.start.rounds} periods have been played")
        self.policy.memory.hands.append(self.hand)
        self.before, dials, first = self.snapshot, self.dials, self.week
        for _ in range(PERIOD):
            self._step()
            yield self.week - first
        self.dials = dials_of(self.world)
        self.rounds.append(Round(len(self.rounds) + 1, self.hand, self.prediction, self.before, self.snapshot, dials, self.dials))
        self.hand, self.prediction = (), None
        if self.led:
            self.values["stop"] = values_of(self.world)
            self.hours = {who: float(self.world.measures[f"{who}_hours"]) for who in ("leader", "teacher")}

    def let_go(self) -> Iterator[int]:
        """The year in which nobody leads; yields after each week how many have gone by.

        Raises:
            ValueError: before all periods have been played, or where it has gone by already.
        """
        if not self.led or self.over:
            raise ValueError("the year without a leader comes once, after the last period")
        self.before = self.snapshot
        for week in range(1, self.start.after_weeks + 1):
            self._step()
            yield week
        self.dials = dials_of(self.world)
        self.values["after"] = values_of(self.world)

    def _step(self) -> None:
        tried = len(self.policy.made)
        self.world.step()
        self.happenings.note_week(self.world, self.policy.made[tried:])
        self.snapshot = self._looks.get(self.world.week) or take_snapshot(self.world)


def play_through(start: Start, hands: Sequence[Hand], predictions: Sequence[Prediction | None] = ()) -> Game:
    """A game played to its end with these hands.

    Raises:
        ValueError: where they are not as many as there are periods, or one breaks a rule.
    """
    if len(hands) != start.rounds:
        raise ValueError(f"{len(hands)} periods: must be {start.rounds}")
    game = Game(start)
    for at, hand in enumerate(hands):
        game.choose(hand)
        game.prediction = predictions[at] if at < len(predictions) else None
        for _ in game.play():
            pass
    for _ in game.let_go():
        pass
    return game
