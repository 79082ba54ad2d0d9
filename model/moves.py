"""What a leader can do: one catalogue of moves, with hours, for every policy alike.

Moves make occasions and commitments; none of them has an effect of its own on an outcome. Each says *what* (topic), *with whom*
(partners) and *on behalf of whom* (on_behalf_of).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from model.parameters import Constants
from model.people import TOPICS
from model.region import Level

Form = Literal["look", "meeting", "group", "pairing", "time", "talk"]
Family = Literal["price_look", "price_connect", "price_assign", "price_meet"]


@dataclass(frozen=True, kw_only=True)
class MoveKind:
    """One line of the catalogue.

    Attributes:
        leader_hours: hours of the leader, per person, pair, group or hour as `per` says.
        teacher_hours: hours of each person taking part: of one meeting, or over a whole pairing or standing group.
        voluntariness: chance that somebody can refuse; a policy's compulsion replaces it.
        price: the parameter that scales the leader's hours.
        form: what it makes: sight, a meeting, a standing group, pairings that are held, free time, or talk among leaders.
        reach: how far partners may be apart.
        hold, interval: weeks a pairing or group is held, and weeks between its contacts at a middling intensity.
        goal: how much more than any activity it makes a goal shared.
        frees: hours of own time it gives each colleague over a period.
        paced: whether its meeting becomes shorter or longer with the rhythm; not where what it buys has no length.
    """

    id: str
    leader_hours: float
    teacher_hours: float
    per: Literal["person", "pair", "group", "hour"]
    voluntariness: float
    price: Family
    form: Form
    reach: Literal["pair", "team", "school", "board"] = "school"
    hold: int = 8
    interval: int = 2
    goal: float = 1.0
    frees: float = 0.0
    paced: bool = True


def _kind(
    id: str,  # noqa: A002 - the word the catalogue uses
    leader_hours: float,
    teacher_hours: float,
    per: Literal["person", "pair", "group", "hour"],
    voluntariness: float,
    price: Family,
    form: Form,
    reach: Literal["pair", "team", "school", "board"] = "school",
    **more: float,
) -> MoveKind:
    """A line of the catalogue, written as a row of a table."""
    return MoveKind(
        id=id, leader_hours=leader_hours, teacher_hours=teacher_hours, per=per, voluntariness=voluntariness, price=price, form=form,
        reach=reach, **more,  # type: ignore[arg-type]
    )  # fmt: skip


# fmt: off
MOVES: dict[str, MoveKind] = {
    kind.id: kind
    for kind in (
        #     id           leader teacher per      voluntary price            form       reach
        _kind("watch",     1,     0,   "group",    1.0, "price_look",    "look"),
        _kind("map",       4,     1,   "group",    0.8, "price_look",    "meeting", paced=False),
        _kind("invite",    0.5,   1,   "person",   1.0, "price_connect", "meeting"),
        _kind("introduce", 1,     4,   "pair",     0.9, "price_connect", "pairing", "pair"),
        _kind("triangle",  1,     4,   "pair",     0.9, "price_connect", "pairing", "pair"),
        _kind("bridge",    3,     4,   "pair",     0.8, "price_connect", "pairing", "board"),
        _kind("pair",      2,     4,   "group",    0.0, "price_assign",  "pairing", "school"),
        _kind("visit",     1,     2,   "pair",     0.5, "price_assign",  "pairing", "pair", interval=4),
        _kind("meet",      4,     2,   "group",    0.0, "price_meet",    "meeting"),
        _kind("team",      4,     6,   "group",    0.5, "price_meet",    "group"),
        _kind("club",      3,     3,   "group",    0.6, "price_meet",    "group",   "board"),
        _kind("data",      2,     1.5, "group",    0.3, "price_meet",    "meeting", "team"),
        _kind("leaders",   4,     3,   "group",    0.5, "price_meet",    "meeting", "board"),
        _kind("why",       3,     1.5, "group",    0.8, "price_meet",    "meeting", "school", goal=4),
        _kind("share",     2,     0.5, "group",    1.0, "price_meet",    "meeting"),
        _kind("expert",    2,     2,   "group",    0.6, "price_meet",    "meeting", "board"),
        _kind("weaver",    4,     4,   "pair",     0.9, "price_connect", "pairing", "pair"),
        _kind("time",      1,     0,   "hour",     1.0, "price_look",    "time"),
        _kind("scrap",     1,     0,   "group",    1.0, "price_look",    "time",    frees=2),
        _kind("consult",   0.5,   0,   "person",   1.0, "price_look",    "talk",    "board"),
    )
}
# fmt: on
"""The catalogue by id; prices are graded *guess*, and each family has a contested factor.

