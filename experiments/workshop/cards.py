"""Cards: the moves of the model's catalogue as a table plays them, each with its hours, and with whom, what and on behalf of whom.

A card has no effect of its own; it becomes moves of every school leader, who pay for them from the hours of the period.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from model.moves import MOVES, price
from model.parameters import Constants
from model.people import PERIOD
from model.region import Level

HOURS = 20
"""Hours that every school leader has in a period; what is not used is gone when the period ends."""
WHOM = ("missed", "waiting", "lot")
"""With whom: people with few strong ties as far as the leader sees, people whose turn it is by rota, or people drawn by lot."""
WHAT = ("own", "set")
"""What: those taking part choose the topic, or the leader sets it."""
FOR = (Level.TEAM, Level.SCHOOL, Level.BOARD)
"""On behalf of whose children: the team's, the school's, or those of all schools of the board."""
MOST_CARDS = 8
"""Different cards in one period."""
MOST_TIMES = 20
"""Times one card is played in a period."""

Family = Literal["look", "connect", "together", "room"]


@dataclass(frozen=True)
class Card:
    """A move as a card on the table.

    Attributes:
        id: of the move in `model.moves.MOVES`.
        family: heading under which it lies.
        people: people for whom the hours of one playing are reckoned, where the catalogue asks hours per person.
        chooses: whether one can choose with whom; elsewhere the card says who takes part.
        once: whether playing it twice in a period brings nothing more.
    """

    id: str
    family: Family
    people: int = 1
    chooses: bool = False
    once: bool = False

    def hours(self, constants: Constants) -> float:
        """Hours of each leader for playing it once."""
        return price(self.id, constants, self.people)

    @property
    def teacher_hours(self) -> float:
        """Hours of each person who takes part: of one meeting, or of a whole pairing or standing group."""
        return MOVES[self.id].teacher_hours

    @property
    def voluntary(self) -> int:
        """2 where nearly everybody asked can say no, 0 where nearly nobody can, 1 between."""
        chance = MOVES[self.id].voluntariness
        return 2 if chance >= 0.75 else 0 if chance <= 0.25 else 1

    @property
    def meets(self) -> bool:
        """Whether people learn together through it, so that it has a topic and is on behalf of somebody."""
        return MOVES[self.id].form in ("meeting", "group", "pairing")


CARDS: dict[str, Card] = {
    card.id: card
    for card in (
        Card("watch", "look", once=True),
        Card("map", "look", once=True),
        Card("invite", "connect", people=4, chooses=True),
        Card("introduce", "connect", chooses=True),
        Card("triangle", "connect"),
        Card("bridge", "connect", chooses=True),
        Card("visit", "connect", chooses=True),
        Card("weaver", "connect", once=True),
        Card("pair", "connect"),
        Card("meet", "together"),
        Card("team", "together", chooses=True),
        Card("club", "together"),
        Card("data", "together"),
        Card("leaders", "together"),
        Card("why", "together"),
        Card("share", "together"),
        Card("expert", "together"),
        Card("time", "room"),
        Card("scrap", "room", once=True),
    )
}
"""Every card by id, in the order in which a code counts them: new ones go to the end. `consult` is none: the leaders of one table agree."""
ORDER = tuple(CARDS)
FIRST_HAND = ("map", "introduce", "bridge", "team", "meet")
"""Cards that lie open at first."""


@dataclass(frozen=True)
class Play:
    """A card as a table plays it in one period.

    Attributes:
        card: its id.
        times: how often.
        whom: one of `WHOM`; what: one of `WHAT`; level: one of `FOR`.

    Raises:
        ValueError: naming every part that breaks a rule.
    """

    card: str
    times: int = 1
    whom: str = WHOM[0]
    what: str = WHAT[0]
    level: Level = Level.SCHOOL

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise ValueError("card: " + "; ".join(problems))

    def _problems(self) -> list[str]:
        problems = []
        if self.card not in CARDS:
            nearest = difflib.get_close_matches(str(self.card), ORDER, n=1, cutoff=0.0)[0]
            return [f"card = {self.card!r}: no such card (nearest: {nearest!r})"]
        most = 1 if CARDS[self.card].once else MOST_TIMES
        if type(self.times) is not int or not 1 <= self.times <= most:
            problems.append(f"times = {self.times!r}: must be a whole number, 1 to {most} for {self.card!r}")
        for name, value, allowed in (("whom", self.whom, WHOM), ("what", self.what, WHAT)):
            if value not in allowed:
                problems.append(f"{name} = {value!r}: must be one of {', '.join(allowed)}")
        if self.level not in FOR:
            problems.append(f"level = {self.level!r}: must be one of {', '.join(level.name.lower() for level in FOR)}")
        return problems

    def hours(self, constants: Constants) -> float:
        """Hours of each leader in all."""
        return self.times * CARDS[self.card].hours(constants)

    def plain(self) -> Play:
        """The same without what the card leaves no choice in, so that equal plays are equal."""
        card = CARDS[self.card]
        whom = self.whom if card.chooses else WHOM[0]
        what, level = (self.what, self.level) if card.meets else (WHAT[0], Level.SCHOOL)
        return replace(self, whom=whom, what=what, level=level)


Hand = tuple[Play, ...]
"""What a table plays in one period, in the order in which it was chosen."""


def hours_of(hand: Sequence[Play], constants: Constants) -> float:
    """Hours of each leader for a whole hand."""
    return sum(play.hours(constants) for play in hand)


def check_hand(hand: Sequence[Play], constants: Constants) -> list[str]:
    """The rules a hand breaks, in words."""
    problems = []
    if (hours := hours_of(hand, constants)) > HOURS:
        problems.append(f"{hours:g} hours: must be at most {HOURS}")
    if len(hand) > MOST_CARDS:
        problems.append(f"{len(hand)} cards: must be at most {MOST_CARDS}")
    if twice := sorted({play.card for play in hand if sum(other.card == play.card for other in hand) > 1}):
        problems.append(f"chosen twice: {', '.join(twice)}")
    return problems


def weeks_of(hand: Sequence[Play]) -> list[list[Play]]:
    """The plays of each week of a period: looking comes first, the rest is spread evenly, each card over the whole period.

    A card that is played four times falls in weeks 1, 3, 5 and 7; cards played once follow each other, a week apart.
    """
    weeks: list[list[Play]] = [[] for _ in range(PERIOD)]
    looks = [play for play in hand if CARDS[play.card].family == "look"]
    others = [play for play in hand if play not in looks]
    for play in looks:
        weeks[0] += [play] * play.times
    for at, play in enumerate(others):
        for turn in range(play.times):
            weeks[(at * (play.times < PERIOD) + turn * PERIOD // play.times) % PERIOD].append(play)
    return weeks
