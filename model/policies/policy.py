"""What every policy is: words, an id, a source, four dials, and one method."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import ClassVar

from model.leading import Leader
from model.moves import Move


class Policy:
    """A way of leading: from what a leader sees and the hours left to a list of moves.

    A policy is a class with a docstring, an `id`, a `source` and `act`; defining one registers it. The four dials of pull,
    0..1, can be set one by one; no number anywhere else may depend on a policy's name.

    Attributes:
        compulsion: chance that one cannot refuse; None leaves it to each move.
        intensity: how often, 1 being as often as the hours allow.
        leader_centrality: share of ties that run via the leader.
        prescription: share of the topics that the leader sets.
    """

    id: ClassVar[str] = ""
    source: ClassVar[str] = ""
    compulsion: float | None = None
    intensity: float = 0.5
    leader_centrality: float = 0.0
    prescription: float = 0.0

    def __init_subclass__(cls) -> None:
        if not cls.id:
            return
        if cls.id in POLICIES and POLICIES[cls.id].__qualname__ != cls.__qualname__:
            raise TypeError(f"policy id {cls.id!r} is taken by {POLICIES[cls.id].__qualname__}; choose another")
        POLICIES[cls.id] = cls

    def act(self, leader: Leader) -> Iterator[Move]:  # noqa: ARG002 - the form all policies share
        """The moves of one leader in one week; a move that the hours left do not pay for is not made."""
        raise TypeError(f"{type(self).__name__}.act: a policy must say what its leaders do")


POLICIES: dict[str, type[Policy]] = {}
"""Every policy by id."""


def find_policy(name: str) -> Policy:
    """The policy of this id.

    Raises:
        ValueError: naming the nearest id where there is none.
    """
    if name not in POLICIES:
        nearest = difflib.get_close_matches(name, POLICIES, n=1, cutoff=0.0)
        raise ValueError(f"policy {name!r}: no such policy (nearest: {', '.join(nearest)}; all: {', '.join(sorted(POLICIES))})")
    return POLICIES[name]()
