"""What every policy is: words, an id, a source, four dials, and one method."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from model.leading import Leader
from model.moves import Move

DIALS = ("compulsion", "intensity", "leader_centrality", "prescription")
"""The four dials of pull, 0..1."""
TRIGGERS = {"patience": (0, 80), "dose": (1, 50), "few_strong": (0, 20), "few_across": (0, 5)}
"""Numbers by which a policy that waits and acts decides when and how much, with the lowest and highest value; a policy has some or none.

patience: weeks somebody must have been left alone. dose: people, or pairs, helped at once. few_strong: strong ties below which somebody is
seen as missed. few_across: ties to other schools a colleague below which a school is.
"""
SETTABLE = dict.fromkeys(DIALS, (0, 1)) | TRIGGERS
"""Everything about a policy that can be set, by name, with the lowest and highest value."""


class Policy:
    """A way of leading: from what a leader sees and the hours left to a list of moves.

    A policy is a class with a docstring, an `id`, a `source` and `act`; defining one registers it. The four dials of pull can be
    set one by one: `find_policy("nurtured", compulsion=0.5)`, and so can the `TRIGGERS` of a policy that has them. No number anywhere
    else may depend on a policy's name.

    Attributes:
        compulsion: chance that one cannot refuse; None leaves it to each move.
        intensity: rhythm: short and often (towards 1), or long and seldom (towards 0), for the same hours.
        leader_centrality: chance that a tie proposed runs via the leader.
        prescription: share of the topics that the leader sets.
        leader_hours: hours a school and period that suit this way, for a comparison of each at its own (a guess); None: those of the
            parameters.
    """

    id: ClassVar[str] = ""
    source: ClassVar[str] = ""
    leader_hours: ClassVar[float | None] = None
    compulsion: float | None = None
    intensity: float = 0.5
    leader_centrality: float = 0.0
    prescription: float = 0.0

    def __init__(self, **dials: float) -> None:
        known = [name for name in SETTABLE if name in DIALS or hasattr(type(self), name)]
        problems = [f"{name}: no such dial ({_nearest(name, known)})" for name in dials if name not in known]
        for name, value in dials.items():
            low, high = SETTABLE.get(name, (0, 1))
            if name in known and not low <= value <= high:
                problems.append(f"{name} = {value!r}: must be {low:g} to {high:g}")
        if problems:
            raise ValueError(f"policy {self.id!r}: " + "; ".join(problems))
        vars(self).update(dials)

    def __init_subclass__(cls) -> None:
        if not cls.id:
            return
        if cls.id in POLICIES and POLICIES[cls.id].__qualname__ != cls.__qualname__:
            raise TypeError(f"policy id {cls.id!r} is taken by {POLICIES[cls.id].__qualname__}; choose another")
        POLICIES[cls.id] = cls

    def act(self, leader: Leader) -> Iterator[Move]:  # noqa: ARG002 - the form all policies share
        """The moves of one leader in one week; a move that the hours left do not pay for is not made."""
        raise TypeError(f"{type(self).__name__}.act: a policy must say what its leaders do")

    def move(self, kind: str, *groups: Iterable[int], **more: Any) -> Move:
        """A move with the dials of this policy: `groups` of rows are the partners, `more` its other fields."""
        partners = tuple(tuple(int(row) for row in group) for group in groups)
        dials = {"compulsion": self.compulsion, "prescription": self.prescription, "intensity": self.intensity}
        return Move(kind=kind, partners=partners, **(dials | more))


POLICIES: dict[str, type[Policy]] = {}
"""Every policy by id."""


def find_policy(name: str, **dials: float) -> Policy:
    """The policy of this id, with some dials set.

    Raises:
        ValueError: naming the nearest id where there is none, or the dials that break a rule.
    """
    if name not in POLICIES:
        raise ValueError(f"policy {name!r}: no such policy ({_nearest(name, POLICIES)}; all: {', '.join(sorted(POLICIES))})")
    return POLICIES[name](**dials)


def read_dials(text: str) -> tuple[str, dict[str, float]]:
    """Id and dials of a policy in its short form: "nurtured+compulsion=0.5+intensity=0.8".

    Raises:
        ValueError: naming each part that is no DIAL=NUMBER.
    """
    name, *parts = (part.strip() for part in text.split("+"))
    dials, problems = {}, []
    for part in parts:
        dial, _, value = (piece.strip() for piece in part.partition("="))
        try:
            dials[dial] = float(value)
        except ValueError:
            problems.append(f"{part!r}: must be DIAL=NUMBER, such as compulsion=0.5")
        if sum(other.partition("=")[0].strip() == dial for other in parts) > 1:
            problems.append(f"{dial}: is set twice")
    if problems:
        raise ValueError(f"policy {name!r}: " + "; ".join(dict.fromkeys(problems)))
    return name, dials


def parse_policy(text: str) -> Policy:
    """The policy, with the dials that its short form sets (see `read_dials`).

    Raises:
        ValueError: naming the nearest id where there is none, or the dials that break a rule.
    """
    name, dials = read_dials(text)
    return find_policy(name, **dials)


def _nearest(name: str, names: Iterable[str]) -> str:
    return f"nearest: {difflib.get_close_matches(name, list(names), n=1, cutoff=0.0)[0]!r}"