Every pairing, chosen or imposed, is held for 8 weeks with an hour of contact every two weeks: the same commitment, so that only
the chance to say no differs. (A class visit is two hours in all.) `consult` is what leaders spend on agreeing with one another.
"""

FREEING = tuple(kind for kind in MOVES.values() if kind.frees)
"""Moves that give colleagues time for a while."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move as a leader makes it.

    Attributes:
        kind: id in `MOVES`.
        partners: *with whom*: groups of rows; pairs for a pairing, one group for a meeting.
        topic: *what*: the topic that is set for a share of the time (see `prescription`), a number below `TOPICS`; None where those
            taking part choose it, or for the leader to fill in.
        on_behalf_of: *on behalf of whom*: the level whose children it is for.
        compulsion: chance that one cannot refuse; None leaves it to the kind.
        prescription: share of the topic that others set, 0..1.
        intensity: rhythm, 0..1: short and often, or long and seldom, for the same hours.
        hours: for free time, the hours the leader puts in.
        by: row of a colleague who makes the move and pays for it from own hours, or -1.
        organiser: row of the leader whose move it is; set when it is paid.
    """

    kind: str
    partners: tuple[tuple[int, ...], ...] = ()
    topic: int | None = None
    on_behalf_of: Level = Level.SCHOOL
    compulsion: float | None = None
    prescription: float = 0.0
    intensity: float = 0.5
    hours: float = 0.0
    by: int = -1
    organiser: int = 0

    def __post_init__(self) -> None:
        problems = []
        if self.kind not in MOVES:
            nearest = difflib.get_close_matches(self.kind, MOVES, n=1, cutoff=0.0)[0]
            problems.append(f"kind {self.kind!r}: no such move (nearest: {nearest!r})")
        for name, value in (("compulsion", self.compulsion), ("prescription", self.prescription), ("intensity", self.intensity)):
            if value is not None and not 0 <= value <= 1:
                problems.append(f"{name} = {value!r}: must be 0 to 1")
        if self.topic is not None and not 0 <= self.topic < TOPICS:
            problems.append(f"topic = {self.topic!r}: must be 0 to {TOPICS - 1}, or None")
        if problems:
            raise ValueError("move: " + "; ".join(problems))


def voluntariness(move: Move) -> float:
    """Chance that somebody asked to take part can refuse."""
    return MOVES[move.kind].voluntariness if move.compulsion is None else 1.0 - move.compulsion


def pace(intensity: float) -> float:
    """How much longer and less often than usual: 2 for an intensity below a quarter, 0.5 from three quarters, else 1."""
    return 2.0 if intensity < 0.25 else 0.5 if intensity >= 0.75 else 1.0


def rhythm(move: Move) -> int:
    """Weeks between the contacts of a pairing or group."""
    return max(1, int(MOVES[move.kind].interval * pace(move.intensity)))


def contacts(move: Move) -> int:
    """Contacts of a pairing or group while it is held."""
    return max(1, -(-MOVES[move.kind].hold // rhythm(move)))


def size(move: Move) -> float:
    """Length of a single meeting against its usual one; its hours, the leader's included, and all it brings go with it."""
    return _length(MOVES[move.kind], move.intensity)


def _length(kind: MoveKind, intensity: float) -> float:
    return pace(intensity) if kind.form == "meeting" and kind.paced else 1.0


def teacher_hours(move: Move) -> float:
    """Hours of each person taking part: of one meeting, or of a whole pairing or group."""
    return MOVES[move.kind].teacher_hours * size(move)


def price(kind: str, constants: Constants, count: float = 1, intensity: float = 0.5) -> float:
    """Leader hours of `count` people, pairs, groups or hours of a kind of move."""
    line = MOVES[kind]
    if line.per == "hour":
        return float(count)
    return line.leader_hours * count * _length(line, intensity) * float(getattr(constants, line.price))


def leader_hours(move: Move, constants: Constants) -> float:
    """Leader hours a move costs; none where a colleague makes it."""
    if move.by >= 0:
        return 0.0
    counts = {
        "person": float(sum(len(group) for group in move.partners)),
        "pair": float(len(move.partners)),
        "group": 1.0,
        "hour": move.hours,
    }
    return price(move.kind, constants, counts[MOVES[move.kind].per], move.intensity)
