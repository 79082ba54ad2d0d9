"""What a leader can do: one catalogue of moves, with hours, for every policy alike.

Moves make occasions and commitments; none of them has an effect of its own on an outcome. Each says *what* (topic), *with whom*
(partners) and *on behalf of whom* (on_behalf_of).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from model.parameters import Constants
from model.region import Level
from model.ties import Origin

Form = Literal["look", "meeting", "pairing", "time"]


@dataclass(frozen=True, kw_only=True)
class MoveKind:
    """One line of the catalogue.

    Attributes:
        leader_hours: hours of the leader, per person, pair or group as `per` says.
        teacher_hours: hours of each person taking part: of one meeting, or over a whole pairing.
        voluntariness: chance that somebody can refuse; a policy's compulsion replaces it.
        price: the parameter that scales the leader's hours.
        form: what it makes: sight, a meeting, pairings that are held, or free time.
        origin: how ties it makes are counted.
        hold, interval: weeks a pairing is held, and weeks between its contacts.
    """

    id: str
    leader_hours: float
    teacher_hours: float
    per: Literal["person", "pair", "group", "hour"]
    voluntariness: float
    price: str
    form: Form
    origin: Origin = Origin.CHOSEN
    hold: int = 8
    interval: int = 2


MOVES: dict[str, MoveKind] = {
    kind.id: kind
    for kind in (
        MoveKind(id="watch", leader_hours=1, teacher_hours=0, per="group", voluntariness=1, price="price_look", form="look"),
        MoveKind(id="invite", leader_hours=0.5, teacher_hours=1, per="person", voluntariness=1, price="price_connect", form="meeting"),
        MoveKind(
            id="introduce",
            leader_hours=1,
            teacher_hours=4,
            per="pair",
            voluntariness=0.9,
            price="price_connect",
            form="pairing",
            origin=Origin.INTRODUCED,
        ),
        MoveKind(
            id="bridge",
            leader_hours=3,
            teacher_hours=4,
            per="pair",
            voluntariness=0.8,
            price="price_connect",
            form="pairing",
            origin=Origin.INTRODUCED,
        ),
        MoveKind(
            id="pair",
            leader_hours=2,
            teacher_hours=4,
            per="group",
            voluntariness=0,
            price="price_assign",
            form="pairing",
            origin=Origin.ASSIGNED,
        ),
        MoveKind(id="meet", leader_hours=4, teacher_hours=2, per="group", voluntariness=0, price="price_meet", form="meeting"),
        MoveKind(id="time", leader_hours=1, teacher_hours=0, per="hour", voluntariness=1, price="price_look", form="time"),
    )
}
"""The catalogue by id; prices are graded *guess*, and each family has a contested factor.

Every pairing, chosen or imposed, is held for 8 weeks with an hour of contact every two weeks: the same commitment, so that only
the chance to say no differs.
"""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move as a leader makes it.

    Attributes:
        kind: id in `MOVES`.
        partners: *with whom*: groups of rows; pairs for a pairing, one group for a meeting.
        topic: *what*: "own" where those taking part choose it, else what the leader set.
        on_behalf_of: *on behalf of whom*: the level whose children it is for.
        compulsion: chance that one cannot refuse; None leaves it to the kind.
        prescription: share of the topic that others set, 0..1.
        hours: for free time, the hours the leader puts in.
    """

    kind: str
    partners: tuple[tuple[int, ...], ...] = ()
    topic: str = "own"
    on_behalf_of: Level = Level.SCHOOL
    compulsion: float | None = None
    prescription: float = 0.0
    hours: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        if self.kind not in MOVES:
            nearest = difflib.get_close_matches(self.kind, MOVES, n=1, cutoff=0.0)[0]
            problems.append(f"kind {self.kind!r}: no such move (nearest: {nearest!r})")
        for name, value in (("compulsion", self.compulsion), ("prescription", self.prescription)):
            if value is not None and not 0 <= value <= 1:
                problems.append(f"{name} = {value!r}: must be 0 to 1")
        if problems:
            raise ValueError("move: " + "; ".join(problems))


def voluntariness(move: Move) -> float:
    """Chance that somebody asked to take part can refuse."""
    return MOVES[move.kind].voluntariness if move.compulsion is None else 1.0 - move.compulsion


def price(kind: str, constants: Constants, count: float = 1) -> float:
    """Leader hours of `count` people, pairs, groups or hours of a kind of move."""
    line = MOVES[kind]
    if line.per == "hour":
        return float(count)
    return line.leader_hours * count * float(getattr(constants, line.price))


def leader_hours(move: Move, constants: Constants) -> float:
    """Leader hours a move costs."""
    per = MOVES[move.kind].per
    counts = {
        "person": float(sum(len(group) for group in move.partners)),
        "pair": float(len(move.partners)),
        "group": 1.0,
        "hour": move.hours,
    }
    return price(move.kind, constants, counts[per])
