"""The cards of the workshop: moves of the catalogue in portions that a table can buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.moves import MOVES, price
from model.parameters import Parameters

HOURS = 20
"""Leader hours of a school in a round."""
MOST_OF_ONE = 7
"""How often one card can be played in a round."""
ORDER = (
    "watch", "map", "invite", "introduce", "triangle", "bridge", "pair", "visit", "meet", "team", "club", "data", "leaders", "why",
    "share", "expert", "weaver", "time", "scrap",
)  # fmt: skip
"""Every card; a code names cards by their place here, so new ones go to the end."""
_PORTION = {"invite": 4, "time": 2}
"""People invited, and hours freed, by one card."""


@dataclass(frozen=True)
class Card:
    """A move as a table buys it: every school's leader makes it.

    Attributes:
        leader: hours of the leader; teacher: hours of each colleague who takes part.
        voluntary: "yes", "half" or "no".
    """

    kind: str
    leader: float
    teacher: float
    voluntary: str


def _card(kind: str) -> Card:
    line = MOVES[kind]
    told = "yes" if line.voluntariness >= 0.75 else "half" if line.voluntariness >= 0.25 else "no"
    return Card(kind, price(kind, Parameters().constants(), _PORTION.get(kind, 1)), line.teacher_hours, told)


CARDS: Mapping[str, Card] = {kind: _card(kind) for kind in ORDER}


def hours_of(cards: Sequence[tuple[str, int]]) -> float:
    """Leader hours that cards cost, as (kind, how often)."""
    return sum(CARDS[kind].leader * count for kind, count in cards)


def check_cards(cards: Sequence[tuple[str, int]]) -> list[str]:
    """The rules that a choice breaks."""
    problems = [f"{kind!r}: no such card" for kind, _ in cards if kind not in CARDS]
    problems += [f"{kind}: {count} times: must be 1 to {MOST_OF_ONE}" for kind, count in cards if not 1 <= count <= MOST_OF_ONE]
    if len({kind for kind, _ in cards}) < len(cards):
        problems.append("each card may be named once")
    if not problems and (hours := hours_of(cards)) > HOURS:
        problems.append(f"{hours:g} hours: must be {HOURS} at most")
    return problems
